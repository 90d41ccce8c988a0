"""The filter of the ledger, from the address of the page, and the wish for a print or export."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from wtforms import BooleanField, DateField, HiddenField, StringField
from wtforms.validators import InputRequired

from portal.applications.wording import line
from portal.ledger.search import Wanted
from portal.web.forms import PortalForm

_LONGEST_TEXT = 50


class WishForm(PortalForm):
    """Why a year is printed or exported; `ask` refuses an empty reason."""

    reason = StringField("사유")
    unmasked = BooleanField("이름, 주소와 전화번호를 가리지 않습니다")


class PublishForm(PortalForm):
    """When and where a provision was made public; the verb says what is wrong with it."""

    row = HiddenField()
    on = DateField("공개한 날", [InputRequired("공개한 날을 날짜로 적어 주십시오.")])
    place = StringField("공개한 곳", [InputRequired("공개한 곳을 적어 주십시오.")])


def wanted_of(given: Mapping[str, str]) -> Wanted:
    """What is no year, no kind or no day asks for nothing."""
    kind, year = given.get("kind", ""), given.get("year", "")
    return Wanted(
        year=int(year) if len(year) == 4 and year.isascii() and year.isdigit() else None,
        disclosure_type=kind if kind in ("inspection", "provision") else "",
        since=_day(given.get("since")),
        until=_day(given.get("until")),
        text=line(given.get("q"))[:_LONGEST_TEXT],
    )


def _day(text: str | None) -> date | None:
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return None
    return day if 2000 <= day.year <= 2999 else None
