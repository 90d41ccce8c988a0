"""What a recorder does: sound and sidecar into the drop folder, in its order."""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime, timedelta
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from portal import clock
from portal.demo.voices import conversation, write_wav
from portal.extensions import db
from portal.recordings.delivery import Outcome
from portal.recordings.intake import Intake, Report
from portal.recordings.models import QuarantineItem, Recording
from portal.recordings.retention_day import delete_on
from portal.retention.models import Tombstone
from portal.runtime import config, settings, vault

SETTLED = timedelta(seconds=2)
LONG_AFTER = timedelta(minutes=11)


@cache
def sound(seed: int = 1, seconds: float = 0.5) -> bytes:
    file = BytesIO()
    write_wav(file, conversation(seconds, seed))
    return file.getvalue()


def sidecar(source_id: str = "call-1", called_at: datetime | None = None, **more: Any) -> bytes:
    called_at = called_at or clock.now() - timedelta(minutes=5)
    values = {
        "called_at": clock.seoul(called_at).isoformat(timespec="seconds"),
        "duration_s": 0.5,
        "caller": "010-1234-5678",
        "callee": "031-644-1234",
        "extension": "1234",
        "direction": "inbound",
        "source": "recorder",
        "source_id": source_id,
        "notice": "unknown",
        **more,
    }
    return json.dumps({key: value for key, value in values.items() if value is not ...}).encode()


def drop(name: str = "call", wav: bytes | None = None, facts: bytes | None = None) -> Path:
    """Lay the given parts into the folder; returns the folder."""
    folder = config().drop
    folder.mkdir(exist_ok=True)
    if wav is not None:
        (folder / f"{name}.wav").write_bytes(wav)
    if facts is not None:
        (folder / f"{name}.json").write_bytes(facts)
    return folder


def drop_call(number: int = 1, **more: Any) -> bytes:
    """A good call; returns its sound."""
    wav = sound(number)
    drop(f"call-{number}", wav, sidecar(f"call-{number}", **more))
    return wav


def take_in(after: timedelta = SETTLED, intake: Intake | None = None) -> Report:
    """One round, `after` the files were laid there."""
    with clock.at(after):
        return (intake or Intake()).round()


def outcomes(**expected: int) -> Counter[Outcome]:
    return Counter({Outcome(name): n for name, n in expected.items()})


def left() -> list[str]:
    return sorted(path.name for path in config().drop.iterdir())


def count(model: type[Any]) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def the_recording() -> Recording:
    return db.session.scalars(select(Recording)).one()


def the_item() -> QuarantineItem:
    return db.session.scalars(select(QuarantineItem)).one()


def the_tombstone() -> Tombstone:
    return db.session.scalars(select(Tombstone)).one()


def kept_bytes(row: Recording | QuarantineItem) -> bytes:
    with vault().recordings.open(row.delete_on, row.public_id) as reader:
        return reader.readall()


def blobs() -> list[str]:
    """Every encrypted file of every day."""
    stored = vault().recordings
    return sorted(blob for day in stored.days() for blob in stored.blobs(day))


def rows() -> list[str]:
    """The ids of the encrypted files there should be."""
    ids = [*db.session.scalars(select(Recording.public_id))]
    return sorted([*ids, *db.session.scalars(select(QuarantineItem.public_id))])


def arrival_day() -> Any:
    return delete_on(clock.now(), settings())
