"""`audit verify` names the first event that is not as it was written."""

from __future__ import annotations

import hmac
import json
import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

import factories
from portal import audit, clock
from portal.audit.chain import GENESIS, Entry, mac
from portal.audit.clock_check import ClockBehind, require_sane_clock
from portal.audit.models import AuditEvent
from portal.audit.verify import Verdict, verify
from portal.audit.views import note_view
from portal.database import write
from portal.extensions import db
from portal.recordings.intake import Intake
from portal.retention import purge

UNLOCK = {
    "sqlite": [
        "DROP TRIGGER audit_event_no_update",
        "DROP TRIGGER audit_event_no_delete",
    ],
    "postgresql": [
        "DROP TRIGGER audit_event_no_update ON audit_event",
        "DROP TRIGGER audit_event_no_delete ON audit_event",
    ],
}


@pytest.fixture
def ten_events(app: Flask) -> None:
    """Ten events, and an attacker who owns the database: the triggers are gone."""
    someone = factories.account()
    for number in range(10):
        with write():
            audit.record("test.happened", by=someone, number=number)
    with write() as session:
        for statement in UNLOCK[session.get_bind().dialect.name]:
            session.connection().exec_driver_sql(statement)


def tamper(*statements: str) -> Verdict:
    with write() as session:
        for statement in statements:
            session.connection().exec_driver_sql(statement)
    return verify()


def test_an_untouched_log_is_sound(ten_events: None) -> None:
    assert verify() == Verdict(events=10, first_bad=None)


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("action", "'other'"),
        ("account", "NULL"),
        ("origin", "'elsewhere'"),
        ("subject_kind", "'application'"),
        ("subject", "'x'"),
        ("reason", "''"),
        ("detail", "'{}'"),
        ("key_id", "'x'"),
        ("mac", "'0'"),
        ("at", "'2020-01-01 00:00:00+00:00'"),
    ],
)
def test_a_change_of_any_column_is_found_where_it_is(
    ten_events: None, column: str, value: str
) -> None:
    assert tamper(f"UPDATE audit_event SET {column} = {value} WHERE seq = 5").first_bad == 5


@pytest.mark.parametrize("seq", [1, 5, 9])
def test_a_removed_event_is_found_where_it_was(ten_events: None, seq: int) -> None:
    assert tamper(f"DELETE FROM audit_event WHERE seq = {seq}").first_bad == seq


def test_a_cut_off_end_is_found(ten_events: None) -> None:
    assert tamper("DELETE FROM audit_event WHERE seq > 7").first_bad == 8


def test_two_events_that_changed_places_are_found(ten_events: None) -> None:
    verdict = tamper(
        "UPDATE audit_event SET seq = 100 WHERE seq = 4",
        "UPDATE audit_event SET seq = 4 WHERE seq = 5",
        "UPDATE audit_event SET seq = 5 WHERE seq = 100",
    )
    assert verdict.first_bad == 4


def test_an_inserted_event_is_found(ten_events: None) -> None:
    columns = "at, action, account, origin, subject_kind, subject, reason, detail, key_id, mac"
    copy = f"INSERT INTO audit_event (seq, {columns}) SELECT 11, {columns} FROM audit_event"
    assert tamper(f"{copy} WHERE seq = 10").first_bad == 11


REFUSED = {
    "sqlite": ["UPDATE audit_event SET action = 'x'", "DELETE FROM audit_event"],
    "postgresql": [
        "UPDATE audit_event SET action = 'x'",
        "DELETE FROM audit_event",
        "TRUNCATE audit_event",
        "TRUNCATE audit_checkpoint",
        "UPDATE audit_checkpoint SET seq = 0",
        "DELETE FROM audit_checkpoint",
    ],
}


def test_the_database_itself_refuses(app: Flask) -> None:
    with write():
        audit.record("test.happened", by=None)
    for statement in REFUSED[db.engine.dialect.name]:
        with pytest.raises(DBAPIError, match="append-only"), write() as session:
            session.connection().exec_driver_sql(statement)
    assert verify() == Verdict(events=1, first_bad=None)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("value", ["x'ff'", "CAST(x'ff' AS TEXT)", "17", "CAST(x'00' AS TEXT)"])
def test_a_value_of_another_kind_is_a_change_like_any_other(ten_events: None, value: str) -> None:
    assert tamper(f"UPDATE audit_event SET detail = {value} WHERE seq = 5").first_bad == 5


