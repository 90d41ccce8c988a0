"""제공 as people walk it: applied for, decided, handed over with signatures, packed by the worker,
the password shown once, downloaded, opened with it outside, destroyed and confirmed."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
import pyzipper
from flask import Flask
from playwright.sync_api import expect

from browser import road
from browser.test_main_road import Visit, only_application, staff, take_in
from browser.visitor import Visitor
from portal import clock
from portal.applications.states import State
from portal.audit.verify import verify
from portal.extensions import db
from portal.packages.build import build_next
from portal.packages.gate import current_package
from portal.runtime import config


def apply_for_a_file(employee: Visitor) -> None:
    """내 통화 → 신청, 제공 instead of 열람."""
    page = employee.go("/calls")
    page.locator("tbody").get_by_role("link", name="신청").first.click()
    page.get_by_label("제공 (", exact=False).check()
    page.get_by_label("신청용도").fill("감사 자료 제출")
    page.get_by_label("신청사유").fill("처리 기한을 안내한 통화를 감사 부서에 내려고 합니다.")
    road.draw(employee, page.locator("[data-signature-pad]"))
    page.get_by_role("button", name="신청", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("접수 전")


def password_shown(employee: Visitor, application_id: str) -> str:
    page = employee.go(f"/packages/{application_id}")
    page.get_by_role("link", name="비밀번호 확인 화면 열기").click()
    page.get_by_role("button", name="비밀번호 보기").click()
    shown = page.locator(".package-password code")
    expect(shown).to_be_visible()
    employee.picture("package-password")
    return shown.inner_text().strip()


def downloaded(employee: Visitor, application_id: str, secret: str, to: Path) -> Path:
    page = employee.go(f"/packages/{application_id}")
    page.get_by_label("내려받는 사유").fill("신청한 파일 수령")
    page.locator("input[autocomplete=one-time-code]").fill(road.code_of(secret))
    page.get_by_role("button", name="내려받기 열기").click()
    employee.picture("package-download")
    with page.expect_download() as waiting:
        page.locator("#download a[download]").click()
    waiting.value.save_as(to)
    expect(page.get_by_text("제공을 마쳤습니다")).to_be_visible()
    return to


def test_a_file_from_the_application_to_its_destruction(
    app: Flask, visit: Visit, tmp_path: Path
) -> None:
    staff()
    sound = road.drop_call(
        config().drop, "call-1", caller="01012345678", callee="0316442101", extension="0316442101"
    )
    take_in()
    employee = visit("employee")
    apply_for_a_file(employee)
    control_no = road.take_in_and_forward(custodian := visit("custodian"))
    road.decide(visit("leader"), control_no, "검토")
    road.decide(visit("head"), control_no, "승인")
    road.hand_over(custodian, control_no, "공무원증")
    application = only_application()
    assert application.state == State.HANDED_OVER

    secret, name = road.enrol(employee), application.public_id
    password = password_shown(employee, name)
    db.session.rollback()
    assert build_next("test")
    db.session.rollback()
    with clock.at(timedelta(seconds=31)):  # the enrolment used up the code of its half minute
        path = downloaded(employee, name, secret, tmp_path / "package.zip")

    with pyzipper.AESZipFile(path) as package:
        assert not any("김하늘" in one or "0101234" in one for one in package.namelist())
        with pytest.raises(RuntimeError):
            package.read(package.namelist()[0])
        package.setpassword(password.encode())
        files = {one: package.read(one) for one in package.namelist()}
    assert sound in files.values()
    assert sum(data.startswith(b"%PDF") for data in files.values()) == 2
    db.session.rollback()
    taken = current_package(only_application())
    assert taken is not None and taken.state == "used" and taken.told_how == "own"

    page = employee.page
    page.get_by_role("link", name="파기확인", exact=True).last.click()
    page.get_by_label("파기한 날").fill(clock.today().isoformat())
    page.get_by_label("제공받은 파일과 그 사본을 모두 파기하였습니다.").check()
    page.locator("#confirm").get_by_role("button", name="파기확인").click()
    expect(page.get_by_text("파기를 확인하고")).to_be_visible()
    employee.picture("destruction-confirmed")
    assert only_application().state == State.CLOSED
    db.session.rollback()
    assert verify().sound
