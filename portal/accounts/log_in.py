"""Who somebody is: login and password, with few guesses.

A try is counted and committed *before* the password is looked at. However many guesses arrive at
once, no more than the setting allows are ever verified, and no rollback gives one back.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import case, literal, select, update

from portal import audit, clock
from portal.accounts import sessions
from portal.accounts.models import Account
from portal.accounts.passwords import rehashed, verify_password
from portal.database import UtcDateTime, lock, write
from portal.extensions import db
from portal.runtime import settings


class LoginRefused(Exception):
    """Unknown, closed, locked or wrong: the message is the same, so that it tells nothing."""

    def __init__(self) -> None:
        rules = settings().login
        super().__init__(
            "아이디 또는 비밀번호가 맞지 않습니다. 다시 확인해 주십시오. "
            f"{rules.failures_before_lock}번 틀리면 {rules.lock_minutes}분 동안 "
            "로그인할 수 없습니다."
        )


def log_in(login: str, password: str) -> tuple[Account, str]:
    """Check the password and begin a session: the account and the token for its cookie.

    Raises `LoginRefused`. Opens its own transactions.
    """
    account, verified = _check(login, password)
    renewed = rehashed(verified, password)
    with write():
        _accept(account, verified)
        account.password_hash = renewed
        _row, token = sessions.begin(account)
    return account, token


def authenticate(login: str, password: str) -> Account:
    """The open account with this login and password. Raises `LoginRefused`, which is logged.

    Opens its own transactions: the count of a failed try outlives whatever the caller does.
    """
    account, verified = _check(login, password)
    with write():
        _accept(account, verified)
    return account


def _check(login: str, password: str) -> tuple[Account, str]:
    """The account and the hash that the password was verified against."""
    account = db.session.scalar(select(Account).where(Account.login == login.strip()))
    allowed = account is not None and _take_a_try(account)
    known = account.password_hash if account and allowed else None
    db.session.rollback()  # no transaction stays open while Argon2 works
    right = verify_password(known, password)
    if account is None or known is None or not right or not account.is_active:
        _log_refusal(account, allowed, right)
        raise LoginRefused
    return account, known


def _accept(account: Account, verified: str) -> None:
    lock(account)
    if account.password_hash != verified or not account.is_active:
        raise LoginRefused  # reset or closed in this very moment
    account.failures = 0
    account.locked_until = None


def _take_a_try(account: Account) -> bool:
    """Count a try in one conditional update; False while the account is locked.

    The last try allowed sets the lock at once; a right password lifts it again.
    """
    rules, now = settings().login, clock.now()
    tries = case((Account.locked_until.is_not(None), 1), else_=Account.failures + 1)
    lock_end = literal(now + timedelta(minutes=rules.lock_minutes), UtcDateTime())
    counted = (
        update(Account)
        .where(
            Account.id == account.id, Account.locked_until.is_(None) | (Account.locked_until <= now)
        )
        .values(
            failures=tries,
            locked_until=case((tries >= rules.failures_before_lock, lock_end), else_=None),
        )
        .execution_options(synchronize_session=False)
    )
    with write() as session:
        return session.execute(counted).rowcount == 1  # type: ignore[attr-defined, no-any-return]


def _log_refusal(account: Account | None, allowed: bool, right: bool) -> None:
    # Not what was typed: people type their password into the wrong field.
    if account is None:
        audit.record_alone("login.refused", by=None, why="unknown")
        return
    why = "locked" if not allowed else "closed" if right else "wrong"
    locks = allowed and account.locked_until is not None
    audit.record_alone("login.refused", by=None, on=account, why=why, locked=locks)
