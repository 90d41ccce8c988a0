"""Applications as they come to the custodian, made by the real verbs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import factories
from applications.papers import (
    add_paper,
    citizen_draft,
    counter_officer,
    employee_with_call,
    own_draft,
    submitted,
)
from portal.accounts.models import Account
from portal.applications.match import match
from portal.applications.models import Application
from portal.applications.receive import receive
from portal.database import write
from portal.extensions import db
from portal.recordings.models import Recording
from portal.roles import Role


def custodian(**fields: Any) -> Account:
    return factories.account(Role.CUSTODIAN, **fields)


def from_citizen(**changes: Any) -> Application:
    """Submitted at a counter with one paper: a call of 24 hours ago from 010-1234-5678 to
    031-644-1234."""
    draft = citizen_draft(counter_officer(), **changes)
    add_paper(draft, name="가입사실확인서.pdf")
    return submitted(draft)


def from_employee() -> tuple[Application, Recording, Account]:
    """Submitted by an employee for a call of their own."""
    person, call = employee_with_call()
    return submitted(own_draft(person, call)), call, person


def received(application: Application, by: Account) -> Application:
    with write():
        receive(application, by=by)
    return application


def matched(application: Application, *recordings: Recording, by: Account) -> Application:
    """Received and with these recordings matched."""
    received(application, by)
    for recording in recordings:
        with write():
            match(application, recording, by=by)
    return application


def asked_call(application: Application, **fields: Any) -> Recording:
    """The call that a citizen's application is about."""
    assert application.asked_from
    return factories.recording(called_at=application.asked_from, **fields)


def state_of(application: Application) -> str:
    db.session.rollback()
    db.session.refresh(application)
    return application.state


def refuses(
    error: type[Exception], verb: Callable[..., Any], *args: Any, says: str = "", **named: Any
) -> None:
    """The verb raises this error, and the words are there for the person who tried."""
    with pytest.raises(error) as caught, write():
        verb(*args, **named)
    assert says in str(caught.value)
    assert any("가" <= letter <= "힣" for letter in str(caught.value))
