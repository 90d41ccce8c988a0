"""Matching: what an application is about, decided by a custodian, within its bounds."""

from __future__ import annotations

import threading
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
)
from portal import clock
from portal.accounts.models import Account
from portal.applications.choices import SUBSCRIPTION
from portal.applications.conflict import Conflict
from portal.applications.custody import NotCustodian
from portal.applications.match import MOST_MATCHES, CannotMatch, OutsideBounds, match, unmatch
from portal.applications.models import Application
from portal.applications.receive import NotInHand
from portal.applications.states import State
from portal.audit.models import AuditEvent
from portal.database import write
from portal.extensions import db
from portal.recordings.models import Recording
from portal.roles import Role


def positions(application: Application) -> list[int]:
    db.session.rollback()
    return [row.position for row in application.matches]


def test_a_match_keeps_who_matched_and_when(app: Flask) -> None:
    application, person = from_citizen(), custodian()
    call = asked_call(application)

    matched(application, call, by=person)

    row = application.matches[0]
    assert (row.recording, row.position, row.matched_by_id) == (call, 1, person.id)
    logged = db.session.query(AuditEvent).filter_by(action="application.match").one()
    assert (logged.account, logged.subject) == (person.public_id, application.public_id)
    assert call.public_id in logged.detail


def test_positions_count_up_and_are_not_used_again(app: Flask) -> None:
    application, person = from_citizen(), custodian()
    first, second = asked_call(application), asked_call(application)
    matched(application, first, second, by=person)

    with write():
        unmatch(application, second, by=person)
    with write():
        match(application, second, by=person)

    assert positions(application) == [1, 3]


def test_each_application_counts_for_itself(app: Flask) -> None:
    person = custodian()
    one, other = from_citizen(), from_citizen()
    call = asked_call(one)

    matched(one, call, by=person)
    matched(other, call, by=person)

    assert positions(one) == positions(other) == [1]


def test_a_recording_is_not_matched_twice(app: Flask) -> None:
    application, person = from_citizen(), custodian()
    call = asked_call(application)
    matched(application, call, by=person)

    refuses(CannotMatch, match, application, call, by=person, says="이미 연결")
    assert positions(application) == [1]


def test_a_double_click_at_the_same_moment_matches_once(app: Flask) -> None:
    application, person = from_citizen(), custodian()
    call = asked_call(application)
    received(application, person)
    keys = (application.id, call.id, person.id)
    outcome: list[str] = []
    start = threading.Barrier(2)

    def click() -> None:
        with app.app_context():
            session = db.session
            a, r = session.get(Application, keys[0]), session.get(Recording, keys[1])
            by = session.get(Account, keys[2])
            assert a and r and by
            start.wait()
            try:
                with write():
                    match(a, r, by=by)
                outcome.append("matched")
            except CannotMatch:
                outcome.append("refused")
            db.session.remove()

    threads = [threading.Thread(target=click) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcome) == ["matched", "refused"]
    assert positions(application) == [1]


def test_taking_off_what_is_not_matched_is_refused(app: Flask) -> None:
    application, person = from_citizen(), custodian()
    call = asked_call(application)
    matched(application, call, by=person)
    with write():
        unmatch(application, call, by=person)

    refuses(CannotMatch, unmatch, application, call, by=person)
    assert positions(application) == []


def test_a_call_outside_of_the_bounds_is_refused(app: Flask) -> None:
    application, person = from_citizen(), custodian()
    received(application, person)
    assert application.asked_from
    earlier = factories.recording(called_at=application.asked_from - timedelta(days=1, minutes=1))

    refuses(OutsideBounds, match, application, earlier, by=person)


def test_a_call_of_somebody_else_is_refused_for_an_employee(app: Flask) -> None:
    # 제7조①제2호: a party hears the calls to which it was a party, no other ones.
    application, call, _ = from_employee()
    person = custodian()
    received(application, person)
    line = factories.extension("2997", factories.account().person)
    others = factories.recording(line, called_at=call.called_at)

    refuses(OutsideBounds, match, application, others, by=person)


