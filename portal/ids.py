"""Identifiers in addresses and file names: 128 random bits, so nobody can count them up."""

from __future__ import annotations

import re
import secrets

_PUBLIC_ID = re.compile(r"[0-9a-f]{32}\Z")


def public_id() -> str:
    """A new identifier: 32 hexadecimal digits."""
    return secrets.token_hex(16)


def is_public_id(text: str) -> bool:
    return _PUBLIC_ID.match(text) is not None
