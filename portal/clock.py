"""The one place that asks what time it is.

Times are aware UTC inside and Asia/Seoul at the edges (decision 8). Tests move time with `at`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SEOUL = ZoneInfo("Asia/Seoul")


def _system() -> datetime:
    return datetime.now(UTC)


_source: Callable[[], datetime] = _system


def now() -> datetime:
    """The current moment, aware, UTC."""
    return _source()


def today() -> date:
    """The current day in Seoul."""
    return seoul(now()).date()


def seoul(moment: datetime) -> datetime:
    """An aware moment in Seoul's time."""
    return moment.astimezone(SEOUL)


def midnight(day: date) -> datetime:
    """The moment at which a day begins in Seoul, as UTC."""
    return datetime.combine(day, time.min, SEOUL).astimezone(UTC)


@contextmanager
def at(moment: datetime | timedelta) -> Iterator[None]:
    """Stop the clock at a moment, or shift it by a difference, for as long as the block runs."""
    global _source
    before = _source
    if isinstance(moment, timedelta):
        shift = moment
        _source = lambda: before() + shift  # noqa: E731
    else:
        fixed = moment.astimezone(UTC)
        _source = lambda: fixed  # noqa: E731
    try:
        yield
    finally:
        _source = before
