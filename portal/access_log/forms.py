"""The filter of the log, from the address of the page, and the opinion of a signature."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from wtforms import TextAreaField
from wtforms.validators import Length

from portal.access_log.search import Wanted
from portal.access_log.wording import Group
from portal.applications.wording import line
from portal.web.forms import PortalForm

SIZES = (20, 50)
_LONGEST_TEXT = 50


class OpinionForm(PortalForm):
    opinion = TextAreaField(
        "의견", validators=[Length(max=1000, message="의견을 1,000자 안으로 줄여 주십시오.")]
    )


def wanted_of(given: Mapping[str, str]) -> Wanted:
    """What is no day, no group and no number asks for nothing."""
    before, size, group = given.get("before", ""), given.get("size", ""), given.get("group", "")
    return Wanted(
        since=_day(given.get("since")),
        until=_day(given.get("until")),
        who=line(given.get("who"))[:_LONGEST_TEXT],
        group=Group(group) if group in set(Group) else None,
        subject=line(given.get("subject"))[:_LONGEST_TEXT],
        before=int(before) if before.isascii() and before.isdigit() and len(before) < 16 else None,
        size=int(size) if size in map(str, SIZES) else SIZES[0],
    )


def _day(text: str | None) -> date | None:
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return None
    return day if 2000 <= day.year <= 2999 else None
