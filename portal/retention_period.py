"""보관기간 (제8조①): days or months, and the midnight at which either ends."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

from pydantic import Field

from portal.guideline_words import Section


class Retention(Section):
    days: int = Field(ge=1, le=3650)
    #: Counted instead of the days where it is not 0.
    months: int = Field(ge=0, le=120)

    @property
    def length(self) -> str:
        """In words: `30일`, `2개월`."""
        return f"{self.months}개월" if self.months else f"{self.days}일"

    def deletion_day(self, called_on: date) -> date:
        """The day at whose first moment a call of `called_on` is deleted. Its own day is not
        counted; a month that lacks the day of the month ends with its last one (민법 제160조)."""
        first = called_on + timedelta(days=1)
        if not self.months:
            return first + timedelta(days=self.days)
        year, month = divmod(first.year * 12 + first.month - 1 + self.months, 12)
        if first.day <= monthrange(year, month + 1)[1]:
            return date(year, month + 1, first.day)
        return date(year, month + 1, monthrange(year, month + 1)[1]) + timedelta(days=1)

    def oldest_day(self, today: date) -> date:
        """The earliest day of which calls are still there on `today`."""
        day = today - timedelta(days=31 * self.months if self.months else self.days)
        while self.deletion_day(day) <= today:
            day += timedelta(days=1)
        return day
