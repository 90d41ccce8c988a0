"""결재 올림: only with a living recording and the custodian's word, and again after a 반려."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

import factories
from applications.intake import (
    asked_call,
    custodian,
    from_citizen,
    from_employee,
    matched,
    received,
    refuses,
    state_of,
)
from portal import clock
from portal.applications.conflict import Conflict
from portal.applications.custody import NotCustodian
from portal.applications.due import due_on
from portal.applications.forward import CannotForward, NotChecked, forward
from portal.applications.match import match, unmatch
from portal.applications.models import Application
from portal.applications.receive import NotInHand
from portal.applications.states import Action, State
from portal.approvals.decide import return_, review
from portal.audit.models import AuditEvent
from portal.database import write
from portal.extensions import db
from portal.roles import Role


def forwarded(application: Application, by: factories.Account) -> Application:
    with write():
        forward(application, by=by, checked=True)
    return application


def test_a_forwarded_application_waits_for_the_first_approver(app: Flask) -> None:
    application, person = from_citizen(), custodian()
    matched(application, asked_call(application), by=person)

    forwarded(application, person)

    assert state_of(application) == State.RECEIVED
    assert application.forwarded_at
    assert application.current_step and application.current_step.title == "팀장"
    last = application.transitions[-1]
    assert (last.action, last.by, last.capacity) == (Action.FORWARD, person, "시스템 관리자")
    checked = db.session.query(AuditEvent).filter_by(action="application.checked").one()
    assert '"checked":true' in checked.detail and '"recordings":1' in checked.detail


def test_without_a_recording_nothing_is_forwarded(app: Flask) -> None:
    application, person = from_citizen(), custodian()
    call = asked_call(application)
    matched(application, call, by=person)
    with write():
        unmatch(application, call, by=person)

    refuses(CannotForward, forward, application, by=person, checked=True, says="연결된 녹취가")
    assert application.forwarded_at is None


def test_recordings_that_all_passed_their_day_are_none(app: Flask) -> None:
    application, person = from_citizen(), custodian()
    call = asked_call(application)
    matched(application, call, by=person)

    with clock.at(call.deleted_at):
        refuses(CannotForward, forward, application, by=person, checked=True)


def test_without_the_custodians_word_nothing_is_forwarded(app: Flask) -> None:
    application, person = from_citizen(), custodian()
    matched(application, asked_call(application), by=person)

    refuses(NotChecked, forward, application, by=person, checked=False)
    assert application.forwarded_at is None
    assert db.session.query(AuditEvent).filter_by(action="application.checked").count() == 0


def test_the_due_date_follows_the_recording_that_is_deleted_first(app: Flask) -> None:
    person = custodian()
    application = from_citizen(asked_from=clock.now() - timedelta(days=24))
    earlier = asked_call(application)
    assert application.asked_from
    later = factories.recording(called_at=application.asked_from + timedelta(hours=20))
    before = application.due_on
    matched(application, later, by=person)

    forwarded(application, person)

    assert application.submitted_at
    day = clock.seoul(application.submitted_at).date()
    assert application.due_on == due_on(day, 10, later.delete_on)
    assert before == due_on(day, 10, earlier.delete_on)


def test_a_recording_that_died_does_not_count_for_the_due_date(app: Flask) -> None:
    application, person = from_citizen(), custodian()
    gone, kept = asked_call(application), asked_call(application)
    matched(application, gone, kept, by=person)
    with write():
        gone.destroyed_at, gone.delete_on = clock.now(), clock.today()

    forwarded(application, person)

    assert application.due_on and application.due_on > clock.today()


def test_the_period_is_the_one_that_binds_the_application(app: Flask) -> None:
    application, person = from_citizen(), custodian()
    matched(application, asked_call(application), by=person)
    with write():
        application.settings_snapshot = {
            **application.settings_snapshot,
            "application": {"due_days": 3},
        }

    forwarded(application, person)

    assert application.submitted_at
    day = clock.seoul(application.submitted_at).date()
    assert application.due_on == due_on(day, 3, None)


def test_a_second_click_does_not_forward_again(app: Flask) -> None:
    application, person = from_citizen(), custodian()
    matched(application, asked_call(application), by=person)
    forwarded(application, person)

    refuses(NotInHand, forward, application, by=person, checked=True)
    assert [t.action for t in application.transitions].count(Action.FORWARD) == 1


def test_nothing_but_a_received_application_is_forwarded(app: Flask) -> None:
    application, person = from_citizen(), custodian()
    refuses(NotInHand, forward, application, by=person, checked=True)
    matched(application, asked_call(application), by=person)
    for state in (State.REVIEWED, State.APPROVED, State.REFUSED, State.EXPIRED, State.CLOSED):
        with write():
            application.state = state
        refuses(NotInHand, forward, application, by=person, checked=True)


@pytest.mark.parametrize("role", [Role.COUNTER, Role.TEAM_LEADER, Role.DIVISION_HEAD])
def test_no_other_role_forwards(app: Flask, role: Role) -> None:
    application = from_citizen()
    matched(application, asked_call(application), by=custodian())

    refuses(NotCustodian, forward, application, by=factories.account(role), checked=True)


def test_a_party_to_a_matched_call_does_not_forward(app: Flask) -> None:
    application, party = from_citizen(), custodian()
    line = factories.extension("2994", party.person)
    matched(application, asked_call(application, line=line), by=custodian())

    refuses(Conflict, forward, application, by=party, checked=True)


def test_after_a_return_it_is_matched_anew_and_forwarded_again(app: Flask) -> None:
    application, person = from_citizen(), custodian()
    leader = factories.account(Role.TEAM_LEADER)
    wrong, right = asked_call(application), asked_call(application)
    matched(application, wrong, by=person)
    forwarded(application, person)
    with write():
        return_(application, by=leader, opinion="다른 통화입니다.")

    with write():
        unmatch(application, wrong, by=person)
    with write():
        match(application, right, by=person)
    forwarded(application, person)
    with write():
        review(application, by=leader)

    assert [(m.recording, m.position) for m in application.matches] == [(right, 2)]
    assert state_of(application) == State.REVIEWED


def test_an_employees_call_goes_the_whole_way(app: Flask) -> None:
    application, call, _ = from_employee()
    person = custodian()
    received(application, person)
    with write():
        match(application, call, by=person)

    forwarded(application, person)

    assert application.current_step
