"""Hearing in a real Chromium: it plays, seeks and stops, a mebibyte at a time."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask
from playwright.sync_api import Page, Response
from sqlalchemy import select

import factories
from browser.visitor import Visitor
from otp.devices import code_at, enrolled
from playback.hearing import STEP, own, with_sound
from portal import clock
from portal.applications.states import State
from portal.database import write
from portal.extensions import db
from portal.playback.byte_range import MOST
from portal.playback.models import ListeningSession, ServedRange
from portal.playback.open_session import end_session
from recordings.sounds import coded, wav

MINUTES = 4


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
    page = unlock(visitor, application.public_id, code_at(device, clock.now()))
    play(page)
    wait_until_heard(page, 1)

    with write() as session:
        end_session(session.scalars(select(ListeningSession)).one(), None, "ended")

    page.wait_for_selector(".player-reason >> text=열람을 종료했습니다", timeout=20_000)
    assert page.evaluate("document.querySelector('audio').paused")


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
