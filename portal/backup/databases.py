"""A consistent copy of the database as one encrypted file, and the database out of one."""

from __future__ import annotations

import os
import secrets
import shutil
import sqlite3
import subprocess
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from io import TextIOWrapper
from pathlib import Path
from typing import IO, BinaryIO, cast

from sqlalchemy import inspect
from sqlalchemy.engine import make_url

from portal.config import Config
from portal.extensions import db
from portal.vault.blob import encrypt_to
from portal.vault.durable import writing_durably
from portal.vault.master import MasterKey

_PIECE = 1024 * 1024


class DatabaseTool(Exception):
    """pg_dump or pg_restore is missing or failed; the message says what to do."""


def kind() -> str:
    return db.engine.dialect.name


def dump(target: Path, config: Config, master: MasterKey) -> None:
    """Write the database of the current application to `target`, as it is at one moment, while
    others read and write. Raises DatabaseTool, OSError."""
    if kind() == "sqlite":
        with plain_copy(config.data) as copy, copy.open("rb") as file:
            encrypt_to(target, file, master.recipient)
        return
    command = [_tool("pg_dump", config), "--format=custom", "--no-owner", "--no-privileges"]
    with subprocess.Popen(  # noqa: S603
        command, env=_libpq(config), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        encrypt_to(target, cast(BinaryIO, process.stdout), master.recipient)
        said = cast(IO[bytes], process.stderr).read()
    if process.returncode:
        raise DatabaseTool(f"pg_dump가 실패하였습니다: {_last_line(said)}")


@contextmanager
def plain_copy(data: Path) -> Iterator[Path]:
    """A copy of the SQLite database beside it, by SQLite's own backup; gone after the block.

    As private as the database itself. Where the process is killed meanwhile, the copy is removed
    with other leftovers of interrupted writes (`purge`).
    """
    path = data / f".backup.{secrets.token_hex(8)}.tmp"
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    try:
        connection = db.engine.raw_connection()
        try:
            source = cast(sqlite3.Connection, connection.driver_connection)
            with closing(sqlite3.connect(path)) as copy:
                source.backup(copy)
                copy.execute("PRAGMA journal_mode = DELETE")
        finally:
            connection.close()
        yield path
    finally:
        path.unlink(missing_ok=True)


def is_empty(config: Config) -> bool:
    """Whether the configured database has nothing in it that a restore would overwrite."""
    if kind() == "sqlite":
        path = sqlite_path(config)
        return not path.exists() or path.stat().st_size == 0
    return not inspect(db.engine).get_table_names()


def load(source: Path, config: Config, master: MasterKey) -> None:
    """Put the database of a backup in place, whole or not at all. Raises DatabaseTool, OSError."""
    db.engine.dispose()
    if kind() == "sqlite":
        with master.open(source) as plain, writing_durably(sqlite_path(config)) as file:
            shutil.copyfileobj(plain, file, _PIECE)
        return
    command = [
        *[_tool("pg_restore", config), "--single-transaction", "--exit-on-error"],
        *["--no-owner", "--no-privileges", "--dbname", _libpq(config)["PGDATABASE"]],
    ]
    with (
        master.open(source) as plain,
        subprocess.Popen(  # noqa: S603
            command, env=_libpq(config), stdin=subprocess.PIPE, stderr=subprocess.PIPE
        ) as process,
    ):
        try:
            shutil.copyfileobj(plain, cast(IO[bytes], process.stdin), _PIECE)
            cast(IO[bytes], process.stdin).close()
        except BrokenPipeError:
            pass  # it says why on its own
        said = cast(IO[bytes], process.stderr).read()
    if process.returncode:
        raise DatabaseTool(f"pg_restore가 실패하였습니다: {_last_line(said)}")


@contextmanager
def script(source: Path, config: Config, master: MasterKey) -> Iterator[Iterator[str]]:
    """The lines of a PostgreSQL backup as `pg_restore` writes them out; needs no server.

    Nothing of it touches the disk. Raises DatabaseTool where the dump is not whole.
    """
    command = [_tool("pg_restore", config), "--file=-", "--data-only", "--no-owner"]
    with (
        master.open(source) as plain,
        subprocess.Popen(  # noqa: S603
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as process,
    ):
        feeder = threading.Thread(target=_feed, args=(plain, process.stdin), daemon=True)
        feeder.start()
        with TextIOWrapper(cast(BinaryIO, process.stdout), "utf-8", newline="\n") as lines:
            yield iter(lines)
        said = cast(IO[bytes], process.stderr).read()
        feeder.join()
    if process.returncode:
        raise DatabaseTool(f"pg_restore가 실패하였습니다: {_last_line(said)}")


def _feed(plain: IO[bytes], pipe: IO[bytes]) -> None:
    with suppress(BrokenPipeError), pipe:  # it says why on its own
        shutil.copyfileobj(plain, pipe, _PIECE)


def sqlite_path(config: Config) -> Path:
    return Path(make_url(config.database_url).database or "")


def _tool(name: str, config: Config) -> str:
    folder = str(config.postgresql_bin) if config.postgresql_bin else None
    found = shutil.which(name, path=folder)
    if not found:
        raise DatabaseTool(
            f"{name}이(가) 없습니다. PostgreSQL의 클라이언트를 설치하거나 PORTAL_POSTGRESQL_BIN에 "
            "그 폴더를 지정하십시오."
        )
    return found


def _libpq(config: Config) -> dict[str, str]:
    """The connection in the environment: a command line would show the password to everybody."""
    url = make_url(config.database_url)
    query = {name: str(value) for name, value in url.query.items()}
    values = {
        "PGHOST": url.host or query.get("host"),
        "PGPORT": str(url.port) if url.port else query.get("port"),
        "PGUSER": url.username,
        "PGPASSWORD": url.password,
        "PGDATABASE": url.database,
        "PGSSLMODE": query.get("sslmode"),
    }
    named = {name: value for name, value in values.items() if value}
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL")}
    return {**inherited, **named}


def _last_line(said: bytes) -> str:
    return (said.decode("utf-8", "replace").strip().splitlines() or ["?"])[-1]
