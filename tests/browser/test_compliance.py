"""The auditor's visit: the articles, the log, and the month that the head signs."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import expect

import factories
from access_log.writing import log
from portal import clock
from portal.access_log.months import Month
from portal.roles import Role


def test_head_and_auditor_check_a_month_and_see_the_articles(app: Any, visit: Any) -> None:
    month = Month.of(clock.now()).before
    clerk = factories.account(name="홍길동")
    head = factories.account(Role.DIVISION_HEAD, name="윤서연")
    auditor = factories.account(Role.AUDITOR, name="감사자")
    application = factories.forwarded_application()
    log("view", clerk, month.start, count=12, on=application)
    log("access.refused", clerk, month.start)

    first = visit(head.login)
    page = first.go(f"/log/months/{month.key}")
    expect(page.locator("#repeated")).to_contain_text("12회 조회")
    page.fill("textarea[name=opinion]", "민원 처리로 확인함")
    page.get_by_role("button", name="점검에 서명").click()
    expect(page.locator("#result")).to_contain_text("민원 처리로 확인함")
    first.picture("month")

    second = visit(auditor.login)
    page = second.go("/log")
    page.fill("input[name=who]", "홍길동")
    page.get_by_role("button", name="조회").click()
    expect(page.locator("#log")).to_contain_text("총 13건")
    expect(page.locator("#log tbody tr").first).to_contain_text("권한 없는 화면 접근")
    second.picture("log")
    page = second.go(f"/log/months/{month.key}")
    page.fill("textarea[name=opinion]", "이상 없음")
    page.get_by_role("button", name="교차 확인").click()
    expect(page.locator("#result")).to_contain_text("이상 없음")
    page = second.go("/compliance")
    expect(page.locator("main")).to_contain_text("서명하지 않은 달 0개")
    expect(page.locator("main")).to_contain_text("작업기가 돌고 있지 않습니다")
    second.picture("compliance")
