"""A new key for personal columns: every value is written anew, whatever is killed."""

from __future__ import annotations

import itertools
import os
import signal

import pytest
from flask import Flask
from sqlalchemy import event, select, text

import factories
from portal.accounts.models import Account
from portal.audit.models import AuditEvent
from portal.database import write
from portal.extensions import db
from portal.keys import change_columns as change
from portal.otp.models import TotpDevice
from portal.roles import Role
from portal.runtime import vault
from portal.vault.columns import ColumnCipherError
from vault.crash import start


@pytest.fixture
def people(app: Flask) -> list[int]:
    ids = []
    for number in range(5):
        account = factories.account(Role.COUNTER)
        with write() as session:
            account.email = f"{number}@city.example"
            session.add(TotpDevice(account_id=account.id, secret=f"SECRET{number}"))
        ids.append(account.id)
    db.session.rollback()
    return ids


def values(ids: list[int]) -> list[tuple[str | None, str | None]]:
    db.session.rollback()
    db.session.expunge_all()
    return [
        (db.session.get_one(Account, i).email, db.session.get_one(TotpDevice, i).secret)
        for i in ids
    ]


def tokens() -> list[str]:
    return [
        token
        for place in change.places()
        for (token,) in db.session.connection().execute(
            text(f"SELECT {place.column} FROM {place.table} WHERE {place.column} IS NOT NULL")
        )
    ]


def test_every_value_is_under_the_new_key_only_and_reads_as_before(people: list[int]) -> None:
    before, old = values(people), tokens()
    old_id = vault().keyring.keys("columns").current_id

    assert change.change_columns() == 10

    assert values(people) == before
    new_id = vault().keyring.keys("columns").current_id
    assert new_id != old_id
    assert {token.split(".")[1] for token in tokens()} == {new_id}
    with pytest.raises(ColumnCipherError):
        vault().columns.decrypt(old[0], "account.email")
    events = select(AuditEvent).where(AuditEvent.action == "key.change_columns")
    assert len(db.session.scalars(events).all()) == 1


def test_a_moved_value_is_still_recognised_afterwards(people: list[int]) -> None:
    with write() as session:
        session.connection().exec_driver_sql(
            f"UPDATE account SET email = (SELECT email FROM account WHERE id = {people[0]}) "
            f"WHERE id = {people[1]}"
        )
    db.session.expunge_all()

    change.change_columns()

    with pytest.raises(ColumnCipherError, match="another row"):
        db.session.get(Account, people[1])
    db.session.rollback()


def test_a_value_that_no_key_opens_stops_it_and_no_key_is_forgotten(people: list[int]) -> None:
    before = values(people)
    with write() as session:
        session.connection().exec_driver_sql(
            f"UPDATE totp_device SET pending_secret = 'v2.0.1.x' WHERE account_id = {people[4]}"
        )

    with pytest.raises(ColumnCipherError):
        change.change_columns()

    db.session.rollback()
    assert len(vault().keyring.keys("columns").by_id) == 2
    assert values(people[:4]) == before[:4]
    with write() as session:
        session.connection().exec_driver_sql("UPDATE totp_device SET pending_secret = NULL")
    change.change_columns()
    assert values(people) == before


def test_the_ledger_can_be_written_anew_and_stays_guarded(app: Flask) -> None:
    assert ("ledger_row", "affiliation") in {(p.table, p.column) for p in change.places()}

    change.change_columns()

    guards = {
        "sqlite": "SELECT name FROM sqlite_master WHERE name = 'ledger_row_no_update'",
        "postgresql": "SELECT tgname FROM pg_trigger "
        "WHERE tgname = 'ledger_row_no_update' AND tgenabled = 'O'",
    }
    asked = text(guards[db.engine.dialect.name])
    assert db.session.scalar(asked) == "ledger_row_no_update"


def test_killed_before_any_statement_the_next_run_ends_it(
    people: list[int], app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = values(people)
    monkeypatch.setattr(change, "BATCH", 2)

    def die_at(number: int) -> None:
        db.engine.dispose(close=False)
        counter = itertools.count(1)

        def step(*_: object) -> None:
            if next(counter) == number:
                os.kill(os.getpid(), signal.SIGKILL)

        event.listen(db.engine, "before_cursor_execute", step)
        change.change_columns()

    killed = 0
    for number in (1, 9, 17, 33, 61):
        db.session.remove()
        child = start(lambda at=number: die_at(at))
        _, status = os.waitpid(child, 0)
        killed += os.WIFSIGNALED(status)
        vault().keyring._kept = None  # another process changed the file
        assert values(people) == before

    db.session.remove()
    change.change_columns()
    assert killed >= 3
    assert values(people) == before
    assert {token.split(".")[1] for token in tokens()} == {
        vault().keyring.keys("columns").current_id
    }
