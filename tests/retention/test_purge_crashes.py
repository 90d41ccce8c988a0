"""A crash anywhere in the destruction is finished by the next run, with every hash kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask

from portal import clock
from portal.extensions import db
from portal.recordings.models import Recording
from portal.retention import purge, rows
from portal.runtime import vault
from retention.days import (
    at_the_end_of,
    count,
    nothing_left,
    quarantined,
    recording,
    today_and,
    tombstone_hashes,
)
from vault.crash import survives_kill_before_touch


class Crash(BaseException):
    """Nothing in the code under test catches this."""


def crash_before(target: Any, name: str, monkeypatch: pytest.MonkeyPatch, nth: int = 1) -> None:
    _crash(target, name, monkeypatch, nth, after=False)


def crash_after(target: Any, name: str, monkeypatch: pytest.MonkeyPatch, nth: int = 1) -> None:
    _crash(target, name, monkeypatch, nth, after=True)


def _crash(
    target: Any, name: str, monkeypatch: pytest.MonkeyPatch, nth: int, *, after: bool
) -> None:
    original: Callable[..., Any] = getattr(target, name)
    calls = 0

    def patched(*args: Any, **kwargs: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == nth and not after:
            raise Crash
        result = original(*args, **kwargs)
        if calls == nth:
            raise Crash
        return result

    monkeypatch.setattr(target, name, patched)


POINTS: dict[str, Callable[[pytest.MonkeyPatch], None]] = {
    "before the key": lambda m: crash_before(vault().day_keys, "destroy", m),
    "between key and sessions": lambda m: crash_before(purge, "_end_listening", m),
    "between sessions and files": lambda m: crash_before(vault().recordings, "remove_day", m),
    "between files and rows": lambda m: crash_before(purge, "destroy_batch", m),
    "inside the first batch": lambda m: crash_before(rows, "_set_aside", m),
    "before its tombstone is filled": lambda m: crash_before(rows, "_add", m),
    "before the commit of the first batch": lambda m: crash_after(rows, "_add", m),
    "between two batches": lambda m: crash_after(purge, "destroy_batch", m),
    "inside the second batch": lambda m: crash_before(rows, "_add", m, nth=2),
    "before the applications": lambda m: crash_before(purge, "expire_applications", m),
    "before the log is emptied": lambda m: crash_before(purge, "truncate", m),
}


@pytest.mark.both_databases
@pytest.mark.parametrize("point", list(POINTS))
def test_purge_resumes_after_a_crash(
    app: Flask, monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    monkeypatch.setattr(rows, "BATCH", 2)
    day, expected, kept = _a_day_of_five_and_one_of_tomorrow()

    with clock.at(at_the_end_of(day)):
        with monkeypatch.context() as crashing:
            POINTS[point](crashing)
            with pytest.raises(Crash):
                purge.run()
        db.session.rollback()
        purge.run()

    assert nothing_left(day)
    assert tombstone_hashes() == expected
    assert vault().recordings.blobs(today_and(2)) == [kept]
    assert count(Recording) == 1


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_purge_resumes_after_a_kill_before_any_touch_of_the_disk(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows, "BATCH", 2)
    day, expected, kept = _a_day_of_five_and_one_of_tomorrow()
    db.session.remove()
    db.engine.dispose()
    number, killed = 0, 0

    with clock.at(at_the_end_of(day)):
        while True:
            number += 1
            if survives_kill_before_touch(number, lambda: _purge_in_a_child(app)):
                break
            killed += 1
            assert number < 400

        purge.run()

    assert killed > 3
    assert nothing_left(day)
    assert tombstone_hashes() == expected
    assert vault().recordings.blobs(today_and(2)) == [kept]


def _purge_in_a_child(app: Flask) -> None:
    """With connections of its own: SQLite's must not be carried over a fork."""
    db.engine.dispose(close=False)
    with app.app_context():
        purge.run()


def _a_day_of_five_and_one_of_tomorrow() -> tuple[date, list[str], str]:
    day = today_and(1)
    hashes = [recording(day).sha256 for _ in range(4)] + [quarantined(day).sha256]
    return day, sorted(hashes), recording(today_and(2)).public_id
