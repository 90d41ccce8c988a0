"""Submitting: what is missing is said at once, and only the right person may."""

from __future__ import annotations

import threading
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

import factories
from applications.papers import (
    add_paper,
    citizen_draft,
    citizen_entry,
    counter_officer,
    employee_with_call,
    own_draft,
    pdf,
    submitted,
)
from portal import clock
from portal.applications.choices import CONSENT, MAIN_NUMBER, SUBSCRIPTION
from portal.applications.complete import mistakes
from portal.applications.draft import (
    CannotApply,
    CitizenEntry,
    NotADraft,
    OwnEntry,
    new_citizen_draft,
    new_draft_from_call,
    save_draft,
)
from portal.applications.models import Application, Transition
from portal.applications.states import State, WrongState
from portal.applications.submit import Incomplete, submit
from portal.audit.models import AuditEvent
from portal.database import write
from portal.extensions import db


def wrong_fields(draft: Application) -> list[str]:
    with pytest.raises(Incomplete) as refused, write():
        submit(draft, by=draft.entered_by)
    assert draft.state == State.DRAFT
    return [error.field for error in refused.value.errors]


def test_an_employee_files_for_a_call_of_their_own(app: Flask) -> None:
    person, call = employee_with_call()

    application = submitted(own_draft(person, call))

    assert application.state == State.SUBMITTED
    assert application.applicant_id == person.person_id
    assert (application.ground, application.asked_recording_id) == (2, call.id)
    assert application.caller_number == call.caller_number
    assert application.settings_snapshot["approval"]["steps"][1]["title"] == "과장"
    assert application.settings_snapshot["retention"]["days"] == 30
    moved = db.session.scalars(select(Transition)).one()
    assert (moved.action, moved.by_id, moved.capacity) == ("submit", person.id, "신청인")
    actions = list(db.session.scalars(select(AuditEvent.action).order_by(AuditEvent.seq)))
    assert actions == ["application.draft", "signature.add", "application.submit"]


def test_a_counter_officer_files_for_a_citizen(app: Flask) -> None:
    officer = counter_officer()

    application = submitted(citizen_draft(officer))

    assert application.state == State.SUBMITTED
    assert application.office_id == officer.person.posting_on(clock.today()).department_id
    assert application.identity_checked_by_id == officer.id
    assert application.identity_checked_at is not None
    assert application.applicant_id is None


def test_personal_columns_lie_encrypted_in_the_database(app: Flask) -> None:
    citizen_draft(counter_officer())

    row = db.session.connection().exec_driver_sql(
        "SELECT birth_or_business_no, address, contact FROM application"
    )
    assert all(value.startswith("v2.") for value in row.one())


def test_all_mistakes_are_named_at_once(app: Flask) -> None:
    officer = counter_officer()
    with write():
        draft = new_citizen_draft(by=officer)
        save_draft(draft, CitizenEntry(), by=officer)

    assert wrong_fields(draft) == [
        "applicant_name",
        "birth_date",
        "address",
        "contact",
        "identity_document",
        "relation_to_subject",
        "party_check",
        "caller_number",
        "callee_number",
        "asked_from",
        "purpose",
        "reason",
        "signature",
    ]


def test_an_employee_gives_purpose_reason_and_signature(app: Flask) -> None:
    person, call = employee_with_call()
    with write():
        draft = new_draft_from_call(call, by=person)

    assert wrong_fields(draft) == ["purpose", "reason", "signature"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"birth_date": date(2999, 1, 1)}, "birth_date"),
        ({"birth_date": date(1850, 1, 1)}, "birth_date"),
        ({"relation_to_subject": "  "}, "relation_to_subject"),
        ({"identity_document": "도서관 카드"}, "identity_document"),
        ({"party_check": "말로 확인"}, "party_check"),
        ({"party_check": "그 밖의 방법"}, "party_check_note"),
        ({"party_check": SUBSCRIPTION}, "evidence"),
        ({"party_check": MAIN_NUMBER}, "evidence"),
        ({"callee_number": None}, "called_department"),
        ({"purpose": "\u200b\u202e"}, "purpose"),
    ],
)
def test_one_wrong_value_keeps_it_a_draft(
    app: Flask, changes: dict[str, object], field: str
) -> None:
    assert wrong_fields(citizen_draft(counter_officer(), **changes)) == [field]


def test_somebody_under_fourteen_is_sent_to_the_legal_representative(app: Flask) -> None:
    today = clock.today()
    almost = date(today.year - 14, today.month, min(today.day, 28)) + timedelta(days=1)

    assert wrong_fields(citizen_draft(counter_officer(), birth_date=almost)) == ["birth_date"]


@pytest.mark.parametrize(
    ("start", "end", "field", "words"),
    [
        (timedelta(hours=1), None, "asked_from", "지금보다 뒤"),
        (-timedelta(days=33), None, "asked_from", "보관기간(30일)이 지난"),
        (-timedelta(days=33), -timedelta(days=1), "asked_from", "보관기간(30일)이 지난"),
        (-timedelta(days=1), -timedelta(days=2), "asked_until", "앞섭니다"),
        (-timedelta(days=1), timedelta(days=1), "asked_until", "지금보다 뒤"),
    ],
)
def test_the_time_must_lie_between_the_oldest_kept_call_and_now(
    app: Flask, start: timedelta, end: timedelta | None, field: str, words: str
) -> None:
    now = clock.now()
    draft = citizen_draft(counter_officer(), asked_from=now + start, asked_until=end and now + end)

    with pytest.raises(Incomplete) as refused, write():
        submit(draft, by=draft.entered_by)

    assert [(e.field, words in e.message) for e in refused.value.errors] == [(field, True)]


