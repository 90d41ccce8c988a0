"""What stays of a destroyed recording: what the ledger needs, and a tombstone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import CompoundSelect, Row, delete, select, union, update

from portal import audit, clock
from portal.applications.models import Application, ApplicationRecording
from portal.applications.states import FINAL
from portal.database import write, writing
from portal.extensions import db
from portal.recordings.models import CallLeg, QuarantineItem, Recording
from portal.retention.models import Tombstone

#: Rows a transaction: short enough that nobody waits for it.
BATCH = 500
#: In place of the number of a leg whose call is destroyed.
FORGOTTEN = ""
_HASH = 32  # bytes


@dataclass(frozen=True)
class Batch:
    """What one transaction destroyed, and the tombstone that says so."""

    tombstone_id: int
    recordings: int
    quarantined: int


def destroy_batch(day: date, tombstone_id: int | None, cause: str = "retention") -> Batch | None:
    """Destroy up to `BATCH` rows of each kind of a day; None where none is left.

    The hashes go from the rows into the tombstone in the same transaction, so each stands in
    exactly one, whatever is killed and whoever else runs. A run has one tombstone a day:
    `tombstone_id` is what its batch before returned. `cause`: "retention", or "lost" for keys
    that went with their disk.
    """
    with write():
        recordings = _held(Recording, day)
        items = _held(QuarantineItem, day)
        if not recordings and not items:
            return None
        _reduce_or_delete([row.id for row in recordings])
        _set_aside([row.id for row in items])
        tombstone = _tombstone(day, tombstone_id, cause)
        _add(tombstone, recordings, items)
        audit.record(
            "retention.destroy" if cause == "retention" else "retention.lost",
            by=None,
            on=tombstone,
            delete_on=str(day),
            recordings=len(recordings),
            quarantined=len(items),
        )
        return Batch(tombstone.id, len(recordings), len(items))


def _held(model: type[Recording] | type[QuarantineItem], day: date) -> Sequence[Row[int, str]]:
    """Rows that are still to be destroyed, held until the commit."""
    columns = (model.id, model.sha256)
    statement = select(*columns).where(model.delete_on == day, model.destroyed_at.is_(None))
    return writing().execute(statement.order_by(model.id).limit(BATCH).with_for_update()).all()


def _reduce_or_delete(ids: list[int]) -> None:
    """Rows that an application names stay without their numbers; all others go."""
    session = writing()
    matched = select(ApplicationRecording.recording_id).where(
        ApplicationRecording.recording_id.in_(ids)
    )
    asked = select(Application.asked_recording_id).where(Application.asked_recording_id.in_(ids))
    named = {*session.scalars(matched), *session.scalars(asked)}
    _forget_numbers_of_legs(ids)
    _run(delete(Recording).where(Recording.id.in_([i for i in ids if i not in named])))
    _run(
        update(Recording)
        .where(Recording.id.in_(named))
        .values(
            destroyed_at=clock.now(),
            caller_number=None,
            callee_number=None,
            caller_reversed=None,
            callee_reversed=None,
            # Some recorders put the numbers into the name of the file.
            source_id=Recording.public_id,
        )
    )


def _forget_numbers_of_legs(ids: list[int]) -> None:
    """Which lines took part stays as long as an application about the call is open: whoever was a
    party must keep their hands off what is left of it (conflict)."""
    legs = CallLeg.recording_id.in_(ids)
    _run(delete(CallLeg).where(legs, CallLeg.recording_id.not_in(_in_open_applications())))
    _run(update(CallLeg).where(legs).values(number=FORGOTTEN))


def forget_lines() -> None:
    """Remove the legs that were kept for applications that are over now. Opens its own `write()`
    where there are any."""
    kept = select(CallLeg.id).where(CallLeg.number == FORGOTTEN)
    over = kept.where(CallLeg.recording_id.not_in(_in_open_applications()))
    some = db.session.scalar(over.limit(1))
    db.session.rollback()
    if some is not None:
        with write():
            _run(delete(CallLeg).where(CallLeg.id.in_(over)))


def _in_open_applications() -> CompoundSelect[int]:
    """The ids of recordings that an application which is not over is about."""
    is_open = Application.state.not_in(FINAL)
    matched = select(ApplicationRecording.recording_id).join(Application).where(is_open)
    asked = select(Application.asked_recording_id).where(
        is_open, Application.asked_recording_id.is_not(None)
    )
    return union(matched, asked)


def _set_aside(ids: list[int]) -> None:
    items = update(QuarantineItem).where(QuarantineItem.id.in_(ids))
    _run(items.values(destroyed_at=clock.now()))


def _tombstone(day: date, tombstone_id: int | None, cause: str) -> Tombstone:
    session = writing()
    if tombstone_id is not None:
        return session.get_one(Tombstone, tombstone_id)
    tombstone = Tombstone(
        delete_on=day,
        by=audit.origin.get(),
        cause=cause,
        recordings=0,
        quarantined=0,
        hashes=b"",
    )
    session.add(tombstone)
    session.flush()
    return tombstone


def _add(
    tombstone: Tombstone, recordings: Sequence[Row[int, str]], items: Sequence[Row[int, str]]
) -> None:
    old = [tombstone.hashes[i : i + _HASH] for i in range(0, len(tombstone.hashes), _HASH)]
    new = [bytes.fromhex(row.sha256) for row in (*recordings, *items)]
    tombstone.hashes = b"".join(sorted(old + new))
    tombstone.recordings += len(recordings)
    tombstone.quarantined += len(items)


def _run(statement: Any) -> None:
    """Without the session's own bookkeeping: nothing of these rows is read again in here."""
    writing().execute(statement.execution_options(synchronize_session=False))
