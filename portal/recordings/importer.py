"""The one way in, whatever the source.

Order (decision 6): write encrypted → fsync file → rename → fsync folder → commit → remove the
sound → remove the sidecar. A crash between any two steps is finished by the next run:

- before the commit: the source is whole, and the call is taken in anew. An encrypted file without
  a row may stay; its id was for that attempt only, and reconcile removes it after its grace.
- after the commit, the source still whole: recognised by (source, source_id) and the sound's hash.
- the sound gone, the sidecar there: recognised by (source, source_id), or by the sidecar's hash
  where it was set aside, or by the tombstone of its day where it came late; that it stood there
  before that row was written says that it is a rest of then and waits for no sound.

Two importers at once may encrypt the same call; the unique constraint lets one row in, and the
loser removes its own file and recognises the call.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import bindparam, select
from sqlalchemy.exc import IntegrityError

from portal import audit, clock
from portal.database import flush_commits, write
from portal.extensions import db
from portal.ids import public_id
from portal.recordings import quarantine
from portal.recordings.bundle import digest, plain
from portal.recordings.commit import committing
from portal.recordings.delivery import Delivery, Outcome, Part
from portal.recordings.entry import enter
from portal.recordings.facts import BadSidecar, CallFacts, refuse_future
from portal.recordings.late_arrival import destroy_late, is_rest
from portal.recordings.models import QuarantineItem, Recording
from portal.recordings.quarantine import set_aside
from portal.recordings.retention_day import delete_on
from portal.recordings.sound import SoundFacts, UnusableSound, inspect
from portal.runtime import settings, vault
from portal.vault import DayKeyDestroyed


class _Known(NamedTuple):
    """A recording that is here already."""

    id: int
    sha256: str
    arrived_at: datetime


_KNOWN = select(Recording.id, Recording.sha256, Recording.arrived_at).where(
    Recording.source == bindparam("source"), Recording.source_id == bindparam("source_id")
)


def take_in(delivery: Delivery) -> Outcome:
    """Bring one delivery to its end: taken in, recognised, set aside, destroyed, or waiting.

    Raises Changed when the source changed meanwhile, and what disk or database raise; in each case
    the source stands as it was, and the next run does the whole again.
    """
    if delivery.fault:
        return set_aside(delivery, delivery.fault)
    if delivery.sound is None:
        return _sidecar_alone(delivery)
    if delivery.sidecar is None:
        return Outcome.WAITING if delivery.may_grow else set_aside(delivery, "no_sidecar")
    try:
        facts = delivery.facts()
        refuse_future(facts, clock.now())
    except BadSidecar as bad:
        return set_aside(delivery, bad.code, bad.message)
    return _take_in_call(delivery, delivery.sound, facts)


def _take_in_call(delivery: Delivery, sound: Part, facts: CallFacts) -> Outcome:
    day = delete_on(facts.called_at, settings())
    known = _find(facts)
    if known and known.sha256 == digest(sound):
        return _recognise(known, delivery)
    if _has_passed(day):
        return destroy_late(delivery, day)
    if known:
        return set_aside(delivery, "same_id_other_sound", day=day)
    try:
        heard = inspect(sound.file, sound.size)
    except UnusableSound as unusable:
        return set_aside(delivery, unusable.code, unusable.message, day)
    try:
        return _keep(delivery, sound, facts, heard, day)
    except DayKeyDestroyed:
        return destroy_late(delivery, day)


def _keep(
    delivery: Delivery, sound: Part, facts: CallFacts, heard: SoundFacts, day: date
) -> Outcome:
    blob_id = public_id()
    stored = vault().recordings.put(day, blob_id, plain(sound))
    try:
        with committing(day, blob_id) as session:
            delivery.require_unchanged()
            row = enter(facts, heard, stored, day, blob_id)
            session.flush()
            audit.record("recording.taken_in", by=None, on=row, ignored=len(facts.ignored))
    except IntegrityError:
        known = _find(facts)
        if known is None:
            raise
        if known.sha256 != stored.sha256:
            return set_aside(delivery, "same_id_other_sound", day=day)
        return _recognise(known, delivery)
    delivery.remove()
    return Outcome.TAKEN


def _recognise(known: _Known, delivery: Delivery) -> Outcome:
    delivery.require_unchanged()
    flush_commits()  # another importer's row may be seen before the disk has it
    delivery.remove()  # first: a source that cannot be removed would fill the log round by round
    with write() as session:
        audit.record("recording.recognised", by=None, on=session.get(Recording, known.id))
    return Outcome.RECOGNISED


def _sidecar_alone(delivery: Delivery) -> Outcome:
    """The rest of a crashed run is finished at once; what came without its sound may still grow."""
    waits = delivery.may_grow
    try:
        facts = delivery.facts()
    except BadSidecar as bad:
        if rest := _rest_of_quarantine(delivery):
            return rest
        return Outcome.WAITING if waits else set_aside(delivery, bad.code, bad.message)
    known = _find(facts)
    if known and (delivery.was_there(known.arrived_at) or not waits):
        return _recognise(known, delivery)
    if rest := _rest_of_quarantine(delivery):
        return rest
    day = delete_on(facts.called_at, settings())
    if _has_passed(day) and (is_rest(delivery, day) or not waits):
        return destroy_late(delivery, day)
    return Outcome.WAITING if waits else set_aside(delivery, "no_sound")


def _rest_of_quarantine(delivery: Delivery) -> Outcome | None:
    """Finish the removal of what a crashed run had set aside."""
    part = delivery.sidecar
    if part is None:
        return None
    item = quarantine.find(QuarantineItem.sidecar_mac == quarantine.sidecar_mac(digest(part)))
    if item and (delivery.was_there(item.arrived_at) or not delivery.may_grow):
        return quarantine.recognise(item, delivery)
    return None


def _find(facts: CallFacts) -> _Known | None:
    """The recording with this identity; the reading transaction ends, encrypting may take long."""
    named = {"source": facts.source, "source_id": facts.source_id}
    row = db.session.execute(_KNOWN, named).one_or_none()
    db.session.rollback()
    return _Known(*row) if row else None


def _has_passed(day: date) -> bool:
    return day <= clock.today() or vault().day_keys.is_destroyed(day)
