"""Which bytes of which recording a listening session was given, with few writes."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Select, select, update

from portal import audit
from portal.database import lock, writing
from portal.extensions import db
from portal.playback.models import ListeningSession, ServedRange
from portal.playback.refusal import refusal_of_end
from portal.recordings.models import Recording

#: What was already noted is noted again at most this often; also how often presence is.
NOTE_EVERY = timedelta(minutes=1)


def is_noted(listening_id: int, recording_id: int, first: int, end: int, now: datetime) -> bool:
    """Whether noting bytes `first` up to `end` now would tell nothing new.

    Reads the session anew: one that ended a moment ago is no longer noted in.
    """
    covering = (
        select(ServedRange.id)
        .join(ListeningSession, ListeningSession.id == ServedRange.session_id)
        .where(
            ServedRange.session_id == listening_id,
            ServedRange.recording_id == recording_id,
            ServedRange.first_byte <= first,
            ServedRange.end_byte >= end,
            ServedRange.last_at > now - NOTE_EVERY,
            ListeningSession.ended_at.is_(None),
            ListeningSession.active_at > now - NOTE_EVERY,
        )
    )
    return db.session.scalar(covering.limit(1)) is not None


def note(listening_id: int, recording_id: int, first: int, end: int, now: datetime) -> None:
    """Note inside the open `write()` that bytes `first` up to `end` are given out now.

    Holds the session's row, so that nothing is given out after its end was committed: raises
    `PlaybackRefused` then. The first range of a recording is an event of its own.
    """
    this = ListeningSession.id == listening_id
    ended = select(ListeningSession.ended_at, ListeningSession.end_reason).where(this)
    ended_at, end_reason = writing().execute(ended.with_for_update()).one()
    if ended_at is not None:
        raise refusal_of_end(end_reason)
    active = update(ListeningSession).where(this).values(active_at=now)
    writing().execute(active.execution_options(synchronize_session=False))
    known = list(writing().scalars(_ranges(listening_id, recording_id)))
    if not known:
        _note_first_play(listening_id, recording_id)
    touching = [row for row in known if row.first_byte <= end and row.end_byte >= first]
    if not touching:
        writing().add(_new(listening_id, recording_id, first, end, now))
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


def _new(listening_id: int, recording_id: int, first: int, end: int, now: datetime) -> ServedRange:
    return ServedRange(
        session_id=listening_id,
        recording_id=recording_id,
        first_byte=first,
        end_byte=end,
        first_at=now,
        last_at=now,
    )


def _note_first_play(listening_id: int, recording_id: int) -> None:
    listening = writing().get_one(ListeningSession, listening_id)
    audit.record(
        "playback.play",
        by=listening.account,
        on=writing().get_one(Recording, recording_id),
        reason=listening.purpose,
        application=listening.application.public_id,
        listening=listening.public_id,
    )
