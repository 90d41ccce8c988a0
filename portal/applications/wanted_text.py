"""The one box for what people remember of an application: its number, a name, a telephone number.

What the text looks like decides where it is looked for, so that each search asks few columns.
"""

from __future__ import annotations

import re

from sqlalchemy import ColumnElement, and_, or_
from sqlalchemy.orm import InstrumentedAttribute

from portal import phones
from portal.applications.models import Application
from portal.applications.wording import line

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
    return Application.applicant_name.startswith(text, autoescape=True)


def _has_number(digits: str) -> ColumnElement[bool]:
    columns = (Application.caller_number, Application.callee_number)
    ways = [_begins(column, digits) for column in (*columns, Application.control_no)]
    if len(digits) == _LAST:
        ways += [column.endswith(digits) for column in (*columns, Application.control_no)]
    return or_(*ways)


def _begins(column: InstrumentedAttribute[str | None], prefix: str) -> ColumnElement[bool]:
    return and_(column >= prefix, column < prefix + _END)
