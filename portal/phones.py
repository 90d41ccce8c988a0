"""Telephone numbers: stored as digits, shown the way they are written in Korea."""

from __future__ import annotations

import re
import unicodedata

_COUNTRY = re.compile(r"^\s*(?:\+|00)\s*82[\s.\-)]*(?:\(0\))?[\s.\-(]*")
_LABEL = re.compile(r"^\s*(?:내선|전화|tel|☎)\s*[:.)]?\s*", re.IGNORECASE)
_TYPED = re.compile(r"[\d\s.()\-‐‑‒–—―−/]*")
_LONGEST = 15  # digits, ITU-T E.164
_EXTENSION = 5  # digits at most; also 112, 1330

# Prefix and lengths of the two groups after it.
_SHAPES = tuple(
    (re.compile(prefix), groups)
    for prefix, groups in (
        (r"02(?=\d{7}$)", (3, 4)),
        (r"02(?=\d{8}$)", (4, 4)),
        (r"050\d(?=\d{7}$)", (3, 4)),
        (r"050\d(?=\d{8}$)", (4, 4)),
        (r"0[1-9]\d(?=\d{7}$)", (3, 4)),
        (r"0[1-9]\d(?=\d{8}$)", (4, 4)),
        (r"(?=1[5-9]\d{6}$)", (4, 4)),
        (r"(?=[2-9]\d{6}$)", (3, 4)),
        (r"(?=[2-9]\d{7}$)", (4, 4)),
    )
)


def digits(text: str) -> str:
    """The digits of one typed number: `+82 10-1234-5678` becomes `01012345678`.

    Spaces, hyphens, dots, brackets, full-width digits, a country code 82 and a label such as 내선
    are understood. The answer is empty when the text holds anything else (`모름`, two numbers with
    a comma, letters) or more than 15 digits: nothing is guessed. Never raises.
    """
    plain = _LABEL.sub("", unicodedata.normalize("NFKC", text))
    national = _COUNTRY.sub("", plain)
    if not _TYPED.fullmatch(national):
        return ""
    found = "".join(str(int(c)) for c in national if c.isdecimal())
    if national != plain and not found.startswith("0") and re.match(r"1[5-9]\d{6}$", found) is None:
        found = f"0{found}" if found else ""
    return found if len(found) <= _LONGEST else ""


def shown(number: str) -> str:
    """Digits with their hyphens: `0316441234` as `031-644-1234`; what has no such shape as it is.

    An extension (up to 5 digits) and words such as `모름` stay unchanged.
    """
    parts = _parts(number)
    return "-".join(part for part in parts if part) if parts else number


def masked(number: str) -> str:
    """A number for lists: the middle hidden (`031-***-1234`), of an extension all but two digits.

    What is not a number of a known shape shows its last four digits at most, words not at all.
    """
    parts = _parts(number)
    if parts:
        prefix, middle, last = parts
        return "-".join(part for part in (prefix, "*" * len(middle), last) if part)
    if not number.isdecimal():
        return "*" * min(len(number), 4)
    kept = 2 if len(number) <= _EXTENSION else 4
    return "*" * max(len(number) - kept, 1) + number[max(len(number) - kept, 1) :]


def _parts(number: str) -> tuple[str, str, str] | None:
    for prefix, (middle, _) in _SHAPES:
        found = prefix.match(number)
        if found and number.isdecimal():
            end = found.end()
            return number[:end], number[end : end + middle], number[end + middle :]
    return None
