"""Ten thousand guesses at a code or a password, and nobody else locked out by them."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

import factories
from otp.devices import NOON, code_at, enrolled, wrong_at
from portal import clock
from portal.accounts import log_in as logins
from portal.accounts.log_in import LoginRefused, log_in
from portal.accounts.models import Account
from portal.extensions import db
from portal.otp import codes
from portal.otp.codes import CodeRefused, consume_code
from portal.otp.models import TotpDevice
from portal.runtime import settings

GUESSES, EVERY_S = 10_000, 6
STEP = timedelta(seconds=30)


def tire(guess: Callable[[], None], tries: Callable[[], int]) -> int:
    """Guess every six seconds for as long as ten thousand guesses take: how many were compared.

    A few guesses go into each lock and must change nothing; the rest of it is passed over.
    """
    moment, end = NOON, NOON + timedelta(seconds=GUESSES * EVERY_S)
    while moment < end:
        before = tries()
        with clock.at(moment):
            guess()
        if tries() == before:  # locked: on to its end, which nothing may have put off
            moment += timedelta(minutes=settings().otp.lock_minutes)
        else:
            moment += timedelta(seconds=EVERY_S)
    return tries()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_of_ten_thousand_guesses_at_a_code_few_are_looked_at(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    victim, other = factories.account(), factories.account()
    device, others = enrolled(victim), enrolled(other)
    compared = list[str]()
    real = codes.matching_step

    def counted(secret: str, code: str) -> int | None:
        compared.append(code)
        return real(secret, code)

    monkeypatch.setattr(codes, "matching_step", counted)

    def guess() -> None:
        with pytest.raises(CodeRefused):
            consume_code(victim, wrong_at(device, clock.now()))

    looked_at = tire(guess, lambda: len(compared))

    rules = settings().otp
    locks = GUESSES * EVERY_S // (rules.lock_minutes * 60) + 1
    sys.stdout.write(f"\nFIGURES {GUESSES} guesses at a code: {looked_at} looked at\n")
    assert 0 < looked_at <= locks * rules.failures_before_lock
    assert looked_at * 3 / 1_000_000 < 0.002, "three codes are good at a time"
    with clock.at(NOON + timedelta(hours=20)):
        consume_code(other, code_at(others, clock.now()))
        consume_code(victim, code_at(device, clock.now()))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_of_ten_thousand_guesses_at_a_password_few_are_looked_at(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    victim, other = factories.account(), factories.account()
    compared = list[str]()

    def counted(known: str | None, _password: str) -> bool:
        compared.extend([known] if known else [])
        return False

    with monkeypatch.context() as patch:
        patch.setattr(logins, "verify_password", counted)

        def guess() -> None:
            with pytest.raises(LoginRefused):
                log_in(victim.login, "guess")

        looked_at = tire(guess, lambda: len(compared))

    rules = settings().login
    locks = GUESSES * EVERY_S // (rules.lock_minutes * 60) + 1
    sys.stdout.write(f"\nFIGURES {GUESSES} guesses at a password: {looked_at} looked at\n")
    assert 0 < looked_at <= locks * rules.failures_before_lock
    with clock.at(NOON + timedelta(hours=20)):
        assert log_in(other.login, factories.PASSWORD)
        assert log_in(victim.login, factories.PASSWORD)


def test_the_steps_beside_the_present_one_work_once_each_and_only_forward(app: Flask) -> None:
    account = factories.account()
    device = enrolled(account)
    before, now, after = (code_at(device, NOON + n * STEP) for n in (-1, 0, 1))
    with clock.at(NOON):
        for code in (before, now, after):
            consume_code(account, code)
        for code in (before, now, after):
            with pytest.raises(CodeRefused):
                consume_code(account, code)
    with clock.at(NOON + STEP), pytest.raises(CodeRefused):
        consume_code(account, after)


def test_a_clock_set_back_neither_lifts_a_lock_nor_revives_a_code(app: Flask) -> None:
    account = factories.account()
    device = enrolled(account)
    with clock.at(NOON):
        consume_code(account, code_at(device, NOON))
        _lock(account, device)
    for back in (timedelta(seconds=31), timedelta(hours=3), timedelta(days=400)):
        with clock.at(NOON - back):
            for code in (code_at(device, NOON), code_at(device, NOON - back)):
                with pytest.raises(CodeRefused):
                    consume_code(account, code)
    assert db.session.get_one(TotpDevice, account.id).locked_until is not None


def test_a_lock_of_the_login_does_not_end_a_session_that_is_open(app: Flask) -> None:
    """Guessing at the login locks nobody out of what they have open already."""
    account = factories.account()
    client = app.test_client()
    app.config["WTF_CSRF_ENABLED"] = False
    client.post("/login", data={"login": account.login, "password": factories.PASSWORD})
    for _ in range(settings().login.failures_before_lock + 1):
        with pytest.raises(LoginRefused):
            log_in(account.login, "wrong")
    assert client.get("/account").status_code == 200


def _lock(account: Account, device: object) -> None:
    for _ in range(settings().otp.failures_before_lock):
        with pytest.raises(CodeRefused):
            consume_code(account, wrong_at(device, clock.now()))  # type: ignore[arg-type]
