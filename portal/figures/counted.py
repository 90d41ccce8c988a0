"""A figure is counted for the page that shows it, unless that would take long: then the page shows
what the worker counted within the last two hours, and says when.

No right and no deletion hangs on a figure: what must hold at this moment is never asked here.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import perf_counter
from typing import Any

from sqlalchemy import select

from portal import clock
from portal.database import write
from portal.extensions import db
from portal.figures.models import CountedFigure

#: What takes longer is not counted while somebody waits for a page.
SLOW_MS = 5
#: Within this the first count may have taken longest to make its statement; only the second tells.
_MADE_ANEW_MS = 100
FRESH = timedelta(hours=2)
#: Anything that JSON holds.
Count = Callable[[], Any]


@dataclass(frozen=True)
class Figure:
    """`counted_at` is None where it was counted for this page."""

    value: Any
    counted_at: datetime | None


def made_ahead(names: Collection[str]) -> Mapping[str, Figure]:
    """What the worker counted of these, without what is quick to count or was counted too long
    ago."""
    one = CountedFigure
    columns = (one.name, one.value, one.counted_at, one.took_ms)
    rows = db.session.execute(select(*columns).where(one.name.in_(names)))
    return {row.name: Figure(row.value, row.counted_at) for row in rows if _stands(row)}


def figure(name: str, count: Count) -> Figure:
    """The figure of this name: made ahead where that is slow, else counted now."""
    row = db.session.get(CountedFigure, name)
    if row is not None and _stands(row):
        return Figure(row.value, row.counted_at)
    return Figure(count(), None)


def _stands(row: Any) -> bool:
    return bool(row.took_ms >= SLOW_MS and clock.now() - row.counted_at < FRESH)


def count_ahead(figures: Mapping[str, Count]) -> None:
    """For the worker: count each and keep it, with the time it took."""
    for name, count in figures.items():
        value, took = _timed(count)
        if took < _MADE_ANEW_MS:
            value, took = _timed(count)
        db.session.rollback()  # the read is over before the write begins
        with write() as session:
            session.merge(
                CountedFigure(name=name, value=value, counted_at=clock.now(), took_ms=took)
            )


def _timed(count: Count) -> tuple[Any, int]:
    """What it counts, and the milliseconds that took."""
    started = perf_counter()
    value = count()
    return value, round((perf_counter() - started) * 1000)
