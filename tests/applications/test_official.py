"""공문 접수 (제7조①제3호–제5호): received as it came, then handled like every other application."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from flask import Flask

import factories
from applications.intake import custodian, refuses, state_of
from applications.papers import pdf
from client import PageClient
from portal import clock, ids
from portal.accounts.models import Account
from portal.applications.conflict import Conflict
from portal.applications.custody import NotCustodian
from portal.applications.draft import CannotApply
from portal.applications.evidence import CheckedFile, take
from portal.applications.forward import forward
from portal.applications.match import match
from portal.applications.models import Application
from portal.applications.register_official import OfficialEntry, register_official
from portal.applications.search import search
from portal.applications.states import Action, State
from portal.applications.submit import Incomplete
from portal.applications.take_back import withdraw
from portal.applications.visibility import may_see
from portal.approvals.decide import approve, review
from portal.database import write
from portal.extensions import db
from portal.handover.form2_data import unsigned_form
from portal.roles import Role
from portal.runtime import vault

DAY = timedelta(days=1)


def entry(**changes: Any) -> OfficialEntry:
    values: dict[str, Any] = {
        "ground": 4,
        "agency": "이천경찰서",
        "doc_no": "수사과-1234",
        "doc_on": clock.today(),
        "legal_basis": "형사소송법 제199조제2항",
        "department": "수사과",
        "rank": "경위",
        "name": "나수사",
        "contact": "0316330112",
        "caller_number": "01012345678",
        "callee_number": None,
        "called_department": "민원과",
        "asked_from": clock.now() - DAY,
        "purpose": "수사 자료",
        "reason": "공무집행방해 사건의 수사에 필요합니다.",
        **changes,
    }
    return OfficialEntry(**values)


def scan() -> list[CheckedFile]:
    return [take(pdf(2), "공문.pdf", paper="공문")]


def registered(by: Account, **changes: Any) -> Application:
    papers = scan()
    with write():
        return register_official(entry(**changes), papers, by=by)


def test_it_is_received_at_once_with_number_line_and_due_date(app: Flask) -> None:
    person = custodian()

    application = registered(person)

    assert state_of(application) == State.RECEIVED
    assert application.control_no and application.due_on and application.received_by == person
    assert [step.title for step in application.steps] == ["팀장", "과장"]
    assert [t.action for t in application.transitions] == [Action.REGISTER]
    assert application.basis == "제7조제1항제4호 (수사과-1234)"
    assert [file.title for file in application.files] == ["공문 - 공문.pdf"]


def test_the_officials_name_and_contact_are_not_readable_in_the_database(app: Flask) -> None:
    application = registered(custodian())

    columns = "official_name, official_contact"
    row = db.session.connection().exec_driver_sql(f"SELECT {columns} FROM application").one()

    assert "나수사" not in row[0] and "0316330112" not in row[1]
    assert (application.official_name, application.official_contact) == ("나수사", "0316330112")


def test_who_registered_it_handles_it_to_the_approval(app: Flask) -> None:
    person = custodian()
    application = registered(person)
    call = factories.recording(called_at=application.asked_from)

    with write():
        assert search(application, by=person).calls
        match(application, call, by=person)
        forward(application, by=person, checked=True)
    for role, verb in ((Role.TEAM_LEADER, review), (Role.DIVISION_HEAD, approve)):
        decider = factories.account(role)
        with write():
            verb(application, by=decider)

    form = unsigned_form(application, transferor=person, received_on=clock.today())
    assert form.transferee_name == "나수사 (이천경찰서)"
    assert form.transferee_address == "수사과"
    assert form.rows[0].purpose == "수사 자료"


def test_only_a_custodian_registers_and_none_who_was_a_party(app: Flask) -> None:
    refuses(NotCustodian, register_official, entry(), scan(), by=factories.account(Role.COUNTER))
    person = custodian()
    line = factories.extension("2444", person.person)
    factories.recording(line, called_at=clock.now() - DAY)

    refuses(Conflict, register_official, entry(), scan(), by=person, says="당사자")
    assert db.session.query(Application).count() == 0


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"agency": " "}, "applicant_name"),
        ({"doc_no": ""}, "official_doc_no"),
        ({"doc_on": None}, "official_doc_on"),
        ({"legal_basis": ""}, "legal_basis"),
        ({"department": ""}, "official_department"),
        ({"rank": ""}, "official_rank"),
        ({"name": ""}, "official_name"),
        ({"contact": ""}, "official_contact"),
        ({"callee_number": ""}, "callee_number"),
        ({"called_department": ""}, "called_department"),
        ({"asked_from": None}, "asked_from"),
        ({"purpose": ""}, "purpose"),
        ({"reason": ""}, "reason"),
    ],
)
def test_everything_the_paper_says_is_asked_for(
    app: Flask, changes: dict[str, Any], field: str
) -> None:
    person, papers = custodian(), scan()

    with pytest.raises(Incomplete) as refusal, write():
        register_official(entry(**changes), papers, by=person)

    assert [error.field for error in refusal.value.errors] == [field]
    assert db.session.query(Application).count() == 0


def test_a_day_to_come_no_scan_or_a_ground_with_form_1_is_refused(app: Flask) -> None:
    person = custodian()
    refuses(Incomplete, register_official, entry(doc_on=clock.today() + DAY), scan(), by=person)
    refuses(Incomplete, register_official, entry(), [], by=person, says="스캔")
    refuses(CannotApply, register_official, entry(ground=2), scan(), by=person)
    text = "800304-1234567의 통화"
    refuses(CannotApply, register_official, entry(reason=text), scan(), by=person)


def test_the_request_can_be_given_up_for_the_agency(app: Flask) -> None:
    application = registered(person := custodian())

    with write():
        withdraw(application, by=person, text="기관이 공문으로 철회함")

    assert state_of(application) == State.WITHDRAWN
    assert application.transitions[-1].capacity == "시스템 관리자"


def fields(**changes: Any) -> dict[str, Any]:
    asked = clock.seoul(clock.now() - DAY)
    return {
        "draft": ids.public_id(),
        "ground": "5",
        "disclosure_type": "provision",
        "applicant_name": "수원지방법원 여주지원",
        "official_doc_no": "2026가단100",
        "official_doc_on": clock.today().isoformat(),
        "legal_basis": "민사소송법 제294조",
        "official_department": "민사1단독",
        "official_rank": "실무관",
        "official_name": "나법원",
        "official_contact": "031-880-7500",
        "caller_number": "모름",
        "callee_number": "031-644-1234",
        "called_department": "민원과",
        "asked_from": f"{asked:%Y-%m-%dT%H:%M}",
        "purpose": "재판 자료",
        "reason": "사실조회 촉탁",
        "evidence": (BytesIO(pdf(1)), "촉탁서.pdf"),
        "masked": "yes",
        **changes,
    }


def test_the_page_registers_once_and_shows_no_form_1(app: Flask, client: PageClient) -> None:
    client.log_in(custodian()).get("/intake/official")
    sent = fields()

    answer = client.post("/intake/official", sent)
    again = client.post("/intake/official", fields(draft=sent["draft"]))

    assert answer.status_code == 303 and again.location == answer.location
    application = db.session.query(Application).one()
    html = client.get(f"/intake/{application.public_id}").text
    assert "2026가단100" in html and "나법원" in html and "form1.pdf" not in html
    assert "2026가단100" in client.get(f"/applications/{application.public_id}").text
    client.get(f"/applications/{application.public_id}/form1.pdf", status=404)
    assert "공문, 제7조제1항제5호" in client.get("/intake?tab=in_hand").text


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"masked": "no"}, "가렸는지"),
        ({"official_contact": "없음"}, "전화번호"),
        ({"applicant_name": ""}, "기관의 이름"),
        ({"ground": "2"}, "근거"),
        ({"evidence": (BytesIO(b""), "")}, "스캔하여"),
        ({"reason": "800304-1234567"}, "주민등록번호"),
    ],
)
def test_mistakes_stand_beside_their_fields_and_nothing_is_kept(
    app: Flask, client: PageClient, changes: dict[str, Any], says: str
) -> None:
    client.log_in(custodian()).get("/intake/official")

    answer = client.post("/intake/official", fields(**changes))

    assert answer.status_code == 422
    assert says in answer.text and "2026가단100" in answer.text
    assert db.session.query(Application).count() == 0
    assert vault().records.blobs() == []


def test_an_approver_reads_the_number_and_no_form_1(app: Flask, client: PageClient) -> None:
    application = registered(person := custodian())
    call = factories.recording(called_at=application.asked_from)
    with write():
        match(application, call, by=person)
        forward(application, by=person, checked=True)

    html = (
        client.log_in(factories.account(Role.TEAM_LEADER))
        .get(f"/approvals/{application.public_id}")
        .text
    )

    assert "수사과-1234" in html and "나수사" in html and "form1.pdf" not in html


def test_an_inspection_names_the_counter_at_which_somebody_can_sit_in(
    app: Flask, client: PageClient
) -> None:
    officer = factories.account(Role.COUNTER, department_name="종합민원실")
    office = officer.person.postings[0].department
    client.log_in(custodian()).get("/intake/official")

    without = client.post("/intake/official", fields(disclosure_type="inspection"))
    assert without.status_code == 422 and 'id="office-error"' in without.text
    assert db.session.query(Application).count() == 0
    sent = fields(disclosure_type="inspection", office=office.public_id)
    assert client.post("/intake/official", sent).status_code == 303

    application = db.session.query(Application).one()
    assert application.office_id == office.id
    assert may_see(application, officer)
