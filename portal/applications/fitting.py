"""Whether somebody was on a call that fits what an application says, before the call is known."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from portal.accounts.models import Account, ExtensionHolding
from portal.applications.models import Application
from portal.extensions import db
from portal.recordings.models import CallLeg, Recording
from portal.recordings.parties import party_ids

_ABOUT = timedelta(minutes=30)  # how far a remembered moment may be off


def was_party(application: Application, by: Account) -> bool:
    """Whether a call that fits numbers and time was on a line of the person who enters it."""
    if application.asked_from is None:
        return False
    if not (application.caller_number or application.callee_number):
        return False
    until = application.asked_until or application.asked_from
    calls = (
        select(Recording)
        .join(CallLeg)
        .join(ExtensionHolding, ExtensionHolding.extension_id == CallLeg.extension_id)
        .where(
            ExtensionHolding.person_id == by.person_id,
            Recording.called_at.between(application.asked_from - _ABOUT, until + _ABOUT),
            Recording.is_alive,
        )
    )
    if application.caller_number:
        calls = calls.where(Recording.caller_number == application.caller_number)
    if application.callee_number:
        calls = calls.where(Recording.callee_number == application.callee_number)
    return any(by.person_id in party_ids([call]) for call in db.session.scalars(calls))
