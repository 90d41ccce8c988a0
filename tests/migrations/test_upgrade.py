"""`portal upgrade` of an installation that is in use: nothing of it is lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import flask_migrate
import pytest
from flask import Flask
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError

from migrations import filled
from portal import create_app, schema
from portal.config import Config
from portal.database import changing, write
from portal.extensions import db
from portal.ledger.models import LedgerRow
from portal.migrations.steps import r0002_bind_columns
from portal.migrations.steps.r0002_bind_columns import COLUMNS
from portal.otp.models import TotpDevice
from portal.runtime import vault
from portal.vault.columns import ColumnCipher
from portal.vault.master import MasterKey


@pytest.fixture
def empty_url(request: pytest.FixtureRequest, database_url: str, data: Path) -> str:
    """A database without any table."""
    if database_url.startswith("sqlite"):
        (data / "portal.db").unlink()
    return database_url


@pytest.fixture
def used(empty_url: str, data: Path) -> Iterator[Flask]:
    """An installation of the first version, with rows everywhere."""
    key = data / "keys/master.key"
    app = create_app(Config(data=data, database_url=empty_url, master_key_file=key))
    with app.app_context():
        if db.engine.dialect.name == "postgresql":
            with changing().begin() as connection:
                connection.exec_driver_sql("DROP SCHEMA public CASCADE")
                connection.exec_driver_sql("CREATE SCHEMA public")
        flask_migrate.upgrade(revision="0001")
        with changing().begin() as connection:
            filled.fill(connection, MasterKey.load(key))
        yield app
        db.session.remove()
        db.engine.dispose()


def counts() -> dict[str, int]:
    with db.engine.connect() as connection:
        return filled.tables_with_rows(connection)


def test_every_row_outlives_the_upgrade_and_every_guard_stands(used: Flask) -> None:
    before = counts()
    assert min(before[name] for name in before if name not in ("alembic_version",)) > 0

    schema.upgrade()

    after = counts()
    assert {name: after[name] for name in before} == before
    schema.require_current()
    for guarded in ("UPDATE ledger_row SET remarks = 'x'", "DELETE FROM ledger_row"):
        with pytest.raises(DBAPIError), changing().begin() as connection:
            connection.exec_driver_sql(guarded)
    with pytest.raises(DBAPIError), changing().begin() as connection:
        connection.exec_driver_sql("UPDATE audit_event SET action = 'x'")


def test_references_are_checked_again_afterwards(used: Flask) -> None:
    schema.upgrade()

    with pytest.raises(DBAPIError), changing().begin() as connection:
        connection.exec_driver_sql("UPDATE posting SET person_id = 4711")


def test_personal_values_are_bound_to_their_rows(used: Flask) -> None:
    schema.upgrade()

    with db.engine.connect() as connection:
        for table, (key, columns) in COLUMNS.items():
            for column in columns:
                rows = connection.execute(text(f"SELECT {key}, {column} FROM {table}")).all()
                assert len(rows) == filled.ROWS
                for row_id, token in rows:
                    opened = vault().columns.decrypt(token, f"{table}.{column}")
                    assert opened == (filled.SECRET, str(row_id))
    row = db.session.query(LedgerRow).first()
    assert row is not None and row.affiliation == filled.SECRET
    assert db.session.query(TotpDevice).first() is not None


def test_an_upgrade_that_fails_halfway_changes_nothing(
    used: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = 0

    def fail_later(*arguments: str) -> str:
        nonlocal calls
        calls += 1
        if calls > 10:
            raise OSError("no space left on device")
        return ColumnCipher.encrypt(vault().columns, *arguments)

    monkeypatch.setattr(vault().columns, "encrypt", fail_later)
    before = counts()

    with pytest.raises(OSError):
        schema.upgrade()

    assert schema.current() == "0001"
    assert counts() == before
    monkeypatch.undo()
    schema.upgrade()
    assert schema.current() == schema.expected()


def test_the_step_may_run_again(used: Flask) -> None:
    schema.upgrade()
    with db.engine.connect() as connection:
        before = connection.exec_driver_sql("SELECT affiliation FROM ledger_row").all()

    with changing().begin() as connection:
        r0002_bind_columns.upgrade(connection)
        assert connection.exec_driver_sql("SELECT affiliation FROM ledger_row").all() == before


def test_the_tables_named_in_the_step_were_there(used: Flask) -> None:
    with db.engine.connect() as connection:
        for table, (key, columns) in COLUMNS.items():
            there = {column["name"] for column in inspect(connection).get_columns(table)}
            assert {key, *columns} <= there


def test_writing_goes_on_after_the_upgrade(used: Flask) -> None:
    schema.upgrade()

    with write():
        device = db.session.get_one(TotpDevice, 1)
        device.pending_secret = "JBSWY3DPEHPK3PXP"
    db.session.expire_all()

    assert db.session.get_one(TotpDevice, 1).pending_secret == "JBSWY3DPEHPK3PXP"
