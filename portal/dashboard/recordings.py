"""Recordings in numbers: what is deleted next, what is stored, what arrives."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import CTE, func, select

from portal import clock
from portal.extensions import db
from portal.figures.counted import Count, figure
from portal.recordings.models import Recording
from portal.runtime import config

AHEAD = 30
#: A source that was silent for longer than this is marked: two days and a weekend.
SILENT = timedelta(days=4)


@dataclass(frozen=True)
class Living:
    """Recordings that are there, their bytes, when they go; free and whole bytes of the disk.

    `counted_at` is None where they were counted for this page.
    """

    ahead: list[tuple[date, int]]
    recordings: int
    size: int
    disk_free: int
    disk_total: int
    counted_at: datetime | None


@dataclass(frozen=True)
class Source:
    """Where recordings come from: the last arrival, and how many in the last day."""

    name: str
    last_at: datetime
    last_day: int

    @property
    def is_silent(self) -> bool:
        return clock.now() - self.last_at > SILENT


def living() -> Living:
    """How many recordings are deleted at the midnight that begins each of the next days, and what
    all of them take."""
    counted = figure("dashboard.living", _count_living)
    by_day = {date.fromisoformat(day): (number, size) for day, number, size in counted.value}
    first = clock.today() + timedelta(days=1)
    days = [first + timedelta(days=number) for number in range(AHEAD)]
    alive = [of_day for day, of_day in by_day.items() if day >= first]
    disk = shutil.disk_usage(config().data)
    return Living(
        ahead=[(day, by_day.get(day, (0, 0))[0]) for day in days],
        recordings=sum(number for number, _ in alive),
        size=sum(size for _, size in alive),
        disk_free=disk.free,
        disk_total=disk.total,
        counted_at=counted.counted_at,
    )


def _count_living() -> list[tuple[str, int, int]]:
    """By the day of deletion: how many, and their bytes."""
    counted = (
        select(Recording.delete_on, func.count(), func.sum(Recording.size))
        .where(Recording.is_alive)
        .group_by(Recording.delete_on)
    )
    rows = db.session.execute(counted)
    return [(day.isoformat(), number, int(size)) for day, number, size in rows]


FIGURES: dict[str, Count] = {"dashboard.living": _count_living}


def sources() -> list[Source]:
    """By name; a source whose every recording is destroyed still says when the last one came.

    The index is asked for one name after another, instead of for every recording's.
    """
    of_it = Recording.source == (name := _names().c.source)
    last_at = select(func.max(Recording.arrived_at)).where(of_it).scalar_subquery()
    recent = Recording.arrived_at > clock.now() - timedelta(days=1)
    last_day = select(func.count()).where(of_it, recent).scalar_subquery()
    rows = db.session.execute(select(name, last_at, last_day).where(name.is_not(None)))
    return [Source(*row) for row in sorted(rows)]


def _names() -> CTE:
    """The names of the sources, and a null after the last."""
    names = select(func.min(Recording.source).label("source")).cte("names", recursive=True)
    after = select(func.min(Recording.source)).where(Recording.source > names.c.source)
    following = select(after.scalar_subquery()).where(names.c.source.is_not(None))
    return names.union_all(following)
