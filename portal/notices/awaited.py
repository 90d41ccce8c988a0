"""What is awaited besides the 처리기한: an answer to a 보완요구, a 파기확인, a publication …

Each is told once (a unique key), on working days, like the reminders of `reminders.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from sqlalchemy import select

from portal.accounts.models import Account, ActingAssignment
from portal.applications.due import is_working_day
from portal.applications.models import Application
from portal.database import lock, write
from portal.extensions import db
from portal.notices import call_tasks
from portal.notices.awaited_months import of_months
from portal.notices.awaited_people import of_destructions, of_supplements
from portal.notices.awaited_publications import of_publications
from portal.notices.kinds import Kind
from portal.notices.models import Notice
from portal.notices.people import concerned_by, in_order
from portal.notices.tell import tell
from portal.notices.telling import Telling
from portal.notices.who import To

#: Of a 직무대리 that ended by its day; one that ended longer ago is no news.
_LATELY = timedelta(days=14)


def remind_of_awaited(today: date) -> int:
    """Tell what is to be told today; returns how many were told. A short `write()` for each."""
    if not is_working_day(today):
        return 0
    wanted = [
        *of_supplements(today),
        *of_destructions(today),
        *of_publications(today),
        *of_months(today),
        *_acting(today),
    ]
    told = _told({one.once for one in wanted})
    news = [one for one in wanted if one.once not in told]
    ids = [(one.account.id, one.application.id if one.application else None) for one in news]
    db.session.rollback()
    return sum(_tell(one, *which) for one, which in zip(news, ids, strict=True))


def _tell(one: Telling, account_id: int, application_id: int | None) -> bool:
    with write() as session:
        application = session.get_one(Application, application_id) if application_id else None
        if application is not None:
            lock(application)
            if application.state != one.state:
                return False  # it moved on meanwhile
        account = session.get_one(Account, account_id)
        is_news = tell(account, one.kind, application=application, number=one.number, once=one.once)
        if is_news and application is not None and one.call and _first_call(one, application):
            call_tasks.ask_for(application, one.call)
        return is_news


def _first_call(one: Telling, application: Application) -> bool:
    """Several officers of a counter may be told of it; the call itself is one."""
    return not call_tasks.is_waiting(application, one.call)


def _acting(today: date) -> Iterator[Telling]:
    over = select(ActingAssignment).where(
        ActingAssignment.confirmed_at.is_not(None),
        ActingAssignment.ended_at.is_(None),
        ActingAssignment.until_on <= today,
        ActingAssignment.until_on > today - _LATELY,
    )
    for row in db.session.scalars(over):
        told: list[Account] = []
        for to in (To.ACTING, To.REPRESENTED, To.CUSTODIANS):
            told += concerned_by(row, to)
        for account in in_order(told, but=None):
            yield Telling(Kind.ACTING_ENDED, account, f"acting:{row.public_id}:{account.id}")


def _told(keys: Iterable[str]) -> set[str]:
    statement = select(Notice.once_key).where(Notice.once_key.in_(list(keys)))
    return {key for key in db.session.scalars(statement) if key}
