"""가림 해제: what a list masks is shown whole by role and reason alone, and the log says so."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

import factories
from client import PageClient
from portal.accounts.models import Account
from portal.applications.states import State
from portal.audit.models import AuditEvent
from portal.database import write
from portal.extensions import db
from portal.ledger.models import LedgerRow
from portal.ledger.write_row import write_row
from portal.masking import Shape, shown
from portal.prints.ask import Wish, ask
from portal.roles import Role
from portal.unmasking.unmask import BadReason, Kind, MayNotUnmask, unmask

ADDRESS = "경기도 이천시 부악로 40 (중리동)"
WHOLE = (ADDRESS, "031-644-1234")


@pytest.fixture
def row(app: Flask) -> LedgerRow:
    line = factories.extension("0316441234")
    call = factories.recording(line, callee_number="0316441234")
    application = factories.forwarded_application(
        call, state=State.APPROVED, applicant_name="남궁민수"
    )
    with write():
        return write_row(
            application,
            basis="제7조제1항제2호",
            transferor_name="이보안",
            transferee_name="남궁민수",
            affiliation=ADDRESS,
        )


def noted() -> list[tuple[str | None, str | None]]:
    found = select(AuditEvent).where(AuditEvent.action == "unmask")
    return [(event.subject, event.reason) for event in db.session.scalars(found)]


def test_a_reason_shows_the_row_whole_in_its_place_and_is_logged(
    client: PageClient, row: LedgerRow
) -> None:
    auditor = factories.account(Role.AUDITOR)
    client.log_in(auditor)
    masked = client.get("/ledger").text
    assert "남**수" in masked and not any(value in masked for value in WHOLE)

    answer = client.post(
        f"/unmask/ledger/{row.public_id}",
        {"reason": "민원 확인"},
        headers={"HX-Request": "true"},
    )

    assert all(value in answer.text for value in ("남궁민수", *WHOLE))
    assert "<html" not in answer.text
    assert noted() == [(row.public_id, "민원 확인")]
    assert "남궁민수" not in client.get("/ledger").text  # masked again


def test_without_scripts_it_is_a_page_and_a_missing_reason_stays_there(
    client: PageClient, row: LedgerRow
) -> None:
    client.log_in(factories.account(Role.CUSTODIAN)).get("/ledger")
    address = f"/unmask/ledger/{row.public_id}"

    refused = client.post(address, {"reason": "  "})
    assert refused.status_code == 422 and "남궁민수" not in refused.text
    assert "사유를 200자까지" in refused.text and noted() == []
    shown_whole = client.post(address, {"reason": "민원 확인"})
    assert "<html" in shown_whole.text and ADDRESS in shown_whole.text
    assert client.post("/unmask/ledger/" + "0" * 32, {"reason": "확인"}).status_code == 404
    assert client.post(f"/unmask/other/{row.public_id}", {"reason": "확인"}).status_code == 404


def test_a_person_of_the_log_is_named_to_those_who_read_it_alone(
    client: PageClient, row: LedgerRow
) -> None:
    somebody = factories.account(name="남궁민수")
    client.log_in(somebody).get("/account")
    head = PageClient(client.http.application).log_in(factories.account(Role.DIVISION_HEAD))
    assert "남궁민수" not in head.get("/log").text

    answer = head.post(f"/unmask/account/{somebody.public_id}", {"reason": "심야 접속 확인"})

    assert "남궁민수" in answer.text and noted()[-1][0] == somebody.public_id


@pytest.mark.parametrize(
    ("role", "kind", "may"),
    [
        (Role.EMPLOYEE, Kind.LEDGER, False),
        (Role.COUNTER, Kind.LEDGER, False),
        (Role.TEAM_LEADER, Kind.LEDGER, True),
        (Role.TEAM_LEADER, Kind.ACCOUNT, False),
        (Role.CUSTODIAN, Kind.ACCOUNT, False),
        (Role.AUDITOR, Kind.ACCOUNT, True),
    ],
)
def test_the_role_decides_not_the_reason(
    app: Flask, row: LedgerRow, role: Role, kind: Kind, may: bool
) -> None:
    by, subject = factories.account(role), row if kind is Kind.LEDGER else factories.account()
    if may:
        with write():
            assert unmask(kind, subject.public_id, reason="확인", by=by)
        return
    with pytest.raises(MayNotUnmask), write():
        unmask(kind, subject.public_id, reason="확인", by=by)
    assert noted() == []


def test_an_export_unmasks_by_the_same_roles(app: Flask, row: LedgerRow) -> None:
    counter = factories.account(Role.COUNTER)
    wish = Wish(year=row.year, reason="연말 정리", unmasked=True)
    with pytest.raises(MayNotUnmask), write():
        ask("ledger_export", wish, by=counter)


def test_a_resident_number_is_no_reason(app: Flask, row: LedgerRow) -> None:
    by: Account = factories.account(Role.AUDITOR)
    with pytest.raises(BadReason), write():
        unmask(Kind.LEDGER, row.public_id, reason="900101-1234567 확인", by=by)


@pytest.mark.parametrize(
    ("shape", "text", "masked"),
    [
        (Shape.NAME, "홍길동", "홍*동"),
        (Shape.PHONE, "031-644-1234", "031-***-1234"),
        (Shape.PHONE, "모름", "모름"),
        (Shape.PHONE, "누군가의이름", "****"),
        (Shape.ADDRESS, ADDRESS, "경기도 이천시 …"),
        (Shape.ADDRESS, "정보통신과", "정보통신과"),
    ],
)
def test_one_rule_masks_and_shows_whole(shape: Shape, text: str, masked: str) -> None:
    assert shown(shape, text) == masked
    assert shown(shape, text, whole=True) == text
