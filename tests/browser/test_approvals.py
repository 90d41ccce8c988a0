"""The queue in a real browser: by mouse, by keyboard, on a phone, without scripts, two at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

import factories
from browser.visitor import Visitor
from portal import clock
from portal.accounts.models import Account
from portal.applications.models import Application
from portal.applications.states import State
from portal.approvals import decide
from portal.database import write
from portal.extensions import db
from portal.ledger.write_row import write_row
from portal.roles import Role

Arrive = Callable[..., Visitor]


@pytest.fixture
def arrive(chromium: Browser, address: str, visitors: list[Visitor]) -> Arrive:
    """Open the queue as somebody in a browser of their own."""

    def open_queue(account: Account, **options: bool) -> Visitor:
        visitor = Visitor(chromium, address, **options)
        visitors.append(visitor)
        visitor.log_in(account.login)
        visitor.go("/approvals")
        return visitor

    return open_queue


@pytest.fixture
def leader(app: Flask) -> Account:
    return factories.account(Role.TEAM_LEADER, name="박정호")


@pytest.fixture
def three(app: Flask) -> list[Application]:
    """Three applications for the leader, in the order of their due dates."""
    today = clock.today()
    return [
        factories.forwarded_application(
            control_no=f"2026-010{n}",
            due_on=today + timedelta(days=n),
            applicant_name=name,
            disclosure_type="provision" if n == 2 else "inspection",
        )
        for n, name in ((1, "김민수"), (2, "이하영"), (3, "박준호"))
    ]


def state_of(application: Application) -> str:
    db.session.rollback()
    db.session.refresh(application)
    return application.state


def test_a_decision_in_place_by_keyboard_alone(
    arrive: Arrive, leader: Account, three: list[Application]
) -> None:
    visitor = arrive(leader)
    page = visitor.page
    page.evaluate("window.stayed = true")

    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator("#panel-title")).to_contain_text("2026-0102")
    visitor.picture("queue-open")
    page.keyboard.press("a")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("과장에게 올리시겠습니까?")
    visitor.picture("queue-dialog")
    page.keyboard.type("의견 없음")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(page.locator("#row-" + three[1].public_id)).to_have_count(0)
    expect(page.locator("#open-" + three[2].public_id)).to_be_focused()
    expect(page.locator("#live")).to_contain_text("2026-0102 신청을 '검토' 처리했습니다.")
    assert page.evaluate("window.stayed"), "the page was loaded anew"
    assert page.url.endswith("/approvals")
    visitor.picture("queue-decided")
    assert state_of(three[1]) == State.REVIEWED


def test_a_return_without_opinion_is_asked_for_and_what_is_typed_stays(
    arrive: Arrive, leader: Account, three: list[Application]
) -> None:
    visitor = arrive(leader)
    visitor.expected.add(422)
    page = visitor.page
    page.get_by_role("link", name="2026-0101").click()
    expect(page.locator("#panel-title")).to_contain_text("2026-0101")

    page.keyboard.press("r")
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="반려").click()
    expect(dialog.get_by_text("의견을 적어 주십시오.", exact=False)).to_be_visible()
    expect(dialog.get_by_role("textbox")).to_be_focused()
    visitor.picture("queue-missing-opinion")
    dialog.get_by_role("textbox").fill("가입사실확인서를 보완해 주십시오.")
    dialog.get_by_role("button", name="반려").click()

    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.locator("#row-" + three[0].public_id)).to_have_count(0)
    assert state_of(three[0]) == State.RECEIVED
    assert three[0].transitions[-1].opinion == "가입사실확인서를 보완해 주십시오."


def test_of_two_approvers_the_second_reads_who_won_and_loses_no_word(
    arrive: Arrive, leader: Account, three: list[Application]
) -> None:
    first, second = arrive(factories.account(Role.TEAM_LEADER, name="이다른")), arrive(leader)
    second.expected.add(409)
    for visitor in (first, second):
        visitor.page.get_by_role("link", name="2026-0101").click()
        expect(visitor.page.locator("#panel-title")).to_contain_text("2026-0101")
    second.page.get_by_role("button", name="검토").first.click()
    second.page.get_by_role("dialog").get_by_role("textbox").fill("제 의견입니다")

    first.page.get_by_role("button", name="검토").first.click()
    first.page.get_by_role("dialog").get_by_role("button", name="검토").click()
    expect(first.page.locator("#row-" + three[0].public_id)).to_have_count(0)
    second.page.get_by_role("dialog").get_by_role("button", name="검토").click()

    panel = second.page.locator("#panel")
    expect(panel).to_contain_text("이다른(팀장)님이")
    expect(panel).to_contain_text("먼저 '검토' 처리를")
    expect(panel).to_contain_text("제 의견입니다")
    expect(second.page.get_by_role("dialog")).to_have_count(0)
    second.picture("queue-who-won")


def ask_for_news(visitor: Visitor) -> None:
    """What the page does every fifteen seconds, now."""
    with visitor.page.expect_response(lambda r: "/approvals/poll" in r.url and r.status == 200):
        visitor.page.evaluate(
            """() => {
              const list = document.querySelector("#queue-list");
              const address = "/approvals/poll?version=old&open=" +
                document.querySelector("#panel-open").value;
              htmx.ajax("GET", address, {target: list, swap: "innerMorph"});
            }"""
        )


def test_news_arrive_without_losing_focus_or_a_typed_word(
    arrive: Arrive, leader: Account, three: list[Application]
) -> None:
    visitor = arrive(leader)
    page = visitor.page
    page.get_by_role("link", name="2026-0102").click()
    expect(page.locator("#panel-title")).to_contain_text("2026-0102")
    page.keyboard.press("r")
    box = page.get_by_role("dialog").get_by_role("textbox")
    box.fill("아직 쓰는 중")
    urgent = factories.forwarded_application(control_no="2026-0199", due_on=clock.today())
    other = factories.account(Role.TEAM_LEADER, name="이다른")
    with write():
        decide.review(three[1], by=other)

    ask_for_news(visitor)

    expect(page.locator("#row-" + urgent.public_id)).to_be_attached()
    expect(page.locator("#row-" + three[1].public_id)).to_have_count(0)
    expect(page.locator("#panel-news")).to_contain_text("이다른(팀장)님이")
    expect(box).to_be_focused()
    expect(box).to_have_value("아직 쓰는 중")
    page.keyboard.press("Escape")
    page.locator("#open-" + three[2].public_id).focus()
    ask_for_news(visitor)
    expect(page.locator("#open-" + three[2].public_id)).to_be_focused()


def test_the_page_asks_for_news_by_itself(
    arrive: Arrive, leader: Account, three: list[Application]
) -> None:
    visitor = arrive(leader)
    page = visitor.page
    page.clock.install()
    visitor.go("/approvals")
    arrived = factories.forwarded_application(control_no="2026-0199")

    page.clock.fast_forward(20_000)  # it asks every fifteen seconds

    expect(page.locator("#row-" + arrived.public_id)).to_be_attached()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_back_and_forward_walk_through_what_was_opened_and_searched(
    arrive: Arrive, leader: Account, three: list[Application]
) -> None:
    page = arrive(leader).page
    title = page.locator("#panel-title")
    page.get_by_role("link", name="2026-0101").click()
    expect(title).to_contain_text("2026-0101")
    page.get_by_role("link", name="2026-0102").click()
    expect(title).to_contain_text("2026-0102")
    page.get_by_text("검색 조건").click()
    page.get_by_label("구분").select_option("provision")
    page.get_by_role("button", name="조회").click()
    expect(page.locator("[data-queue-item]")).to_have_count(1)
    assert "kind=provision" in page.url

    page.go_back()
    expect(title).to_contain_text("2026-0102")
    expect(page.locator("[data-queue-item]")).to_have_count(3)
    page.go_back()
    expect(title).to_contain_text("2026-0101")
    page.go_forward()
    expect(title).to_contain_text("2026-0102")
    page.go_forward()
    expect(page.locator("[data-queue-item]")).to_have_count(1)
    expect(page.get_by_label("구분")).to_have_value("provision")


def test_without_scripts_one_opens_and_decides(
    arrive: Arrive, leader: Account, three: list[Application]
) -> None:
    visitor = arrive(leader, scripts=False)
    page = visitor.page

    page.get_by_role("link", name="2026-0101").click()
    visitor.picture("queue-without-scripts")
    page.locator("#plain-opinion").fill("보완해 주십시오.")
    page.get_by_role("button", name="반려").click()

    expect(page.locator("#messages")).to_contain_text("'반려' 처리했습니다.")
    assert state_of(three[0]) == State.RECEIVED


def test_on_a_phone_the_panel_comes_into_view_and_nothing_is_cut(
    arrive: Arrive, leader: Account, three: list[Application]
) -> None:
    visitor = arrive(leader, phone=True)
    page = visitor.page
    visitor.picture("queue-phone-list")

    page.get_by_role("link", name="2026-0101").click()
    expect(page.locator("#panel-title")).to_contain_text("2026-0101")
    expect(page.locator("#panel-title")).to_be_in_viewport()
    visitor.picture("queue-phone-open")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.get_by_role("button", name="검토").first.click()
    expect(page.get_by_role("dialog")).to_be_in_viewport()
    visitor.picture("queue-phone-dialog")
    page.get_by_role("dialog").get_by_role("button", name="검토").click()
    expect(page.locator("#row-" + three[0].public_id)).to_have_count(0)


def test_who_may_not_decide_sees_why_and_no_button(arrive: Arrive, leader: Account) -> None:
    line = factories.extension("0316441234", leader.person)
    factories.forwarded_application(factories.recording(line), control_no="2026-0101")
    visitor = arrive(leader)
    page = visitor.page

    expect(page.locator(".queue-item.blocked")).to_contain_text("대결 필요")
    page.get_by_role("link", name="2026-0101").click()

    expect(page.locator("#panel")).to_contain_text("해당 통화의 당사자이므로")
    expect(page.locator("[data-queue-approve]")).to_have_count(0)
    visitor.picture("queue-conflict")


def test_the_head_names_who_hands_over_and_reads_the_leaders_opinion(arrive: Arrive) -> None:
    officer = factories.account(Role.COUNTER, name="최창구")
    application = factories.forwarded_application(
        state=State.REVIEWED,
        control_no="2026-0101",
        office_id=officer.person.postings[0].department_id,
    )
    with write():
        application.steps[0].opinion = "제공보다 열람이 알맞습니다."
        application.transitions[-1].opinion = "제공보다 열람이 알맞습니다."
    visitor = arrive(factories.account(Role.DIVISION_HEAD, name="윤서연"))
    page = visitor.page
    page.get_by_role("link", name="2026-0101").click()
    expect(page.locator("#panel .timeline")).to_contain_text("제공보다 열람이 알맞습니다.")

    page.keyboard.press("a")
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("인계자").select_option(label="최창구 (민원과)")
    visitor.picture("queue-approve")
    dialog.get_by_role("button", name="승인").click()

    expect(page.locator("#panel")).to_contain_text("모두 처리하셨습니다")
    assert state_of(application) == State.APPROVED
    assert application.transferor_id == officer.id


def test_the_ledger_fits_the_screen(
    chromium: Browser, address: str, visitors: list[Visitor], app: Flask
) -> None:
    for n, name in enumerate(("김민수", "이하영", "박준호")):
        application = factories.forwarded_application(
            state=State.APPROVED,
            applicant_name=name,
            disclosure_type="provision" if n == 1 else "inspection",
            reason="안내받은 서류 목록이 실제와 달라 통화 내용을 확인하고자 합니다. " * (n + 1),
        )
        with write():
            write_row(
                application,
                basis="제7조제1항제2호",
                transferor_name="이보안",
                transferee_name=name,
                affiliation="경기도 이천시 부악로 40 (중리동)",
            )
    auditor = factories.account(Role.AUDITOR)
    for phone in (False, True):
        visitor = Visitor(chromium, address, phone=phone)
        visitors.append(visitor)
        visitor.log_in(auditor.login)
        page = visitor.go("/ledger")

        page.get_by_label("구분").select_option("provision")
        page.get_by_role("button", name="조회").click()
        expect(page.locator("tbody tr")).to_have_count(1)
        page.get_by_role("link", name="초기화").click()
        expect(page.locator("tbody tr")).to_have_count(3)
        visitor.picture(f"ledger-{'phone' if phone else 'desktop'}")
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
