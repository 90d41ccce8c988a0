"""An answer to a 보완요구 may correct which call is meant: numbers, department and time.

What stood there before stays in the history; Form 1 is printed anew with a new signature, since
nobody signed for the corrected facts. 제7조② 단서: a 공문 has no Form 1 and no signature.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from portal import clock, phones
from portal.applications.complete import FieldError, call_mistakes
from portal.applications.form1_data import UNKNOWN
from portal.applications.models import Application
from portal.applications.resident_number import MESSAGE, holds_resident_number
from portal.applications.submit import Incomplete
from portal.applications.wording import line
from portal.documents.text import korean_datetime

LABELS = {
    "caller_number": "송신번호",
    "callee_number": "수신번호",
    "called_department": "통화한 부서",
    "asked_from": "통화일시",
    "asked_until": "통화일시 끝",
}


@dataclass(frozen=True, kw_only=True)
class CallFacts:
    """Which call is meant; numbers as digits, None for 모름, times aware."""

    caller_number: str | None
    callee_number: str | None
    called_department: str
    asked_from: datetime | None
    asked_until: datetime | None

    @classmethod
    def of(cls, application: Application) -> CallFacts:
        return cls(**{name: getattr(application, name) for name in LABELS})


def may_correct(application: Application) -> bool:
    """Whether somebody typed the call; an employee who applied from it has no say in its facts."""
    return application.asked_recording_id is None


def correct(application: Application, facts: CallFacts) -> list[dict[str, str]]:
    """Put the facts into the application; what changed, as `Transition.changes` keeps it.

    Raises `Incomplete` with every mistake, each with its field; nothing is changed then.
    """
    before = CallFacts.of(application)
    facts = _as_stored(facts, before)
    if facts == before or not may_correct(application):
        return []
    for name in LABELS:
        setattr(application, name, getattr(facts, name))
    if errors := call_mistakes(application):
        raise Incomplete(errors)
    application.searched_at = None  # another call may be meant: it is to be looked for anew
    return [
        {"field": label, "before": _shown(was), "after": _shown(now)}
        for name, label in LABELS.items()
        if (was := getattr(before, name)) != (now := getattr(facts, name))
    ]


def _as_stored(facts: CallFacts, before: CallFacts) -> CallFacts:
    department = line(facts.called_department)
    if holds_resident_number(department):
        raise Incomplete([FieldError("called_department", MESSAGE)])
    return CallFacts(
        caller_number=facts.caller_number,
        callee_number=facts.callee_number,
        called_department=department,
        asked_from=_same_minute(facts.asked_from, before.asked_from),
        asked_until=_same_minute(facts.asked_until, before.asked_until),
    )


def _same_minute(typed: datetime | None, before: datetime | None) -> datetime | None:
    """Fields carry minutes; what was only shown and sent back is no correction."""
    if typed and before and clock.seoul(before).replace(second=0, microsecond=0) == typed:
        return before
    return typed


def _shown(value: str | datetime | None) -> str:
    if isinstance(value, datetime):
        return korean_datetime(value)
    if value is None:
        return UNKNOWN
    return (phones.shown(value) if value.isdigit() else value) or "없음"
