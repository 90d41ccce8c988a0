"""Without a mouse the whole road, without scripts log in, file and decide."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import FileChooser, Locator, Page, expect
from sqlalchemy import select

import factories
from browser.visitor import Visitor
from factories import PASSWORD
from otp.devices import code_at, enrolled
from playback.hearing import with_sound
from portal import clock
from portal.accounts.models import Account
from portal.applications.models import Application
from portal.applications.states import State
from portal.extensions import db
from portal.roles import Role

Visit = Callable[..., Visitor]
SIGNATURE = {"name": "서명.png", "mimeType": "image/png", "buffer": factories.signature()}
#: The focus is seen: an outline, or the box of a field that changes.
VISIBLE = """e => { const s = getComputedStyle(e), b = e.getBoundingClientRect();
  return s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2
    && b.bottom > 0 && b.top < innerHeight; }"""
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def the_application() -> Application:
    db.session.rollback()
    return db.session.scalars(select(Application)).one()


@pytest.fixture
def employee(app: Flask) -> Account:
    """Somebody with a call of today; the others of the road are there, too."""
    account = factories.account(name="김하늘", department_name="도시개발과")
    line = factories.extension("0316442101", account.person)
    with_sound(callee="0316442101", line=line)
    for login, role in (
        ("custodian", Role.CUSTODIAN),
        ("leader", Role.TEAM_LEADER),
        ("head", Role.DIVISION_HEAD),
    ):
        factories.account(role, login=login, department_name="정보통신과")
    return account


def test_the_whole_road_without_a_mouse(app: Flask, employee: Account, visit: Visit) -> None:
    device = enrolled(employee, clock.now() - timedelta(hours=1))
    applicant = log_in(visit, employee.login)
    file_by_keys(applicant)
    custodian = log_in(visit, "custodian")
    receive_by_keys(custodian)
    decide_by_keys(log_in(visit, "leader"), "검토")
    decide_by_keys(log_in(visit, "head"), "승인")
    hand_over_by_keys(custodian)
    assert the_application().state == State.HANDED_OVER

    applicant.goto(f"/listening/{the_application().public_id}")
    reach(applicant, applicant.get_by_label("열람 목적"))
    applicant.keyboard.type("안내 내용 확인")
    reach(applicant, applicant.locator("[name=code]"))
    applicant.keyboard.insert_text(code_at(device, clock.now()))
    press(applicant, applicant.get_by_role("button", name="열람 시작"))
    expect(applicant.locator("[data-player-stage]")).to_be_visible()
    press(applicant, applicant.locator("[data-player-toggle]"))
    expect(applicant.locator("[data-player-time]")).not_to_have_text(re.compile(r"^0:00"))
    press(applicant, applicant.get_by_role("button", name="모두 들었습니다"))
    press(applicant, applicant.locator("dialog[open]").get_by_role("button", name="신청 완료"))
    expect(applicant.locator("#messages")).to_contain_text("완료")
    assert the_application().state == State.CLOSED


def test_without_scripts_one_logs_in_files_and_decides(
    app: Flask, employee: Account, visit: Visit
) -> None:
    page = visit(employee.login, scripts=False).go("/calls")
    page.locator("tbody").get_by_role("link", name="신청").click()
    page.get_by_label("신청용도").fill("민원 처리 내용 확인")
    page.get_by_label("신청사유").fill("안내받은 기한이 달라 확인하려 합니다.")
    page.locator("[name=signature_scan]").set_input_files(SIGNATURE)
    page.get_by_role("button", name="신청", exact=True).click()
    assert the_application().state == State.SUBMITTED

    custodian = visit("custodian", scripts=False).go("/intake")
    custodian.locator("tbody a.button").first.click()
    custodian.get_by_role("button", name="접수", exact=True).click()
    if custodian.locator("#search .call").count() == 0:
        custodian.get_by_role("search").get_by_role("button", name="찾기").click()
    custodian.get_by_role("button", name="연결 ").first.click()
    custodian.locator("#chosen input[type=checkbox]").check()
    custodian.get_by_role("button", name="결재 올림").click()

    for login, word in (("leader", "검토"), ("head", "승인")):
        approver = visit(login, scripts=False).go("/approvals")
        approver.locator("[data-queue-item] a").first.click()
        approver.locator(".plain-decision").get_by_role("button", name=word).click()
        expect(approver.locator("#messages")).to_contain_text(f"'{word}' 처리했습니다.")
    assert the_application().state == State.APPROVED


def log_in(visit: Visit, login: str) -> Page:
    page: Page = visit().go("/login")
    expect(page.locator("[name=login]")).to_be_focused()
    page.keyboard.type(login)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/login" not in url)
    return page


def file_by_keys(page: Page) -> None:
    page.goto("/calls")
    press(page, page.locator("tbody").get_by_role("link", name="신청"))
    reach(page, page.get_by_label("신청용도"))
    page.keyboard.type("민원 처리 내용 확인")
    reach(page, page.get_by_label("신청사유"))
    page.keyboard.type("안내받은 기한이 달라 확인하려 합니다.")
    upload(page, page.locator("[name=signature_scan]"))
    press(page, page.get_by_role("button", name="신청", exact=True))
    expect(page.locator("#history")).to_be_visible()


def receive_by_keys(page: Page) -> None:
    page.goto("/intake")
    press(page, page.locator("tbody a.button").first)
    press(page, page.get_by_role("button", name="접수", exact=True))
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(r"\d{4}-\d{4}"))
    if page.locator("#search .call").count() == 0:
        press(page, page.get_by_role("search").get_by_role("button", name="찾기"))
    press(page, page.get_by_role("button", name="연결 ").first)
    box = page.locator("#chosen input[type=checkbox]")
    expect(box).to_be_visible()
    reach(page, box)
    page.keyboard.press("Space")
    press(page, page.locator("#chosen").get_by_role("button", name="결재 올림"))
    page.wait_for_url("**/intake**")


def decide_by_keys(page: Page, word: str) -> None:
    page.goto("/approvals")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator("[data-queue-approve]")).to_be_visible()
    page.keyboard.press("a")
    press(page, page.locator("dialog[open]").get_by_role("button", name=word, exact=True))
    expect(page.locator("#panel-title")).to_have_text("처리했습니다")


def hand_over_by_keys(page: Page) -> None:
    page.goto("/handover")
    press(page, page.get_by_role("link", name="인계·인수", exact=True).last)
    reach(page, page.get_by_label("인수자 신분 확인"))
    page.keyboard.press("ArrowDown")
    press(page, page.get_by_role("button", name="인계·인수증 만들기"))
    press(page, page.locator("a[href$='/sign']"))
    upload(page, page.locator("[name=transferee_scan]"))
    upload(page, page.locator("[name=transferor_scan]"))
    press(page, page.get_by_role("button", name="위 내용을 확인하고 서명합니다"))
    expect(page.get_by_text("인계·인수가 끝났습니다.").first).to_be_visible()


def reach(page: Page, goal: Locator) -> None:
    """Press Tab until the focus is there; it must be seen on the way."""
    expect(goal).to_be_visible()
    there = goal.element_handle()
    for _ in range(120):
        page.keyboard.press("Tab")
        if not there.evaluate("e => e === document.activeElement || !e.isConnected"):
            continue
        there = goal.element_handle()  # what was swapped in stands in its place
        if there.evaluate("e => e === document.activeElement"):
            assert goal.evaluate(VISIBLE), f"the focus is not seen on {goal}"
            return
    raise AssertionError(f"Tab does not lead to {goal}")


def press(page: Page, goal: Locator) -> None:
    reach(page, goal)
    page.keyboard.press("Enter")


def upload(page: Page, goal: Locator) -> None:
    """A signature on paper, scanned: the way for those who cannot draw."""
    reach(page, goal)
    chosen: list[FileChooser] = []
    page.once("filechooser", lambda chooser: chosen.append(chooser))
    for _ in range(3):  # a busy browser now and then opens none: one presses again
        page.keyboard.press("Enter")
        for _ in range(50):
            if not chosen:
                page.wait_for_timeout(20)
        if chosen:
            break
    chosen[0].set_files(SIGNATURE)