def test_unknown_numbers_are_fine_with_the_department(app: Flask) -> None:
    draft = citizen_draft(counter_officer(), callee_number=None, called_department="세정과")

    assert submitted(draft).callee_number is None


def test_ground_1_needs_a_consent_paper_and_no_other_will_do(app: Flask) -> None:
    draft = citizen_draft(counter_officer(), ground=1, relation_to_subject="배우자")
    add_paper(draft)
    assert wrong_fields(draft) == ["consent_papers"]

    add_paper(draft, pdf(2), "동의.pdf", CONSENT)
    assert submitted(draft).state == State.SUBMITTED


def test_ground_1_is_no_application_of_the_party_itself(app: Flask) -> None:
    draft = citizen_draft(counter_officer(), ground=1)
    add_paper(draft, pdf(2), "동의.pdf", CONSENT)

    assert wrong_fields(draft) == ["relation_to_subject"]


def test_nobody_submits_the_draft_of_another(app: Flask) -> None:
    draft, other = citizen_draft(counter_officer()), counter_officer()

    with pytest.raises(NotADraft), write():
        submit(draft, by=other)
    with pytest.raises(NotADraft), write():
        save_draft(draft, citizen_entry(applicant_name="다른 사람"), by=other)

    assert draft.applicant_name == "홍길동"


def test_what_was_submitted_cannot_be_changed_or_submitted_again(app: Flask) -> None:
    application = submitted(citizen_draft(counter_officer()))

    with pytest.raises(NotADraft), write():
        save_draft(application, citizen_entry(reason="바꿈"), by=application.entered_by)
    with pytest.raises(WrongState), write():
        submit(application, by=application.entered_by)


def test_nobody_files_for_a_call_of_others_a_shared_phone_or_a_deleted_call(app: Flask) -> None:
    _person, call = employee_with_call()
    other, colleague = factories.account(), factories.account()
    shared = factories.recording(factories.extension("3000", other.person, colleague.person))
    late, old = employee_with_call(called_at=clock.now() - timedelta(days=40))

    for account, recording in ((other, call), (other, shared), (late, old)):
        with pytest.raises(CannotApply), write():
            new_draft_from_call(recording, by=account)
    assert db.session.scalar(select(func.count()).select_from(Application)) == 0


def test_a_call_that_is_deleted_meanwhile_cannot_be_submitted(app: Flask) -> None:
    person, call = employee_with_call()
    draft = own_draft(person, call)

    with clock.at(timedelta(days=40)), pytest.raises(CannotApply), write():
        submit(draft, by=person)


def test_one_call_has_one_application_under_way(app: Flask) -> None:
    person, call = employee_with_call()
    submitted(own_draft(person, call))

    with pytest.raises(CannotApply, match="이미 신청"), write():
        new_draft_from_call(call, by=person)


def test_only_counter_officers_file_for_citizens(app: Flask) -> None:
    employee = factories.account()

    with pytest.raises(CannotApply), write():
        new_citizen_draft(by=employee)


def test_a_party_may_not_enter_the_other_sides_application(app: Flask) -> None:
    officer = counter_officer()
    line = factories.extension("4000", officer.person)
    call = factories.recording(line, called_at=clock.now() - timedelta(hours=2))
    same_time = {"asked_from": call.called_at, "caller_number": call.caller_number}

    draft = citizen_draft(officer, **same_time)
    with pytest.raises(CannotApply, match="당사자"), write():
        submit(draft, by=officer)

    assert submitted(citizen_draft(counter_officer(), **same_time)).state == State.SUBMITTED
    another_day = {**same_time, "asked_from": call.called_at - timedelta(days=3)}
    assert submitted(citizen_draft(officer, **another_day)).state == State.SUBMITTED


def test_a_resident_number_is_never_stored_whatever_the_caller_did(app: Flask) -> None:
    person, call = employee_with_call()
    draft = own_draft(person, call)

    for entry in (
        OwnEntry(purpose="900101-1234567", reason="."),
        OwnEntry(purpose=".", reason="제 번호는\n900101 1234567"),
    ):
        with pytest.raises(CannotApply), write():
            save_draft(draft, entry, by=person)


def test_typed_text_is_stored_composed_and_without_invisible_signs(app: Flask) -> None:
    person, call = employee_with_call()
    draft = own_draft(person, call)

    with write():
        save_draft(draft, OwnEntry(purpose="한글 \u202e확인", reason="a\r\nb\x00"), by=person)

    assert (draft.purpose, draft.reason) == ("한글 확인", "a\nb")


def test_of_two_submissions_at_once_one_counts(app: Flask) -> None:
    draft = citizen_draft(counter_officer())
    draft_id, results = draft.id, []

    def attempt() -> None:
        with app.app_context():
            row = db.session.get(Application, draft_id)
            assert row is not None
            try:
                with write():
                    submit(row, by=row.entered_by)
                results.append("done")
            except WrongState:
                results.append("late")
            finally:
                db.session.remove()

    db.session.rollback()
    threads = [threading.Thread(target=attempt) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(results) == ["done", "late", "late", "late"]
    assert db.session.scalar(select(func.count()).select_from(Transition)) == 1


def test_without_a_number_only_a_narrow_range_can_be_asked_for(app: Flask) -> None:
    now = clock.now()
    wide = {"asked_from": now - timedelta(days=9), "asked_until": now - timedelta(days=1)}
    nothing = {"caller_number": None, "callee_number": None, "called_department": "세정과"}
    unknown = citizen_draft(counter_officer(), **nothing, **wide)
    known = citizen_draft(counter_officer(), **wide)

    assert "asked_until" in [m.field for m in mistakes(unknown)]
    assert "asked_until" not in [m.field for m in mistakes(known)]