def test_every_event_of_a_long_log_is_looked_at(app: Flask) -> None:
    """Also at the seams between two batches of the walk."""
    for _ in range(3):
        with write():
            for number in range(2000):
                audit.record("test.happened", by=None, number=number)
    with write() as session:
        for statement in UNLOCK[session.get_bind().dialect.name]:
            session.connection().exec_driver_sql(statement)
    assert verify() == Verdict(events=6000, first_bad=None)
    for seq in (5999, 5001, 5000, 4999):
        assert tamper(f"UPDATE audit_event SET origin = 'x' WHERE seq = {seq}").first_bad == seq


@given(texts=st.lists(st.one_of(st.none(), st.text()), min_size=4, max_size=4))
def test_the_fast_text_of_an_event_is_its_json(texts: list[str | None]) -> None:
    account, kind, subject, reason = texts
    at = datetime(2026, 11, 24, 1, 2, 3, tzinfo=UTC)
    entry = Entry(7, at, "a.b", account, "cli", kind, subject, reason, '{"a":"가"}', "key")
    fields = [GENESIS, 7, "2026-11-24T01:02:03.000000+00:00", "a.b", account, "cli"]
    fields += [kind, subject, reason, '{"a":"가"}', "key"]
    line = json.dumps(fields, ensure_ascii=True, separators=(",", ":"))

    assert mac(b"k", GENESIS, entry) == hmac.digest(b"k", line.encode(), "sha256").hex()


def test_a_failed_change_leaves_no_event(app: Flask) -> None:
    with pytest.raises(ZeroDivisionError), write():
        audit.record("test.happened", by=None)
        _ = 1 / 0

    assert db.session.scalar(select(func.count()).select_from(AuditEvent)) == 0


def test_one_look_is_one_event_for_ten_minutes(app: Flask) -> None:
    viewer, viewed, other = factories.account(), factories.account(), factories.account()

    def looks() -> int:
        statement = select(func.count()).select_from(AuditEvent).where(AuditEvent.action == "view")
        return db.session.scalar(statement) or 0

    note_view(viewer, on=viewed)
    note_view(viewer, on=viewed)
    assert looks() == 1
    note_view(viewer, on=other)
    note_view(other, on=viewed)
    assert looks() == 3
    with clock.at(timedelta(minutes=11)):
        note_view(viewer, on=viewed)
    assert looks() == 4


def test_five_looks_at_the_same_moment_are_one_event(app: Flask) -> None:
    viewer, viewed = factories.account(), factories.account()
    viewer_id, viewed_id, kind = viewer.id, viewed.id, type(viewer)
    db.session.rollback()
    barrier, failures = threading.Barrier(5), []

    def look() -> None:
        with app.app_context():
            who, whom = db.session.get_one(kind, viewer_id), db.session.get_one(kind, viewed_id)
            db.session.rollback()
            barrier.wait(timeout=30)
            try:
                note_view(who, on=whom)
            except Exception as error:
                failures.append(repr(error))
            db.session.remove()

    threads = [threading.Thread(target=look) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.rollback()

    assert failures == []
    looks = select(func.count()).select_from(AuditEvent).where(AuditEvent.action == "view")
    assert db.session.scalar(looks) == 1


def test_a_clock_far_behind_the_log_stops_what_depends_on_dates(app: Flask) -> None:
    with write():
        audit.record("test.happened", by=None)

    with clock.at(timedelta(days=-2)):
        with pytest.raises(ClockBehind):
            Intake().round()
        with pytest.raises(ClockBehind):
            purge.run()
    with clock.at(timedelta(hours=-2)):
        require_sane_clock()


def test_no_event_can_hold_anything_but_codes(app: Flask) -> None:
    """The detail is JSON of plain values; whole objects are refused instead of being printed."""
    value: Any = object()
    with pytest.raises(TypeError), write():
        audit.record("test.happened", by=None, thing=value)


def test_a_log_that_others_write_to_meanwhile_is_sound(app: Flask) -> None:
    with write():
        audit.record("test.happened", by=None)
    stop = threading.Event()

    def keep_logging() -> None:
        with app.app_context():
            while not stop.is_set():
                with write():
                    audit.record("test.happened", by=None)
            db.session.remove()

    writer = threading.Thread(target=keep_logging)
    writer.start()
    try:
        for _ in range(20):
            verdict = verify()
            db.session.rollback()
            assert verdict.sound, verdict
    finally:
        stop.set()
        writer.join()
