"""The listener: what was announced becomes notices and 전화 안내, as the table says."""

from __future__ import annotations

from sqlalchemy import select, update

from portal import clock
from portal.accounts.models import Account, AccountChange
from portal.announcements import Announcement, listeners
from portal.applications.models import Application
from portal.approvals.standing import holders_of
from portal.database import writing
from portal.notices import call_tasks
from portal.notices.kinds import PASSING, Kind
from portal.notices.models import Notice
from portal.notices.people import in_order, recipients, second_persons_for
from portal.notices.tell import tell
from portal.notices.who import Row, To, rows_of
from portal.recordings.models import QuarantineItem
from portal.roles import Role


def hear(said: Announcement) -> None:
    """Write what this announcement brings. Inside the open `write()`, when all else is done."""
    match said.on:
        case Application():
            _application(said.what, said.on, said.by)
        case AccountChange():
            _account(said.what, second_persons_for(said.on), said.by)
        case Account():
            _account(said.what, [said.on] if said.on.is_active else [], said.by)
        case QuarantineItem():
            _quarantine()


def _application(what: str, application: Application, by: Account | None) -> None:
    writing().expire(application, ["steps", "matches", "transferor"])  # as they are now
    _done_with(application)
    call_tasks.overtake(application)
    for row in rows_of(what, application.state):
        _tell_row(row, application, by)


def _tell_row(row: Row, application: Application, by: Account | None) -> None:
    if row.to is To.BY_PHONE:
        call_tasks.ask_for(application, row.what)
    for account in in_order(recipients(row.to, application), but=by):
        tell(account, row.kind, application=application)


def _account(what: str, told: list[Account], by: Account | None) -> None:
    for row in rows_of(what):
        for account in in_order(told, but=by):
            tell(account, row.kind)


def _quarantine() -> None:
    """While an unread one lies there, no other: a thousand bad files are one notice."""
    waiting = select(Notice.account_id).where(
        Notice.kind == Kind.QUARANTINED, Notice.read_at.is_(None)
    )
    told = set(writing().scalars(waiting))
    for account in in_order(holders_of(Role.CUSTODIAN), but=None):
        if account.id not in told:
            tell(account, Kind.QUARANTINED)


def _done_with(application: Application) -> None:
    """What asked for something before is done with, by whomever."""
    writing().execute(
        update(Notice)
        .where(
            Notice.application_id == application.id,
            Notice.kind.in_(PASSING),
            Notice.read_at.is_(None),
        )
        .values(read_at=clock.now())
        .execution_options(synchronize_session=False)
    )


listeners.append(hear)
