"""The one box for what people remember of an application: its number, a name, a telephone number.

What the text looks like decides where it is looked for, so that each search asks few columns.
"""

from __future__ import annotations

import re

from sqlalchemy import ColumnElement, and_, select, union
from sqlalchemy.orm import InstrumentedAttribute

from portal import phones
from portal.applications.models import Application
from portal.applications.wording import line
from portal.beginnings import begins

_LONGEST = 50
_LAST = 4
#: `2026-`, `2026-0001`, `2026-0001-02`: a 관리번호 as far as it was typed.
_CONTROL_NO = re.compile(r"20\d\d-[\d-]*")
#: What a telephone number is typed with.
_NUMBER = re.compile(r"[\d\s().+-]+")
#: After every digit in every collation: `prefix <= x < prefix + _END` is a search by the beginning.
_END = "A"


def says(typed: str) -> ColumnElement[bool] | None:
    """The applications that a typed text means; None where nothing was typed.

    관리번호 and telephone numbers by the whole or the beginning, either also by the last four
    digits; everything else is the beginning of the applicant's name.
    """
    text = line(typed)[:_LONGEST]
    if not text:
        return None
    if _CONTROL_NO.fullmatch(text):
        return _begins(Application.control_no, text)
    digits = phones.digits(text)
    if digits and _NUMBER.fullmatch(text):
        return _has_number(digits)
    return begins(Application.applicant_name, text)


def _has_number(digits: str) -> ColumnElement[bool]:
    """Each way walks an index of its own, which a condition with `or` would not."""
    whole = (Application.caller_number, Application.callee_number, Application.control_no)
    ways = [_begins(column, digits) for column in whole]
    if len(digits) == _LAST:
        lasts = (Application.caller_last, Application.callee_last, Application.control_last)
        ways += [column == digits for column in lasts]
    return Application.id.in_(union(*(select(Application.id).where(way) for way in ways)))


def _begins(column: InstrumentedAttribute[str | None], prefix: str) -> ColumnElement[bool]:
    return and_(column >= prefix, column < prefix + _END)
