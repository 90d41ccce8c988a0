"""A call that arrives when its day has passed: destroyed at the door, with a tombstone (제8조①)."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from portal import audit
from portal.database import write
from portal.extensions import db
from portal.recordings.bundle import digest
from portal.recordings.delivery import Delivery, Outcome
from portal.retention.models import Tombstone

_HASH = 32  # bytes


def destroy_late(delivery: Delivery, day: date) -> Outcome:
    """Write the tombstone, then remove the source. A repetition finds the sound's hash in it.

    A sidecar without sound is removed with an event only: there was no recording to bury.
    """
    found = bytes.fromhex(digest(delivery.sound)) if delivery.sound else None
    delivery.require_unchanged()
    with write() as session:
        known = found is not None and _is_buried(session, day, found)
        tombstone = None
        if found and not known:
            tombstone = Tombstone(
                delete_on=day,
                by=audit.origin.get(),
                cause="late_arrival",
                recordings=1,
                hashes=found,
            )
            session.add(tombstone)
            session.flush()
        audit.record(
            "recording.late_arrival", by=None, on=tombstone, day=day.isoformat(), known=known
        )
    delivery.remove()
    return Outcome.RECOGNISED if known else Outcome.DESTROYED


def is_rest(delivery: Delivery, day: date) -> bool:
    """Whether a sidecar alone stood there when a late sound of its day was destroyed."""
    late = select(Tombstone.destroyed_at).where(
        Tombstone.delete_on == day, Tombstone.cause == "late_arrival"
    )
    return any(delivery.was_there(moment) for moment in db.session.scalars(late))


def _is_buried(session: Session, day: date, found: bytes) -> bool:
    if session.get_bind().dialect.name == "postgresql":
        # Of two importers with the same file the second one waits, and finds the first one's row.
        session.execute(text("LOCK TABLE tombstone IN SHARE ROW EXCLUSIVE MODE"))
    rows = session.scalars(select(Tombstone.hashes).where(Tombstone.delete_on == day))
    return any(
        hashes[at : at + _HASH] == found for hashes in rows for at in range(0, len(hashes), _HASH)
    )
