"""회신 공문: an agency's 제공 is answered by 공문 and 등기, without anybody to sign as 인수자."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import func, select

import factories
from client import PageClient
from handover.conftest import Scene, approved, drawn
from handover.test_pages import data_url
from playback.hearing import with_sound
from portal import clock
from portal.accounts.models import Account
from portal.applications.conflict import Conflict
from portal.applications.models import Application
from portal.applications.states import State, WrongState
from portal.database import write
from portal.documents import issue
from portal.documents.models import IssuedDocument
from portal.extensions import db
from portal.handover.models import HandoverReceipt
from portal.handover.prepare import CannotHandOver, make_unsigned, prepare
from portal.handover.reply import BadReply, NotByReply, Reply, hand_over_by_reply
from portal.handover.transferor import NotTransferor
from portal.ledger.models import LedgerRow
from portal.packages.ask import ask
from portal.packages.build import build_next
from portal.packages.gate import current_package
from portal.packages.refusal import PackageRefused
from portal.recordings.models import CallLeg, Recording
from portal.roles import Role
from portal.runtime import vault

MAIL = "12345-6789-0123"


def reply(**changes: Any) -> Reply:
    values: dict[str, Any] = {
        "doc_no": "정보통신과-77",
        "doc_on": clock.today(),
        "mail_no": MAIL,
        **changes,
    }
    return Reply(**values)


@pytest.fixture
def asked(scene: Scene) -> Application:
    """The police's 제공, approved."""
    return by_agency(scene, [with_sound()])


def by_agency(scene: Scene, calls: list[Recording], **changes: Any) -> Application:
    deciders = [scene.leader, scene.head]
    application = approved(scene.employee, calls, scene.custodian, deciders)
    values = {
        "ground": 4,
        "disclosure_type": "provision",
        "applicant_kind": "organisation",
        "applicant_id": None,
        "entered_by_id": scene.custodian.id,
        "applicant_name": "이천경찰서",
        "address": "수사과",
        "official_doc_no": "수사과-1234",
        "official_doc_on": clock.today(),
        "official_name": "나은결",
        "official_contact": "0316330112",
        **changes,
    }
    with write():
        for name, value in values.items():
            setattr(application, name, value)
    return application


def state_of(application: Application) -> str:
    db.session.expire(application)
    return application.state


def text_of(application: Application) -> str:
    pdf = issue.read(issue.issued_for(application, "form2")[0])
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)


def test_recording_the_dispatch_is_the_handover_with_paper_and_ledger_row(
    app: Flask, scene: Scene, asked: Application
) -> None:
    receipt = hand_over_by_reply(asked, reply(), drawn(), by=scene.custodian)

    assert state_of(asked) == State.HANDED_OVER
    assert receipt.is_reply and receipt.handed_over_at and receipt.window_until is None
    assert receipt.transferor_signature and receipt.transferee_signature is None
    text = text_of(asked)
    said = f"회신 공문 정보통신과-77 ({clock.today().year}. "
    assert said in text and f"등기 {MAIL}, 발송 정보통신과" in text and "(공문 회신)" in text
    row = db.session.scalars(select(LedgerRow)).one()
    assert row.transferee_name == "나은결 (이천경찰서)" and row.transferor_name == "최민준"
    assert row.basis == "제7조제1항제4호 (수사과-1234)" and MAIL in row.remarks
    assert asked.transitions[-1].opinion.startswith("회신 공문 정보통신과-77")


def test_the_13_digits_are_kept_as_the_label_prints_them(
    app: Flask, scene: Scene, asked: Application
) -> None:
    receipt = hand_over_by_reply(asked, reply(mail_no="1234567890123"), drawn(), by=scene.custodian)

    assert receipt.mail_no == MAIL


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("doc_no", {"doc_no": "  "}),
        ("doc_no", {"doc_no": "정보통신과-800101-1234567"}),
        ("doc_on", {"doc_on": None}),
        ("doc_on", {"doc_on": date(2999, 1, 1)}),
        ("doc_on", {"doc_on": date(2020, 1, 1)}),
        ("mail_no", {"mail_no": ""}),
        ("mail_no", {"mail_no": "12345"}),
        ("mail_no", {"mail_no": "800101-1234567"}),
    ],
)
def test_a_reply_that_says_too_little_changes_nothing(
    app: Flask, scene: Scene, asked: Application, field: str, changes: dict[str, Any]
) -> None:
    with pytest.raises(BadReply) as refused:
        hand_over_by_reply(asked, reply(**changes), drawn(), by=scene.custodian)

    assert refused.value.field == field and str(refused.value)
    assert state_of(asked) == State.APPROVED
    assert db.session.scalar(select(func.count()).select_from(LedgerRow)) == 0


@pytest.mark.parametrize(
    "changes",
    [
        {"ground": 2, "applicant_kind": "citizen", "applicant_name": "홍길동"},
        {"ground": 1, "applicant_kind": "organisation"},
        {"disclosure_type": "inspection"},
    ],
)
def test_nobody_but_an_agency_that_gets_a_file_is_answered_so(
    app: Flask, scene: Scene, changes: dict[str, Any]
) -> None:
    application = by_agency(scene, [with_sound()], **changes)

    with pytest.raises(NotByReply):
        hand_over_by_reply(application, reply(), drawn(), by=scene.custodian)

    assert state_of(application) == State.APPROVED


def test_an_employees_own_application_cannot_go_by_reply(app: Flask, scene: Scene) -> None:
    with pytest.raises(NotByReply):
        hand_over_by_reply(scene.application, reply(), drawn(), by=scene.custodian)


