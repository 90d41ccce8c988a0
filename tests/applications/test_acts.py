"""보완요구, 회수, 취하, 해당 녹취 없음 and drafts that nobody finished."""

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
from applications.papers import (
    add_paper,
    citizen_draft,
    citizen_entry,
    counter_officer,
    pdf,
    submitted,
)
from portal import clock
from portal.applications.draft import NotADraft, save_draft
from portal.applications.due import due_on
from portal.applications.evidence import BadFile, evidence_of, take
from portal.applications.forward import forward
from portal.applications.match import match, unmatch
from portal.applications.models import Application
from portal.applications.not_found import NotSearched, StillMatched, close_as_not_found
from portal.applications.old_drafts import remove_old_drafts
from portal.applications.parts import NotYours
from portal.applications.receive import NotInHand
from portal.applications.search import search
from portal.applications.signature import drop, signature_of
from portal.applications.states import Action, State, WrongState
from portal.applications.submit import Incomplete, submit
from portal.applications.supplement import (
    answer_supplement,
    open_request,
    request_supplement,
    usual_day,
)
from portal.applications.take_back import recall, withdraw
from portal.applications.typed import BadText
from portal.applications.visibility import may_see
from portal.approvals.decide import review
from portal.audit.models import AuditEvent
from portal.database import write
from portal.extensions import db
from portal.roles import Role
from portal.runtime import vault

WHAT = "가입사실확인서의 발급일이 보이지 않습니다."


def in_hand() -> tuple[Application, factories.Account]:
    person = custodian()
    return received(from_citizen(), person), person


def asked(application: Application, by: factories.Account, days: int = 3) -> Application:
    with write():
        request_supplement(application, by=by, text=WHAT, until=clock.today() + timedelta(days))
    return application


def forwarded() -> tuple[Application, factories.Account]:
    application, person = from_citizen(), custodian()
    matched(application, asked_call(application), by=person)
    with write():
        forward(application, by=person, checked=True)
    return application, person


def test_a_request_says_what_and_by_when_and_the_answer_comes_back(app: Flask) -> None:
    application, person = in_hand()
    asked(application, person)

    assert state_of(application) == State.SUPPLEMENT_REQUESTED
    request = open_request(application)
    assert request and (request.opinion, request.by) == (WHAT, person)
    assert application.supplement_due_on == clock.today() + timedelta(days=3)

    paper = take(pdf(2), "가입사실확인서2.pdf", paper="증명서류")
    with write():
        answer_supplement(
            application, by=application.entered_by, text="새로 냅니다.", papers=[paper]
        )

    assert state_of(application) == State.RECEIVED
    assert (application.supplement_due_on, open_request(application)) == (None, None)
    assert len(evidence_of(application)) == 2
    assert vault().records.get(paper.blob_id) == pdf(2)


def test_the_time_in_between_does_not_count(app: Flask) -> None:
    application, person = in_hand()
    assert application.submitted_at
    submitted_on = clock.seoul(application.submitted_at).date()
    asked(application, person)

    with clock.at(clock.now() + timedelta(days=4)), write():
        answer_supplement(application, by=application.entered_by, text="오전입니다.")

    assert application.due_on == due_on(submitted_on, 14, None)
    call = asked_call(application)
    with write():  # and not at 결재 올림 either
        match(application, call, by=person)
        forward(application, by=person, checked=True)
    assert application.due_on == due_on(submitted_on, 14, call.delete_on)


@pytest.mark.parametrize(
    ("text", "days", "field"),
    [
        ("  ", 3, "text"),
        ("가" * 1001, 3, "text"),
        ("800304-1234567을 확인하십시오.", 3, "text"),
        (WHAT, -1, "until"),
        (WHAT, 60, "until"),
    ],
)
def test_a_request_without_words_or_with_a_day_that_is_none_is_refused(
    app: Flask, text: str, days: int, field: str
) -> None:
    application, person = in_hand()
    until = clock.today() + timedelta(days)

    with pytest.raises(BadText) as refusal, write():
        request_supplement(application, by=person, text=text, until=until)

    assert refusal.value.field == field
    assert state_of(application) == State.RECEIVED


def test_the_proposed_day_is_before_the_deletion(app: Flask) -> None:
    application = from_citizen(asked_from=clock.now() - timedelta(days=29))
    assert clock.today() <= usual_day(application) <= clock.today() + timedelta(days=2)


def test_of_several_calls_the_ones_still_there_decide_by_when_to_answer(app: Flask) -> None:
    application, person = from_citizen(), custodian()
    soon = asked_call(application, delete_on=clock.today() + timedelta(days=1))
    matched(application, soon, asked_call(application), by=person)

    with clock.at(timedelta(days=2)):
        asked(application, person)

    assert application.state == State.SUPPLEMENT_REQUESTED


