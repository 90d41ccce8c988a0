"""Recordings whose day key is lost with its disk: nobody can ever hear them, so they end.

Only after a restore: a key that is merely out of reach must not cost anybody a recording.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from portal import clock
from portal.extensions import db
from portal.packages import end as packages
from portal.recordings.models import QuarantineItem, Recording
from portal.retention.rows import destroy_batch
from portal.runtime import vault


def lost_days() -> list[date]:
    """Deletion days to come that have recordings or files and no key, in order."""
    today = clock.today()
    found: set[date] = set()
    for model in (Recording, QuarantineItem):
        living = select(model.delete_on).where(
            model.delete_on > today, model.destroyed_at.is_(None)
        )
        found.update(db.session.scalars(living.distinct()))
    db.session.rollback()
    found.update(day for day in vault().recordings.days() if day > today)
    return sorted(found - set(vault().day_keys.days()))


def destroy_lost() -> int:
    """Destroy what cannot be heard any more, with a tombstone; returns how many recordings.

    No marker is set: calls of the same days may still arrive, under a new key.
    """
    destroyed = 0
    for day in lost_days():
        packages.end_day(day)
        for blob in vault().recordings.blobs(day):
            vault().recordings.remove(day, blob)
        tombstone: int | None = None
        while batch := destroy_batch(day, tombstone, cause="lost"):
            tombstone = batch.tombstone_id
            destroyed += batch.recordings
    return destroyed