def test_whoever_is_not_the_transferor_or_was_a_party_cannot_send_it(
    app: Flask, scene: Scene
) -> None:
    party = factories.account(Role.CUSTODIAN)
    line = factories.extension("2555", party.person)
    asked = by_agency(scene, [factories.recording(line)])

    for person, why in ((scene.head, NotTransferor), (party, Conflict)):
        with pytest.raises(why):
            hand_over_by_reply(asked, reply(), drawn(), by=person)
    assert state_of(asked) == State.APPROVED


def test_it_is_sent_once(app: Flask, scene: Scene, asked: Application) -> None:
    hand_over_by_reply(asked, reply(), drawn(), by=scene.custodian)

    with pytest.raises(WrongState):
        hand_over_by_reply(asked, reply(doc_no="정보통신과-78"), drawn(), by=scene.custodian)
    assert db.session.scalar(select(func.count()).select_from(LedgerRow)) == 1


def test_nothing_is_sent_after_the_deletion(app: Flask, scene: Scene, asked: Application) -> None:
    with clock.at(clock.now() + timedelta(days=40)), pytest.raises(CannotHandOver):
        hand_over_by_reply(asked, reply(doc_on=clock.today()), drawn(), by=scene.custodian)


def test_a_receipt_prepared_for_an_official_who_did_not_come_leaves_no_blob(
    app: Flask, scene: Scene, asked: Application
) -> None:
    document = make_unsigned(asked, scene.custodian)
    with write():
        prepare(asked, document, by=scene.custodian, identity_document="공무원증")

    receipt = hand_over_by_reply(asked, reply(), drawn(), by=scene.custodian)

    assert receipt.unsigned_blob != document.blob and receipt.identity_document == ""
    assert db.session.scalar(select(func.count()).select_from(HandoverReceipt)) == 1
    issued = db.session.scalars(select(IssuedDocument.public_id)).all()
    assert set(vault().records.blobs()) >= {receipt.unsigned_blob, *issued}
    assert document.blob not in set(vault().records.blobs())


def test_the_password_is_told_apart_from_the_medium_and_how_is_kept(
    app: Flask, scene: Scene, asked: Application
) -> None:
    hand_over_by_reply(asked, reply(), drawn(), by=scene.custodian)

    for how in ("", "screen", "own"):
        with pytest.raises(PackageRefused) as refused:
            ask(asked, by=scene.custodian, told_how=how)
        assert refused.value.code == "not_told"
    shown = ask(asked, by=scene.custodian, told_how="telephone")

    assert shown.package.told_how == "telephone" and build_next("test")
    package = current_package(asked)
    assert package is not None and package.state == "ready"


def log_in(client: PageClient, account: Account, asked: Application) -> str:
    client.log_in(account)
    return f"/handover/{asked.public_id}"


def test_the_page_records_the_reply_and_leads_to_the_password(
    client: PageClient, scene: Scene, asked: Application
) -> None:
    address = log_in(client, scene.custodian, asked)
    assert "공문 회신 기록" in client.get(address).text
    assert "요청 공문" in client.get(f"{address}/reply").text

    typed = {"doc_no": "정보통신과-77", "doc_on": clock.today().isoformat(), "mail_no": MAIL}
    answer = client.post(f"{address}/reply", {**typed, "transferor": data_url()})

    assert answer.status_code == 303 and state_of(asked) == State.HANDED_OVER
    assert f"등기 {MAIL}" in client.get(address).text
    package = f"/packages/{asked.public_id}"
    page = client.get(f"{package}/receive").text
    assert "전화하여 알림" in page and "인수자 본인입니다" not in page
    assert client.post(f"{package}/receive").status_code == 422
    answer = client.post(f"{package}/receive", {"told_how": "letter"})
    assert "친전 문서로" in answer.text and "나은결" in answer.text
    assert "친전 문서로" in client.get(package).text


def test_the_page_keeps_what_was_typed_where_the_signature_is_missing(
    client: PageClient, scene: Scene, asked: Application
) -> None:
    address = log_in(client, scene.custodian, asked)
    typed = {"doc_no": "정보통신과-77", "doc_on": clock.today().isoformat(), "mail_no": "12"}

    answer = client.post(f"{address}/reply", typed)
    assert answer.status_code == 422 and 'value="정보통신과-77"' in answer.text
    answer = client.post(f"{address}/reply", {**typed, "transferor": data_url()})
    assert answer.status_code == 422 and "등기번호 13자리" in answer.text
    assert state_of(asked) == State.APPROVED


def test_a_refusal_keeps_what_was_typed_and_the_signature(
    client: PageClient, scene: Scene, asked: Application
) -> None:
    """Somebody drew the sender into the call while they were typing."""
    address = log_in(client, scene.custodian, asked)
    typed = {"doc_no": "정보통신과-77", "doc_on": clock.today().isoformat(), "mail_no": MAIL}
    line = factories.extension("2555", scene.custodian.person)
    with write() as session:
        recording = asked.matches[0].recording
        session.add(
            CallLeg(
                recording_id=recording.id,
                extension_id=line.id,
                number="2555",
                from_at=recording.called_at,
                until_at=recording.called_at,
            )
        )

    answer = client.post(f"{address}/reply", {**typed, "transferor": data_url()})

    assert answer.status_code == 409 and "당사자" in answer.text
    assert 'value="정보통신과-77"' in answer.text and f'value="{MAIL}"' in answer.text
    assert data_url() in answer.text and state_of(asked) == State.APPROVED


def test_the_page_is_not_there_for_other_applications(client: PageClient, scene: Scene) -> None:
    address = log_in(client, scene.custodian, scene.application)

    assert "공문 회신 기록" not in client.get(address).text
    client.get(f"{address}/reply", 404)
