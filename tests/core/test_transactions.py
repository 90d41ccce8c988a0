"""The one way to change anything: `write()`."""

from __future__ import annotations

import threading

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

import factories
from portal import audit
from portal.audit.models import AuditEvent
from portal.audit.verify import verify
from portal.database import NotWriting, lock, write, writing
from portal.extensions import db
from portal.numbers import next_serial


def test_a_change_outside_of_write_is_refused(app: Flask) -> None:
    with pytest.raises(NotWriting):
        writing()


def test_the_database_itself_refuses_a_change_outside_of_write(app: Flask) -> None:
    account = factories.account(login="before")
    account.login = "after"

    with pytest.raises(DBAPIError, match=r"read.?only"):
        db.session.flush()
    db.session.rollback()

    assert account.login == "before"


def test_what_has_been_read_once_is_planned_once(app: Flask) -> None:
    """PostgreSQL's driver forgets what the server has planned whenever it is sent a rollback."""
    if db.engine.dialect.name == "sqlite":
        return
    for _ in range(7):
        db.session.scalars(select(factories.Account)).all()
        db.session.rollback()

    prepared = text("SELECT statement FROM pg_prepared_statements")
    assert any("FROM account" in said for said in db.session.scalars(prepared))


def test_a_failing_change_leaves_nothing_behind_neither_row_nor_event_nor_serial(
    app: Flask,
) -> None:
    person = factories.account()

    with pytest.raises(ZeroDivisionError), write():
        next_serial("test", 2026)
        audit.record("test.happened", by=person)
        _ = 1 / 0
    with write():
        serial = next_serial("test", 2026)

    assert serial == 1
    assert db.session.scalar(select(func.count()).select_from(AuditEvent)) == 0


def test_write_reads_anew_what_another_one_changed_in_between(app: Flask) -> None:
    account = factories.account(login="before")
    assert account.login == "before"

    def other() -> None:
        with app.app_context(), write() as session:
            session.get(type(account), account_id).login = "after"

    account_id = account.id
    thread = threading.Thread(target=other)
    thread.start()
    thread.join()

    with write():
        lock(account)
        assert account.login == "after"


def test_locking_keeps_what_the_change_has_set_so_far(app: Flask) -> None:
    account = factories.account(login="before")

    with write():
        account.login = "after"
        lock(account)

    assert account.login == "after"


def test_sixteen_at_once_draw_serials_and_events_without_gap_or_double(app: Flask) -> None:
    account_id = factories.account().id
    drawn: list[int] = []

    def draw() -> None:
        with app.app_context():
            for _ in range(5):
                with write() as session:
                    number = next_serial("test", 2026)
                    audit.record("test.drawn", by=session.get(factories.Account, account_id))
                drawn.append(number)
            db.session.remove()

    threads = [threading.Thread(target=draw) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(drawn) == list(range(1, 81))
    db.session.rollback()  # the reading transaction of before has an older view
    verdict = verify()
    assert verdict.sound, verdict
    assert verdict.events == 80


@pytest.mark.parametrize("verb", ["UPDATE audit_event SET action='x'", "DELETE FROM audit_event"])
def test_the_database_itself_refuses_to_change_the_log(app: Flask, verb: str) -> None:
    with write():
        audit.record("test.happened", by=None)

    with pytest.raises(Exception, match="append-only"), write() as session:
        session.connection().exec_driver_sql(verb)
