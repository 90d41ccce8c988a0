"""Filing for an employee who cannot: the right of a party stays, and so does the restriction."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

import factories
from applications.intake import custodian, from_employee, received, refuses, state_of
from applications.papers import counter_officer, drawn
from client import PageClient
from packages.provision import signed as signed_receipt
from playback.hearing import with_sound
from portal import clock, ids
from portal.accounts.models import Account
from portal.applications import signature
from portal.applications.conflict import Conflict, conflict_of
from portal.applications.draft import CannotApply, ForEntry, OwnEntry, save_draft
from portal.applications.file_for import (
    MOST_FOUND,
    counters,
    employees_named,
    new_draft_for,
)
from portal.applications.forward import forward
from portal.applications.match import OutsideBounds, match
from portal.applications.models import Application
from portal.applications.parts import allowed
from portal.applications.receive import receive
from portal.applications.states import Action, State
from portal.applications.submit import Incomplete, submit
from portal.applications.take_back import withdraw
from portal.applications.visibility import may_see
from portal.approvals.decide import approve, review
from portal.audit.models import AuditEvent
from portal.database import write
from portal.extensions import db
from portal.handover.hand_over import hand_over
from portal.playback.gate import check_right
from portal.playback.refusal import PlaybackRefused
from portal.recordings.models import Recording
from portal.roles import Role
from restrictions.cases import Case

BY_SCRIPT = {"HX-Request": "true"}


def entry(**changes: Any) -> ForEntry:
    said = ForEntry(
        identity_document="모바일 신분증",
        caller_number="01012345678",
        callee_number="0316441234",
        asked_from=clock.now() - timedelta(minutes=20),
        purpose="민원 처리 내용 확인",
        reason="안내한 내용을 확인하려 합니다.",
    )
    return replace(said, **changes)


def restricted() -> tuple[Account, Recording]:
    case = Case()
    case.served()
    line = factories.extension("2077", case.person.person)
    call = with_sound(line=line)
    return case.person, call


def draft_for(person: Account, by: Account, **changes: Any) -> Application:
    counter_officer()
    kept = signature.keep(signature.from_pad(drawn()))
    with write():
        row = new_draft_for(person.person, by=by, office=counters()[0])
        save_draft(row, entry(**changes), by=by)
        signature.sign(row, kept, by=by)
    return row


def filed(person: Account, by: Account) -> Application:
    row = draft_for(person, by)
    with write():
        submit(row, by=by)
    return row


def handed_over(person: Account, call: Recording, by: Account) -> Application:
    application, other = filed(person, by), custodian()
    received(application, other)
    with write():
        match(application, call, by=other)
        forward(application, by=other, checked=True)
    leader, head = factories.account(Role.TEAM_LEADER), factories.account(Role.DIVISION_HEAD)
    with write():
        review(application, by=leader)
    with write():
        approve(application, by=head)
    hand_over(signed_receipt(application, other), by=other)
    return application


def test_a_restricted_person_is_heard_through_others_and_hears_under_attendance_only(
    app: Flask,
) -> None:
    person, call = restricted()
    application = handed_over(person, call, custodian())
    assert state_of(application) == State.HANDED_OVER

    with pytest.raises(PlaybackRefused):
        check_right(application, person, clock.now())
    officer = counter_officer()
    assert officer.person.department_name == application.office.name  # type: ignore[union-attr]
    assert check_right(application, officer, clock.now())
    other = factories.account(Role.COUNTER, department_name="다른 읍")
    with pytest.raises(PlaybackRefused):
        check_right(application, other, clock.now())


def test_the_restriction_still_holds_for_what_they_do_themselves(app: Flask) -> None:
    application, _call, employee = from_employee()
    case = Case(person=employee)
    case.served()
    person = custodian()
    mine = filed(employee, person)

    with pytest.raises(PlaybackRefused):
        check_right(mine, employee, clock.now())
    assert application.applicant_id == employee.person_id
    with pytest.raises(PlaybackRefused):
        check_right(application, employee, clock.now())


def test_the_person_follows_it_and_may_give_it_up(app: Flask) -> None:
    person, _call = restricted()
    row = draft_for(person, custodian())
    assert not may_see(row, person)
    with write():
        submit(row, by=row.entered_by)

    assert may_see(row, person)
    assert allowed(row, person) == {Action.RECALL, Action.WITHDRAW}
    with write():
        withdraw(row, by=person)
    assert row.state == State.WITHDRAWN and row.transitions[-1].by == person


def test_whoever_can_file_files_themselves(app: Flask) -> None:
    person, by = factories.account(name="김하늘"), custodian()
    counter_officer()

    for officer in (by, counter_officer()):
        refuses(
            CannotApply, new_draft_for, person.person, by=officer, office=counters()[0], says="직접"
        )
    assert employees_named("김하늘") == []
    with write():
        person.closed_at = clock.now()
    assert employees_named("김하늘") == [person.person]


def test_the_one_who_cannot_file_is_found_behind_twenty_who_can(app: Flask) -> None:
    for _ in range(MOST_FOUND + 1):
        factories.account(name="김하늘")
    last = factories.account(name="김하늘")
    with write():
        last.closed_at = clock.now()

    assert employees_named("김하") == [last.person]


def test_nobody_else_files_for_them_and_nobody_for_themselves(app: Flask) -> None:
    case = Case(person=custodian(name="이도윤"))
    case.served()
    counter_officer()
    here = counters()[0]

    for by in (factories.account(), factories.account(Role.TEAM_LEADER), case.person):
        refuses(CannotApply, new_draft_for, case.person.person, by=by, office=here)
    elsewhere = factories.department("창구 없는 과")
    refuses(CannotApply, new_draft_for, case.person.person, by=custodian(), office=elsewhere)


def test_a_lifted_restriction_ends_it_before_the_submission(app: Flask) -> None:
    person, _call = restricted()
    row = draft_for(person, custodian())

    with clock.at(clock.now() + timedelta(days=31)), pytest.raises(CannotApply), write():
        submit(row, by=row.entered_by)


def test_who_entered_it_or_is_meant_handles_nothing_of_it(app: Flask) -> None:
    case = Case(person=custodian(name="이도윤"))
    case.served()
    by = custodian()
    row = filed(case.person, by)

    for somebody in (by, case.person):
        assert conflict_of(row, somebody)
        refuses(Conflict, receive, row, by=somebody)


def test_only_calls_on_their_own_line_can_be_matched(app: Flask) -> None:
    person, call = restricted()
    application, other = filed(person, custodian()), custodian()
    received(application, other)
    foreign = factories.recording(called_at=call.called_at)

    refuses(OutsideBounds, match, application, foreign, by=other)
    with write():
        match(application, call, by=other)


def test_it_needs_identity_call_and_words_and_no_other_kind_of_entry(app: Flask) -> None:
    person, _call = restricted()
    row = draft_for(person, custodian(), identity_document="", caller_number="", reason="")

    with pytest.raises(Incomplete) as refused, write():
        submit(row, by=row.entered_by)
    fields = {error.field for error in refused.value.errors}
    assert fields == {"identity_document", "caller_number", "reason"}
    refuses(CannotApply, save_draft, row, OwnEntry(purpose="x"), by=row.entered_by)


def test_who_looks_for_a_restricted_person_is_on_record(app: Flask, client: PageClient) -> None:
    by = counter_officer()
    client.log_in(by).get("/applications/new/employee")
    searched = select(AuditEvent.account).where(AuditEvent.action == "accounts.search")
    assert db.session.scalars(searched).all() == []

    client.get("/applications/new/employee?q=이도")

    assert db.session.scalars(searched).all() == [by.public_id]


def test_the_pages_find_file_and_autosave(app: Flask, client: PageClient) -> None:
    person, _call = restricted()
    by = counter_officer()
    client.log_in(by)
    html = client.get("/applications/new/employee?q=이도").text
    address = f"/applications/new/employee/{person.person.public_id}"
    assert address in html
    client.get(address)
    asked = clock.seoul(clock.now() - timedelta(minutes=20))
    typed = {
        "draft": ids.public_id(),
        "person": person.person.public_id,
        "office": counters()[0].public_id,
        "identity_document": "여권",
        "caller_number": "010-1234-5678",
        "callee_number": "031-644-1234",
        "asked_from": f"{asked:%Y-%m-%dT%H:%M}",
        "disclosure_type": "inspection",
        "purpose": "확인",
        "reason": "확인하려 합니다.",
    }

    assert (
        "임시 저장했습니다" in client.post("/applications/autosave", typed, headers=BY_SCRIPT).text
    )
    draft = f"/applications/{typed['draft']}"
    assert 'value="확인"' in client.get(f"{draft}/edit").text
    answer = client.post(address, {**typed, "do": "submit"})
    assert answer.status_code == 422 and "서명을 받아" in answer.text
    answer = client.post(address, {**typed, "do": "submit", "signature": drawn()})

    assert answer.status_code == 303
    own = PageClient(app).log_in(person)
    assert typed["draft"] in own.get("/applications").text
    assert "이도윤" in own.get(draft).text


def test_the_pages_are_not_there_for_somebody_who_can_file(client: PageClient) -> None:
    client.log_in(counter_officer())

    client.get(f"/applications/new/employee/{factories.account().person.public_id}", 404)
