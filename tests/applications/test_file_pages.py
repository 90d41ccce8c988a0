"""Filing over HTTP: nothing typed is lost, nothing is filed twice, nothing is tampered with."""

from __future__ import annotations

import re
import threading
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

import factories
from applications.papers import (
    citizen_draft,
    citizen_fields,
    counter_officer,
    drawn,
    employee_with_call,
    own_draft,
    pdf,
    picture,
    submitted,
)
from client import PageClient
from portal import clock, ids
from portal.accounts.models import Account
from portal.applications.evidence import BadFile, evidence_of
from portal.applications.models import Application
from portal.applications.signature import from_scan, signature_of
from portal.applications.states import State
from portal.documents import form1
from portal.documents.form1 import ApplicationForm
from portal.documents.wording import Wording
from portal.extensions import db
from portal.recordings.models import Recording
from portal.runtime import settings, vault

CITIZEN = "/applications/new/citizen"


@pytest.fixture
def officer(app: Flask) -> Account:
    return counter_officer(name="박서연")


@pytest.fixture
def counter(client: PageClient, officer: Account) -> PageClient:
    return client.log_in(officer)


@pytest.fixture
def case(app: Flask) -> tuple[Account, Recording]:
    return employee_with_call()


def applications() -> list[Application]:
    db.session.rollback()
    return list(db.session.scalars(select(Application).order_by(Application.id)))


def draft_id(client: PageClient, address: str) -> str:
    """The hidden name of the draft on a fresh form."""
    return value_of(client.get(address).text, "draft")


def value_of(html: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*? value="([^"]*)"', html)
    assert found, f"no field {name}"
    return found[1]


def own_fields(client: PageClient, call: Recording, **changes: Any) -> dict[str, Any]:
    return {
        "call": call.public_id,
        "draft": draft_id(client, f"/applications/new?call={call.public_id}"),
        "purpose": "민원 처리",
        "reason": "통화 내용을 확인하고자 합니다.",
        "signature": drawn(),
        "do": "submit",
        **changes,
    }


def test_an_employee_files_from_a_call_without_typing_number_or_time(
    client: PageClient, case: tuple[Account, Recording]
) -> None:
    person, call = case
    client.log_in(person)

    page = client.get(f"/applications/new?call={call.public_id}").text
    assert "010-1234-5678" in page
    answer = client.post("/applications/new", own_fields(client, call))

    filed = applications()[0]
    assert answer.status_code == 303
    assert filed.state == State.SUBMITTED
    shown = client.get(answer.location).text
    assert "신청했습니다" in shown
    assert "민원 처리" in shown


def test_a_counter_officer_files_for_a_citizen(counter: PageClient) -> None:
    fields = citizen_fields(draft_id(counter, CITIZEN))

    answer = counter.post(CITIZEN, fields)

    filed = applications()[0]
    assert answer.status_code == 303, answer.text
    assert (filed.state, filed.applicant_name) == (State.SUBMITTED, "홍길동")
    assert filed.birth_or_business_no == "1980-03-04"
    assert filed.contact == "01012345678"
    counter.get(answer.location)


def test_the_time_typed_is_seoul_time(counter: PageClient) -> None:
    asked = clock.seoul(clock.now() - timedelta(days=2)).replace(hour=9, minute=30)
    fields = citizen_fields(draft_id(counter, CITIZEN), asked_from=f"{asked:%Y-%m-%dT%H:%M}")

    counter.post(CITIZEN, fields)

    stored = applications()[0].asked_from
    assert stored is not None
    assert clock.seoul(stored).strftime("%H:%M") == "09:30"


