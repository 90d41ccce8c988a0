"""The row of a recording and its legs, from what the source says and what the sound is."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select

from portal import clock
from portal.accounts.models import Extension
from portal.database import writing
from portal.recordings.facts import CallFacts
from portal.recordings.models import CallLeg, Recording
from portal.recordings.sound import SoundFacts
from portal.runtime import settings
from portal.vault import StoredBlob

_GIVEN = ("announcement", "spoken")


def enter(
    facts: CallFacts, sound: SoundFacts, stored: StoredBlob, day: date, blob_id: str
) -> Recording:
    """Add the recording to the open `write()`. A duplicate (source, source_id) fails the flush."""
    notice, source, told_at = _notice(facts)
    row = Recording(
        public_id=blob_id,
        source=facts.source,
        source_id=facts.source_id,
        called_at=facts.called_at,
        caller_number=facts.caller,
        callee_number=facts.callee,
        caller_reversed=facts.caller[::-1] if facts.caller else None,
        callee_reversed=facts.callee[::-1] if facts.callee else None,
        direction=facts.direction,
        container=sound.container,
        codec=sound.codec,
        channels=sound.channels,
        sample_rate=sound.sample_rate,
        frames=sound.frames,
        duration_ms=sound.duration_ms,
        media_type=sound.media_type,
        plays_in_browser=sound.plays_in_browser,
        channel_owners=_owners(facts, sound),
        size=stored.size,
        sha256=stored.sha256,
        arrived_at=clock.now(),
        delete_on=day,
        prior_notice=notice,
        notice_source=source,
        notice_at=told_at,
        legs=_legs(facts),
    )
    writing().add(row)
    return row


def _notice(facts: CallFacts) -> tuple[str, str | None, datetime | None]:
    # 제6조: a notice counts as given only where somebody answers for it. What the recorder says
    # comes first; where it says nothing, the setting of the exchange's announcement does.
    source = facts.notice.source
    if facts.notice.kind != "unknown" and (source or facts.notice.kind not in _GIVEN):
        return facts.notice.kind, source, facts.notice.at if source else None
    lines, day = {leg.extension for leg in facts.legs}, clock.seoul(facts.called_at).date()
    if by := settings().prior_notice.announced_by(lines, facts.direction, day):
        return "announcement", by, facts.called_at
    return "unknown", None, None


def _owners(facts: CallFacts, sound: SoundFacts) -> str:
    told = facts.channels
    return ",".join(told) if len(told) == sound.channels and "mixed" not in told else ""


def _legs(facts: CallFacts) -> list[CallLeg]:
    numbers = {leg.extension for leg in facts.legs}
    known = select(Extension.number, Extension.id).where(Extension.number.in_(numbers))
    ids = {row.number: row.id for row in writing().execute(known)}
    return [
        CallLeg(
            number=leg.extension,
            extension_id=ids.get(leg.extension),
            from_at=leg.from_at,
            until_at=leg.until_at,
        )
        for leg in facts.legs
    ]