def test_an_answer_needs_words_and_takes_no_eleventh_file(app: Flask) -> None:
    application, person = in_hand()
    asked(application, person)
    officer = application.entered_by

    refuses(BadText, answer_supplement, application, by=officer, text=" ")
    papers = [take(pdf(1, 300 + n), f"{n}.pdf", paper="증명서류") for n in range(10)]
    refuses(BadFile, answer_supplement, application, by=officer, text="냅니다.", papers=papers)
    assert state_of(application) == State.SUPPLEMENT_REQUESTED
    assert len(evidence_of(application)) == 1


def test_the_custodian_takes_a_request_back_that_nobody_answers(app: Flask) -> None:
    application, person = in_hand()
    asked(application, person)

    refuses(NotInHand, search, application, by=person)
    with write():
        recall(application, by=person)

    assert state_of(application) == State.RECEIVED
    assert application.supplement_due_on is None


def test_a_recalled_application_is_a_draft_again_and_must_be_signed_again(app: Flask) -> None:
    application = from_citizen()
    officer, signature = application.entered_by, signature_of(application)
    assert signature

    with write():
        blobs = recall(application, by=officer)
    drop(blobs)

    assert state_of(application) == State.DRAFT
    assert (application.submitted_at, application.due_on) == (None, None)
    assert signature.public_id not in vault().records.blobs()
    assert not may_see(application, custodian())
    refuses(Incomplete, submit, application, by=officer, says="서명")
    assert [t.action for t in application.transitions] == [Action.SUBMIT, Action.RECALL]


def test_nobody_recalls_for_another_or_after_the_next_person_acted(app: Flask) -> None:
    application, call, employee = from_employee()
    refuses(NotYours, recall, application, by=factories.account())
    refuses(NotYours, withdraw, application, by=custodian())
    matched(application, call, by=(person := custodian()))
    refuses(WrongState, recall, application, by=employee)

    with write():
        forward(application, by=person, checked=True)
    leader = factories.account(Role.TEAM_LEADER)
    with write():
        review(application, by=leader)
    refuses(WrongState, recall, application, by=person)


def test_a_forwarded_application_comes_back_into_the_hand_of_the_custodian(app: Flask) -> None:
    application, person = forwarded()

    with write():
        assert recall(application, by=person) == []

    assert state_of(application) == State.RECEIVED
    assert (application.forwarded_at, application.current_step) == (None, None)
    with write():
        forward(application, by=person, checked=True)
    assert application.current_step


def test_withdrawing_ends_it_even_while_it_lies_with_the_approvers(app: Flask) -> None:
    application, person = forwarded()

    with write():
        withdraw(application, by=application.entered_by, text="해결되었습니다.")

    assert state_of(application) == State.WITHDRAWN
    assert application.current_step is None
    refuses(WrongState, recall, application, by=person)
    refuses(WrongState, withdraw, application, by=application.entered_by)


def test_that_there_is_none_can_only_be_said_after_looking(app: Flask) -> None:
    application, person = in_hand()
    call = asked_call(application)

    refuses(NotSearched, close_as_not_found, application, by=person, text="없습니다.")
    with write():
        search(application, by=person)
        match(application, call, by=person)
    refuses(StillMatched, close_as_not_found, application, by=person, text="없습니다.")
    with write():
        unmatch(application, call, by=person)
    refuses(BadText, close_as_not_found, application, by=person, text=" ")
    with write():
        close_as_not_found(application, by=person, text="같은 시각의 통화가 없습니다.")

    assert state_of(application) == State.NOT_FOUND
    assert application.transitions[-1].opinion == "같은 시각의 통화가 없습니다."


def test_an_old_draft_goes_with_its_files_and_leaves_a_line_in_the_log(app: Flask) -> None:
    draft = citizen_draft(officer := counter_officer())
    add_paper(draft, name="가입사실확인서.pdf")
    name, blobs = draft.public_id, {file.public_id for file in draft.files}
    kept = submitted(citizen_draft(officer))

    with clock.at(clock.now() + timedelta(days=29)):
        assert remove_old_drafts() == 0
    with clock.at(clock.now() + timedelta(days=31)):
        assert remove_old_drafts() == 1
        assert remove_old_drafts() == 0

    assert db.session.query(Application).all() == [kept]
    assert len(blobs) == 2 and not blobs & set(vault().records.blobs())
    event = db.session.query(AuditEvent).filter_by(action="application.draft_removed").one()
    assert (event.subject, event.detail) == (name, '{"files":2}')


def test_a_draft_that_is_typed_into_stays(app: Flask) -> None:
    draft = citizen_draft(officer := counter_officer())
    with clock.at(clock.now() + timedelta(days=20)), write():
        save_draft(draft, citizen_entry(purpose="다른 용도"), by=officer)

    with clock.at(clock.now() + timedelta(days=40)):
        assert remove_old_drafts() == 0


def test_a_recalled_draft_that_is_left_counts_as_withdrawn(app: Flask) -> None:
    application = from_citizen()
    with write():
        recall(application, by=application.entered_by)

    with clock.at(clock.now() + timedelta(days=31)):
        assert remove_old_drafts() == 1

    assert state_of(application) == State.WITHDRAWN
    assert application.transitions[-1].by is None
    refuses(NotADraft, save_draft, application, None, by=application.entered_by)
