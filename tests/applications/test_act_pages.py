"""보완요구, 회수, 취하 and 해당 녹취 없음 over HTTP: the buttons are there for whom they work."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from flask import Flask

import factories
from applications.intake import custodian, from_citizen, from_employee, received, state_of
from applications.papers import pdf
from applications.test_acts import WHAT, asked, forwarded, in_hand
from client import PageClient
from portal import clock
from portal.applications.evidence import evidence_of
from portal.applications.models import Application
from portal.applications.not_found import close_as_not_found
from portal.applications.search import search
from portal.applications.states import State
from portal.applications.take_back import withdraw
from portal.database import write
from portal.documents.models import IssuedDocument
from portal.extensions import db
from portal.runtime import settings


def page(application: Application, rest: str = "") -> str:
    return f"/applications/{application.public_id}{rest}"


def intake(application: Application, rest: str = "") -> str:
    return f"/intake/{application.public_id}{rest}"


def test_the_custodian_asks_and_the_officer_answers_with_a_paper(
    app: Flask, client: PageClient
) -> None:
    application, person = in_hand()
    client.log_in(person).get(intake(application))
    until = (clock.today() + timedelta(days=2)).isoformat()
    assert client.post(intake(application, "/supplement"), {"text": WHAT, "until": until}).location
    assert application.public_id in client.get("/intake?tab=supplement").text
    assert WHAT in client.get(intake(application)).text

    officer = PageClient(app).log_in(application.entered_by)
    html = officer.get(page(application)).text
    assert WHAT in html and "/supplement" in html
    officer.get(page(application, "/supplement"))
    upload = {"evidence": (BytesIO(pdf(3)), "확인서.pdf"), "text": "다시 냅니다."}
    answer = officer.post(page(application, "/supplement"), upload)
    assert answer.status_code == 422 and "가렸는지" in answer.text and "다시 냅니다." in answer.text
    upload = {"evidence": (BytesIO(pdf(3)), "확인서.pdf"), "text": "다시 냅니다.", "masked": "yes"}
    assert officer.post(page(application, "/supplement"), upload).status_code == 303

    assert state_of(application) == State.RECEIVED
    assert [file.pages for file in evidence_of(application)] == [1, 3]
    assert db.session.query(IssuedDocument).filter_by(kind="form1").count() == 1
    assert "다시 냅니다." in client.get(intake(application)).text


@pytest.mark.parametrize("text", ["", "800304-1234567"])
def test_what_cannot_be_asked_stays_in_the_form_with_its_mistake(
    app: Flask, client: PageClient, text: str
) -> None:
    application, person = in_hand()
    client.log_in(person).get(intake(application))

    answer = client.post(intake(application, "/supplement"), {"text": text, "until": "2020-01-01"})

    assert answer.status_code == 422 and "invalid" in answer.text
    assert state_of(application) == State.RECEIVED


def test_strangers_find_no_page_to_answer_on(app: Flask, client: PageClient) -> None:
    application, person = in_hand()
    asked(application, person)

    client.log_in(factories.account()).get(page(application, "/supplement"), status=404)
    other = PageClient(app).log_in(person)
    other.get(page(application, "/supplement"))  # sees the application, not the form
    assert other.post(page(application, "/supplement"), {"text": "답"}).status_code == 303
    assert state_of(application) == State.SUPPLEMENT_REQUESTED


def test_an_employee_recalls_corrects_and_signs_again(app: Flask, client: PageClient) -> None:
    application, _call, employee = from_employee()
    html = client.log_in(employee).get(page(application)).text
    assert "회수하여 고치기" in html and "신청 취하" in html

    answer = client.post(page(application, "/recall"))

    assert answer.status_code == 303 and answer.location.endswith("/edit")
    assert "서명이 저장되어" not in client.get(answer.location).text
    assert state_of(application) == State.DRAFT
    assert client.post(page(application, "/recall")).status_code == 303  # twice: a message
    assert state_of(application) == State.DRAFT


def test_withdrawing_is_offered_until_the_decision_and_only_to_whoever_filed_it(
    app: Flask, client: PageClient
) -> None:
    application, person = forwarded()
    assert "신청 취하" not in client.log_in(person).get(page(application)).text
    assert client.post(page(application, "/withdraw"), {"text": "아니오"}).status_code == 303
    assert state_of(application) == State.RECEIVED

    officer = PageClient(app).log_in(application.entered_by)
    assert "회수하여 고치기" not in officer.get(page(application)).text
    answer = officer.post(page(application, "/withdraw"), {"text": "가" * 1001})
    assert answer.status_code == 422 and "가" * 900 in answer.text
    officer.post(page(application, "/withdraw"), {"text": "해결되었습니다."})

    assert state_of(application) == State.WITHDRAWN
    html = officer.get(page(application)).text
    assert "해결되었습니다." in html and "신청 취하" not in html


def test_the_custodian_takes_it_back_from_the_approvers(app: Flask, client: PageClient) -> None:
    application, person = forwarded()
    assert "결재 회수" in client.log_in(person).get(intake(application)).text

    assert client.post(page(application, "/recall")).location.endswith(intake(application))

    assert application.forwarded_at is None
    assert "결재 회수" not in client.get(intake(application)).text


def test_not_found_asks_for_a_search_first_and_tells_how_to_object(
    app: Flask, client: PageClient
) -> None:
    application, person = in_hand()
    client.log_in(person).get(intake(application))
    words = {"text": "같은 시각의 통화가 없습니다."}
    answer = client.post(intake(application, "/not-found"), words)
    assert answer.status_code == 422 and "찾아보지 않은" in answer.text

    client.post(intake(application, "/search"))
    assert client.post(intake(application, "/not-found"), words).status_code == 303

    assert state_of(application) == State.NOT_FOUND
    html = PageClient(app).log_in(application.entered_by).get(page(application)).text
    assert words["text"] in html and settings().notices.objection in html


def test_a_refusal_shows_its_reason_and_how_to_object(app: Flask, client: PageClient) -> None:
    application = factories.forwarded_application(state=State.REFUSED)
    with write():
        application.transitions[-1].opinion = "설치 목적과 맞지 않습니다."

    html = client.log_in(application.entered_by).get(page(application)).text

    assert "설치 목적과 맞지 않습니다." in html and settings().notices.objection in html


def test_the_pages_of_what_ended_have_no_buttons_left(app: Flask, client: PageClient) -> None:
    gone, person = from_citizen(), custodian()
    with write():
        withdraw(gone, by=gone.entered_by)
    none = received(from_citizen(), person)
    with write():
        search(none, by=person)
        close_as_not_found(none, by=person, text="없습니다.")

    client.log_in(person)
    for application in (gone, none):
        html = client.get(intake(application)).text
        assert "보완요구</button>" not in html and "회수</button>" not in html
