"""The months of the log, as days in Seoul count them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, select

from portal import clock
from portal.access_log.models import LogCheck
from portal.audit.models import AuditEvent
from portal.extensions import db

_KEY = re.compile(r"(\d{4})-(\d{2})", re.ASCII)
#: How far back a month is still asked for; older events are pruned.
_MOST = 24


@dataclass(frozen=True, order=True)
class Month:
    year: int
    month: int

    @classmethod
    def of(cls, moment: datetime) -> Month:
        local = clock.seoul(moment)
        return cls(local.year, local.month)

    @classmethod
    def parse(cls, key: str) -> Month | None:
        """`2026-10`; None for anything else."""
        found = _KEY.fullmatch(key)
        if not found or not 1 <= int(found[2]) <= 12 or not 2000 <= int(found[1]) <= 2999:
            return None
        return cls(int(found[1]), int(found[2]))

    @property
    def key(self) -> str:
        return f"{self.year}-{self.month:02d}"

    @property
    def title(self) -> str:
        return f"{self.year}년 {self.month}월"

    @property
    def before(self) -> Month:
        return Month(self.year, self.month - 1) if self.month > 1 else Month(self.year - 1, 12)

    @property
    def after(self) -> Month:
        return Month(self.year, self.month + 1) if self.month < 12 else Month(self.year + 1, 1)

    @property
    def start(self) -> datetime:
        return clock.midnight(date(self.year, self.month, 1))

    @property
    def end(self) -> datetime:
        return self.after.start

    @property
    def is_over(self) -> bool:
        return clock.now() >= self.end


def check_of(month: Month) -> LogCheck | None:
    """The signed check of a month."""
    its = (LogCheck.year == month.year) & (LogCheck.month == month.month)
    return db.session.scalar(select(LogCheck).where(its))


def months_of_log() -> list[Month]:
    """Every month since the oldest event that is kept, this one included; the latest first."""
    return months_since(db.session.scalar(first_event()))


def first_event() -> Select[datetime]:
    """When the oldest event that is kept happened."""
    return select(AuditEvent.at).order_by(AuditEvent.at).limit(1)


def months_since(first: datetime | None) -> list[Month]:
    """As `months_of_log`, for the oldest event."""
    month = Month.of(clock.now())
    found = [month]
    while first is not None and month > Month.of(first) and len(found) <= _MOST:
        month = month.before
        found.append(month)
    return found


def unsigned_months() -> list[Month]:
    """Months that are over and that the head has not signed yet (월 1회 점검), the oldest first."""
    return unsigned_of(months_of_log(), db.session.scalars(select(LogCheck)).all())


def unsigned_of(months: Iterable[Month], checks: Iterable[LogCheck]) -> list[Month]:
    """The same for the months and the checks that there are."""
    signed = {(check.year, check.month) for check in checks}
    over = [month for month in months if month.is_over]
    return sorted(month for month in over if (month.year, month.month) not in signed)


def uncountersigned_months() -> list[Month]:
    """Months that the head has signed and the auditor has not looked at, the oldest first."""
    return uncountersigned_of(db.session.scalars(select(LogCheck)))


def uncountersigned_of(checks: Iterable[LogCheck]) -> list[Month]:
    """The same for the checks that there are."""
    waiting = (check for check in checks if check.countersigned_at is None)
    return sorted(Month(check.year, check.month) for check in waiting)
