"""솔내시 in a real browser: other words, sixty days, one step of approval, and no line of code."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import expect
from sqlalchemy import select

from browser import road
from browser.visitor import Visitor
from portal import clock
from portal.applications.models import Application
from portal.config import Config
from portal.extensions import db
from portal.recordings.models import Recording
from recordings.dropping import drop_call, take_in
from second_city.city import SOLNAE, foreign_words, staff

Visit = Callable[..., Visitor]


@pytest.fixture
def config(data: Path) -> Config:
    return Config(
        data=data,
        database_url=f"sqlite:///{data / 'portal.db'}",
        master_key_file=data / "keys/master.key",
        settings=SOLNAE,
    )


def in_the_citys_words(visitor: Visitor, name: str) -> None:
    """What a person sees of the page that stands there."""
    visitor.picture(f"solnae-{name}")
    assert foreign_words(visitor.page.locator("body").inner_text()) == []


def test_the_road_of_an_invented_city(app: Flask, visit: Visit) -> None:
    staff()
    an_hour_ago = clock.now() - timedelta(hours=1)
    drop_call(called_at=an_hour_ago, callee="031-555-2101", extension="0315552101")
    take_in()
    db.session.rollback()
    call = db.session.scalars(select(Recording)).one()
    assert call.delete_on == clock.seoul(an_hour_ago).date() + timedelta(days=61)

    employee = visit("employee")
    road.apply_from_call(employee)
    in_the_citys_words(employee, "filed")
    control_no = taken_in(visit, employee)
    road.decide(head := visit("head"), control_no, "승인")
    in_the_citys_words(head, "decided")
    custodian = visit("custodian")
    hand_over(custodian, control_no)

    secret = road.enrol(employee)
    db.session.rollback()
    application = db.session.scalars(select(Application)).one()
    with clock.at(timedelta(seconds=31)):
        road.unlock(employee, application.public_id, secret)
        in_the_citys_words(employee, "player")
    for page in ("/ledger", "/compliance", "/settings"):
        custodian.go(page)
        in_the_citys_words(custodian, page.strip("/"))


def taken_in(visit: Visit, employee: Visitor) -> str:
    """접수, found and forwarded; the control number is of the city's form."""
    custodian = visit("custodian")
    page = custodian.go("/intake")
    page.locator("tbody a.button").first.click()
    page.get_by_role("button", name="접수", exact=True).click()
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text(re.compile(rf"솔{clock.today().year}-\d{{3}}"))
    control_no = heading.inner_text().strip()
    search = page.get_by_role("search", name="녹음 찾기")
    if page.locator("#search .call").count() == 0:
        search.get_by_role("button", name="찾기").click()
    page.get_by_role("button", name="연결 ").first.click()
    expect(page.locator("#chosen .call")).to_have_count(1)
    in_the_citys_words(custodian, "intake")
    page.locator("#chosen input[type=checkbox]").check()
    page.locator("#chosen").get_by_role("button", name="결재 올림").click()
    page.wait_for_url("**/intake**")
    return control_no


def hand_over(custodian: Visitor, control_no: str) -> None:
    """The receipt on the screen that is turned to the 인수자 says the city's pledge."""
    page = custodian.go("/handover")
    row = page.get_by_role("row").filter(has_text=control_no)
    row.get_by_role("link", name="인계·인수").click()
    page.get_by_label("인수자 신분 확인").select_option("공무원증")
    page.get_by_role("button", name="인계·인수증 만들기").click()
    page.get_by_role("button", name="인수자에게 화면 돌리기").click()
    expect(page.get_by_text("받은 녹음기록은 목적을 이루면 바로 없애겠습니다.")).to_be_visible()
    in_the_citys_words(custodian, "signing")
    road.draw(custodian, page.locator("[data-signature-pad]"))
    page.get_by_role("button", name="위 내용을 확인하고 서명합니다").click()
    expect(page.get_by_text("담당자에게 화면을 돌려주십시오.")).to_be_visible()
    page.get_by_label("담당자 비밀번호").fill(road.PASSWORD)
    page.get_by_role("button", name="화면 되돌리기").click()
    page.wait_for_url("**/sign")
    road.draw(custodian, page.locator("[data-signature-pad]"))
    page.get_by_role("button", name="위 내용을 확인하고 서명합니다").click()
    expect(page.get_by_text("인계·인수가 끝났습니다.").first).to_be_visible()
    in_the_citys_words(custodian, "handed-over")
