"""Recordings with sound whose day comes, and what is left of them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any

from sqlalchemy import func, select

import factories
from portal import clock
from portal.database import write
from portal.extensions import db
from portal.ids import public_id
from portal.recordings.models import CallLeg, QuarantineItem, Recording
from portal.retention.models import Tombstone
from portal.runtime import config, vault

SOUND = b"RIFF" + bytes(4000)


def recording(day: date, **fields: Any) -> Recording:
    """A recording with sound that dies on a day."""
    row = factories.recording(
        called_at=clock.midnight(day) - timedelta(days=30, hours=5), delete_on=day, **fields
    )
    stored = vault().recordings.put(day, row.public_id, BytesIO(SOUND + row.public_id.encode()))
    with write():
        row.sha256 = stored.sha256
    return row


def quarantined(day: date) -> QuarantineItem:
    """Something set aside, with its bytes, that dies on a day."""
    blob = public_id()
    stored = vault().recordings.put(day, blob, BytesIO(SOUND + blob.encode()))
    with write() as session:
        row = QuarantineItem(
            public_id=blob,
            reason="truncated",
            message="파일이 중간에 끊겨 있습니다.",
            sha256=stored.sha256,
            size=stored.size,
            has_sound=True,
            has_sidecar=True,
            delete_on=day,
        )
        session.add(row)
    return row


def today_and(days: int) -> date:
    return clock.today() + timedelta(days=days)


def at_the_end_of(day: date) -> datetime:
    """The first moment at which what dies on `day` is dead."""
    return clock.midnight(day)


def count(model: type[Any]) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def tombstone_hashes() -> list[str]:
    """Every hash in every tombstone, sorted; a hash that stands in two is there twice."""
    db.session.rollback()
    found = []
    for hashes in db.session.scalars(select(Tombstone.hashes)):
        parts = [hashes[i : i + 32].hex() for i in range(0, len(hashes), 32)]
        assert parts == sorted(parts)
        found.extend(parts)
    return sorted(found)


def nothing_left(day: date) -> bool:
    """Whether key, files and rows of a day are gone for good."""
    folder = config().data / "vault/days" / str(day)
    key = config().data / "keys/days" / f"{day}.age"
    db.session.rollback()
    rows = select(Recording.id).where(Recording.delete_on == day, Recording.destroyed_at.is_(None))
    items = select(QuarantineItem.id).where(
        QuarantineItem.delete_on == day, QuarantineItem.destroyed_at.is_(None)
    )
    return (
        not folder.exists()
        and not key.exists()
        and not list(key.parent.glob(f".{key.name}.*.tmp"))
        and vault().day_keys.is_destroyed(day)
        and db.session.scalar(rows) is None
        and db.session.scalar(items) is None
        and count(CallLeg) == _legs_of_the_living()
    )


def _legs_of_the_living() -> int:
    living = select(func.count()).select_from(CallLeg).join(Recording)
    return db.session.scalar(living.where(Recording.destroyed_at.is_(None))) or 0
