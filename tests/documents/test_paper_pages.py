"""발급 문서 over HTTP: issuing, reading, printing again, blanks, and 파기 기록."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

import factories
from client import PageClient
from documents.reading import packed, text_of
from portal import clock
from portal.accounts.models import Account
from portal.applications.models import Application
from portal.applications.states import State
from portal.audit.models import AuditEvent
from portal.database import write
from portal.documents import issue, papers
from portal.documents.models import IssuedDocument
from portal.extensions import db
from portal.retention.models import Tombstone
from portal.roles import Role


@pytest.fixture
def custodian(app: Flask) -> Account:
    return factories.account(Role.CUSTODIAN)


def refused() -> Application:
    application = factories.forwarded_application(state=State.REFUSED)
    with write():
        application.transitions[-1].opinion = "당사자임을 확인할 수 없습니다."
        application.transitions[-1].capacity = "과장"
    return application


def test_a_refused_application_has_its_notice_issued_with_reason_and_number(
    client: PageClient, custodian: Account
) -> None:
    application = refused()
    address = f"/applications/{application.public_id}/papers"
    client.log_in(custodian).get(address)

    client.post(f"{address}/refusal", {"why": ""})
    assert "발급 사유를" in client.get(address).text
    client.post(f"{address}/refusal", {"why": "신청인에게 우편 발송"})

    document = db.session.scalars(select(IssuedDocument)).one()
    text = text_of(issue.read(document))
    assert packed("당사자임을 확인할 수 없습니다.") in text
    by = application.transitions[-1].by
    assert by and packed(f"결재 과장 {by.name}") in text
    assert document.verification_no in text and "행정심판" in text
    page = client.get(address).text
    assert "거절 통지서" in page and "신청인에게 우편 발송" in page
    found = client.get(f"/documents/verify?no={document.verification_no}").text
    assert "거절 통지서" in found and application.control_no and application.control_no in found


@pytest.mark.parametrize("kind", ["expiry", "not_found", "supplement", "nothing"])
def test_a_paper_that_does_not_fit_the_state_is_not_issued(
    client: PageClient, custodian: Account, kind: str
) -> None:
    application = refused()
    address = f"/applications/{application.public_id}/papers"
    client.log_in(custodian).get(address)

    client.post(f"{address}/{kind}", {"why": "시험"})

    assert db.session.scalars(select(IssuedDocument)).all() == []


def test_who_handles_no_applications_issues_none_and_strangers_see_none(
    client: PageClient, custodian: Account
) -> None:
    application = refused()
    address = f"/applications/{application.public_id}/papers"

    with pytest.raises(papers.CannotIssue):
        papers.issue_paper(application, "refusal", by=factories.account(), why="시험")
    client.log_in(factories.account()).get(address, 404)


def test_nobody_issues_papers_for_their_own_application(app: Flask, custodian: Account) -> None:
    application = refused()
    with write():
        application.applicant_id = custodian.person_id

    assert not papers.may_issue(application, custodian)


def test_a_reprint_serves_the_same_bytes_and_leaves_who_and_why(
    client: PageClient, custodian: Account
) -> None:
    application = refused()
    document = papers.issue_paper(application, "receipt_slip", by=custodian, why="접수")
    address = f"/applications/{application.public_id}/papers"
    client.log_in(custodian).get(address)

    assert client.post(f"/documents/{document.public_id}/reprint", {"why": ""}).status_code == 422
    client.get(address)
    again = client.post(f"/documents/{document.public_id}/reprint", {"why": "분실"})

    assert again.data == issue.read(document)
    logged = select(AuditEvent).where(AuditEvent.action == "document.reprint")
    event = db.session.scalars(logged).one()
    assert (event.reason, event.account) == ("분실", custodian.public_id)
    assert "다시 인쇄 1회" in client.get(address).text


def test_an_expired_application_is_told_when_its_recording_died(
    app: Flask, custodian: Account
) -> None:
    application = refused()
    with write():
        application.state = State.EXPIRED

    document = papers.issue_paper(application, "expiry", by=custodian, why="통지")

    assert packed("보관기간(30일)이 지나") in text_of(issue.read(document))


def test_blanks_are_listed_and_printed(client: PageClient) -> None:
    client.log_in(factories.account(Role.COUNTER))

    assert "위임장" in client.get("/documents/blanks").text
    assert client.get("/documents/blanks/consent.pdf").data.startswith(b"%PDF-")
    client.get("/documents/blanks/nothing.pdf", 404)


def test_the_record_of_a_destruction_is_issued_with_its_numbers(client: PageClient) -> None:
    auditor = factories.account(Role.AUDITOR)
    with write() as session:
        row = Tombstone(
            delete_on=clock.today() - timedelta(days=1), by="worker", recordings=2,
            hashes=b"\x01" * 32 + b"\x02" * 32,
        )  # fmt: skip
        session.add(row)
    client.log_in(auditor).get("/documents/destructions")

    answer = client.post(f"/documents/destructions/{row.public_id}", {"why": "감사"})

    text = text_of(client.get(answer.location).data)
    assert "녹취정보2건" in text and row.public_id in text
    assert client.post("/documents/destructions/none", {"why": "감사"}).status_code == 404
