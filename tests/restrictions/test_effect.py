"""While it is in force: no own filing, no playback, running playback stops at once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

import factories
from playback.hearing import Listener, handed_over, own, sound_of, with_sound
from portal import clock
from portal.applications.draft import CannotApply, OwnEntry, new_draft_from_call, save_draft
from portal.applications.models import Application
from portal.applications.states import State
from portal.applications.submit import submit
from portal.audit.models import AuditEvent
from portal.database import write
from portal.extensions import db
from portal.jobs.schedule import tasks
from portal.playback.models import ListeningSession
from portal.restrictions.decide import lift
from portal.restrictions.serve import end_stopped_sessions, serve
from portal.roles import Role
from restrictions.cases import Case, by_letter


def test_a_restricted_person_begins_no_application_and_submits_none(app: Flask) -> None:
    case = Case()
    call = factories.recording(factories.extension("0316442101", case.person.person))
    with write():
        draft = new_draft_from_call(call, by=case.person)
    row = case.served()
    other = factories.recording(factories.extension("0316442103", case.person.person))

    with pytest.raises(CannotApply, match="제한"), write():
        new_draft_from_call(other, by=case.person)
    with write():
        save_draft(draft, OwnEntry(purpose="확인", reason="확인"), by=case.person)
    with pytest.raises(CannotApply, match="제한"), write():
        submit(draft, by=case.person)
    assert draft.state == State.DRAFT

    with write():
        lift(row, by=case.head, reason="교육을 마침")
    with write():
        new_draft_from_call(other, by=case.person)


def test_the_filing_page_says_so_and_makes_no_draft(app: Flask) -> None:
    case = Case()
    call = factories.recording(factories.extension("0316442101", case.person.person))
    listener = Listener.of(app, case.person)
    case.served()

    page = f"/applications/new?call={call.public_id}"
    answer = listener.client.http.get(page)

    assert answer.status_code != 200 or "제한" in answer.text
    assert db.session.scalar(select(Application)) is None


def test_running_playback_stops_at_once_and_the_end_is_logged(app: Flask) -> None:
    case, recording = Case(), with_sound()
    application, listener = own(case.person, recording), Listener.of(app, case.person)
    session = listener.open(application)
    sound = sound_of(session, recording)
    assert listener.ask(sound, Range="bytes=0-99").status_code == 206

    case.served()

    for address in (sound, f"{session}/state", f"{session}/recordings/{recording.public_id}/peaks"):
        answer = listener.ask(address, Range="bytes=100-199")
        assert answer.status_code == 403
        assert "제한" in answer.json["message"]
    row = db.session.scalars(select(ListeningSession)).one()
    assert (row.end_reason, row.ended_at is None) == ("restricted", False)
    ended = select(AuditEvent.detail).where(AuditEvent.action == "playback.close")
    assert "restricted" in db.session.scalars(ended).one()


def test_no_code_unlocks_while_it_is_in_force_and_again_after_it(app: Flask) -> None:
    case, recording = Case(), with_sound()
    application, listener = own(case.person, recording), Listener.of(app, case.person)
    row = case.served()

    assert listener.client.http.get(f"/listening/{application.public_id}").status_code == 403
    with write():
        lift(row, by=case.head, reason="교육을 마침")

    assert listener.ask(sound_of(listener.open(application), recording)).status_code == 206


def test_a_restricted_officer_does_not_sit_in(app: Flask) -> None:
    officer = factories.account(Role.COUNTER)
    posting = officer.person.posting_on(clock.today())
    assert posting is not None
    application = handed_over(office_id=posting.department_id)
    listener = Listener.of(app, officer)
    assert listener.client.http.get(f"/listening/{application.public_id}").status_code == 200

    Case(person=officer).served()

    assert listener.client.http.get(f"/listening/{application.public_id}").status_code == 403


def test_the_right_as_a_party_stays_at_the_counter(app: Flask) -> None:
    case, officer, recording = Case(), factories.account(Role.COUNTER), with_sound()
    posting = officer.person.posting_on(clock.today())
    assert posting is not None
    case.served()

    application = handed_over(
        recording, office_id=posting.department_id, applicant_name=case.person.name
    )

    listener = Listener.of(app, officer)
    session = listener.open(application, identity_document="주민등록증")
    assert listener.ask(sound_of(session, recording)).status_code == 206


def test_one_that_begins_later_stops_a_running_playback_by_its_date(app: Flask) -> None:
    case, recording = Case(), with_sound()
    tomorrow = clock.today() + timedelta(days=1)
    with clock.at(clock.midnight(tomorrow) - timedelta(minutes=3)):
        application, listener = own(case.person, recording), Listener.of(app, case.person)
        case.served(from_on=tomorrow)
        session = listener.open(application)
        assert end_stopped_sessions() == 0
        assert listener.ask(sound_of(session, recording)).status_code == 206

    with clock.at(clock.midnight(tomorrow)):
        assert listener.ask(sound_of(session, recording)).status_code == 403
        assert end_stopped_sessions() == 1
        assert end_stopped_sessions() == 0
    assert db.session.scalars(select(ListeningSession.end_reason)).one() == "restricted"


def test_a_restriction_of_the_phone_ends_no_session(app: Flask) -> None:
    case, recording = Case(), with_sound()
    listener = Listener.of(app, case.person)
    session = listener.open(own(case.person, recording))

    case.served(portal_use=False)

    assert listener.ask(sound_of(session, recording)).status_code == 206


def test_the_service_of_one_ends_nobody_elses_session(app: Flask) -> None:
    recording, somebody = with_sound(), factories.account()
    listener = Listener.of(app, somebody)
    session = listener.open(own(somebody, recording))
    case = Case()
    row = case.approved()

    with write():
        serve(row, by_letter(), by=case.custodian)

    assert listener.ask(sound_of(session, recording)).status_code == 206


def test_the_worker_ends_what_is_restricted_right_after_midnight(app: Flask) -> None:
    task = next(task for task in tasks() if task.name == "restrictions")

    assert task.at_midnight
    assert task.run(lambda: False) is False
