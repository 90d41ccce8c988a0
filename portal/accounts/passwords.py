"""Passwords: Argon2id with argon2-cffi's current parameters; what may be a password at all."""

from __future__ import annotations

import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from portal.accounts.models import Account
from portal.runtime import settings

_hasher = PasswordHasher()
#: More than this is no password but an attempt to keep the machine busy.
LONGEST = 200
# Without letters and digits that look alike: it is read from a screen and typed once.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


class WeakPassword(ValueError):
    """The new password cannot be used; the message says what to choose instead."""


def hashed(password: str) -> str:
    """The hash to store for a password."""
    return _hasher.hash(password)


def verify_password(password_hash: str | None, password: str) -> bool:
    """Whether the password belongs to the hash; as slow for a wrong one as for a right one.

    For None a made-up hash is verified: the time taken does not tell whether a login exists.
    """
    try:
        right = _hasher.verify(password_hash or _nobodys_hash(), password[: LONGEST + 1])
    except (VerificationError, InvalidHashError):
        return False
    return right and password_hash is not None


def rehashed(password_hash: str, password: str) -> str:
    """The hash of a password just verified, made anew where the parameters have changed since."""
    return hashed(password) if _hasher.check_needs_rehash(password_hash) else password_hash


def check_password(account_login: str, password: str) -> None:
    """Raises `WeakPassword` where the institution's rules refuse the password."""
    shortest = settings().login.password_length
    if len(password) < shortest:
        raise WeakPassword(f"비밀번호는 {shortest}자 이상으로 정해 주십시오.")
    if len(password) > LONGEST:
        raise WeakPassword(f"비밀번호는 {LONGEST}자 이하로 정해 주십시오.")
    if account_login.casefold() in password.casefold():
        raise WeakPassword("비밀번호에 아이디를 넣을 수 없습니다. 다른 말로 정해 주십시오.")
    if len(set(password)) < 4:
        raise WeakPassword("같은 글자가 되풀이됩니다. 더 다양한 글자로 정해 주십시오.")


def set_password(account: Account, password: str, *, must_change: bool = False) -> None:
    """Give the account a new password and lift the lock that guesses at the old one caused.

    Raises `WeakPassword`. The caller ends the sessions and logs the change.
    """
    check_password(account.login, password)
    account.password_hash = hashed(password)
    account.must_change_password = must_change
    account.failures = 0
    account.locked_until = None


def generated_password() -> str:
    """A password for one use, shown once: four groups of five, about 98 bits."""
    groups = ("".join(secrets.choice(_ALPHABET) for _ in range(5)) for _ in range(4))
    return "-".join(groups)


@cache
def _nobodys_hash() -> str:
    return hashed(secrets.token_hex(16))
