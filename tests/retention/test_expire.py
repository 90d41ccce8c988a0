"""기간만료: applications whose recordings died before the handover, and why."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

import factories
from portal import clock
from portal.applications.due import due_on
from portal.applications.models import Application
from portal.applications.states import State
from portal.database import write
from portal.extensions import db
from portal.retention import purge
from portal.retention.expire import FILED_LATE, HANDLED_LATE, cause_of, expire_applications
from portal.runtime import settings
from retention.days import at_the_end_of, recording, today_and


@pytest.mark.parametrize("state", [State.RECEIVED, State.REVIEWED, State.APPROVED])
def test_a_waiting_application_expires_with_its_last_recording(app: Flask, state: State) -> None:
    first, last = recording(today_and(1)), recording(today_and(3))
    application = factories.forwarded_application(first, last, state=state)
    states = []

    for day in (today_and(1), today_and(2), today_and(3)):
        with clock.at(at_the_end_of(day)):
            purge.run()
        states.append(_state(application))

    assert states == [state, state, State.EXPIRED]
    transition = application.transitions[-1]
    assert (transition.by_id, transition.to_state) == (None, State.EXPIRED)


@pytest.mark.parametrize("state", [State.DRAFT, State.REFUSED, State.CLOSED, State.EXPIRED])
def test_what_does_not_wait_does_not_expire(app: Flask, state: State) -> None:
    application = factories.forwarded_application(recording(today_and(1)))
    _set(application, state=state)

    with clock.at(at_the_end_of(today_and(1))):
        report = purge.run()

    assert report.applications_expired == 0
    assert _state(application) == state


def test_a_call_asked_for_by_its_time_expires_when_that_time_is_past_its_day(app: Flask) -> None:
    application = factories.forwarded_application(recording(today_and(40)))
    with write() as session:
        for match in list(application.matches):
            session.delete(match)
    asked = clock.now() - timedelta(days=10)
    _set(application, asked_from=asked - timedelta(hours=3), asked_until=asked)

    before, after = today_and(21), today_and(22)  # a remembered time may be a day off
    assert expire_applications(before) == 0
    assert expire_applications(after) == 1
    assert _state(application) == State.EXPIRED


def test_where_no_time_was_named_nothing_expires(app: Flask) -> None:
    application = factories.forwarded_application(recording(today_and(40)))
    with write() as session:
        for match in list(application.matches):
            session.delete(match)

    assert expire_applications(today_and(400)) == 0
    assert _state(application) == State.RECEIVED


@pytest.mark.parametrize(
    ("beyond_due", "cause"),
    [(-7, FILED_LATE), (0, FILED_LATE), (1, HANDLED_LATE), (15, HANDLED_LATE)],
)
def test_the_cause_is_whether_enough_time_was_left_when_it_was_filed(
    app: Flask, beyond_due: int, cause: str
) -> None:
    """처리기한 ends on a working day: how far away it is depends on today's weekday."""
    due = due_on(clock.today(), settings().application.due_days, None)
    left_at_submission = (due - clock.today()).days + beyond_due
    application = factories.forwarded_application(recording(today_and(left_at_submission)))

    assert cause_of(application) == cause
    with clock.at(at_the_end_of(today_and(left_at_submission))):
        purge.run()
    assert application.transitions[-1].opinion.startswith(cause)


def test_the_period_that_bound_the_application_decides_the_cause(app: Flask) -> None:
    application = factories.forwarded_application(recording(today_and(15)))
    _set(application, settings_snapshot={"application": {"due_days": 20}})

    assert cause_of(application) == FILED_LATE


def _state(application: Application) -> str:
    db.session.rollback()
    return application.state


def _set(application: Application, **fields: Any) -> None:
    with write():
        for name, value in fields.items():
            setattr(application, name, value)
