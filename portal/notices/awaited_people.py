"""Answers that are awaited of somebody: to a 보완요구 until its day, and the 파기확인 (제10조)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from portal import clock
from portal.accounts.models import Account
from portal.applications.models import Application
from portal.applications.states import Action, State
from portal.destruction.models import Destruction
from portal.destruction.pending import pending
from portal.extensions import db
from portal.notices.kinds import Kind
from portal.notices.people import (
    applicant_of,
    callers_for,
    free_custodians,
    in_order,
    needs_call,
    transferors_of,
)
from portal.notices.steps import step_of, working_days_left
from portal.notices.telling import Telling
from portal.runtime import settings

_ON_THE_DAY = 0
#: Working days before the day on which somebody outside is called.
_CALL_AT = 2


def of_supplements(today: date) -> Iterator[Telling]:
    """The applicant before it runs out; once it has, the custodians, who may take it back."""
    open_ones = (
        select(Application)
        .where(
            Application.state == State.SUPPLEMENT_REQUESTED,
            Application.supplement_due_on.is_not(None),
        )
        .options(selectinload(Application.transitions), selectinload(Application.matches))
    )
    for application in db.session.scalars(open_ones):
        if application.supplement_due_on:
            yield from _supplement(application, application.supplement_due_on, today)


def _supplement(application: Application, last_on: date, today: date) -> Iterator[Telling]:
    key, state = f"supplement:{application.public_id}:{last_on}", str(State.SUPPLEMENT_REQUESTED)
    if today > last_on:
        for account in in_order(free_custodians(application), but=None):
            once = f"{key}:late:{account.id}"
            yield Telling(Kind.SUPPLEMENT_LATE, account, once, application, state)
        return
    step, left = step_of(today, last_on), working_days_left(today, last_on)
    # Who was asked with few days left has just been told, and is not told again the next morning.
    if step is None or step >= working_days_left(_asked_on(application), last_on):
        return
    for account in in_order(applicant_of(application), but=None):
        once = f"{key}:{step}:{account.id}"
        yield Telling(Kind.REMIND_SUPPLEMENT, account, once, application, state, left)
    if step <= _CALL_AT:
        yield from _calls(application, state, f"{key}:call", "supplement.remind")


def _asked_on(application: Application) -> date:
    asked = [t.at for t in application.transitions if t.action == Action.REQUEST_SUPPLEMENT]
    return clock.seoul(asked[-1] if asked else clock.now()).date()


def of_destructions(today: date) -> Iterator[Telling]:
    """제10조제3호: whoever took it away, before the answer-by day and until they answer."""
    for row in db.session.scalars(pending()):
        yield from _destruction(row, today)


def _destruction(row: Destruction, today: date) -> Iterator[Telling]:
    application, state = row.application, str(State.HANDED_OVER)
    key = f"destruction:{row.public_id}"
    holders = in_order(applicant_of(application), but=None)
    if today > row.answer_by:
        yield from _overdue(row, holders, today)
        return
    step, left = step_of(today, row.answer_by), working_days_left(today, row.answer_by)
    if step is None:
        return
    for account in holders:
        once = f"{key}:{step}:{account.id}"
        yield Telling(Kind.REMIND_DESTRUCTION, account, once, application, state, left)
    if step not in (_ON_THE_DAY, max(settings().reminders.days_before)):
        return
    if needs_call(application):
        yield from _calls(application, state, f"{key}:{step}:call", "destruction.remind")
    elif not holders and application.applicant_id is None:
        for account in in_order(transferors_of(application), but=None):
            once = f"{key}:{step}:{account.id}"
            yield Telling(Kind.ASK_DESTRUCTION, account, once, application, state)


def _overdue(row: Destruction, holders: list[Account], today: date) -> Iterator[Telling]:
    """An employee again and again, and the custodians once; of people without an account the
    custodians are told with the 미회신 (`destruction.unanswered`)."""
    application, state = row.application, str(State.HANDED_OVER)
    if application.applicant_id is None:
        return
    again = (today - row.answer_by).days // settings().reminders.again_days
    for account in holders:
        once = f"destruction:{row.public_id}:late{again}:{account.id}"
        yield Telling(Kind.DESTRUCTION_LATE, account, once, application, state)
    for account in in_order(free_custodians(application), but=None):
        once = f"destruction:{row.public_id}:above:{account.id}"
        yield Telling(Kind.DESTRUCTION_UNANSWERED, account, once, application, state)


def _calls(application: Application, state: str, key: str, what: str) -> Iterator[Telling]:
    for account in in_order(callers_for(application), but=None):
        once = f"{key}:{account.id}"
        yield Telling(Kind.TO_CALL, account, once, application, state, call=what)
