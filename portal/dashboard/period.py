"""Which months the page looks back on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from portal import clock

LENGTHS = (3, 6, 12, 24)
USUAL = 6


@dataclass(frozen=True)
class Period:
    """The present month and those before it, as days in Seoul: the first of each."""

    months: tuple[date, ...]

    @classmethod
    def of(cls, given: Mapping[str, str]) -> Period:
        """From the address; what is no length offered is the usual one."""
        asked = given.get("months", "")
        return cls.latest(int(asked) if asked in map(str, LENGTHS) else USUAL)

    @classmethod
    def latest(cls, length: int) -> Period:
        """So many months, the present one the last of them."""
        this = clock.today().replace(day=1)
        found = [this]
        for _ in range(length - 1):
            found.append(_before(found[-1]))
        return cls(tuple(reversed(found)))

    @property
    def start(self) -> datetime:
        return clock.midnight(self.months[0])

    @property
    def length(self) -> int:
        return len(self.months)

    @property
    def titles(self) -> list[str]:
        """`2026. 11.` for each month."""
        return [f"{month.year}. {month.month}." for month in self.months]


def _before(month: date) -> date:
    if month.month == 1:
        return date(month.year - 1, 12, 1)
    return date(month.year, month.month - 1, 1)
