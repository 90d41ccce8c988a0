"""The listener: what was announced becomes notices and 전화 안내, as the table says."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import ColumnElement, select, update

from portal import clock
from portal.access_log.models import LogCheck
from portal.accounts.models import Account, AccountChange, ActingAssignment
from portal.announcements import Announcement, listeners
from portal.applications.models import Application
from portal.approvals.standing import holders_of
from portal.database import writing
from portal.notices import call_tasks
from portal.notices.kinds import Kind
from portal.notices.models import Notice
from portal.notices.people import (
    concerned_by,
    countersigners_of,
    in_order,
    recipients,
    second_persons_for,
)
from portal.notices.tell import tell
from portal.notices.who import Row, To, rows_of
from portal.notices.wording import PASSING
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
        case ActingAssignment():
            _told_by_row(said.what, lambda to: concerned_by(said.on, to), said.by)
        case LogCheck():
            _month_is_done(said.what)
            _told_by_row(said.what, lambda _to: countersigners_of(said.on), said.by)
        case QuarantineItem():
            _quarantine()


def _application(what: str, application: Application, by: Account | None) -> None:
    writing().expire(application, ["steps", "matches", "transferor"])  # as they are now
    if what.startswith("application."):  # it moved on
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


def _told_by_row(what: str, of: Callable[[To], list[Account]], by: Account | None) -> None:
    """Each once, though a custodian may also be the one who is away."""
    told: set[int] = set()
    for row in rows_of(what):
        for account in in_order(of(row.to), but=by):
            if account.id not in told:
                tell(account, row.kind)
            told.add(account.id)


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
    _read(Notice.application_id == application.id, Notice.kind.in_(PASSING))


def _month_is_done(what: str) -> None:
    """One notice stands for all months that wait; what is left is told again by its day."""
    if what == "log.sign":
        _read(Notice.kind.in_((Kind.MONTH_TO_SIGN, Kind.MONTH_UNSIGNED)))
    else:
        _read(Notice.kind.in_((Kind.MONTH_TO_COUNTERSIGN, Kind.MONTH_UNCOUNTERSIGNED)))


def _read(*which: ColumnElement[bool]) -> None:
    writing().execute(
        update(Notice)
        .where(*which, Notice.read_at.is_(None))
        .values(read_at=clock.now())
        .execution_options(synchronize_session=False)
    )


listeners.append(hear)