def test_a_call_past_its_day_is_refused_but_may_be_taken_off(app: Flask) -> None:
    application, person = from_citizen(), custodian()
    kept, late = asked_call(application), asked_call(application)
    matched(application, kept, by=person)

    with clock.at(late.deleted_at):
        refuses(CannotMatch, match, application, late, by=person, says="보관기간이 지나")
        with write():
            unmatch(application, kept, by=person)

    assert positions(application) == []


def test_a_destroyed_recording_is_refused(app: Flask) -> None:
    application, person = from_citizen(), custodian()
    received(application, person)

    gone = asked_call(application, destroyed_at=clock.now())

    refuses(CannotMatch, match, application, gone, by=person)


def test_a_party_to_the_call_does_not_match_it(app: Flask) -> None:
    application, person, other = from_citizen(), custodian(), custodian()
    line = factories.extension("2996", person.person)
    received(application, person)
    call = asked_call(application, line=line)

    told = f"당사자이므로 이 신청을 처리할 수 없습니다. {other.name}님에게"
    refuses(Conflict, match, application, call, by=person, says=told)
    with write():
        match(application, call, by=other)
    refuses(Conflict, unmatch, application, call, by=person)  # now it concerns them


def test_one_holder_of_a_shared_line_counts_as_a_party(app: Flask) -> None:
    application, person = from_citizen(), custodian()
    line = factories.extension("2995", factories.account().person, person.person)
    received(application, person)

    call = asked_call(application, line=line, callee="2995")  # not the number that was said
    # Nobody else can take it: the head has to name somebody in this one's place.
    told = f"'직무대리' 화면에서 {person.name}님을 부재자로 하여"
    refuses(Conflict, match, application, call, by=person, says=told)


def test_nothing_is_matched_before_receipt_or_after_forwarding(app: Flask) -> None:
    application, person = from_citizen(), custodian()
    call, other = asked_call(application), asked_call(application)
    refuses(NotInHand, match, application, call, by=person)
    matched(application, call, by=person)
    with write():
        application.forwarded_at = clock.now()

    refuses(NotInHand, match, application, other, by=person)
    refuses(NotInHand, unmatch, application, call, by=person)
    for state in (State.REVIEWED, State.APPROVED, State.HANDED_OVER, State.EXPIRED):
        with write():
            application.state, application.forwarded_at = state, None
        refuses(NotInHand, unmatch, application, call, by=person)
    assert positions(application) == [1]


@pytest.mark.parametrize("role", [Role.COUNTER, Role.TEAM_LEADER, Role.DIVISION_HEAD])
def test_no_other_role_matches(app: Flask, role: Role) -> None:
    application = received(from_citizen(), custodian())

    refuses(NotCustodian, match, application, asked_call(application), by=factories.account(role))


def test_the_enterer_does_not_match_even_as_a_custodian(app: Flask) -> None:
    application = received(from_citizen(), custodian())
    enterer = application.entered_by
    with write() as session:
        session.add(factories.RoleGrant(account_id=enterer.id, role=Role.CUSTODIAN))
    db.session.refresh(enterer)

    refuses(Conflict, match, application, asked_call(application), by=enterer)


def test_twenty_recordings_are_the_most(app: Flask) -> None:
    application, person = from_citizen(), custodian()
    matched(application, *(asked_call(application) for _ in range(MOST_MATCHES)), by=person)

    refuses(CannotMatch, match, application, asked_call(application), by=person, says="20건")
    assert len(positions(application)) == MOST_MATCHES


def test_a_party_may_not_have_entered_the_other_sides_application(app: Flask) -> None:
    by = custodian()
    unknown = {"caller_number": None, "callee_number": None, "called_department": "세정과"}
    application = received(from_citizen(party_check=SUBSCRIPTION, **unknown), by)
    assert application.asked_from is not None
    line = factories.extension("0316449999", application.entered_by.person)
    call = factories.recording(line, called_at=application.asked_from)

    with pytest.raises(CannotMatch, match="다른 직원이"), write():
        match(application, call, by=by)
