"""What people type, as it is stored: NFC, nothing invisible, numbers as digits."""

from __future__ import annotations

import re

from portal import phones
from portal.documents.text import printable

_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+", re.ASCII)
_SHORTEST_PHONE = 7


def line(text: str | None) -> str:
    """One line: line ends become a space, runs of blanks one."""
    return " ".join(printable(text or "").split())


def paragraphs(text: str | None) -> str:
    """Several lines, without blanks around them."""
    return printable(text or "").strip()


def contact(text: str) -> str | None:
    """A phone number as digits or an e-mail address as it is; None where it is neither."""
    if "@" in text:
        return text if _EMAIL.fullmatch(text) else None
    digits = phones.digits(text)
    return digits if len(digits) >= _SHORTEST_PHONE else None
