"""Text fit for official paper, and dates as Korean forms write them."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime

from portal.clock import seoul

_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_BLANKS = re.compile("[\t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
# Letters by category, yet invisible: the Hangul fillers, the grapheme joiner, variation selectors.
_INVISIBLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\ufe00-\ufe0f\U000e0100-\U000e01ef]"
)
_REMOVED = {"Cc", "Cf", "Cs", "Co", "Cn"}


def printable(text: str) -> str:
    """Typed text as it may be stored and printed: NFC, and nothing in it that cannot be seen.

    Line ends become newline and every kind of space a plain one. Removed: control characters,
    surrogates, private use, unassigned, bidi controls (U+202E reverses what a reader sees),
    zero-width and other invisible characters. Calling it again changes nothing.
    """
    spaced = _BLANKS.sub(" ", _LINE_ENDS.sub("\n", text))
    kept = "".join(c for c in spaced if c == "\n" or unicodedata.category(c) not in _REMOVED)
    return unicodedata.normalize("NFC", _INVISIBLE.sub("", kept))


def korean_date(day: date) -> str:
    """For cells: `2026. 11. 23.`; a datetime (aware) counts as its day in Seoul."""
    local = _day(day)
    return f"{local.year}. {local.month}. {local.day}."


def korean_long_date(day: date) -> str:
    """For signing lines: `2026년 11월 23일`."""
    local = _day(day)
    return f"{local.year}년 {local.month}월 {local.day}일"


def korean_datetime(moment: datetime) -> str:
    """For cells: `2026. 11. 23. 14:05`, in Seoul. Raises `ValueError` for a naive datetime."""
    local = _aware(moment)
    return f"{korean_date(local)} {local:%H:%M}"


def korean_period(start: datetime, end: datetime | None) -> str:
    """`2026. 11. 23. 14:05 ~ 14:30`; the second day is named when it is another one."""
    first, last = _aware(start), _aware(end or start)
    if f"{first:%F %H:%M}" == f"{last:%F %H:%M}":  # the same on paper, which shows no seconds
        return korean_datetime(first)
    closing = f"{last:%H:%M}" if first.date() == last.date() else korean_datetime(last)
    return f"{korean_datetime(first)} ~ {closing}"


def _day(day: date) -> date:
    return _aware(day).date() if isinstance(day, datetime) else day


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a moment on paper needs its time zone")
    return seoul(moment)
