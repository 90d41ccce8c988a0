"""Form 1 signed on the screen turned to the applicant at the counter."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlalchemy import select

import factories
from applications.papers import citizen_fields, counter_officer, drawn
from applications.test_file_pages import CITIZEN, draft_id
from client import PageClient
from portal.accounts.models import Account
from portal.applications.models import Application
from portal.applications.signature import signature_of
from portal.applications.states import State
from portal.audit.models import AuditEvent
from portal.database import write
from portal.extensions import db


@pytest.fixture
def officer(app: Flask) -> Account:
    return counter_officer()


@pytest.fixture
def counter(client: PageClient, officer: Account) -> PageClient:
    return client.log_in(officer)


def the_draft() -> Application:
    db.session.rollback()
    return db.session.scalars(select(Application)).one()


def turned(counter: PageClient) -> str:
    """The address of the draft's screen, the fields of the form typed and the screen turned."""
    fields = citizen_fields(draft_id(counter, CITIZEN), signature="", do="turn")
    answer = counter.post(CITIZEN, fields)
    assert answer.status_code == 303
    return str(answer.location)


def shown(page: str) -> str:
    found = re.search(r'name="shown" value="([0-9a-f]{64})"', page)
    assert found
    return found[1]


def test_the_applicant_reads_and_signs_and_only_the_password_gives_the_screen_back(
    counter: PageClient, officer: Account
) -> None:
    address = turned(counter)
    page = counter.get(address).text
    assert "홍길동" in page and "안내받은 서류 목록" in page
    for hidden in (officer.name, "로그아웃", "주 메뉴", 'href="/"', 'type="file"'):
        assert hidden not in page, hidden
    base = address.removesuffix("/screen")
    assert counter.http.get(f"{base}/edit").status_code == 303
    assert counter.http.get("/applications/counter").location.endswith(
        base.split("/")[-1] + "/screen"
    )
    assert counter.http.get(f"{base}/form1.pdf").data.startswith(b"%PDF")

    assert counter.post(address, {"shown": shown(page), "signature": ""}).status_code == 422
    counter.post(address, {"shown": shown(page), "signature": drawn()})
    assert signature_of(the_draft()) is not None
    assert "서명을 받았습니다" in counter.get(address).text

    wrong = counter.post(f"{base}/turn-back", {"password": "guess-the-password"})
    assert wrong.status_code == 422
    counter.post(f"{base}/turn-back", {"password": factories.PASSWORD})
    assert "서명이 저장되어 있습니다" in counter.get(f"{base}/edit").text
    actions = set(db.session.scalars(select(AuditEvent.action)))
    assert {"screen.turned", "signature.add", "screen.back"} <= actions


def test_the_screen_is_turned_only_when_nothing_but_the_signature_is_missing(
    counter: PageClient,
) -> None:
    fields = citizen_fields(draft_id(counter, CITIZEN), signature="", do="turn", purpose="")

    answer = counter.post(CITIZEN, fields)

    assert answer.status_code == 422 and 'id="purpose-error"' in answer.text
    assert 'id="signature-error"' not in answer.text
    counter.get("/applications/counter")


def test_nobody_signs_what_was_changed_behind_the_screen(counter: PageClient) -> None:
    address = turned(counter)
    before = shown(counter.get(address).text)
    with write():
        the_row = db.session.scalars(select(Application)).one()
        the_row.purpose = "다른 용도"

    counter.post(address, {"shown": before, "signature": drawn()})

    assert signature_of(the_draft()) is None
    assert "다시 읽고 서명" in counter.get(address).text


def test_what_is_changed_after_the_signature_needs_a_new_one(counter: PageClient) -> None:
    fields = citizen_fields(draft_id(counter, CITIZEN), do="save")
    counter.post(CITIZEN, fields)
    assert signature_of(the_draft()) is not None

    changed = {**fields, "signature": "", "do": "submit", "purpose": "전혀 다른 용도"}
    answer = counter.post(CITIZEN, changed)

    assert answer.status_code == 422 and "다시 서명을 받아" in answer.text
    assert signature_of(the_draft()) is None and the_draft().state == State.DRAFT
    counter.post(CITIZEN, {**changed, "signature": drawn()})
    assert the_draft().state == State.SUBMITTED
