"""Records whose 보존기간 is over: listed for the archive, never destroyed by the portal itself.

「공공기록물 관리에 관한 법률」 제27조: 심사 and 심의 come before any disposal. The period begins
on the first of January after the year in which the matter ended.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime

from sqlalchemy import Select, func, select

from portal import clock
from portal.applications.models import Application, Transition
from portal.applications.states import FINAL
from portal.extensions import db
from portal.moments import moment
from portal.runtime import settings


def records_due() -> dict[int, int]:
    """How many applications, by the year in which they ended, whose period is over."""
    years = Counter(clock.seoul(moment).year for moment in db.session.scalars(_ended()))
    return dict(sorted(years.items()))


def number_due() -> int:
    return db.session.scalar(count_due()) or 0


def count_due() -> Select[int]:
    return select(func.count()).select_from(_ended().subquery())


def _ended() -> Select[datetime]:
    last = func.max(Transition.at)
    return (
        select(last)
        .join(Application, Application.id == Transition.application_id)
        .where(Application.state.in_(FINAL))
        .group_by(Transition.application_id)
        .having(last < moment(_first_kept))
    )


def _first_kept() -> datetime:
    return clock.midnight(date(_first_kept_year(), 1, 1))


def _first_kept_year() -> int:
    """Ended in this year or later: still within the period."""
    return clock.today().year - settings().keep.records_years