def test_mistakes_stand_beside_the_field_and_on_top_and_nothing_typed_is_lost(
    counter: PageClient,
) -> None:
    fields = citizen_fields(
        draft_id(counter, CITIZEN), birth_date="어제", contact="모름", caller_number="12 and 13"
    )

    answer = counter.post(CITIZEN, fields)

    assert answer.status_code == 422
    assert "입력한 내용을 확인해 주십시오 (3건)" in answer.text
    for typed in ("어제", "12 and 13", "홍길동", "안내받은 서류 목록"):
        assert typed in answer.text
    for name in ("birth_date", "contact", "caller_number"):
        assert f'id="{name}-error"' in answer.text
    kept = applications()[0]
    assert (kept.state, kept.applicant_name) == (State.DRAFT, "홍길동")
    assert signature_of(kept) is not None


def test_the_corrected_form_is_filed_as_the_same_application(counter: PageClient) -> None:
    fields = citizen_fields(draft_id(counter, CITIZEN), purpose="")
    page = counter.post(CITIZEN, fields).text

    corrected = {**fields, "draft": value_of(page, "draft"), "purpose": "확인", "signature": ""}
    assert counter.post(CITIZEN, corrected).status_code == 303

    assert [a.state for a in applications()] == [State.SUBMITTED]


def test_a_form_that_is_sent_twice_makes_one_application(
    client: PageClient, counter: PageClient
) -> None:
    fields = citizen_fields(
        draft_id(counter, CITIZEN), masked="yes", evidence=(BytesIO(pdf()), "a.pdf")
    )

    first = counter.post(CITIZEN, fields)
    second = counter.post(CITIZEN, {**fields, "evidence": (BytesIO(pdf()), "a.pdf")})

    assert first.location == second.location
    filed = applications()
    assert len(filed) == 1
    assert len(evidence_of(filed[0])) == 1
    assert len(vault().records.blobs()) == 2, "bytes of the second form were left behind"


