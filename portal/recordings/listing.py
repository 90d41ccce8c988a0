"""내 통화: what a filter asks for, within the calls that are the person's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, Select, false, or_

from portal import clock, phones
from portal.accounts.models import Person
from portal.recordings.models import Recording
from portal.recordings.parties import own_calls

_LAST = 4


@dataclass(frozen=True)
class Filter:
    """What the box above the table asks for; a day that is none asks for nothing."""

    since: date | None = None
    until: date | None = None
    number: str = ""

    @classmethod
    def of(cls, given: Mapping[str, str]) -> Filter:
        """From the address of the page (GET parameters)."""
        return cls(
            since=_day(given.get("since")),
            until=_day(given.get("until")),
            number=given.get("number", "").strip()[:40],
        )

    @property
    def is_empty(self) -> bool:
        return self == Filter()


def calls_of(person: Person, wanted: Filter) -> Select[Recording]:
    """The person's living calls that the filter leaves, newest first."""
    chosen = own_calls(person)
    if wanted.since:
        chosen = chosen.where(Recording.called_at >= clock.midnight(wanted.since))
    if wanted.until:
        following = clock.midnight(wanted.until + timedelta(days=1))
        chosen = chosen.where(Recording.called_at < following)
    return chosen.where(_has_number(wanted.number)) if wanted.number else chosen


def _has_number(typed: str) -> ColumnElement[bool]:
    """The whole number, its beginning, or its last four digits."""
    digits = phones.digits(typed)
    if not digits:
        return false()
    begins = [
        column.like(f"{digits}%") for column in (Recording.caller_number, Recording.callee_number)
    ]
    if len(digits) == _LAST:
        ends = f"{digits[::-1]}%"
        begins += [Recording.caller_reversed.like(ends), Recording.callee_reversed.like(ends)]
    return or_(*begins)


def _day(text: str | None) -> date | None:
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return None
    return day if 2000 <= day.year <= 2999 else None
