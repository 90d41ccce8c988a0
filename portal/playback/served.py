"""Which bytes of which recording a listening session was given, with few writes."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Select, select

from portal import audit
from portal.database import lock, writing
from portal.extensions import db
from portal.playback.models import ListeningSession, ServedRange
from portal.playback.refusal import refusal_of_end
from portal.recordings.models import Recording

#: What was already noted is noted again at most this often; also how often presence is.
NOTE_EVERY = timedelta(minutes=1)


def is_noted(
    listening: ListeningSession, recording: Recording, first: int, end: int, now: datetime
) -> bool:
    """Whether noting bytes `first` up to `end` now would tell nothing new."""
    if listening.ended_at is not None or now - listening.active_at >= NOTE_EVERY:
        return False
    covering = _ranges(listening.id, recording.id).where(
        ServedRange.first_byte <= first,
        ServedRange.end_byte >= end,
        ServedRange.last_at > now - NOTE_EVERY,
    )
    return db.session.scalar(covering.limit(1)) is not None


def note(
    listening: ListeningSession, recording: Recording, first: int, end: int, now: datetime
) -> None:
    """Note inside the open `write()` that bytes `first` up to `end` are given out now.

    Holds the session's row, so that nothing is given out after its end was committed: raises
    `PlaybackRefused` then. The first range of a recording is an event of its own.
    """
    lock(listening)
    if listening.ended_at is not None:
        raise refusal_of_end(listening.end_reason)
    listening.active_at = now
    known = list(writing().scalars(_ranges(listening.id, recording.id)))
    if not known:
        _note_first_play(listening, recording)
    touching = [row for row in known if row.first_byte <= end and row.end_byte >= first]
    if not touching:
        writing().add(_new(listening, recording, first, end, now))
        return
    kept, *others = touching
    kept.first_byte = min(first, *(row.first_byte for row in touching))
    kept.end_byte = max(end, *(row.end_byte for row in touching))
    kept.first_at = min(row.first_at for row in touching)
    kept.last_at = now
    for row in others:
        writing().delete(row)


def note_presence(listening: ListeningSession, now: datetime) -> None:
    """Note inside the open `write()` that the player is still playing, from what it has already."""
    lock(listening)
    if listening.ended_at is None:
        listening.active_at = max(listening.active_at, now)


def summary(listening: ListeningSession) -> str:
    """The served ranges for the log: `<recording>:0-1048576+2097152-3145728;<recording>:…`."""
    served: dict[str, list[str]] = {}
    rows = db.session.execute(
        select(Recording.public_id, ServedRange.first_byte, ServedRange.end_byte)
        .join(Recording, Recording.id == ServedRange.recording_id)
        .where(ServedRange.session_id == listening.id)
        .order_by(Recording.id, ServedRange.first_byte)
    )
    for public_id, first, end in rows:
        served.setdefault(public_id, []).append(f"{first}-{end}")
    return ";".join(f"{public_id}:{'+'.join(parts)}" for public_id, parts in served.items())


def _ranges(session_id: int, recording_id: int) -> Select[ServedRange]:
    return select(ServedRange).where(
        ServedRange.session_id == session_id, ServedRange.recording_id == recording_id
    )


def _new(
    listening: ListeningSession, recording: Recording, first: int, end: int, now: datetime
) -> ServedRange:
    return ServedRange(
        session_id=listening.id,
        recording_id=recording.id,
        first_byte=first,
        end_byte=end,
        first_at=now,
        last_at=now,
    )


def _note_first_play(listening: ListeningSession, recording: Recording) -> None:
    audit.record(
        "playback.play",
        by=listening.account,
        on=recording,
        reason=listening.purpose,
        application=listening.application.public_id,
        listening=listening.public_id,
    )
