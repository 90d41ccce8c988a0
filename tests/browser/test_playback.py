"""Hearing in a real Chromium: it plays, seeks and stops, a mebibyte at a time."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page, Response, expect
from sqlalchemy import select, update

import factories
from browser.visitor import Visitor
from otp.devices import code_at, enrolled
from playback.hearing import STEP, own, with_sound
from portal import clock
from portal.accounts.models import Account, LoginSession
from portal.applications.models import Application
from portal.applications.states import State
from portal.database import write
from portal.extensions import db
from portal.handover.models import HandoverReceipt
from portal.playback.byte_range import MOST
from portal.playback.models import ListeningSession, ServedRange
from portal.playback.open_session import end_session
from recordings.sounds import coded, wav, wav_header
from restrictions.cases import Case

MINUTES = 4
MEBIBYTE = 1024 * 1024
ASKED_AGAIN = 6_000  # milliseconds; the player asks every five seconds whether it may go on


def test_a_long_call_is_heard_and_sought_and_a_gsm_call_too(
    app: Flask, visit: Callable[[str], Visitor]
) -> None:
    account = factories.account(name="김하늘")
    device = enrolled(account, clock.now() - 120 * STEP)
    long, gsm = with_sound(wav(seconds=60 * MINUTES)), with_sound(wav("GSM610", channels=1))
    application = own(account, long, gsm)
    visitor = visit(account.login)
    page, answers = visitor.page, listen_to(visitor.page)

    visitor.go(f"/listening/{application.public_id}")
    page.fill("input[name=purpose]", "안내받은 내용 확인")
    visitor.picture("playback-unlock")
    page.fill("input[name=code]", code_at(device, clock.now()))
    page.click("text=열람 시작")
    page.wait_for_selector("[data-player-stage]:not([hidden])")
    visitor.picture("playback-player")
    play(page)
    wait_until_heard(page, 1)
    seek(page, 60 * MINUTES - 20)
    wait_until_heard(page, 60 * MINUTES - 19)

    assert answers
    assert {answer.status for answer in answers} == {206}
    assert all(int(answer.headers["content-length"]) <= MOST for answer in answers)
    assert page.evaluate("document.querySelector('audio').error") is None
    assert _heard_to_the_end(long.id, long.size)

    page.click("[data-player-item] >> nth=1")
    play(page)
    wait_until_heard(page, 1)
    assert page.evaluate("document.querySelector('audio').duration") > 2

    visitor.expected |= {410}  # the player may ask once more before the next page comes
    page.click("text=모두 들었습니다")
    page.click("dialog[open] button.primary")
    page.wait_for_url(f"**/applications/{application.public_id}")
    db.session.rollback()
    assert application.state == State.CLOSED


def test_every_format_that_is_taken_in_plays(app: Flask, visit: Callable[[str], Visitor]) -> None:
    account = factories.account()
    device = enrolled(account, clock.now() - 120 * STEP)
    sounds = [wav(codec) for codec in ("PCM_16", "ALAW", "ULAW", "IMA_ADPCM")]
    sounds += [coded("FLAC", "PCM_16"), coded("OGG", "OPUS"), coded("MP3", "MPEG_LAYER_III")]
    application = own(account, *(with_sound(sound) for sound in sounds))
    visitor = visit(account.login)
    page = unlock(visitor, application.public_id, code_at(device, clock.now()))

    for number in range(len(sounds)):
        page.click(f"[data-player-item] >> nth={number}")
        play(page)
        wait_until_heard(page, 0.3)
        assert page.evaluate("document.querySelector('audio').error") is None


def test_the_player_stops_and_says_why_when_the_session_is_ended_elsewhere(
    app: Flask, visit: Callable[[str], Visitor]
) -> None:
    account = factories.account()
    device = enrolled(account, clock.now() - 120 * STEP)
    application = own(account, with_sound(wav(seconds=60)))
    visitor = visit(account.login)
    visitor.expected.add(410)
    visitor.page.clock.install()
    page = unlock(visitor, application.public_id, code_at(device, clock.now()))
    play(page)
    wait_until_heard(page, 1)

    with write() as session:
        end_session(session.scalars(select(ListeningSession)).one(), None, "ended")
    page.clock.fast_forward(ASKED_AGAIN)

    page.wait_for_selector(".player-reason >> text=열람을 종료했습니다", timeout=20_000)
    assert page.evaluate("document.querySelector('audio').paused")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_of_an_hour_only_what_is_heard_is_asked_for_and_nothing_before_somebody_plays(
    app: Flask, visit: Callable[[str], Visitor]
) -> None:
    account = factories.account()
    device = enrolled(account, clock.now() - 120 * STEP)
    hour = with_sound(an_hour())
    application = own(account, hour)
    visitor = visit(account.login)
    answers = listen_to(visitor.page)
    page = unlock(visitor, application.public_id, code_at(device, clock.now()))
    page.wait_for_selector("[data-player-stage]:not([hidden])")
    assert page.evaluate("document.querySelector('audio').paused"), "nothing plays by itself"
    assert not answers, "no sound is asked for before somebody wants to hear it"

    play(page)
    wait_until_heard(page, 0.5)
    first = asked_for(answers)
    assert first[0][0] == 0, "the sound begins at its beginning"
    assert sum(end - start for start, end in first) < 8 * MEBIBYTE

    answers.clear()
    seek(page, 50 * 60)
    wait_until_heard(page, 50 * 60 + 0.5)
    there = hour.size * 50 // 60
    after = asked_for(answers)
    between = [start for start, _ in after if 8 * MEBIBYTE < start < there - 2 * MEBIBYTE]
    assert not between, "nothing of what was passed over is asked for"
    assert sum(end - start for start, end in after) < 8 * MEBIBYTE


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_speed_steps_and_places_follow_the_keyboard(
    app: Flask, visit: Callable[[str], Visitor]
) -> None:
    account = factories.account()
    device = enrolled(account, clock.now() - 120 * STEP)
    application = own(account, with_sound(wav(seconds=60)), with_sound(wav()))
    page = unlock(visit(account.login), application.public_id, code_at(device, clock.now()))
    page.wait_for_selector("[data-player-stage]:not([hidden])")
    assert page.locator("[data-player-parties] span").all_inner_texts() == ["송신자", "수신자"]
    assert page.locator("[data-player-item]").count() == 2
    expect(page.locator("[data-player-left]")).to_contain_text("남음")

    page.locator("[data-player-seek]").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("[data-player-time]")).to_have_text("0:05 / 1:00")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Space")
    wait_until_heard(page, 0.3)
    page.keyboard.press("Space")
    assert page.evaluate("document.querySelector('audio').paused")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    wait_until_heard(page, 9)
    page.keyboard.press("ArrowLeft")
    page.wait_for_function("document.querySelector('audio').currentTime < 8")
    speeds = []
    for key in ("]", "]", "]", "]", "[", "[", "[", "[", "["):
        page.keyboard.press(key)
        speeds.append(page.evaluate("document.querySelector('audio').playbackRate"))
    assert speeds == [1.25, 1.5, 2, 2, 1.5, 1.25, 1, 0.75, 0.75]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_plays_stops_and_says_why_whatever_ends_it(
    app: Flask, visit: Callable[[str], Visitor]
) -> None:
    account = factories.account()
    device = enrolled(account, clock.now() - 120 * STEP)
    applications = [own(account, with_sound(wav(seconds=60))) for _ in range(3)]
    visitor = visit(account.login)
    visitor.expected |= {401, 403, 410}
    visitor.page.clock.install()
    ends = (
        (lambda: close_window(applications[0]), "열람 기간이 지났습니다"),
        (lambda: restrict(account), "사용이 제한되어"),
        (lambda: end_login(account), "로그인이 끝나"),
    )
    codes = [code_at(device, clock.now() + n * STEP) for n in (-1, 0, 1)]
    for (end, why), application, code in zip(ends, applications, codes, strict=True):
        page = unlock(visitor, application.public_id, code)
        play(page)
        wait_until_heard(page, 0.3)
        undo = end()
        page.clock.fast_forward(ASKED_AGAIN)
        expect(page.locator(".player-reason")).to_contain_text(why)
        assert page.evaluate("document.querySelector('audio').paused")
        if undo:
            undo()


def close_window(application: Application) -> None:
    with write() as session:
        receipt = session.scalars(
            select(HandoverReceipt).filter_by(application_id=application.id)
        ).one()
        receipt.window_until = clock.now()


def restrict(account: Account) -> Callable[[], None]:
    """In force at once; what is returned lifts it."""
    row = Case(person=account).served()

    def lift() -> None:
        with write():
            row.lifted_at = clock.now()

    return lift


def end_login(account: Account) -> None:
    with write() as session:
        session.execute(
            update(LoginSession)
            .where(LoginSession.account_id == account.id)
            .values(ended_at=clock.now(), end_reason="test")
        )


def an_hour() -> bytes:
    """Sixty times the same minute: 115 MB as a recorder writes them."""
    minute = wav(seconds=60)[44:]
    return wav_header(60 * len(minute), channels=2) + 60 * minute


def asked_for(answers: list[Response]) -> list[tuple[int, int]]:
    """The ranges that were answered, as bytes from and up to but not including."""
    ranges = [answer.headers["content-range"].removeprefix("bytes ") for answer in answers]
    bounds = [text.partition("/")[0].split("-") for text in ranges]
    return [(int(start), int(last) + 1) for start, last in bounds]


def unlock(visitor: Visitor, public_id: str, code: str) -> Page:
    page = visitor.go(f"/listening/{public_id}")
    page.fill("input[name=purpose]", "안내받은 내용 확인")
    page.fill("input[name=code]", code)
    page.click("text=열람 시작")
    page.wait_for_selector("[data-player-item]")
    return page


def listen_to(page: Page) -> list[Response]:
    """The answers with sound, as they come."""
    answers: list[Response] = []
    page.on("response", lambda r: answers.append(r) if r.url.endswith("/sound") else None)
    return answers


def play(page: Page) -> None:
    page.click("[data-player-toggle]")


def seek(page: Page, seconds: float) -> None:
    page.evaluate("s => { document.querySelector('audio').currentTime = s }", seconds)


def wait_until_heard(page: Page, seconds: float) -> None:
    page.wait_for_function(
        "s => document.querySelector('audio').currentTime > s", arg=seconds, timeout=20_000
    )


def _heard_to_the_end(recording_id: int, size: int) -> bool:
    db.session.rollback()
    ends = select(ServedRange.end_byte).where(ServedRange.recording_id == recording_id)
    return size in list(db.session.scalars(ends))
