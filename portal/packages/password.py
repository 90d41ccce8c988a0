"""The password of a package: shown once, kept nowhere but sealed for the builder (제8조②)."""

from __future__ import annotations

import secrets
from datetime import date
from io import BytesIO

from portal.ids import public_id
from portal.runtime import vault

#: No letter that is taken for another one when it is written down by hand.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS, _LETTERS = 5, 4  # 31^20: 99 bits, since AE-2 stretches a password by 1,000 rounds only


def new_password() -> str:
    """`k7qf-9m2x-tr4h-8wpd-3vnc`; the hyphens belong to it."""
    groups = ("".join(secrets.choice(ALPHABET) for _ in range(_LETTERS)) for _ in range(_GROUPS))
    return "-".join(groups)


def seal(password: str, day: date) -> str:
    """Encrypt it to the day's key, durable, for the worker alone; the blob's id.

    Raises DayKeyDestroyed.
    """
    vault().recordings.put(day, envelope := public_id(), BytesIO(password.encode()))
    return envelope


def unseal(day: date, envelope: str) -> str:
    """Raises DayKeyDestroyed, DayKeyMissing, FileNotFoundError, AgeFormatError."""
    with vault().recordings.open(day, envelope) as reader:
        return reader.readall().decode()
