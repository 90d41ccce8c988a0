"""Login and password: few guesses, one answer for everything that is wrong."""

from __future__ import annotations

from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import select

import factories
from accounts.at_once import at_once
from factories import PASSWORD
from portal import clock
from portal.accounts.log_in import LoginRefused, authenticate, log_in
from portal.accounts.models import Account
from portal.accounts.passwords import WeakPassword, hashed, set_password, verify_password
from portal.audit.models import AuditEvent
from portal.database import write
from portal.extensions import db
from portal.runtime import settings

TRIES = 5


def test_the_right_password_gives_the_account(app: Flask) -> None:
    account = factories.account()

    assert authenticate(f" {account.login} ", PASSWORD).id == account.id


def test_unknown_closed_locked_and_wrong_get_the_same_words(app: Flask) -> None:
    known, closed, locked = (factories.account() for _ in range(3))
    with write():
        closed.closed_at = clock.now()
        locked.locked_until = clock.now() + timedelta(minutes=1)

    words = {
        refusal(login, password)
        for login, password in [
            ("nobody-here", PASSWORD),
            ("", ""),
            (closed.login, PASSWORD),
            (locked.login, PASSWORD),
            (known.login, "wrong"),
        ]
    }

    assert len(words) == 1
    assert {event.detail.split('"why":')[1] for event in refusals()} == {
        '"unknown"}',
        '"closed"}',
        '"locked"}',
        '"wrong"}',
    }


def test_an_unknown_login_costs_a_hash_too(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    verified = []
    real = PasswordHasher.verify

    def counted(self: PasswordHasher, hash: str | bytes, password: str | bytes) -> bool:
        verified.append(hash)
        return real(self, hash, password)

    monkeypatch.setattr(PasswordHasher, "verify", counted)

    refusal("nobody-here", PASSWORD)

    assert len(verified) == 1


def test_after_the_allowed_failures_the_right_password_is_refused_until_the_lock_ends(
    app: Flask,
) -> None:
    account = factories.account()
    for _ in range(TRIES):
        refusal(account.login, "wrong")

    refusal(account.login, PASSWORD)

    with clock.at(timedelta(minutes=settings().login.lock_minutes, seconds=1)):
        assert authenticate(account.login, PASSWORD).failures == 0


def test_after_the_lock_counting_begins_anew(app: Flask) -> None:
    account = factories.account()
    for _ in range(TRIES):
        refusal(account.login, "wrong")

    with clock.at(timedelta(minutes=settings().login.lock_minutes, seconds=1)):
        for _ in range(TRIES - 1):
            refusal(account.login, "wrong")
        authenticate(account.login, PASSWORD)


def test_a_right_password_forgives_the_wrong_ones_before_it(app: Flask) -> None:
    account = factories.account()

    for _ in range(3):
        for _ in range(TRIES - 1):
            refusal(account.login, "wrong")
        authenticate(account.login, PASSWORD)


def test_guessing_at_one_account_locks_no_other(app: Flask) -> None:
    victim, other = factories.account(), factories.account()

    for _ in range(TRIES * 2):
        refusal(victim.login, "wrong")

    authenticate(other.login, PASSWORD)


def test_guesses_at_once_get_no_more_tries_than_allowed(app: Flask) -> None:
    login = factories.account().login

    def guess() -> str:
        authenticate(login, "wrong")
        return "in"

    outcomes = at_once(app, *[guess] * 12)

    assert outcomes == ["LoginRefused"] * 12
    details = [event.detail for event in refusals()]
    assert sum('"wrong"' in detail for detail in details) == TRIES
    assert sum('"locked"' in detail.split('"why":')[1] for detail in details) == 12 - TRIES


def test_the_refusal_and_its_count_outlive_a_rollback(app: Flask) -> None:
    account = factories.account()

    refusal(account.login, "wrong")
    db.session.rollback()

    assert account.failures == 1
    assert len(refusals()) == 1


def test_what_was_typed_is_not_logged(app: Flask) -> None:
    refusal("my-secret-password-in-the-wrong-field", "another-secret")

    assert not [event for event in refusals() if "secret" in f"{event.detail}{event.reason}"]


def test_a_hash_with_old_parameters_is_renewed_at_login(app: Flask, real_passwords: None) -> None:
    account = factories.account()
    before = account.password_hash

    log_in(account.login, PASSWORD)

    assert account.password_hash != before
    assert not PasswordHasher().check_needs_rehash(account.password_hash)
    assert verify_password(account.password_hash, PASSWORD)


@pytest.mark.parametrize(
    ("password", "message"),
    [
        ("short", "10자 이상"),
        ("x" * 500, "200자 이하"),
        ("my-HONGGD-password", "아이디를 넣을 수 없습니다"),
        ("ababababababab", "다양한 글자"),
    ],
)
def test_weak_passwords_are_refused(app: Flask, password: str, message: str) -> None:
    account = factories.account(login="honggd")

    with pytest.raises(WeakPassword, match=message):
        set_password(account, password)


def test_no_password_matches_nobodys_hash(app: Flask) -> None:
    assert not verify_password(None, PASSWORD)
    assert not verify_password("", PASSWORD)
    assert verify_password(hashed("비밀번호 열 글자 이상"), "비밀번호 열 글자 이상")


def refusal(login: str, password: str) -> str:
    with pytest.raises(LoginRefused) as refused:
        authenticate(login, password)
    return str(refused.value)


def refusals() -> list[AuditEvent]:
    wanted = select(AuditEvent).where(AuditEvent.action == "login.refused")
    return list(db.session.scalars(wanted.order_by(AuditEvent.seq)))


def test_the_account_of_a_login_is_found_by_the_whole_login_only(app: Flask) -> None:
    account: Account = factories.account(login="kimhaneul")

    refusal("kim", PASSWORD)
    refusal("%", PASSWORD)

    assert account.failures == 0