def test_a_form_that_arrives_twice_at_the_same_moment_makes_one_application(
    app: Flask, officer: Account
) -> None:
    browsers = [PageClient(app).log_in(officer) for _ in range(3)]
    name = draft_id(browsers[0], CITIZEN)
    tokens = [value_of(browser.get(CITIZEN).text, "csrf_token") for browser in browsers]
    statuses: list[int] = []

    def send(browser: PageClient, token: str) -> None:
        data = {"csrf_token": token, **citizen_fields(name)}
        statuses.append(browser.http.post(CITIZEN, data=data).status_code)

    db.session.remove()
    threads = [
        threading.Thread(target=send, args=pair) for pair in zip(browsers, tokens, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert statuses == [303, 303, 303]
    assert [a.state for a in applications()] == [State.SUBMITTED]
    assert len(vault().records.blobs()) == 1


def test_mistakes_are_listed_in_the_order_of_the_form(counter: PageClient) -> None:
    page = counter.post(CITIZEN, {"draft": draft_id(counter, CITIZEN), "do": "submit"}).text

    linked = re.findall(r'<li><a href="#([a-z_-]+)">', page)
    assert linked[0] == "applicant_name"
    assert linked[-3:] == ["purpose", "reason", "signature-label"]


def test_filing_for_one_call_in_two_windows_makes_one_application(
    client: PageClient, case: tuple[Account, Recording]
) -> None:
    person, call = case
    client.log_in(person)
    one, two = own_fields(client, call), own_fields(client, call)
    assert one["draft"] != two["draft"]

    client.post("/applications/new", one)
    answer = client.post("/applications/new", two)

    assert answer.status_code == 422
    assert "이미 신청" in answer.text
    assert len(applications()) == 1
    assert "이미 작성하거나" in client.get(f"/applications/new?call={call.public_id}").text


def test_evidence_stays_when_the_form_comes_back_and_can_be_taken_off(
    counter: PageClient,
) -> None:
    fields = citizen_fields(draft_id(counter, CITIZEN), purpose="", masked="yes")
    page = counter.post(CITIZEN, {**fields, "evidence": (BytesIO(pdf()), "확인서.pdf")}).text
    assert "확인서.pdf" in page

    draft = applications()[0]
    gone = evidence_of(draft)[0].public_id
    counter.post(CITIZEN, {**fields, "remove": gone, "do": "submit", "reason": "고친 사유"})

    draft = applications()[0]
    assert evidence_of(draft) == []
    assert draft.state == State.DRAFT
    assert draft.reason == "고친 사유"


def test_a_draft_is_saved_and_taken_up_again(counter: PageClient) -> None:
    fields = citizen_fields(
        draft_id(counter, CITIZEN), do="save", caller_number="모름", reason="", signature=""
    )

    page = counter.get(counter.post(CITIZEN, fields).location).text

    assert "임시 저장했습니다" in page
    assert value_of(page, "caller_number") == "모름"
    assert value_of(page, "callee_number") == "031-644-1234"
    assert value_of(page, "birth_date") == "1980-03-04"


def test_typing_is_saved_by_itself_without_files_and_without_resident_numbers(
    counter: PageClient,
) -> None:
    name = draft_id(counter, CITIZEN)
    fields = citizen_fields(name, reason="900101-1234567")
    del fields["do"]

    answer = counter.post("/applications/autosave", fields, headers={"HX-Request": "true"})

    kept = applications()[0]
    assert "임시 저장했습니다" in answer.text
    assert (kept.public_id, kept.applicant_name, kept.reason) == (name, "홍길동", "")
    assert signature_of(kept) is None


def test_an_employee_saves_by_itself_too(
    client: PageClient, case: tuple[Account, Recording]
) -> None:
    person, call = case
    fields = own_fields(client.log_in(person), call)

    client.post("/applications/autosave", fields, headers={"HX-Request": "true"})

    assert [(a.state, a.purpose) for a in applications()] == [(State.DRAFT, "민원 처리")]
    page = client.get(f"/applications/new?call={call.public_id}").text
    assert value_of(page, "purpose") == "민원 처리"


@pytest.mark.parametrize(
    "field",
    [
        "applicant_name",
        "birth_date",
        "address",
        "contact",
        "relation_to_subject",
        "party_check_note",
        "caller_number",
        "callee_number",
        "called_department",
        "asked_from",
        "purpose",
        "reason",
    ],
)
def test_a_resident_number_is_refused_in_every_field(counter: PageClient, field: str) -> None:
    fields = citizen_fields(draft_id(counter, CITIZEN), **{field: "900101-1234567"})

    answer = counter.post(CITIZEN, fields)

    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert "뒷자리 7자리를 지워" in answer.text
    assert applications()[0].state == State.DRAFT
    stored = db.session.connection().exec_driver_sql("SELECT * FROM application").one()
    assert not [value for value in stored if "900101" in str(value)]


@pytest.mark.parametrize(
    ("field", "longest"), [("applicant_name", 100), ("purpose", 200), ("reason", 2000)]
)
def test_too_long_a_text_is_refused_and_shown_again(
    counter: PageClient, field: str, longest: int
) -> None:
    fields = citizen_fields(draft_id(counter, CITIZEN), **{field: "가" * (longest + 1)})

    answer = counter.post(CITIZEN, fields)

    assert answer.status_code == 422
    assert f"{longest:,}자까지" in answer.text
    assert "가" * (longest + 1) in answer.text


def test_decomposed_text_is_stored_composed(counter: PageClient) -> None:
    counter.post(CITIZEN, citizen_fields(draft_id(counter, CITIZEN), applicant_name="홍길동"))

    assert applications()[0].applicant_name == "홍길동"


def test_evidence_is_refused_until_the_masking_is_answered(counter: PageClient) -> None:
    fields = citizen_fields(draft_id(counter, CITIZEN))
    for answer_given in ({}, {"masked": "no"}, {"masked": "maybe"}):
        files = {"evidence": (BytesIO(pdf()), "a.pdf")}
        answer = counter.post(CITIZEN, {**fields, **answer_given, **files})

        assert answer.status_code == 422
        assert "가리지 않은 서류는 보관하지 않습니다" in answer.text
        draft = applications()[0]
        assert (draft.state, evidence_of(draft)) == (State.DRAFT, [])


def test_a_bad_file_is_named_beside_its_field_and_the_good_one_is_kept(
    counter: PageClient,
) -> None:
    fields = citizen_fields(draft_id(counter, CITIZEN), masked="yes")
    files = [
        (BytesIO(pdf()), "good.pdf"),
        (BytesIO(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600), "동의서.hwp"),
        (BytesIO(b""), "empty.pdf"),
    ]

    answer = counter.post(CITIZEN, {**fields, "evidence": files})

    assert answer.status_code == 422
    assert "동의서.hwp: 한글 문서(HWP)는 받지 않습니다" in answer.text
    assert "empty.pdf: 빈 파일" in answer.text
    assert [f.title for f in evidence_of(applications()[0])] == ["증명서류 - good.pdf"]


def test_a_scanned_signature_counts(counter: PageClient) -> None:
    scan = picture("JPEG", (300, 200), 0)
    fields = citizen_fields(
        draft_id(counter, CITIZEN), signature="", signature_scan=(BytesIO(scan), "s.jpg")
    )

    assert counter.post(CITIZEN, fields).status_code == 303


def test_an_empty_canvas_is_no_signature(counter: PageClient) -> None:
    fields = citizen_fields(draft_id(counter, CITIZEN), signature=drawn(empty=True))

    answer = counter.post(CITIZEN, fields)

    assert answer.status_code == 422
    assert 'id="signature-error"' in answer.text


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("ground", "3"),
        ("ground", "x"),
        ("identity_document", "<script>"),
        ("party_check", "아무렇게나"),
    ],
)
def test_choices_that_were_not_offered_are_refused(
    counter: PageClient, field: str, value: str
) -> None:
    answer = counter.post(CITIZEN, citizen_fields(draft_id(counter, CITIZEN), **{field: value}))

    assert answer.status_code == 422
    assert applications()[0].state == State.DRAFT


