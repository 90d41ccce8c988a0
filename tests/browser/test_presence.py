"""The end of a login is said before it comes, and nothing typed is lost when it came; nor when the
connection goes. The clocks of server and page are moved together."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select, update

import factories
from browser.visitor import Visitor
from portal import clock
from portal.accounts.models import Account, LoginSession
from portal.database import write
from portal.extensions import db
from portal.roles import Role
from restrictions.cases import Case

Visit = Callable[..., Visitor]


@pytest.fixture
def person(app: Flask) -> Account:
    return factories.account(Role.COUNTER, name="이창구")


@contextmanager
def later(minutes: int, *pages: Page) -> Iterator[None]:
    """Some minutes on, for the server and for the timers of the pages."""
    with clock.at(timedelta(minutes=minutes)):
        for page in pages:
            page.clock.fast_forward(minutes * 60_000)
        yield


def seen_at(account: Account) -> object:
    db.session.rollback()
    return db.session.scalar(
        select(LoginSession.seen_at)
        .where(LoginSession.account_id == account.id)
        .order_by(LoginSession.id.desc())
    )


def opened(visitor: Visitor, path: str) -> Page:
    visitor.page.clock.install()
    return visitor.go(path)


def forgive(visitor: Visitor) -> None:
    """What the browser itself writes down about requests that were cut off."""
    cut = ("ERR_FAILED", "ERR_INTERNET_DISCONNECTED", "Failed to fetch", "htmx:error: timeout")
    visitor.complaints = [c for c in visitor.complaints if not any(word in c for word in cut)]


def test_the_page_warns_shows_the_time_left_and_lengthens_on_purpose_only(
    visit: Visit, person: Account
) -> None:
    visitor = visit(person.login)
    page = opened(visitor, "/applications")
    before = seen_at(person)

    with later(26, page):
        dialog = page.get_by_role("alertdialog", name="곧 로그아웃됩니다")
        expect(dialog).to_contain_text("남았습니다")
        expect(dialog.get_by_role("timer")).to_have_text(re.compile(r"[34]분 \d\d초"))
        assert seen_at(person) == before, "asking lengthened the login"
        visitor.picture("session-warning")
        dialog.get_by_role("button", name="계속 사용하기").click()
        expect(dialog).to_have_count(0)
        assert seen_at(person) != before
    forgive(visitor)


def test_who_sits_before_a_turned_screen_is_warned_too_and_sent_to_the_officer_at_the_end(
    app: Flask, visit: Visit
) -> None:
    case = Case()
    notice = case.approved()
    visitor = visit(case.custodian.login)
    page = opened(visitor, f"/restrictions/{notice.public_id}")
    page.get_by_role("button", name="받을 사람에게 화면 돌리기").click()
    page.wait_for_url("**/screen")

    with later(26, page):
        dialog = page.get_by_role("alertdialog", name="곧 이 화면이 닫힙니다")
        dialog.get_by_role("button", name="계속 사용하기").click()
        expect(dialog).to_have_count(0)
    with later(60, page):
        over = page.get_by_role("alertdialog", name="이 화면을 쓸 수 있는 시간이 끝났습니다")
        expect(over).to_contain_text("담당자에게 화면을 돌려주십시오")
    forgive(visitor)


def test_what_was_typed_survives_the_end_and_goes_on_after_logging_in_again(
    visit: Visit, person: Account
) -> None:
    visitor = visit(person.login)
    visitor.expected |= {401, 422}
    page = opened(visitor, "/account/password")
    page.locator("input[name=new]").fill("a longer new secret")

    with later(31, page):
        over = page.get_by_role("alertdialog", name="로그인이 끝났습니다")
        expect(over).to_be_visible()
        page.keyboard.press("Escape")
        expect(over).to_be_visible()
        visitor.picture("session-over")
        with page.expect_popup() as popup:
            over.get_by_role("link", name="새 창에서 다시 로그인").click()
        again = popup.value
        again.fill("input[name=login]", person.login)
        again.fill("input[name=password]", factories.PASSWORD)
        again.click("main form button:not([type=button])")

        expect(over).to_have_count(0)
        expect(page.get_by_text("다시 로그인하셨습니다.")).to_be_visible()
        expect(page.locator("input[name=new]")).to_have_value("a longer new secret")
        page.locator("main form button:not([type=button])").click()  # with the new login's token
        expect(page.locator("[aria-invalid]").first).to_be_visible()
    forgive(visitor)


def test_staying_in_one_tab_takes_the_warning_from_the_other(visit: Visit, person: Account) -> None:
    visitor = visit(person.login)
    first = opened(visitor, "/applications")
    second = visitor.context.new_page()
    second.clock.install()
    second.goto("/account")

    with later(27, first, second):
        for page in (first, second):
            expect(page.get_by_role("alertdialog")).to_be_visible()
        second.get_by_role("button", name="계속 사용하기").click()
        expect(first.get_by_role("alertdialog")).to_have_count(0)
    forgive(visitor)


def test_the_absolute_end_cannot_be_put_off(visit: Visit, app: Flask, person: Account) -> None:
    hours = app.extensions["portal"].config.settings.login.absolute_hours
    visitor = visit(person.login)
    with clock.at(timedelta(hours=hours) - timedelta(minutes=3)):
        with write() as session:
            session.execute(
                update(LoginSession)
                .where(LoginSession.account_id == person.id)
                .values(seen_at=clock.now())
            )
        page = visitor.go("/applications")

        dialog = page.get_by_role("alertdialog")
        expect(dialog).to_contain_text("더 늘릴 수 없습니다")
        expect(dialog.get_by_role("button", name="계속 사용하기")).to_have_count(0)


def test_logging_out_in_one_tab_ends_the_other(visit: Visit, person: Account) -> None:
    visitor = visit(person.login)
    first = visitor.go("/applications")
    second = visitor.context.new_page()
    second.goto("/account")

    second.get_by_role("button", name="로그아웃").click()

    expect(first.get_by_role("alertdialog", name="로그인이 끝났습니다")).to_be_visible()


def test_a_form_stays_with_what_was_typed_where_the_login_was_ended_elsewhere(
    visit: Visit, person: Account
) -> None:
    visitor = visit(person.login)
    page = opened(visitor, "/account/password")
    page.locator("input[name=new]").fill("a longer new secret")
    with write() as session:
        session.execute(update(LoginSession).values(ended_at=clock.now()))

    with later(1, page):
        page.locator("main form button:not([type=button])").first.click()
        expect(page.get_by_role("alertdialog", name="로그인이 끝났습니다")).to_be_visible()
        expect(page.locator("input[name=new]")).to_have_value("a longer new secret")
    forgive(visitor)


def test_a_lost_connection_is_said_nothing_is_sent_or_lost_and_it_goes_on(
    visit: Visit, person: Account
) -> None:
    visitor = visit(person.login)
    page = visitor.go("/account/password")
    page.locator("input[name=new]").fill("a longer new secret")
    page.evaluate("window.stayed = true")

    visitor.context.set_offline(True)
    expect(page.get_by_text("서버에 연결되지 않습니다.")).to_be_visible()
    page.locator("main form button:not([type=button])").first.click()
    expect(page.get_by_text("연결이 끊겨 보내지 않았습니다.")).to_be_visible()
    visitor.picture("connection-lost")
    visitor.context.set_offline(False)

    expect(page.get_by_text("서버에 다시 연결되었습니다.")).to_be_visible()
    expect(page.locator("input[name=new]")).to_have_value("a longer new secret")
    assert page.evaluate("window.stayed")
    forgive(visitor)


def test_a_list_that_could_not_be_asked_for_can_be_asked_again(
    visit: Visit, person: Account
) -> None:
    visitor = visit(person.login)
    page = visitor.go("/applications")
    # Not by Playwright's interception: taking that back hung the whole run, now and then.
    page.evaluate(
        """() => { there = fetch; fetch = (to, asked) => String(to).endsWith("/find")
            ? Promise.reject(new TypeError("Failed to fetch")) : there(to, asked) }"""
    )
    page.get_by_label("검색어").fill("2026-0001")
    page.get_by_role("button", name="조회").click()
    failure = page.get_by_role("alert").filter(has_text="서버에 연결하지 못했습니다.")
    expect(failure).to_be_visible()

    page.evaluate("() => { fetch = there }")
    failure.get_by_role("button", name="다시 시도").click()

    page.wait_for_url("**/applications?f=*")
    expect(failure).to_have_count(0)
    assert "2026-0001" not in page.url
    page.go_back()
    page.wait_for_url("**/applications")
    forgive(visitor)
