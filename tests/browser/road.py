"""The steps of the main road as people click them; the tests put them together."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path

import pyotp
from playwright.sync_api import Locator, expect

from browser.visitor import Visitor
from factories import PASSWORD
from portal import clock
from portal.demo.voices import conversation, write_wav


def drop_call(
    folder: Path,
    name: str,
    *,
    caller: str,
    callee: str,
    extension: str,
    seconds: float = 12,
    called_at: datetime | None = None,
    codec: str = "PCM_16",
) -> bytes:
    """Put a call into the drop folder as a recorder does; its sound's bytes."""
    called_at = called_at or clock.now() - timedelta(minutes=15)
    sound = BytesIO()
    write_wav(sound, conversation(seconds, seed=len(name)), codec=codec)
    sidecar = {
        "called_at": called_at.isoformat(),
        "duration_s": seconds,
        "caller": caller,
        "callee": callee,
        "extension": extension,
        "direction": "inbound",
        "source": "pbx",
        "source_id": name,
        "channels": ["caller", "callee"],
        "notice": {"kind": "announcement", "source": "교환기"},
    }
    (folder / f"{name}.wav").write_bytes(sound.getvalue())
    (folder / f"{name}.json").write_text(json.dumps(sidecar))
    return sound.getvalue()


def draw(visitor: Visitor, pad: Locator) -> None:
    """Sign with the mouse on a pad."""
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box is not None
    mouse = visitor.page.mouse
    mouse.move(box["x"] + 30, box["y"] + box["height"] * 0.6)
    mouse.down()
    for step in range(1, 12):
        mouse.move(box["x"] + 30 + step * 14, box["y"] + box["height"] * (0.3 if step % 2 else 0.7))
    mouse.up()


def apply_from_call(employee: Visitor) -> None:
    """내 통화 → 신청: purpose, reason, signature."""
    page = employee.go("/calls")
    employee.picture("own-calls")
    page.locator("tbody").get_by_role("link", name="신청").first.click()
    page.get_by_label("신청용도").fill("민원 처리 내용 확인")
    page.get_by_label("신청사유").fill(
        "안내받은 처리 기한이 실제와 달라 통화 내용을 확인하려 합니다."
    )
    draw(employee, page.locator("[data-signature-pad]"))
    employee.picture("filing")
    page.get_by_role("button", name="신청", exact=True).click()
    expect(
        page.get_by_text("제출", exact=False).or_(page.get_by_text("접수")).first
    ).to_be_visible()


def take_in_and_forward(custodian: Visitor) -> str:
    """접수함: receive, match, forward; the control number."""
    page = custodian.go("/intake")
    custodian.picture("intake")
    page.locator("tbody a.button").first.click()
    page.get_by_role("button", name="접수", exact=True).click()
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text(re.compile(rf"{clock.today().year}-\d{{4}}"))
    control_no = heading.inner_text().strip()
    search = page.get_by_role("search", name="녹취 찾기")
    if page.locator("#search .call").count() == 0:
        search.get_by_role("button", name="찾기").click()
    page.get_by_role("button", name="연결 ").first.click()
    expect(page.locator("#chosen .call")).to_have_count(1)
    custodian.picture("intake-item")
    page.locator("#chosen input[type=checkbox]").check()
    page.locator("#chosen").get_by_role("button", name="결재 올림").click()
    page.wait_for_url("**/intake**")
    return control_no


def decide(approver: Visitor, control_no: str, word: str) -> None:
    """결재대기함: open in place, decide in place, without a reload."""
    page = approver.go("/approvals")
    page.evaluate("window.notReloaded = true")
    page.get_by_role("link", name=control_no).click()
    expect(page.locator("#panel-title")).to_contain_text(control_no)
    approver.picture(f"queue-{word}")
    page.locator(".actions.scripted").get_by_role("button", name=word, exact=True).click()
    page.locator("dialog[open]").get_by_role("button", name=word, exact=True).click()
    expect(page.locator("#panel-title")).to_have_text("처리했습니다")
    expect(page.locator("#queue-list").get_by_text(control_no)).to_have_count(0)
    assert page.evaluate("window.notReloaded") is True


def hand_over(custodian: Visitor, control_no: str, identity: str) -> None:
    """인계·인수: prepare, turn the screen, both sign."""
    page = custodian.go("/handover")
    row = page.get_by_role("row").filter(has_text=control_no)
    row.get_by_role("link", name="인계·인수").click()
    page.get_by_label("인수자 신분 확인").select_option(identity)
    page.get_by_role("button", name="인계·인수증 만들기").click()
    custodian.picture("handover")
    sign_on_turned_screen(custodian)
    draw(custodian, page.locator("[data-signature-pad]"))
    page.get_by_role("button", name="위 내용을 확인하고 서명합니다").click()
    expect(page.get_by_text("인계·인수가 끝났습니다.").first).to_be_visible()
    custodian.picture("handed-over")


def sign_on_turned_screen(custodian: Visitor) -> None:
    """The 인수자 signs; meanwhile nothing else opens, and the password gives the screen back."""
    page = custodian.page
    page.get_by_role("button", name="인수자에게 화면 돌리기").click()
    expect(page.get_by_text("인수자 본인이 모두 책임질 것을 서약합니다")).to_be_visible()
    screen = page.url
    page.go_back()
    custodian.go("/ledger")
    page.reload()
    assert page.url == screen
    draw(custodian, page.locator("[data-signature-pad]"))
    custodian.picture("signing")
    page.get_by_role("button", name="위 내용을 확인하고 서명합니다").click()
    expect(page.get_by_text("담당자에게 화면을 돌려주십시오.")).to_be_visible()
    custodian.picture("signed")
    page.get_by_label("담당자 비밀번호").fill(PASSWORD)
    page.get_by_role("button", name="화면 되돌리기").click()
    page.wait_for_url("**/sign")


def enrol(person: Visitor) -> str:
    """인증 앱 등록 with the secret shown; returns it."""
    page = person.go("/otp/enrol")
    page.get_by_label("비밀번호").fill(PASSWORD)
    page.get_by_role("button", name="다음").click()
    secret = page.locator("code.num").inner_text().replace(" ", "")
    person.picture("otp-secret")
    page.locator("input[autocomplete=one-time-code]").fill(code_of(secret))
    page.get_by_role("button", name="등록").click()
    expect(page.get_by_role("heading", level=1, name="복구 코드")).to_be_visible()
    return secret


def code_of(secret: str) -> str:
    return pyotp.TOTP(secret).at(clock.now())


def unlock(listener: Visitor, application_id: str, secret: str, *, identity: str = "") -> None:
    """The unlock page: purpose and a fresh code."""
    page = listener.go(f"/listening/{application_id}")
    if identity:
        page.locator("[name=identity_document]").select_option(identity)
    page.get_by_label("목적").fill("안내 내용 확인")
    page.locator("input[autocomplete=one-time-code]").fill(code_of(secret))
    listener.picture("unlock")
    page.get_by_role("button", name="열람 시작").click()
    expect(page.locator("[data-player]")).to_be_visible()


def play(listener: Visitor) -> float:
    """Press play; the seconds that were played after a moment."""
    page = listener.page
    page.locator("[data-player-toggle]").click()
    expect(page.locator("[data-player-time]")).not_to_have_text(re.compile(r"^0:00"))
    listener.picture("player")
    played: float = page.evaluate("document.querySelector('[data-player-audio]').currentTime")
    return played
