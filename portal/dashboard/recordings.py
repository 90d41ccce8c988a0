"""Recordings in numbers: what is deleted next, what is stored, what arrives."""

from __future__ import annotations

import shutil
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import case, func, select

from portal import clock
from portal.extensions import db
from portal.recordings.models import Recording
from portal.runtime import config

AHEAD = 30
#: A source that was silent for longer than this is marked: two days and a weekend.
SILENT = timedelta(days=4)


@dataclass(frozen=True)
class Stored:
    """Living recordings and their bytes; free and whole bytes of the disk under the vault."""

    recordings: int
    size: int
    disk_free: int
    disk_total: int


@dataclass(frozen=True)
class Source:
    """Where recordings come from: the last arrival, and how many in the last day."""

    name: str
    last_at: datetime
    last_day: int

    @property
    def is_silent(self) -> bool:
        return clock.now() - self.last_at > SILENT


def deletions_ahead() -> list[tuple[date, int]]:
    """How many recordings are deleted at the midnight that begins each of the next days."""
    first = clock.today() + timedelta(days=1)
    days = [first + timedelta(days=number) for number in range(AHEAD)]
    counted = (
        select(Recording.delete_on, func.count())
        .where(Recording.is_alive, Recording.delete_on <= days[-1])
        .group_by(Recording.delete_on)
    )
    found: Counter[date] = Counter()
    for day, count in db.session.execute(counted):
        found[day] = count
    return [(day, found[day]) for day in days]


def stored() -> Stored:
    counted = select(func.count(), func.coalesce(func.sum(Recording.size), 0))
    recordings, size = db.session.execute(counted.where(Recording.is_alive)).one()
    disk = shutil.disk_usage(config().data)
    return Stored(recordings, int(size), disk.free, disk.total)


def sources() -> list[Source]:
    """By name; a source whose every recording is destroyed still says when the last one came."""
    recent = case((Recording.arrived_at > clock.now() - timedelta(days=1), 1), else_=0)
    counted = select(Recording.source, func.max(Recording.arrived_at), func.sum(recent))
    rows = db.session.execute(counted.group_by(Recording.source).order_by(Recording.source))
    return [Source(name, last_at, int(last_day)) for name, last_at, last_day in rows]
