"""Who applies at the counter: organisations, proxies and legal representatives."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from flask import Flask

from applications.intake import refuses
from applications.papers import (
    add_paper,
    citizen_draft,
    citizen_fields,
    counter_officer,
    pdf,
    submitted,
)
from client import PageClient
from portal import clock, ids
from portal.applications.choices import POWER_OF_ATTORNEY
from portal.applications.complete import mistakes
from portal.applications.draft import CannotApply
from portal.applications.form1_data import form1_of
from portal.applications.models import Application
from portal.applications.registration_number import business_number, is_usual_corporate
from portal.applications.states import State
from portal.applications.submit import Incomplete, submit
from portal.extensions import db

NUMBER = "124-81-00998"
ORGANISATION = {
    "applicant_kind": "organisation",
    "applicant_name": "가나다 주식회사",
    "birth_date": None,
    "business_no": NUMBER,
    "representative_name": "수령인",
}
PROXY = {
    "applicant_kind": "proxy",
    "representative_name": "김대리",
    "representative_birth": date(1985, 5, 6),
}


def child(years: int = 10) -> dict[str, Any]:
    born = clock.today() - timedelta(days=years * 366)
    return {**PROXY, "applicant_kind": "legal_representative", "birth_date": born}


def fields_wrong(draft: Application) -> set[str]:
    return {error.field for error in mistakes(draft)}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (NUMBER, NUMBER),
        ("1248100998", NUMBER),
        ("124-81-00997", None),
        ("214-81-00998", None),
        ("12481009", None),
        ("", None),
    ],
)
def test_a_business_number_is_checked_by_its_last_digit(typed: str, kept: str | None) -> None:
    assert business_number(typed) == kept


def test_a_corporate_number_has_a_check_digit_too() -> None:
    assert is_usual_corporate("130111-0006246")
    assert not is_usual_corporate("130111-0006247")
    assert not is_usual_corporate("130111")


def test_an_organisation_names_its_number_and_who_receives(app: Flask) -> None:
    draft = citizen_draft(counter_officer(), **ORGANISATION)

    assert fields_wrong(draft) == set()
    assert draft.birth_or_business_no == NUMBER
    assert draft.recipient_name == "수령인 (가나다 주식회사)"
    assert form1_of(draft).birth_or_number == NUMBER
    assert submitted(draft).state == State.SUBMITTED


def test_what_an_organisation_lacks_is_named(app: Flask) -> None:
    lacking = {**ORGANISATION, "business_no": "", "representative_name": ""}
    draft = citizen_draft(counter_officer(), **lacking)
    assert fields_wrong(draft) == {"business_no", "representative_name"}
    refuses(Incomplete, submit, draft, by=draft.entered_by)


def test_a_corporate_number_may_look_like_a_resident_number_but_no_other_field_may(
    app: Flask,
) -> None:
    looks_so = "8003041234567"
    draft = citizen_draft(counter_officer(), **ORGANISATION, corporate_no=looks_so)
    assert draft.corporate_no == looks_so
    with pytest.raises(CannotApply):
        citizen_draft(counter_officer(), **{**ORGANISATION, "representative_name": looks_so})


def test_a_proxy_brings_a_power_of_attorney(app: Flask) -> None:
    draft = citizen_draft(counter_officer(), **PROXY)
    add_paper(draft, name="다른 서류.pdf")
    assert fields_wrong(draft) == {"power_papers"}

    add_paper(draft, pdf(2), "위임.pdf", paper=POWER_OF_ATTORNEY)

    assert fields_wrong(draft) == set()
    assert draft.recipient_name == "김대리 (홍길동의 대리인)"
    assert form1_of(draft).applicant_name == "홍길동 (대리인 김대리)"


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({}, set()),
        ({"birth_date": date(2000, 1, 1)}, {"birth_date"}),
        ({"representative_name": ""}, {"representative_name"}),
        ({"representative_birth": None}, {"representative_birth"}),
        ({"representative_birth": date(1850, 1, 1)}, {"representative_birth"}),
    ],
)
def test_for_a_child_an_adult_applies(app: Flask, changes: dict[str, Any], wrong: set[str]) -> None:
    draft = citizen_draft(counter_officer(), **{**child(), **changes})
    assert fields_wrong(draft) == wrong | {"evidence"}
    add_paper(draft, name="가족관계증명서.pdf")
    assert fields_wrong(draft) == wrong


def test_nobody_under_age_represents_a_child(app: Flask) -> None:
    young = clock.today() - timedelta(days=17 * 366)
    draft = citizen_draft(counter_officer(), **{**child(), "representative_birth": young})
    add_paper(draft)
    assert fields_wrong(draft) == {"representative_birth"}


def test_what_belongs_to_another_kind_is_not_kept(app: Flask) -> None:
    draft = citizen_draft(counter_officer(), **{**PROXY, "applicant_kind": "citizen"})
    assert (draft.representative_name, draft.representative_birth) == (None, None)


def test_the_form_takes_an_organisation_and_brings_it_back(app: Flask, client: PageClient) -> None:
    address = "/applications/new/citizen"
    client.log_in(counter_officer()).get(address)
    sent = citizen_fields(
        ids.public_id(),
        applicant_kind="organisation",
        birth_date="",
        business_no="1248100998",
        corporate_no="130111-0006247",
        representative_name="수령인",
        do="save",
    )

    client.post(address, sent)
    draft = db.session.query(Application).one()
    html = client.get(f"/applications/{draft.public_id}/edit").text
    assert NUMBER in html and "수령인" in html
    client.post(address, {**sent, "do": "submit"})

    db.session.refresh(draft)
    assert draft.state == State.SUBMITTED
    page = client.get(f"/applications/{draft.public_id}").text
    assert "검증숫자" in page and NUMBER in page


def test_the_form_takes_the_paper_of_a_proxy(app: Flask, client: PageClient) -> None:
    address = "/applications/new/citizen"
    client.log_in(counter_officer()).get(address)
    sent = citizen_fields(
        ids.public_id(),
        applicant_kind="proxy",
        representative_name="김대리",
        representative_birth="19850506",
        masked="yes",
    )
    without = client.post(address, sent)
    assert without.status_code == 422 and "위임장을" in without.text

    answer = client.post(address, {**sent, "power_papers": (BytesIO(pdf()), "위임.pdf")})

    assert answer.status_code == 303
    assert db.session.query(Application).one().state == State.SUBMITTED