def test_fields_that_the_form_does_not_have_change_nothing(counter: PageClient) -> None:
    fields = citizen_fields(
        draft_id(counter, CITIZEN),
        state="approved",
        control_no="2026-9999",
        office_id="1",
        applicant_id="1",
    )

    counter.post(CITIZEN, fields)

    filed = applications()[0]
    assert (filed.state, filed.control_no) == (State.SUBMITTED, None)
    assert (filed.disclosure_type, filed.applicant_id) == ("inspection", None)


def test_the_draft_of_another_cannot_be_named(counter: PageClient) -> None:
    other = citizen_draft(counter_officer())
    name = other.public_id

    for do in ("save", "submit"):
        answer = counter.post(CITIZEN, citizen_fields(name, do=do, applicant_name="나"))
        assert answer.status_code == 404
    counter.get(f"/applications/{name}/edit", 404)
    counter.get(f"/applications/{name}", 404)

    assert [(a.state, a.applicant_name) for a in applications()] == [(State.DRAFT, "홍길동")]


@pytest.mark.parametrize("name", ["", "1", "../../etc", "Z" * 32])
def test_a_draft_has_no_name_that_was_not_drawn(counter: PageClient, name: str) -> None:
    assert counter.post(CITIZEN, citizen_fields(name)).status_code == 400
    assert applications() == []


def test_a_draft_for_a_citizen_cannot_be_made_an_employees(
    client: PageClient, case: tuple[Account, Recording]
) -> None:
    person, call = case
    officer = counter_officer()
    line = factories.extension("7000", officer.person)
    mine = factories.recording(line)
    citizens = citizen_draft(officer)
    client.log_in(officer)

    fields = own_fields(client, mine, draft=citizens.public_id)
    assert client.post("/applications/new", fields).status_code == 422
    assert applications()[0].state == State.DRAFT
    assert client.post("/applications/new", {**fields, "call": call.public_id}).status_code == 404
    assert person.is_active


