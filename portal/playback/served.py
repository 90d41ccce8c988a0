"""Which bytes of which recording a listening session was given, with few writes."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import Table, bindparam, delete, insert, select, update

from portal import audit
from portal.database import lock, writing
from portal.extensions import db
from portal.playback.models import ListeningSession, ServedRange
from portal.playback.refusal import refusal_of_end
from portal.recordings.models import Recording

#: What was already noted is noted again at most this often; also how often presence is.
NOTE_EVERY = timedelta(minutes=1)

_LISTENING = cast(Table, ListeningSession.__table__)
_SERVED = cast(Table, ServedRange.__table__)
_THIS = _LISTENING.c.id == bindparam("listening")
_COVERING = (
    select(_SERVED.c.id)
    .join(_LISTENING, _LISTENING.c.id == _SERVED.c.session_id)
    .where(
        _SERVED.c.session_id == bindparam("listening"),
        _SERVED.c.recording_id == bindparam("recording"),
        _SERVED.c.first_byte <= bindparam("first"),
        _SERVED.c.end_byte >= bindparam("end"),
        _SERVED.c.last_at > bindparam("since"),
        _LISTENING.c.ended_at.is_(None),
        _LISTENING.c.active_at > bindparam("since"),
    )
    .limit(1)
)
_END = select(_LISTENING.c.ended_at, _LISTENING.c.end_reason).where(_THIS).with_for_update()
_ACTIVE = update(_LISTENING).where(_THIS).values(active_at=bindparam("now"))
_KNOWN = select(*(_SERVED.c[name] for name in ("id", "first_byte", "end_byte", "first_at"))).where(
    _SERVED.c.session_id == bindparam("listening"), _SERVED.c.recording_id == bindparam("recording")
)

_BEGUN = insert(_SERVED)
_MERGED = (
    update(_SERVED)
    .where(_SERVED.c.id == bindparam("kept"))
    .values(
        first_byte=bindparam("from"),
        end_byte=bindparam("to"),
        first_at=bindparam("since"),
        last_at=bindparam("now"),
    )
)


def is_noted(listening_id: int, recording_id: int, first: int, end: int, now: datetime) -> bool:
    """Whether noting bytes `first` up to `end` now would tell nothing new."""
    asked = {"listening": listening_id, "recording": recording_id, "first": first, "end": end}
    found = db.session.connection().execute(_COVERING, {**asked, "since": now - NOTE_EVERY})
    return found.first() is not None


def note(listening_id: int, recording_id: int, first: int, end: int, now: datetime) -> None:
    """Note inside the open `write()` that bytes `first` up to `end` are given out now.

    Holds the session's row, so that nothing is given out after its end was committed: raises
    `PlaybackRefused` then. The first range of a recording is an event of its own.
    """
    connection = writing().connection()
    ended_at, end_reason = connection.execute(_END, {"listening": listening_id}).one()
    if ended_at is not None:
        raise refusal_of_end(end_reason)
    connection.execute(_ACTIVE, {"listening": listening_id, "now": now})
    of_this = {"listening": listening_id, "recording": recording_id}
    known = connection.execute(_KNOWN, of_this).all()
    if not known:
        _note_first_play(listening_id, recording_id)
    touching = [row for row in known if row.first_byte <= end and row.end_byte >= first]
    if not touching:
        span = {"session_id": listening_id, "recording_id": recording_id, "first_byte": first}
        connection.execute(_BEGUN, {**span, "end_byte": end, "first_at": now, "last_at": now})
        return
    span = {
        "from": min(first, *(row.first_byte for row in touching)),
        "to": max(end, *(row.end_byte for row in touching)),
        "since": min(row.first_at for row in touching),
    }
    kept, *others = (row.id for row in touching)
    connection.execute(_MERGED, {**span, "now": now, "kept": kept})
    if others:
        connection.execute(delete(_SERVED).where(_SERVED.c.id.in_(others)))


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
