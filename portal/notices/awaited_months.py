"""월 점검: a month that nobody signed, or nobody countersigned (월 1회 점검)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from sqlalchemy import select

from portal import clock
from portal.access_log.models import LogCheck
from portal.access_log.months import unsigned_months
from portal.approvals.standing import holders_of
from portal.extensions import db
from portal.notices.kinds import Kind
from portal.notices.people import countersigners_of, in_order
from portal.notices.telling import Telling
from portal.roles import Role
from portal.runtime import settings


def of_months(today: date) -> Iterator[Telling]:
    """The latest month that waits stands for all of them; `number` says how many they are."""
    yield from _unsigned(today)
    yield from _uncountersigned(today)


def _unsigned(today: date) -> Iterator[Telling]:
    """To the head at once; after the set days again, and to the auditor above them."""
    waiting = unsigned_months()
    if not waiting:
        return
    late = today >= clock.seoul(waiting[-1].end).date() + _patience()
    stage, number = ("late" if late else "open"), len(waiting)
    for account in in_order(holders_of(Role.DIVISION_HEAD), but=None):
        once = f"month:{waiting[-1].key}:{stage}:{account.id}"
        yield Telling(Kind.MONTH_TO_SIGN, account, once, number=number)
    above = holders_of(Role.AUDITOR) if late or not holders_of(Role.DIVISION_HEAD) else []
    for account in in_order(above, but=None):
        once = f"month:{waiting[-1].key}:above:{account.id}"
        yield Telling(Kind.MONTH_UNSIGNED, account, once, number=number)


def _uncountersigned(today: date) -> Iterator[Telling]:
    """The auditor was told with the signature; after the set days again, and the head with them."""
    waiting = select(LogCheck).where(LogCheck.countersigned_at.is_(None))
    checks = [
        check
        for check in db.session.scalars(waiting.order_by(LogCheck.year, LogCheck.month))
        if today >= clock.seoul(check.signed_at).date() + _patience()
    ]
    if not checks:
        return
    last, number = checks[-1], len(checks)
    key = f"countersign:{last.year}-{last.month:02d}"
    for account in in_order(countersigners_of(last), but=None):
        yield Telling(Kind.MONTH_TO_COUNTERSIGN, account, f"{key}:late:{account.id}", number=number)
    for account in in_order(holders_of(Role.DIVISION_HEAD), but=None):
        yield Telling(
            Kind.MONTH_UNCOUNTERSIGNED, account, f"{key}:above:{account.id}", number=number
        )


def _patience() -> timedelta:
    return timedelta(days=settings().log.sign_within_days)
