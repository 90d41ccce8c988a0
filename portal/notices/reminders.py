"""Reminders before the 처리기한: to whoever must act now, and on the day itself to the next above.

Each is told once (a unique key), on working days, from the set hour on. Who was missed while the
worker stood still is told on the next day, with the days that are then left.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from portal import clock
from portal.accounts.models import Account
from portal.applications.conflict import conflict_of
from portal.applications.due import is_working_day
from portal.applications.models import Application, ApplicationRecording
from portal.applications.states import State
from portal.approvals.standing import acting_for, away_today, holders_of
from portal.database import lock, write
from portal.extensions import db
from portal.notices.awaited import remind_of_awaited
from portal.notices.kinds import Kind
from portal.notices.models import Notice
from portal.notices.people import approvers_at, free_custodians, in_order, transferors_of
from portal.notices.steps import ON_THE_DAY, step_of, working_days_left
from portal.notices.tell import tell
from portal.roles import Role
from portal.runtime import settings

#: Somebody in the institution has to act. While a 보완요구 is open, the applicant has, and is
#: reminded by `awaited.py`.
_OPEN = (State.SUBMITTED, State.RECEIVED, State.REVIEWED, State.APPROVED)
_DAY = timedelta(days=1)


class Reminders:
    """Runs once a day and worker; a second run tells nothing twice."""

    def __init__(self) -> None:
        self._done: date | None = None

    def run(self) -> None:
        now = clock.seoul(clock.now())
        if self._done == now.date() or now.time() < settings().reminders.at:
            return
        remind(now.date())
        remind_of_awaited(now.date())
        self._done = now.date()


def remind(today: date) -> int:
    """Tell what is to be told today; returns how many were told. A short `write()` for each."""
    if not is_working_day(today):
        return 0
    told = _told_before()
    due = [a for a in _applications(today) if _news(a, today, told)]
    ids = [application.id for application in due]
    db.session.rollback()
    return sum(_remind(application_id, today) for application_id in ids)


def must_act(application: Application) -> tuple[Kind, list[Account]]:
    """Who has it in hand now, and with which words they are reminded."""
    if application.is_with_approvers:
        return Kind.REMIND_APPROVAL, approvers_at(application.current_step)
    if application.state == State.APPROVED:
        return Kind.REMIND_HANDOVER, transferors_of(application)
    return Kind.REMIND_INTAKE, free_custodians(application)


def next_above(application: Application) -> list[Account]:
    """Over the named officer the custodians, over them the first approver, and so up the line;
    over the last one nobody, who is then told themselves. For who is away, the acting person."""
    if application.state == State.APPROVED and application.transferor is not None:
        return free_custodians(application)
    line = [step.role for step in application.steps]
    line = line or [step.role for step in settings().approval.steps]
    current = application.current_step
    place = min(current.position, len(line) - 1) if current else 0
    role = Role(line[place])
    away = away_today(role)
    there = [a for a in holders_of(role) if a.id not in away]
    for asked in (there, acting_for(role)):
        if free := [a for a in asked if conflict_of(application, a) is None]:
            return free
    return []


def _tellings(application: Application, today: date) -> Iterable[tuple[Kind, Account, str]]:
    """What, whom, and the key under which it is told once."""
    due_on = application.due_on
    step = step_of(today, due_on) if due_on else None
    if step is None or application.state not in _OPEN:
        return
    if step == ON_THE_DAY:
        kind, accounts = Kind.LATE, next_above(application) or _whoever(application)
    else:
        kind, accounts = must_act(application)
        accounts = accounts or next_above(application) or _whoever(application)
    for account in in_order(accounts, but=None):
        yield kind, account, f"remind:{application.public_id}:{due_on}:{step}:{account.id}"


def _whoever(application: Application) -> list[Account]:
    """Where nobody of the line may act, the custodians have somebody named (직무대리)."""
    return free_custodians(application) or holders_of(Role.CUSTODIAN)


def _news(application: Application, today: date, told: set[str]) -> bool:
    return any(key not in told for _kind, _account, key in _tellings(application, today))


def _remind(application_id: int, today: date) -> int:
    with write() as session:
        application = session.get_one(Application, application_id)
        lock(application)
        left = working_days_left(today, application.due_on) if application.due_on else 0
        tellings = list(_tellings(application, today))
        return sum(
            tell(account, kind, application=application, number=left, once=key)
            for kind, account, key in tellings
        )


def _applications(today: date) -> list[Application]:
    """Open ones whose first reminder could be due, with what `_tellings` reads of each."""
    until, days = today, max(settings().reminders.days_before)
    while days:
        until += _DAY
        days -= is_working_day(until)
    statement = (
        select(Application)
        .where(Application.state.in_(_OPEN), Application.due_on <= until)
        .options(
            selectinload(Application.matches).joinedload(ApplicationRecording.recording),
            selectinload(Application.steps),
            joinedload(Application.asked_recording),
            joinedload(Application.transferor),
        )
        .order_by(Application.due_on, Application.id)
    )
    return list(db.session.scalars(statement))


def _told_before() -> set[str]:
    """The keys of what open applications were told."""
    statement = (
        select(Notice.once_key)
        .join(Application, Application.id == Notice.application_id)
        .where(Notice.once_key.startswith("remind:"), Application.state.in_(_OPEN))
    )
    return {key for key in db.session.scalars(statement) if key}
