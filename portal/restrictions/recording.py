"""Whether an extension may record: what a recorder asks before it begins (제9조).

A shared extension (공용) may not record while any of its holders is restricted: the recorder
cannot tell who speaks.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from portal import clock
from portal.accounts.models import Extension, ExtensionHolding
from portal.extensions import db
from portal.restrictions.models import UseRestriction

#: From one moment up to but not including another; None: without end.
Span = tuple[datetime, datetime | None]


@dataclass(frozen=True)
class Answer:
    """`until` is when the answer changes, as far as it is known today; None where nothing is."""

    may_record: bool
    until: datetime | None


def answer_for(number: str) -> Answer | None:
    """The answer for an extension's digits, now; None where no such extension is known."""
    extension_id = db.session.scalar(select(Extension.id).where(Extension.number == number))
    if extension_id is None:
        return None
    found = db.session.execute(
        select(UseRestriction, ExtensionHolding)
        .join(ExtensionHolding, ExtensionHolding.person_id == UseRestriction.person_id)
        .where(
            ExtensionHolding.extension_id == extension_id,
            UseRestriction.phone_recording,
            UseRestriction.state == "approved",
            UseRestriction.served_at.is_not(None),
        )
    )
    return at(clock.now(), [_span(restriction, holding) for restriction, holding in found])


def at(now: datetime, spans: Iterable[Span]) -> Answer:
    """The answer where recording is forbidden within `spans`."""
    real = [(start, end) for start, end in spans if end is None or start < end]
    until: datetime | None = now
    while until and (ends := [end for start, end in real if _holds(start, end, until)]):
        known = [end for end in ends if end is not None]
        until = max(known) if len(known) == len(ends) else None
    if until != now:
        return Answer(False, until)
    return Answer(True, min((start for start, _end in real if start > now), default=None))


def _holds(start: datetime, end: datetime | None, moment: datetime) -> bool:
    return start <= moment and (end is None or moment < end)


def _span(restriction: UseRestriction, holding: ExtensionHolding) -> Span:
    """When the restriction and the holding of the extension hold together."""
    begins = restriction.begins_at or clock.now()
    last = clock.midnight(holding.until_on) if holding.until_on else None
    ends = [end for end in (restriction.ends_at, last) if end]
    return max(begins, clock.midnight(holding.from_on)), min(ends, default=None)
