"""The pages: the whole way by a browser, who sees what, and what is never shown."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

from flask import Flask
from PIL import Image, ImageDraw
from sqlalchemy import event, select

import factories
from client import PageClient
from documents.reading import text_of
from handover.test_pages import data_url
from portal import clock
from portal.accounts.models import Account
from portal.audit.models import AuditEvent
from portal.database import write
from portal.extensions import db
from portal.restrictions.decide import lift
from portal.restrictions.models import UseRestriction
from portal.restrictions.serve import serve
from portal.roles import Role
from restrictions.cases import Case, in_person, signature

DRAFT = {
    "who": "idoyun",
    "ground": "2",
    "facts": "통화에서 상대방에게 고지하지 않음.",
    "phone_recording": "y",
    "portal_use": "y",
}


def browser(app: Flask, account: Account) -> PageClient:
    return PageClient(app).log_in(account)


def the_one() -> UseRestriction:
    return db.session.scalars(select(UseRestriction)).one()


def scan() -> BytesIO:
    image = Image.new("RGB", (400, 200), "white")
    ImageDraw.Draw(image).line([(20, 150), (100, 30), (200, 160)], fill="black", width=6)
    output = BytesIO()
    image.save(output, "PNG")
    output.seek(0)
    return output


def test_from_draft_to_lifting_in_browsers(app: Flask) -> None:
    case = Case(person=factories.account(login="idoyun", name="이도윤"))
    custodian, head = browser(app, case.custodian), browser(app, case.head)

    custodian.get("/restrictions/new")
    drafted = custodian.post(
        "/restrictions/new", {**DRAFT, "from_on": str(clock.today()), "last_on": ""}
    )
    page = drafted.location
    assert "결재 대기" in head.get("/restrictions").text
    head.get(page)
    assert head.post(f"{page}/approve", {"opinion": ""}).status_code == 303
    assert "통지서 보기" in head.get(page).text
    served_at = clock.seoul(clock.now()).strftime("%Y-%m-%dT%H:%M")
    custodian.get(page)
    served = custodian.post(
        f"{page}/serve",
        {"how": "in_person", "served_at": served_at, "signature_scan": (scan(), "receipt.png")},
    )
    assert served.status_code == 303, served.text
    assert the_one().is_in_force
    assert custodian.get(f"{page}/signature.png").mimetype == "image/png"
    head.get(page)
    assert head.post(f"{page}/lift", {"lift_reason": "교육을 마침"}).status_code == 303

    assert not the_one().is_in_force
    assert "해제 통지서 보기" in custodian.get(page).text
    paper = the_one().lift_notice
    assert paper is not None and paper.about == the_one().public_id
    text = text_of(browser(app, case.person).get(f"{page}/lift.pdf").data)
    for said in ("사용제한해제통지", "교육을마침", the_one().number, paper.verification_no, "끝."):
        assert said in text, said
    assert head.post(f"{page}/lift-notice").status_code == 303
    assert "이미 발급했습니다" in head.get(page).text
    browser(app, factories.account()).get(f"{page}/lift.pdf", 404)
    head.get(f"/documents/{paper.public_id}.pdf", 404)


def test_the_person_reads_and_signs_on_a_screen_that_opens_nothing_else(app: Flask) -> None:
    case = Case()
    row = case.approved()
    page = f"/restrictions/{row.public_id}"
    custodian = browser(app, case.custodian)
    assert "받을 사람에게 화면 돌리기" in custodian.get(page).text
    assert "data-signature-pad" not in custodian.get(page).text
    screen = custodian.post(f"{page}/turn").location

    shown = custodian.get(screen).text
    assert row.facts in shown and row.number in shown and case.person.name in shown
    for hidden in (case.custodian.name, "로그아웃", 'href="/"', 'type="file"'):
        assert hidden not in shown, hidden
    assert custodian.http.get(page).location == screen
    assert custodian.http.get("/ledger").location == screen
    assert custodian.get(f"{page}/notice.pdf").data.startswith(b"%PDF")
    assert custodian.http.get("/session").json["idle"] > 0  # the page warns before it ends

    assert custodian.post(screen, {"signature": ""}).status_code == 422
    assert the_one().served_at is None
    custodian.post(screen, {"signature": data_url()})
    assert the_one().is_in_force and the_one().served_how == "in_person"
    assert "서명을 받았습니다" in custodian.get(screen).text
    assert custodian.post(f"{page}/turn-back", {"password": "wrong"}).status_code == 422
    assert custodian.post(f"{page}/turn-back", {"password": factories.PASSWORD}).location == page
    assert "서명 보기" in custodian.get(page).text
    custodian.post(f"{page}/turn")
    assert "이미 통지했는지" in custodian.get(page).text, "a served notice turned the screen"


def test_what_was_typed_stays_where_the_draft_is_refused(app: Flask) -> None:
    custodian = browser(app, factories.account(Role.CUSTODIAN))
    factories.account(login="idoyun")
    past = str(clock.today() - timedelta(days=1))
    custodian.get("/restrictions/new")

    for changes, said in (
        ({"from_on": past}, "시작일은 오늘이나"),
        ({"from_on": "어제"}, "2026-11-23처럼"),
        ({"from_on": str(clock.today()), "who": "nobody"}, "직원이 없습니다"),
        ({"from_on": str(clock.today()), "portal_use": "", "phone_recording": ""}, "범위를 하나"),
        ({"from_on": str(clock.today()), "facts": "800101-1234567"}, "주민등록번호"),
        ({"from_on": str(clock.today()), "ground": "9"}, "제한 사유를 골라"),
    ):
        answer = custodian.post("/restrictions/new", {**DRAFT, **changes})
        assert answer.status_code == 422
        assert said in answer.text
        assert changes.get("facts", DRAFT["facts"]) in answer.text
    assert db.session.scalar(select(UseRestriction)) is None


def test_the_restricted_person_sees_a_banner_and_their_notice_once_it_was_served(
    app: Flask,
) -> None:
    case = Case()
    factories.recording(factories.extension("0316442777", case.person.person))
    row = case.approved()
    person = browser(app, case.person)
    address = f"/restrictions/{row.public_id}/notice.pdf"

    person.get(address, status=404)
    assert "통화 신청" in person.get("/calls").text
    assert "제한되어 있습니다" not in person.get("/account").text
    blob = signature()
    with write():
        serve(row, in_person(signature=blob), by=case.custodian)

    calls = person.get("/calls").text
    assert "제한되어 있습니다" in calls and "통화 신청" not in calls  # no button that refuses
    assert address in person.get("/account").text
    assert person.get(address).data.startswith(b"%PDF")
    person.get(f"/restrictions/{row.public_id}", status=403)
    with write():
        lift(row, by=case.head, reason="교육을 마침")
    own = person.get("/account").text
    assert address in own
    assert "제한되어 있습니다" not in own


def test_a_notice_is_nobody_elses(app: Flask) -> None:
    row = Case().served()
    assert row.notice is not None
    for account in (
        factories.account(), factories.account(Role.TEAM_LEADER), factories.account(Role.AUDITOR)
    ):  # fmt: skip
        other = browser(app, account)
        other.get(f"/restrictions/{row.public_id}/notice.pdf", status=404)
        other.get(f"/documents/{row.notice.public_id}.pdf", status=404)


def test_its_number_proves_a_notice_to_staff(app: Flask) -> None:
    row = Case().served()
    assert row.notice is not None

    page = browser(app, factories.account()).get(
        f"/documents/verify?no={row.notice.verification_no}"
    )

    assert "사용 제한 통지서" in page.text
    assert "이도윤" not in page.text


def test_who_handles_restrictions_does_not_see_their_own_case(app: Flask) -> None:
    custodian = factories.account(Role.CUSTODIAN)
    row = Case(person=custodian).drafted()
    client = browser(app, custodian)

    assert row.number not in client.get("/restrictions").text
    client.get(f"/restrictions/{row.public_id}", status=404)


def test_the_head_who_drafted_is_told_why_they_cannot_decide(app: Flask) -> None:
    both = factories.account(Role.CUSTODIAN, Role.DIVISION_HEAD)
    row = Case(custodian=both, head=both).drafted()
    client = browser(app, both)
    assert "결정하기" not in client.get(f"/restrictions/{row.public_id}").text

    answer = client.post(f"/restrictions/{row.public_id}/approve", {})

    assert answer.status_code == 409
    assert "기안한 사람은 결정할 수 없습니다" in answer.text


def test_the_acting_person_reaches_the_head_s_case_and_decides_it(app: Flask) -> None:
    head, leader = factories.account(Role.DIVISION_HEAD), factories.account(Role.TEAM_LEADER)
    row = Case(head=head, person=head).drafted()
    browser(app, leader).get(f"/restrictions/{row.public_id}", status=403)
    factories.acting(leader, Role.DIVISION_HEAD)
    client = browser(app, leader)
    client.get(f"/restrictions/{row.public_id}")

    client.post(f"/restrictions/{row.public_id}/approve", {})

    assert the_one().capacity == "과장 대결"


def test_calls_without_notice_are_candidates_and_no_number_of_the_caller_is_shown(
    app: Flask,
) -> None:
    case = Case(person=factories.account(login="idoyun", name="이도윤"))
    line = factories.extension("0316442102", case.person.person)
    call = factories.recording(line, prior_notice="none", caller="01098765432")
    factories.recording(line, prior_notice="unknown", caller="01011112222")
    factories.recording(line, prior_notice="spoken")
    client = browser(app, case.custodian)

    page = client.get("/restrictions/candidates").text

    assert page.count("제한 기안</a>") == 1
    assert "이*윤" in page
    assert "확인되지 않은 통화는 1건" in page
    for hidden in ("9876", "5432", "1111", "이도윤"):
        assert hidden not in page
    address = f"/restrictions/new?call={call.public_id}&person={case.person.person.public_id}"
    filled = client.get(address).text
    assert f'value="{case.person.person.employee_no}"' in filled
    assert "고지하지 않음" in filled
    client.post(
        "/restrictions/new",
        {
            "who": case.person.person.employee_no, "ground": "2", "facts": "고지하지 않음",
            "phone_recording": "y", "from_on": str(clock.today()), "call": call.public_id,
        },
    )  # fmt: skip
    assert the_one().call_id == call.public_id
    assert "기안 보기" in client.get("/restrictions/candidates").text


def test_a_call_past_its_day_is_no_candidate_and_looking_is_logged(app: Flask) -> None:
    person = factories.account()
    line = factories.extension("0316442102", person.person)
    factories.recording(line, prior_notice="none", delete_on=clock.today())
    client = browser(app, factories.account(Role.CUSTODIAN))

    assert "기록된 통화가 없습니다" in client.get("/restrictions/candidates").text
    looked = select(AuditEvent).where(AuditEvent.action == "restriction.candidates")
    assert len(db.session.scalars(looked).all()) == 1


def test_the_lists_ask_no_query_for_each_row(app: Flask) -> None:
    case = Case()
    client = browser(app, case.custodian)

    def queries(address: str) -> int:
        asked: list[str] = []
        note = lambda *given: asked.append(given[2])  # noqa: E731
        event.listen(db.engine, "before_cursor_execute", note)
        client.get(address)
        event.remove(db.engine, "before_cursor_execute", note)
        return len(asked)

    case.drafted()
    add_call(case)
    for page in ("/restrictions", "/restrictions/candidates"):
        queries(page)
    few = [queries(page) for page in ("/restrictions", "/restrictions/candidates")]
    for _ in range(4):
        Case(custodian=case.custodian, head=case.head).drafted()
        add_call(Case(custodian=case.custodian, head=case.head))

    assert [queries(page) for page in ("/restrictions", "/restrictions/candidates")] == few


def add_call(case: Case) -> None:
    number = f"03164{case.person.id:05d}"
    factories.recording(factories.extension(number, case.person.person), prior_notice="none")
