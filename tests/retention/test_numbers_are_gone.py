"""After a run the numbers are nowhere in SQLite's files: not in free pages, not in the log."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

import factories
from portal import clock
from portal.database import write
from portal.extensions import db
from portal.recordings.models import CallLeg
from portal.retention import purge
from retention.days import at_the_end_of, today_and

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_no_digit_of_a_destroyed_call_is_left_in_the_database_files(app: Flask, data: Path) -> None:
    day, other = today_and(1), today_and(2)
    callers = _calls(day, "0107771", 300)
    kept = _calls(other, "0105550", 300)
    with clock.at(at_the_end_of(day)):
        assert all(_found(data, number) for number in callers)

        report = purge.run()

    assert report.log_emptied
    left = [number for number in callers if _found(data, number) or _found(data, number[::-1])]
    assert left == []
    assert all(_found(data, number) for number in kept)


def test_numbers_of_reduced_rows_and_extensions_of_legs_are_gone_too(
    app: Flask, data: Path
) -> None:
    day = today_and(1)
    row = factories.recording(
        delete_on=day, caller="01066660001", callee="0316449876", source_id="in-01066660001-1"
    )
    with write() as session:
        now = clock.now()
        session.add(CallLeg(recording_id=row.id, number="0316449876", from_at=now, until_at=now))
    factories.forwarded_application(row)
    with clock.at(at_the_end_of(day)):
        purge.run()

    for number in ("01066660001", "0316449876"):
        assert not _found(data, number)
        assert not _found(data, number[::-1])


def test_a_reader_in_the_way_is_told_and_the_next_run_empties_the_log(
    app: Flask, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(purge, "PATIENCE_MS", 50)
    day = today_and(1)
    factories.recording(delete_on=day, caller="01066660002")
    reader = db.engine.connect()
    reader.exec_driver_sql("SELECT count(*) FROM recording").fetchone()

    with clock.at(at_the_end_of(day)):
        blocked = purge.run()
        reader.close()
        freed = purge.run()

    assert (blocked.log_emptied, freed.log_emptied) == (False, True)
    assert not _found(data, "01066660002")


def _calls(day, prefix: str, number: int) -> list[str]:  # type: ignore[no-untyped-def]
    numbers = [f"{prefix}{n:04d}" for n in range(number)]
    for caller in numbers:
        factories.recording(delete_on=day, caller=caller, callee=f"031{caller[3:]}")
    db.session.rollback()
    return numbers


def _found(data: Path, number: str) -> bool:
    files = [data / "portal.db", data / "portal.db-wal"]
    return any(number.encode() in path.read_bytes() for path in files if path.exists())
