"""Database, keys and disk compared both ways; what is in flight gets a grace.

A file comes before its row (decision 6), so rows are read before the files they need, and files
before the rows that explain them. Without `repair` nothing is changed.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from hashlib import sha256

from sqlalchemy import ColumnElement, or_, select

from portal import clock
from portal.extensions import db
from portal.recordings.models import QuarantineItem, Recording
from portal.retention.difference import Difference
from portal.retention.look import is_settled, read
from portal.retention.reconcile_packages import compare_packages, package_files
from portal.retention.reconcile_records import compare_records
from portal.runtime import config, vault

GRACE_S = 600.0


def reconcile(grace_s: float = GRACE_S, *, repair: bool = False) -> list[Difference]:
    """Every difference. With `repair`, files that no row explains and leftovers are removed.

    `grace_s`: files younger than this, and days that ended less long ago, are work in flight.
    """
    found = [
        *_past_days(grace_s),
        *_living_rows(),
        *compare_packages(last_day_over(grace_s)),
        *_unexplained_files(grace_s, repair=repair),
        *compare_records(grace_s, repair=repair),
        *_stale_temporaries(grace_s, repair=repair),
        *_left_in_drop(),
    ]
    db.session.rollback()
    return list(dict.fromkeys(found))


def _left_in_drop() -> Iterator[Difference]:
    """What a recorder left and nobody takes in: names of unfinished files, folders, links.

    Plain sound could lie there past its day. Named by a hash: file names can hold numbers.
    """
    oldest = (clock.now() - timedelta(days=1)).timestamp()
    for path in config().drop.iterdir() if config().drop.is_dir() else ():
        if path.lstat().st_mtime < oldest:
            name = path.name.encode("utf-8", "surrogateescape")
            yield Difference("left_in_drop", sha256(name).hexdigest()[:12])


def last_day_over(grace_s: float) -> date:
    """The last day whose destruction must be finished by now."""
    return clock.seoul(clock.now() - timedelta(seconds=grace_s)).date()


def _past_days(grace_s: float) -> Iterator[Difference]:
    over = last_day_over(grace_s)
    for model in (Recording, QuarantineItem):
        late = select(model.public_id).where(model.delete_on <= over, model.destroyed_at.is_(None))
        yield from (Difference("row_not_destroyed", one) for one in read(late))
    numbered = or_(*(column.is_not(None) for column in _NUMBERS))
    rest = select(Recording.public_id).where(Recording.destroyed_at.is_not(None), numbered)
    yield from (Difference("numbers_not_removed", one) for one in read(rest))
    destroyed = set(vault().day_keys.destroyed_days())
    for day in vault().day_keys.days():
        if day <= over or day in destroyed:
            yield Difference("key_not_destroyed", str(day))
    if vault().day_keys.replica_is_behind:
        yield Difference("key_replica_behind", "keys/days")
    for day in vault().recordings.days():
        if (day <= over or day in destroyed) and vault().recordings.blobs(day):
            yield Difference("files_not_removed", str(day))


_NUMBERS = (
    Recording.caller_number,
    Recording.callee_number,
    Recording.caller_reversed,
    Recording.callee_reversed,
)


def _living_rows() -> Iterator[Difference]:
    for model, kind in (
        (Recording, "recording_without_file"),
        (QuarantineItem, "quarantine_without_file"),
    ):
        living = _living(model)
        for day in read(select(model.delete_on).where(*living).distinct()):
            of_day = select(model.public_id).where(model.delete_on == day, *living)
            rows = set(read(of_day))
            missing = rows - set(vault().recordings.blobs(day))
            if missing:  # looked at again: the day may have ended between the two looks
                yield from (Difference(kind, one) for one in sorted(missing & set(read(of_day))))
            if day not in vault().day_keys.days() and read(of_day):
                yield Difference("recording_without_key", str(day))


def _living(model: type[Recording] | type[QuarantineItem]) -> list[ColumnElement[bool]]:
    return [model.destroyed_at.is_(None), model.delete_on > clock.today()]


def _unexplained_files(grace_s: float, *, repair: bool) -> Iterator[Difference]:
    recordings = vault().recordings
    for day in recordings.days():
        if day <= clock.today() or vault().day_keys.is_destroyed(day):
            continue  # `_past_days` names them, the purge removes them
        found = set(recordings.blobs(day))
        explained: set[str] = set()
        for model in (Recording, QuarantineItem):
            explained.update(read(select(model.public_id).where(model.delete_on == day)))
        explained.update(package_files(day))
        for one in sorted(found - explained):
            if is_settled(recordings.modified_at(day, one), grace_s):
                repaired = repair and recordings.remove(day, one)
                yield Difference("file_without_row", f"{day}/{one}", repaired)


def _stale_temporaries(grace_s: float, *, repair: bool) -> Iterator[Difference]:
    for part in (vault().recordings, vault().records):
        stale = part.stale_temporaries(grace_s)
        if repair:
            part.remove_stale_temporaries(grace_s)
        for path in stale:
            yield Difference("stale_temporary", path.name, repair and not path.exists())
