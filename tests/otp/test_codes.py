"""A one-time code works once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

import factories
from otp.devices import NOON, code_at, enrolled, wrong_at
from portal import clock
from portal.accounts.models import Account
from portal.audit.models import AuditEvent
from portal.database import write
from portal.extensions import db
from portal.otp.codes import CodeRefused, consume_code, current_code
from portal.otp.models import TotpDevice
from portal.runtime import settings

STEP = timedelta(seconds=30)
TRIES = 5


def test_a_code_opens_once_and_is_refused_the_second_time(app: Flask) -> None:
    account = factories.account()
    device = enrolled(account)

    with clock.at(NOON):
        consume_code(account, code_at(device, NOON))

        with pytest.raises(CodeRefused, match="이미 사용한"):
            consume_code(account, code_at(device, NOON))


def test_code_is_refused_after_a_later_code_was_used(app: Flask) -> None:
    account = factories.account()
    device = enrolled(account)

    with clock.at(NOON):
        consume_code(account, code_at(device, NOON + STEP))

        for earlier in (NOON, NOON - STEP):
            with pytest.raises(CodeRefused):
                consume_code(account, code_at(device, earlier))


@pytest.mark.parametrize(("steps", "taken"), [(-2, False), (-1, True), (1, True), (2, False)])
def test_one_step_of_difference_between_the_clocks_is_tolerated_and_no_more(
    app: Flask, steps: int, taken: bool
) -> None:
    account = factories.account()
    device = enrolled(account)

    with clock.at(NOON):
        if taken:
            consume_code(account, code_at(device, NOON + steps * STEP))
        else:
            with pytest.raises(CodeRefused, match="맞지 않습니다"):
                consume_code(account, code_at(device, NOON + steps * STEP))


def test_a_clock_set_back_does_not_make_used_codes_work_again(app: Flask) -> None:
    account = factories.account()
    device = enrolled(account)
    with clock.at(NOON):
        consume_code(account, code_at(device, NOON))

    with clock.at(NOON - timedelta(minutes=10)), pytest.raises(CodeRefused):
        consume_code(account, code_at(device, NOON - timedelta(minutes=10)))
    with clock.at(NOON), pytest.raises(CodeRefused):
        consume_code(account, code_at(device, NOON))


def test_the_code_that_enrolled_the_device_opens_nothing_afterwards(app: Flask) -> None:
    account = factories.account()
    device = enrolled(account, at=NOON)

    with clock.at(NOON), pytest.raises(CodeRefused):
        consume_code(account, code_at(device, NOON))


def test_a_code_with_the_space_that_apps_show_is_taken(app: Flask) -> None:
    account = factories.account()
    code = code_at(enrolled(account), NOON)

    with clock.at(NOON):
        consume_code(account, f" {code[:3]} {code[3:]} ")


@pytest.mark.parametrize(
    "typed", ["", "12345", "1234567", "١٢٣٤٥٦", "１２３４５６", "abcdef", "-" * 6]
)
def test_what_is_no_code_is_refused(app: Flask, typed: str) -> None:
    account = factories.account()
    enrolled(account)

    with clock.at(NOON), pytest.raises(CodeRefused):
        consume_code(account, typed)


def test_without_a_device_no_code_opens(app: Flask) -> None:
    with pytest.raises(CodeRefused, match="먼저 등록"):
        consume_code(factories.account(), "123456")


def test_wrong_codes_lock_the_device_and_then_even_the_right_one_is_refused(app: Flask) -> None:
    account = factories.account()
    device = enrolled(account)

    with clock.at(NOON):
        guess_wrong(account, device, TRIES)

        with pytest.raises(CodeRefused, match="12:15까지 잠겼습니다"):
            consume_code(account, code_at(device, NOON))


def test_the_lock_ends_by_itself_and_counting_begins_anew(app: Flask) -> None:
    account = factories.account()
    device = enrolled(account)
    later = NOON + timedelta(minutes=settings().otp.lock_minutes)
    with clock.at(NOON):
        guess_wrong(account, device, TRIES)

    with clock.at(later):
        guess_wrong(account, device, TRIES - 1)
        consume_code(account, code_at(device, later))


def test_a_right_code_forgives_the_wrong_ones_before_it(app: Flask) -> None:
    account = factories.account()
    device = enrolled(account)

    for minute in range(3):
        moment = NOON + timedelta(minutes=minute)
        with clock.at(moment):
            guess_wrong(account, device, TRIES - 1)
            consume_code(account, code_at(device, moment))


def test_wrong_codes_of_one_account_lock_nobody_else(app: Flask) -> None:
    victim, other = factories.account(), factories.account()
    device, other_device = enrolled(victim), enrolled(other)

    with clock.at(NOON):
        guess_wrong(victim, device, TRIES + 2)

        consume_code(other, code_at(other_device, NOON))


def test_the_code_of_another_account_is_refused(app: Flask) -> None:
    account, other = factories.account(), factories.account()
    enrolled(account)

    with clock.at(NOON), pytest.raises(CodeRefused):
        consume_code(account, code_at(enrolled(other), NOON))


def test_a_refusal_outlives_the_rollback_of_what_it_was_for(app: Flask) -> None:
    account = factories.account()
    device = enrolled(account)

    with clock.at(NOON):
        guess_wrong(account, device, 1)
    db.session.rollback()

    assert db.session.get_one(TotpDevice, account.id).failures == 1
    assert "otp.refused" in actions()


def test_the_same_code_sent_sixteen_times_at_once_opens_once(app: Flask) -> None:
    account = factories.account()
    code = code_at(enrolled(account), NOON)

    with clock.at(NOON):
        outcomes = at_once(app, account, [code] * 16)

    assert outcomes.count("opened") == 1
    assert outcomes.count("refused") == 15


def test_guesses_at_once_are_no_more_than_the_setting_allows(app: Flask) -> None:
    account = factories.account()
    device = enrolled(account)

    with clock.at(NOON):
        outcomes = at_once(app, account, [wrong_at(device, NOON)] * 12)

    assert outcomes.count("refused") == 12
    assert actions().count("otp.refused") == 12
    whys = [event.detail for event in events() if event.action == "otp.refused"]
    assert sum('"wrong"' in why for why in whys) == TRIES - 1  # the fifth one says "locked"


def test_codes_and_secrets_stand_neither_in_the_log_nor_plain_in_the_database(app: Flask) -> None:
    account = factories.account()
    device = enrolled(account)
    with clock.at(NOON):
        consume_code(account, code_at(device, NOON))
        guess_wrong(account, device, 1)

    logged = " ".join(f"{event.detail} {event.reason}" for event in events())
    stored = db.session.connection().exec_driver_sql("SELECT secret FROM totp_device").scalar_one()

    assert code_at(device, NOON) not in logged
    assert wrong_at(device, NOON) not in logged
    assert device.secret not in logged
    assert device.secret not in stored


def test_the_demo_can_show_the_code_of_this_moment(app: Flask) -> None:
    account = factories.account()
    device = enrolled(account)

    with clock.at(NOON):
        assert current_code(account) == code_at(device, NOON)


def test_a_code_cannot_be_consumed_inside_another_change(app: Flask) -> None:
    account = factories.account()

    with pytest.raises(RuntimeError), write():
        consume_code(account, "123456")


def guess_wrong(account: Account, device: object, times: int) -> None:
    for _ in range(times):
        with pytest.raises(CodeRefused):
            consume_code(account, wrong_at(device, clock.now()))  # type: ignore[arg-type]


def at_once(app: Flask, account: Account, codes: list[str]) -> list[str]:
    """What became of codes that arrive together, each in its own thread."""
    account_id, outcomes = account.id, list[str]()
    db.session.rollback()
    barrier = threading.Barrier(len(codes))

    def send(code: str) -> Callable[[], None]:
        def run() -> None:
            with app.app_context():
                mine = db.session.get_one(Account, account_id)
                db.session.rollback()  # gives the connection back: there are fewer than threads
                barrier.wait(30)
                try:
                    consume_code(mine, code)
                    outcomes.append("opened")
                except CodeRefused:
                    outcomes.append("refused")

        return run

    threads = [threading.Thread(target=send(code)) for code in codes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.rollback()
    return outcomes


def events() -> list[AuditEvent]:
    return list(db.session.scalars(select(AuditEvent).order_by(AuditEvent.seq)))


def actions() -> list[str]:
    return [event.action for event in events()]
