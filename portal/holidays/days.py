"""Which days are off in Korea: the kept calendar, and those that were declared afterwards."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

import holidays
from sqlalchemy import select

from portal.extensions import db
from portal.holidays.models import ExtraHoliday

_KEPT = "portal_extra_holidays"


def days_off(year: int) -> frozenset[date]:
    """The public holidays of a year (대체공휴일 included) and all 임시공휴일."""
    return public_holidays(year) | extra_days()


def extra_days() -> frozenset[date]:
    """All 임시공휴일, read once a transaction: counting working days asks for them again and again.

    What is added or removed elsewhere counts from the next transaction on.
    """
    session = db.session()
    kept = session.info.get(_KEPT)
    if kept and kept[0] is session.get_transaction():
        found: frozenset[date] = kept[1]
        return found
    days = frozenset(session.scalars(select(ExtraHoliday.day)))
    session.info[_KEPT] = (session.get_transaction(), days)
    return days


def forget() -> None:
    """After a change of the list inside the open transaction."""
    db.session().info.pop(_KEPT, None)


@lru_cache(maxsize=8)
def public_holidays(year: int) -> frozenset[date]:
    """What the calendar of the holidays package knows of a year."""
    return frozenset(holidays.country_holidays("KR", years=year))
