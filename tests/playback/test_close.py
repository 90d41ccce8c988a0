"""The end of a 열람: by the listener, and by the portal when time has decided."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

import factories
from playback.hearing import Listener, handed_over, own, sound_of, with_sound
from portal import clock
from portal.applications.models import Application
from portal.applications.states import State
from portal.audit.models import AuditEvent
from portal.database import write
from portal.extensions import db
from portal.playback.close import close_finished
from portal.playback.models import ListeningSession
from portal.playback.open_session import end_session
from portal.roles import Role


@pytest.fixture
def listener(app: Flask) -> Listener:
    return Listener.of(app, factories.account(name="김하늘"))


def test_ending_stops_the_sound_but_the_window_stays_open(listener: Listener) -> None:
    recording = with_sound()
    application = own(listener.account, recording)
    session = listener.open(application)

    listener.client.post(f"{session}/end")

    assert listener.ask(sound_of(session, recording)).json["code"] == "ended"
    listener.client.get(f"/listening/{application.public_id}")
    assert application.state == State.HANDED_OVER


def test_finishing_closes_the_application_and_what_is_open(listener: Listener) -> None:
    recording = with_sound()
    application = own(listener.account, recording)
    session = listener.open(application)

    listener.client.post(f"/listening/{application.public_id}/finish")

    assert application.state == State.CLOSED
    assert application.closed_at is not None
    assert application.transitions[-1].capacity == "신청인"
    assert listener.ask(sound_of(session, recording)).status_code == 410
    listener.client.get(f"/listening/{application.public_id}", status=410)


def test_finishing_twice_closes_once(listener: Listener) -> None:
    application = own(listener.account)
    listener.client.get(f"/listening/{application.public_id}")
    for _ in range(2):
        answer = listener.client.post(f"/listening/{application.public_id}/finish")
        assert answer.status_code == 303

    assert [t.to_state for t in application.transitions].count(State.CLOSED) == 1


def test_ending_needs_post_and_a_token(app: Flask, listener: Listener) -> None:
    session = listener.open(own(listener.account))

    assert listener.ask(f"{session}/end").status_code == 405
    assert listener.ask(f"{session}/end", "POST").status_code == 400
    assert _sessions()[0].ended_at is None


def test_a_session_ends_once_and_its_first_reason_stays(listener: Listener) -> None:
    listener.open(own(listener.account))
    row = _sessions()[0]

    with write():
        first = end_session(row, listener.account, "ended")
    with write():
        second = end_session(row, None, "expired")

    assert (first, second, row.end_reason) == (True, False, "ended")
    assert _count("playback.close") == 1


def test_what_ran_out_is_ended_by_the_portal_with_its_ranges(listener: Listener) -> None:
    recording = with_sound()
    session = listener.open(own(listener.account, recording))
    listener.ask(sound_of(session, recording), Range="bytes=0-9")

    early = close_finished()
    with clock.at(timedelta(minutes=11)):
        late = close_finished()

    assert (early.sessions, late.sessions) == (0, 1)
    assert _sessions()[0].end_reason == "idle"
    event = db.session.scalars(
        select(AuditEvent).where(AuditEvent.action == "playback.close")
    ).one()
    assert event.account is None
    assert f"{recording.public_id}:0-10" in event.detail


def test_logging_out_ends_what_was_opened(listener: Listener) -> None:
    recording = with_sound()
    session = listener.open(own(listener.account, recording))
    again = listener.again()

    listener.client.post("/logout")
    closed = close_finished()

    assert closed.sessions == 1
    assert _sessions()[0].end_reason == "login_ended"
    assert again.ask(sound_of(session, recording)).status_code == 403


def test_the_portal_closes_what_nobody_may_hear_any_more(app: Flask) -> None:
    employee = factories.account()
    soon = clock.now() + timedelta(hours=1)
    over, running = own(employee, until=soon), own(employee)
    provision = own(employee, until=soon, disclosure_type="provision")

    with clock.at(soon):
        first, second = close_finished(), close_finished()

    assert (first.applications, second.applications) == (1, 0)
    assert _states(over, running, provision) == ["closed", "handed_over", "handed_over"]
    last = over.transitions[-1]
    assert (last.by_id, last.opinion) == (None, "열람 기간이 끝남")


def test_an_application_whose_recordings_all_died_is_closed_and_one_with_a_rest_not(
    app: Flask,
) -> None:
    employee, week = factories.account(), clock.now() + timedelta(days=7)
    old = with_sound(called_at=clock.now() - timedelta(days=29))
    dead, rest = own(employee, old, until=week), own(employee, old, with_sound(), until=week)

    with clock.at(old.deleted_at):
        close_finished()

    assert _states(dead, rest) == ["closed", "handed_over"]
    assert "삭제됨" in dead.transitions[-1].opinion


def test_the_officer_may_finish_for_the_citizen_and_the_enterer_not(app: Flask) -> None:
    office, enterer = factories.department("민원과"), factories.account(Role.COUNTER)
    application = handed_over(entered_by=enterer, office_id=office.id)
    for account, status in ((enterer, 403), (factories.account(Role.COUNTER), 303)):
        officer = Listener.of(app, account)
        answer = officer.client.post(f"/listening/{application.public_id}/finish")
        assert answer.status_code == status

    assert application.transitions[-1].capacity == "입회 공무원"


def test_what_was_provided_is_not_closed_by_listening(listener: Listener) -> None:
    application = own(listener.account, disclosure_type="provision")

    answer = listener.client.post(f"/listening/{application.public_id}/finish")

    assert answer.status_code == 403
    assert application.state == State.HANDED_OVER


def _states(*applications: Application) -> list[str]:
    return [str(application.state) for application in applications]


def _sessions() -> list[ListeningSession]:
    return list(db.session.scalars(select(ListeningSession).order_by(ListeningSession.id)))


def _count(action: str) -> int:
    statement = select(func.count()).where(AuditEvent.action == action)
    return db.session.scalar(statement) or 0
