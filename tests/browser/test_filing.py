"""Filing in a real browser: two clicks from a call, no mouse, help that never stands in the way."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select

import factories
from browser.visitor import Visitor
from portal import clock
from portal.applications.models import Application
from portal.applications.states import State
from portal.extensions import db
from portal.roles import Role

Visit = Callable[..., Visitor]
FILED = re.compile(r"/applications/[0-9a-f]{32}$")
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def the_application() -> Application:
    db.session.rollback()
    return db.session.scalars(select(Application)).one()


@pytest.fixture
def counter(app: Flask, visit: Visit) -> Page:
    account = factories.account(Role.COUNTER)
    visitor = visit(account.login)
    visitor.expected.add(422)
    return visitor.go("/applications/new/citizen")


def test_a_call_is_applied_for_with_two_clicks_and_two_sentences(app: Flask, visit: Visit) -> None:
    account = factories.account()
    factories.recording(factories.extension("0316442101", account.person), callee="0316442101")
    page = visit(account.login).go("/calls")

    page.locator("tbody").get_by_role("link", name="신청").click()
    paper = page.locator("[data-paper]")
    expect(paper).to_contain_text("031-644-2101")
    page.get_by_label("신청용도").fill("민원 처리 내용 확인")
    page.get_by_label("신청사유").fill("안내받은 기한이 달라 확인하려 합니다.")
    page.get_by_label("제공", exact=False).check()
    expect(paper.locator("[data-paper-from=reason]")).to_have_text(
        "안내받은 기한이 달라 확인하려 합니다."
    )
    expect(paper.locator(".struck")).to_have_text("열람")
    page.locator("[name=signature_scan]").set_input_files(
        {"name": "서명.png", "mimeType": "image/png", "buffer": factories.signature()}
    )
    page.get_by_role("button", name="신청", exact=True).click()

    page.wait_for_url(FILED)
    assert the_application().state == State.SUBMITTED


def test_what_is_typed_is_read_back_and_pasting_is_never_stopped(counter: Page) -> None:
    said = {
        "caller_number": (("０１０ 1234-5678", "010-1234-5678"), ("02)644.123", "다시 확인")),
        "callee_number": (("2101", "내선 2101"), ("모름", "모르는 것으로")),
        "contact": (("a@b.kr", "a@b.kr"), ("+82 31 644 1234", "031-644-1234")),
        "birth_date": (("1980-03-04", "1980년 3월 4일"), ("19800231", "없는 날짜")),
        "business_no": (("124-81-00998", "124-81-00998"), ("124-81-00999", "끝자리")),
    }
    for name, tries in said.items():
        field = counter.locator(f"[name={name}]")
        for typed, heard in tries:
            field.focus()
            field.fill("")
            counter.keyboard.insert_text(typed)  # as pasted, all at once
            expect(counter.locator(f"#{name}-help")).to_contain_text(heard)
            expect(field).to_have_value(typed)
        assert f"{name}-help" in (field.get_attribute("aria-describedby") or "")


def test_what_is_typed_is_saved_while_typing(counter: Page) -> None:
    counter.get_by_label("성명(기관·단체명)").fill("남궁민수")
    counter.get_by_label("신청용도").fill("민원 처리 내용 확인")
    counter.keyboard.press("Tab")

    expect(counter.locator("#autosave")).to_contain_text("임시 저장했습니다")
    assert the_application().purpose == "민원 처리 내용 확인"
    assert the_application().state == State.DRAFT


def test_mistakes_are_summed_up_on_top_and_lead_to_their_fields(counter: Page) -> None:
    counter.get_by_label("성명(기관·단체명)").fill("남궁민수")
    counter.get_by_role("button", name="신청", exact=True).click()

    summary = counter.locator(".error-summary")
    expect(summary).to_be_focused()
    summary.get_by_role("link", name="송신번호").click()
    field = counter.locator("[name=caller_number]")
    expect(field).to_be_focused()
    assert field.get_attribute("aria-invalid") == "true"
    error = counter.locator(f"#{(field.get_attribute('aria-describedby') or '').split()[-1]}")
    expect(counter.locator("#caller_number-error")).to_contain_text("송신번호")
    expect(error).to_be_attached()
    expect(counter.get_by_label("성명(기관·단체명)")).to_have_value("남궁민수")


def test_the_counters_form_needs_no_mouse(counter: Page) -> None:
    began = clock.seoul(clock.now() - timedelta(hours=1))
    typed = {
        "applicant_name": "남궁민수",
        "birth_date": "19810621",
        "contact": "01098765432",
        "address": "이천시 증신로 153",
        "caller_number": "01098765432",
        "callee_number": "0316442101",
        "purpose": "민원 처리 내용 확인",
        "reason": "안내받은 내용을 다시 확인하려 합니다.",
    }
    keys = counter.keyboard
    counter.locator("#content").focus()
    reached: list[str] = []
    for _ in range(60):
        keys.press("Tab")
        name = counter.evaluate("document.activeElement.name || document.activeElement.id || ''")
        reached.append(name)
        if name in typed:
            keys.type(typed[name])
        elif name in ("identity_document", "party_check"):
            keys.press("ArrowDown")
        elif name == "asked_from" and not counter.locator("[name=asked_from]").input_value():
            keys.type(began.strftime("%m%d%Y"))
            keys.press("Tab")
            keys.type(began.strftime("%I%M%p"))
        elif name == "signature_scan":
            break
    counter.locator("[name=signature_scan]").set_input_files(
        {"name": "서명.png", "mimeType": "image/png", "buffer": factories.signature()}
    )
    evidence = {"name": "확인서.png", "mimeType": "image/png", "buffer": factories.paper()}
    counter.locator("[name=evidence]").set_input_files(evidence)
    counter.locator("[name=masked]").first.focus()
    keys.press("Space")
    counter.get_by_role("button", name="신청", exact=True).focus()
    keys.press("Enter")

    counter.wait_for_url(FILED)
    assert the_application().state == State.SUBMITTED
    assert the_application().applicant_name == "남궁민수"
    assert set(typed) <= set(reached)
