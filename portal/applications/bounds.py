"""How far a custodian may look for the calls of one application: nobody browses who called whom.

The bounds follow from what the application asks for and cannot be widened by a query.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, false, or_, select

from portal import clock
from portal.accounts.models import ExtensionHolding
from portal.applications.models import Application
from portal.extensions import db
from portal.recordings.models import CallLeg, Recording

#: A citizen remembers a time; it may be off by a day.
_REMEMBERED = timedelta(days=1)
#: An employee named one call; what belongs to it (a transfer, a call back) lies around it.
_KNOWN = timedelta(hours=1)


@dataclass(frozen=True)
class Bounds:
    """From and until when calls may have begun, both inclusive, UTC."""

    start: datetime
    end: datetime

    def holds(self, moment: datetime) -> bool:
        return self.start <= moment <= self.end


def bounds_of(application: Application) -> Bounds | None:
    """The application's window; None where it names no time, and then nothing can be searched."""
    start = application.asked_from
    if start is None:
        return None
    end = max(application.asked_until or start, start)
    around = _KNOWN if application.asked_recording_id is not None else _REMEMBERED
    return Bounds(start - around, end + around)


def within(application: Application) -> ColumnElement[bool]:
    """The living recordings that may be looked at and matched for this application.

    For an employee these are calls on a line of theirs only (제7조①제2호): another's call in the
    same hour is none of their business.
    """
    bounds = bounds_of(application)
    if bounds is None:
        return false()
    conditions = [Recording.is_alive, Recording.called_at.between(bounds.start, bounds.end)]
    if application.applicant_kind == "employee" and application.ground == 2:
        conditions.append(_on_lines_of(application.party_id))
    return and_(*conditions)


def is_within(application: Application, recording: Recording) -> bool:
    """Whether this recording lies inside the application's bounds now."""
    found = select(Recording.id).where(Recording.id == recording.id, within(application))
    return db.session.scalar(found) is not None


def _on_lines_of(person_id: int | None) -> ColumnElement[bool]:
    held = []
    holdings = select(ExtensionHolding).where(ExtensionHolding.person_id == person_id)
    for holding in db.session.scalars(holdings):
        parts = [
            CallLeg.extension_id == holding.extension_id,
            Recording.called_at >= clock.midnight(holding.from_on),
        ]
        if holding.until_on:
            parts.append(Recording.called_at < clock.midnight(holding.until_on))
        held.append(and_(*parts))
    legs = select(CallLeg.id).where(CallLeg.recording_id == Recording.id, or_(false(), *held))
    return legs.correlate(Recording).exists()
