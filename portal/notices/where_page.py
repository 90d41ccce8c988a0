"""The address behind a notice: where its reader acts."""

from __future__ import annotations

from flask import url_for

from portal.notices.kinds import Kind, Place
from portal.notices.models import Notice
from portal.notices.wording import WORDS

_OF_AN_APPLICATION = {
    Place.INTAKE: "applications.intake_item",
    Place.APPROVAL: "approvals.item",
    Place.HANDOVER: "handover.receipt",
    Place.APPLICATION: "applications.detail",
    Place.DESTRUCTION: "destruction.record",
}
_LISTS = {
    Place.APPROVAL: "approvals.queue",
    Place.CALL_TASKS: "notices.calls",
    Place.CHANGES: "accounts.changes",
    Place.ACCOUNT: "accounts.own",
    Place.QUARANTINE: "recordings.quarantine",
    Place.LOG_MONTHS: "access_log.months",
    Place.DESTRUCTION: "destruction.awaited",
    Place.THIRD_PARTY: "ledger.third_party",
    Place.ACTING: "accounts.acting",
    Place.MAILS: "notices.mails",
}


def address_of(notice: Notice) -> str:
    """The application's own page for this reader, or the list, or the notices themselves."""
    place = WORDS[Kind(notice.kind)].place
    if notice.application is not None and place in _OF_AN_APPLICATION:
        return url_for(_OF_AN_APPLICATION[place], public_id=notice.application.public_id)
    return url_for(_LISTS.get(place, "notices.own"))
