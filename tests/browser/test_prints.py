"""내 문서: a year of the ledger is asked for, left, picked up later, and gone in time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from flask import Flask
from playwright.sync_api import expect

import factories
from browser.visitor import Visitor
from ledger.test_pages import entered
from portal import clock
from portal.prints.start import Prints
from portal.roles import Role
from portal.runtime import settings


def test_a_long_print_is_left_picked_up_later_and_expires(
    app: Flask, visit: Callable[..., Visitor]
) -> None:
    entered()
    year = clock.today().year
    factories.account(Role.AUDITOR, login="auditor")
    auditor, prints = visit("auditor"), Prints()

    page = auditor.go(f"/ledger?year={year}")
    page.get_by_role("button", name=f"{year}년 인쇄본·엑셀").click()
    page.locator("#reason").fill("연말 정리")
    page.get_by_role("button", name="인쇄본 만들기").click()
    expect(page.locator("#prints").get_by_text("대기")).to_be_visible()
    auditor.picture("prints-waiting")
    auditor.go("/ledger")  # something else meanwhile
    prints.turn()
    prints.wait(600)  # it steps back for whatever else runs
    prints.turn()

    page = auditor.go("/prints")
    expect(page.locator("#prints").get_by_text("완료")).to_be_visible()
    auditor.picture("prints-done")
    with page.expect_download() as downloading:
        page.get_by_role("link", name=f"{year}년 관리대장 인쇄본 받기").click()
    download = downloading.value
    assert download.suggested_filename == f"ledger-{year}.pdf"
    assert download.path().read_bytes().startswith(b"%PDF-")

    with clock.at(clock.now() + timedelta(days=settings().papers.kept_days, minutes=1)):
        auditor.context.clear_cookies()
        auditor.log_in("auditor")
        page = auditor.go("/prints")
        expect(page.get_by_text("요청하신 문서가 없습니다")).to_be_visible()
        auditor.picture("prints-expired")