def test_calls_of_others_and_deleted_calls_are_not_found(
    client: PageClient, case: tuple[Account, Recording]
) -> None:
    _person, call = case
    late, old = employee_with_call(called_at=clock.now() - timedelta(days=40))
    client.log_in(late)

    for name in (call.public_id, old.public_id, ids.public_id(), "", "x"):
        client.get(f"/applications/new?call={name}", 404)
        fields = {"call": name, "draft": ids.public_id(), "purpose": "a", "reason": "b"}
        assert client.post("/applications/new", fields).status_code == 404
    assert applications() == []


def test_only_counter_officers_open_the_form_for_citizens(client: PageClient) -> None:
    client.log_in(factories.account())

    client.get(CITIZEN, 403)
    client.get("/applications/counter", 403)


def test_an_employee_cannot_reach_the_citizens_form_by_saving(client: PageClient) -> None:
    client.log_in(factories.account())

    fields = citizen_fields(ids.public_id())
    answer = client.post("/applications/autosave", fields, headers={"HX-Request": "true"})

    assert "저장하지 못했습니다" in answer.text
    assert applications() == []


def test_filing_warns_when_little_time_is_left(client: PageClient) -> None:
    person, call = employee_with_call(called_at=clock.now() - timedelta(days=27))
    client.log_in(person)

    assert (
        "삭제까지 남은 시간이 짧습니다"
        in client.get(f"/applications/new?call={call.public_id}").text
    )
    answer = client.post("/applications/new", own_fields(client, call))
    assert "자동 삭제되며" in client.get(answer.location).text


def test_opening_the_forms_writes_nothing(
    client: PageClient, case: tuple[Account, Recording]
) -> None:
    person, call = case
    client.log_in(person)

    client.get(f"/applications/new?call={call.public_id}")

    assert db.session.scalar(select(func.count()).select_from(Application)) == 0


def test_form_1_is_printed_as_filed_for_those_who_may_see_it(
    client: PageClient, case: tuple[Account, Recording]
) -> None:
    person, call = case
    filed = submitted(own_draft(person, call))
    address = f"/applications/{filed.public_id}/form1.pdf"

    answer = client.log_in(person).get(address)

    assert answer.mimetype == "application/pdf"
    assert answer.data.startswith(b"%PDF-")
    stranger = PageClient(client.http.application).log_in(factories.account())
    stranger.get(address, 404)


def test_a_draft_is_previewed_by_its_writer_alone(client: PageClient, officer: Account) -> None:
    draft = citizen_draft(officer)
    address = f"/applications/{draft.public_id}/form1.pdf"

    client.log_in(officer).get(address)
    colleague = PageClient(client.http.application).log_in(counter_officer())
    colleague.get(address, 404)


@pytest.mark.parametrize("field", ["applicant_name", "address", "purpose", "reason"])
def test_what_no_paper_can_show_is_refused_where_it_is_typed(
    counter: PageClient, field: str
) -> None:
    fields = citizen_fields(draft_id(counter, CITIZEN), **{field: "홍길동 😀"})

    answer = counter.post(CITIZEN, fields)

    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert "인쇄할 수 없는 글자가 있습니다: ‘😀’" in answer.text and "홍길동 😀" in answer.text
    assert applications()[0].state == State.DRAFT


def test_a_scan_of_the_whole_page_is_no_signature(counter: PageClient) -> None:
    page = form1.render(ApplicationForm(wording=Wording.of(settings()), reason="사유 " * 200))

    with pytest.raises(BadFile, match="서명 부분만 잘라"):
        from_scan(page)


def test_the_blanks_of_the_counter_are_at_hand_where_an_application_is_entered(
    counter: PageClient,
) -> None:
    page = counter.get(CITIZEN).text

    for name in ("application", "consent", "power-of-attorney"):
        assert f"/documents/blanks/{name}.pdf" in page
        assert counter.get(f"/documents/blanks/{name}.pdf").data.startswith(b"%PDF")
