"""주민등록번호 and 외국인등록번호 are never stored, so they are refused where people type."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

MESSAGE = "주민등록번호(외국인등록번호)는 적을 수 없습니다. 뒷자리 7자리를 지워 주십시오."

_RUN = re.compile(r"(?<!\d)(\d{6})[\s\-_.·~‐‑‒–—―−]{0,5}([1-8]\d{6})(?!\d)")
#: The seventh digit tells the century; 5–8 are foreigners (외국인등록번호).
_CENTURY = {"1": 1900, "2": 1900, "5": 1900, "6": 1900, "3": 2000, "4": 2000, "7": 2000, "8": 2000}


def holds_resident_number(text: str) -> bool:
    """Whether a text has six digits that are a birth date, and seven that begin with 1 to 8.

    Also with a space or hyphen between the two, in full-width digits, and with invisible
    characters in between.
    """
    plain = unicodedata.normalize("NFKC", text)
    seen = "".join(c for c in plain if c.isspace() or unicodedata.category(c)[0] != "C")
    seen = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in seen)
    return any(_is_birth(run[1], run[2][0]) for run in _RUN.finditer(seen))


def _is_birth(six: str, seventh: str) -> bool:
    try:
        date(_CENTURY[seventh] + int(six[:2]), int(six[2:4]), int(six[4:]))
    except ValueError:
        return False
    return True
