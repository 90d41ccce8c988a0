"""Choosing among candidates: at most ten of one's own calls, masked, never heard."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

import factories
from applications.intake import (
    asked_call,
    custodian,
    from_citizen,
    from_employee,
    received,
    refuses,
    state_of,
)
from applications.test_act_pages import intake, page
from applications.test_official import registered
from client import PageClient
from portal import clock
from portal.accounts.models import Account
from portal.applications.candidates import proposal
from portal.applications.choose import MOST, Choice, asked, propose, shown_calls, take_off, waiting
from portal.applications.conflict import Conflict
from portal.applications.custody import NotCustodian
from portal.applications.match import CannotMatch, OutsideBounds, match
from portal.applications.models import Application
from portal.applications.parts import NotYours
from portal.applications.receive import NotInHand
from portal.applications.states import State
from portal.applications.supplement import (
    WHICH,
    answer_supplement,
    open_request,
    request_supplement,
)
from portal.applications.take_back import recall
from portal.applications.typed import BadText
from portal.audit.models import AuditEvent
from portal.database import write
from portal.extensions import db
from portal.recordings.models import Recording
from portal.retention import purge

THEIRS = "01012345678"


def in_hand(**changes: Any) -> tuple[Application, Account]:
    person = custodian()
    return received(from_citizen(**changes), person), person


def call_at(application: Application, minutes: int, **fields: Any) -> Recording:
    assert application.asked_from
    return factories.recording(
        called_at=application.asked_from + timedelta(minutes=minutes), **fields
    )


def laid_before(application: Application, calls: list[Recording], by: Account) -> None:
    with write():
        for call in calls:
            propose(application, call, by=by)
        request_supplement(application, by=by, text="", until=clock.today() + timedelta(days=2))


def offer_of(application: Application) -> dict[str, str]:
    return {call.public_id: call.offer for call in proposal(application)}


def test_the_applicant_picks_and_the_custodian_sees_which(app: Flask) -> None:
    application, person = in_hand()
    calls = [call_at(application, minutes) for minutes in (0, 20, 40)]
    laid_before(application, calls, person)
    assert state_of(application) == State.SUPPLEMENT_REQUESTED
    request = open_request(application)
    assert request and request.opinion == WHICH
    assert len(asked(application)) == 3 and not waiting(application)

    chosen = calls[1].public_id
    with write():
        answer_supplement(application, by=application.entered_by, choice=Choice([chosen]))

    assert state_of(application) == State.RECEIVED
    assert offer_of(application) == {
        calls[0].public_id: "not",
        chosen: "chosen",
        calls[2].public_id: "not",
    }
    with write():
        match(application, calls[1], by=person)


def test_none_of_them_is_an_answer_and_silence_is_not(app: Flask) -> None:
    application, person = in_hand()
    call = call_at(application, 0)
    laid_before(application, [call], person)
    officer = application.entered_by

    for wrong in (Choice(), Choice([call.public_id], none_of_them=True), Choice(["0" * 32])):
        with pytest.raises(BadText) as refused, write():
            answer_supplement(application, by=officer, text="답", choice=wrong)
        assert refused.value.field == "calls"
    with write():
        answer_supplement(application, by=officer, choice=Choice(none_of_them=True))

    assert offer_of(application) == {call.public_id: "not"}


def test_numbers_are_masked_also_the_applicants_own(app: Flask) -> None:
    application, person = in_hand()
    laid_before(application, [call_at(application, 0)], person)

    (shown,) = shown_calls(asked(application))

    assert THEIRS not in shown.caller and "*" in shown.caller and "*" in shown.callee
    fields = {"public_id", "called_at", "duration_ms", "caller", "callee"}
    assert set(vars(shown)) == fields


def test_calls_of_others_on_the_same_line_cannot_be_shown(app: Flask) -> None:
    application, person = in_hand()
    others = call_at(application, 5, caller="01099998888")
    inside = call_at(application, 6, direction="internal", caller=THEIRS)
    to_them = call_at(application, 7, direction="outbound", caller="0316441234", callee=THEIRS)

    refuses(CannotMatch, propose, application, others, by=person)
    refuses(CannotMatch, propose, application, inside, by=person)
    with write():
        propose(application, to_them, by=person)
    assert [row.recording for row in application.candidates] == [to_them]


def test_whoever_knows_no_number_of_theirs_is_shown_nothing(app: Flask) -> None:
    application, person = in_hand(
        caller_number=None,
        called_department="민원과",
        party_check="통신사 가입사실확인서",
        asked_until=clock.now() - timedelta(hours=23),
    )

    refuses(CannotMatch, propose, application, call_at(application, 1), by=person)


def test_an_employee_is_shown_calls_of_their_own_line_only(app: Flask) -> None:
    application, call, employee = from_employee()
    person = received(application, custodian()).received_by
    assert person
    line = factories.extension("7777", employee.person)
    own = factories.recording(line, called_at=call.called_at + timedelta(minutes=10))
    others = factories.recording(
        factories.extension("7778", factories.account().person),
        called_at=call.called_at + timedelta(minutes=10),
    )

    refuses(OutsideBounds, propose, application, others, by=person)
    laid_before(application, [own], person)
    refuses(NotYours, answer_supplement, application, by=factories.account(), text="저입니다.")
    with write():
        answer_supplement(application, by=employee, choice=Choice([own.public_id]))
    assert offer_of(application)[own.public_id] == "chosen"


def test_ten_at_most_and_each_once(app: Flask) -> None:
    application, person = in_hand()
    calls = [call_at(application, minutes) for minutes in range(MOST + 1)]
    with write():
        for call in calls[:MOST]:
            propose(application, call, by=person)

    refuses(CannotMatch, propose, application, calls[MOST], by=person, says="10건")
    with write():
        take_off(application, calls[0], by=person)
    refuses(CannotMatch, take_off, application, calls[0], by=person)
    refuses(CannotMatch, propose, application, calls[1], by=person, says="이미")
    with write():
        propose(application, calls[MOST], by=person)


def test_who_may_lay_calls_before_an_applicant_and_when(app: Flask) -> None:
    application, person = in_hand()
    line = factories.extension("7779", (party := custodian()).person)
    call = call_at(application, 0, line=line)

    refuses(NotCustodian, propose, application, call, by=application.entered_by)
    refuses(Conflict, propose, application, call, by=party)
    far = factories.recording(called_at=clock.now() - timedelta(days=9))
    refuses(OutsideBounds, propose, application, far, by=person)
    agency = registered(custodian())
    refuses(CannotMatch, propose, agency, asked_call(agency), by=person, says="공문")
    laid_before(application, [call], person)
    refuses(NotInHand, propose, application, call_at(application, 1), by=person)


def test_a_request_that_was_recalled_shows_nothing_any_more(app: Flask) -> None:
    application, person = in_hand()
    laid_before(application, [call_at(application, 0)], person)

    with write():
        recall(application, by=person)

    assert not asked(application) and len(waiting(application)) == 1


def test_a_candidate_that_died_is_not_shown_and_its_row_goes(app: Flask) -> None:
    application, person = in_hand()
    call = call_at(application, 0)
    laid_before(application, [call], person)

    with clock.at(clock.midnight(call.delete_on)):
        assert not asked(application)
        db.session.rollback()
        purge.run()
        db.session.expire_all()
        assert application.candidates == []


def test_the_log_counts_and_names_no_number(app: Flask) -> None:
    application, person = in_hand()
    laid_before(application, [call_at(application, 0)], person)
    with write():
        answer_supplement(application, by=application.entered_by, choice=Choice(none_of_them=True))

    events = db.session.query(AuditEvent).filter(AuditEvent.action.startswith("candidate.")).all()
    assert [event.action for event in events] == [
        "candidate.propose",
        "candidate.ask",
        "candidate.answer",
    ]
    assert not any(THEIRS in event.detail for event in events)


def test_the_pages_lead_from_the_search_to_the_choice(app: Flask, client: PageClient) -> None:
    application, person = in_hand()
    calls = [call_at(application, minutes) for minutes in (0, 15)]
    client.log_in(person).post(intake(application, "/search"), {"number": ""})
    for call in calls:
        answer = client.post(intake(application, f"/recordings/{call.public_id}/candidate"))
        assert answer.status_code == 303
    html = client.get(intake(application)).text
    assert "신청인에게 묻기" in html and "신청인에게 보이는 후보" in html
    client.post(intake(application, f"/recordings/{calls[1].public_id}/candidate/off"))
    client.post(intake(application, f"/recordings/{calls[1].public_id}/candidate"))
    until = (clock.today() + timedelta(days=2)).isoformat()
    assert client.post(intake(application, "/supplement"), {"until": until}).status_code == 303

    officer = PageClient(app).log_in(application.entered_by)
    html = officer.get(page(application, "/supplement")).text
    assert "신청한 통화 고르기" in html and THEIRS not in html.split("통화 정보</h2>")[0]
    answer = officer.post(page(application, "/supplement"), {"text": "모르겠습니다."})
    assert answer.status_code == 422 and "이 가운데 없음" in answer.text
    chosen = {"calls": [calls[0].public_id]}
    assert officer.post(page(application, "/supplement"), chosen).status_code == 303

    assert "신청인이 고른 통화" in client.get(intake(application)).text
