"""The custodian's search for calls: only from inside a received application, within its bounds.

Every search is logged with code words and counts, never with digits.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from sqlalchemy import ColumnElement, Select, and_, case, literal, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute

from portal import audit, clock, phones
from portal.accounts.models import Account, Department, Extension
from portal.applications.bounds import Bounds, bounds_of, within
from portal.applications.candidates import Candidate, candidates, numbers_said
from portal.applications.models import Application
from portal.applications.receive import guard_in_hand
from portal.database import writing
from portal.documents.text import korean_datetime
from portal.recordings.models import CallLeg, Recording

MOST_FOUND = 20
_LAST = 4
_ABOUT = timedelta(minutes=30)
#: After every digit in every collation: `prefix <= x < prefix + _END` is a search by the beginning.
_END = "A"


@dataclass
class CannotSearch(Exception):
    """The search is not done; `field` is where the mistake is, `str()` says what to do."""

    field: str
    why: str

    def __str__(self) -> str:
        return self.why


@dataclass(frozen=True)
class Found:
    """At most 20 calls; `more` where the search would have found others too."""

    calls: list[Candidate]
    more: bool


def search(
    application: Application,
    *,
    by: Account,
    number: str = "",
    from_: datetime | None = None,
    until: datetime | None = None,
) -> Found:
    """Find calls inside `write()`, since the search is an event. Times are aware.

    `number` is typed text: the last four digits, or at least five from the beginning; empty means
    the numbers in the application, and the time alone where it has none. Raises what
    `guard_in_hand` does, and `CannotSearch`.
    """
    guard_in_hand(application, by)
    window = _window(application, from_, until)
    rows: list[Recording] = []
    for kind, condition in _attempts(application, number):  # noqa: B007
        wanted = select(Recording).where(
            within(application), Recording.called_at.between(window.start, window.end), condition
        )
        rows = list(writing().scalars(_ordered(wanted, application).limit(MOST_FOUND + 1)))
        if rows:
            break
    shown = rows[:MOST_FOUND]
    application.searched_at = clock.now()
    hours = ceil((window.end - window.start) / timedelta(hours=1))
    audit.record(
        "recordings.search", by=by, on=application, number=kind, hours=hours, hits=len(shown)
    )
    return Found(candidates(application, shown), more=len(rows) > MOST_FOUND)


def usual_window(application: Application) -> Bounds | None:
    """What the search starts with: the time asked for, half an hour more on each side."""
    bounds, start = bounds_of(application), application.asked_from
    if bounds is None or start is None:
        return None
    end = max(application.asked_until or start, start)
    return Bounds(max(start - _ABOUT, bounds.start), min(end + _ABOUT, bounds.end))


def _window(application: Application, from_: datetime | None, until: datetime | None) -> Bounds:
    bounds = bounds_of(application)
    if bounds is None:
        raise CannotSearch("since", "통화일시가 없는 신청이므로 찾을 수 없습니다.")
    window = Bounds(from_ or bounds.start, until or bounds.end)
    limits = f"{korean_datetime(bounds.start)}부터 {korean_datetime(bounds.end)}까지"
    for field, moment in (("since", window.start), ("until", window.end)):
        if not bounds.holds(moment):
            raise CannotSearch(field, f"이 신청에서는 {limits}만 찾을 수 있습니다.")
    if window.end < window.start:
        raise CannotSearch("until", "끝 시각이 시작 시각보다 앞섭니다.")
    return window


def _attempts(application: Application, typed: str) -> list[tuple[str, ColumnElement[bool]]]:
    """Code word and condition of each number search, to be tried until one finds something."""
    if not typed.strip():
        return _as_applied_for(application)
    digits = phones.digits(typed)
    if len(digits) < _LAST:
        raise CannotSearch(
            "number", "번호는 끝 4자리, 또는 앞에서부터 5자리 이상을 숫자로 적어 주십시오."
        )
    if len(digits) == _LAST:
        backwards = digits[::-1]
        return [
            (
                "last_four",
                or_(
                    _begins(Recording.caller_reversed, backwards),
                    _begins(Recording.callee_reversed, backwards),
                    _on_extension(digits),
                ),
            )
        ]
    beginning = or_(
        _begins(Recording.caller_number, digits),
        _begins(Recording.callee_number, digits),
        _on_extension(digits),
    )
    return [("beginning", beginning)]


def _as_applied_for(application: Application) -> list[tuple[str, ColumnElement[bool]]]:
    """Both numbers, then either of them; the time alone where the applicant knew none (모름)."""
    said = numbers_said(application)
    if not said:
        return [("none", true())]
    either = or_(Recording.caller_number.in_(said), Recording.callee_number.in_(said))
    if len(said) == 1:
        return [("application", either)]
    both = and_(
        Recording.caller_number == application.caller_number,
        Recording.callee_number == application.callee_number,
    )
    return [("application", both), ("either", either)]


def _begins(column: InstrumentedAttribute[str | None], prefix: str) -> ColumnElement[bool]:
    """A range instead of LIKE, for which SQLite and PostgreSQL would not use the index."""
    return and_(column >= prefix, column < prefix + _END)


def _on_extension(number: str) -> ColumnElement[bool]:
    """A call that was passed on to the extension, whatever was dialled."""
    lines = select(Extension.id).where(Extension.number == number)
    return Recording.id.in_(select(CallLeg.recording_id).where(CallLeg.extension_id.in_(lines)))


def _ordered(statement: Select[Recording], application: Application) -> Select[Recording]:
    """The call applied from, the called department, the time asked for; then by time."""
    firsts = [Recording.id == application.asked_recording_id]
    if application.called_department:
        named = _is_named(application.called_department)
        lines = select(Extension.id).join(Department).where(named)
        there = select(CallLeg.recording_id).where(CallLeg.extension_id.in_(lines))
        firsts.append(Recording.id.in_(there))
    if usual := usual_window(application):
        firsts.append(Recording.called_at.between(usual.start, usual.end))
    order = [case((first, 0), else_=1) for first in firsts]
    return statement.order_by(*order, Recording.called_at, Recording.id)


def _is_named(typed: str) -> ColumnElement[bool]:
    """The department a person meant: part of its name, or its name within what was typed."""
    part = Department.name.contains(typed, autoescape=True)
    return or_(part, literal(typed).contains(Department.name))
