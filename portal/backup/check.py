"""`portal restore --check`: would this backup bring everything back that it promises?"""

from __future__ import annotations

import dataclasses
import os
import secrets
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from portal import create_app, schema
from portal.audit.verify import verify
from portal.backup import databases
from portal.backup.manifest import DATABASE, BackupUnsound, Manifest, problems, read
from portal.backup.postgresql_dump import UnreadableDump, lay_into
from portal.config import Config
from portal.extensions import db
from portal.retention.reconcile_records import compare_records
from portal.vault.age_reader import AgeFormatError
from portal.vault.master import MasterKey

_PIECE = 1024 * 1024
_SCRATCH, _STALE_S = ".check.", 3600.0


@dataclass(frozen=True)
class Checked:
    """`events`: how many events of the log were verified; None for an older version's backup."""

    manifest: Manifest
    events: int | None


def check_files(source: Path, master: MasterKey) -> Manifest:
    """Every file as it was made, the keys open, no day key among them. Raises BackupUnsound."""
    manifest = read(source, master)
    found = list(problems(source, manifest))
    if found:
        more = f" 외 {len(found) - 1}건" if len(found) > 1 else ""
        raise BackupUnsound(f"{found[0]}{more}")
    try:
        for path in sorted((source / "keys").glob("*.age")):
            master.unwrap(path.read_bytes())
        with master.open(source / DATABASE) as plain:
            while plain.read(_PIECE):
                pass
    except AgeFormatError as error:
        raise BackupUnsound(f"데이터베이스를 열 수 없습니다: {error}") from error
    return manifest


def check(source: Path, config: Config) -> Checked:
    """The files, and the database in them: whole, its log sound, its papers there.

    What was dumped lies in the data folder meanwhile as a SQLite file, as private as the database
    and under a name of its own. Raises BackupUnsound, DatabaseTool, MasterKeyError.
    """
    master = MasterKey.load(config.master_key_file)
    manifest = check_files(source, master)
    with _scratch(config.data) as copy:
        inside = dataclasses.replace(
            config, data=source, database_url=f"sqlite:///{copy}", key_replica=None
        )
        if manifest.database == "sqlite":
            with master.open(source / DATABASE) as plain, copy.open("wb") as file:
                shutil.copyfileobj(plain, file, _PIECE)
            _require_whole(copy)
        return Checked(manifest, _look_inside(source, config, inside, manifest, copy))


@contextmanager
def _scratch(data: Path) -> Iterator[Path]:
    """An empty private file; gone after the block, and what a killed check left goes before."""
    for path in data.glob(f"{_SCRATCH}*"):
        with suppress(FileNotFoundError):
            if path.stat().st_mtime < time.time() - _STALE_S:
                path.unlink()
    scratch = data / f"{_SCRATCH}{secrets.token_hex(8)}.tmp"
    os.close(os.open(scratch, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    try:
        yield scratch
    finally:
        for path in data.glob(f"{scratch.name}*"):
            path.unlink(missing_ok=True)


def _require_whole(copy: Path) -> None:
    try:
        with closing(sqlite3.connect(copy)) as plain:
            said = plain.execute("PRAGMA integrity_check").fetchone()[0]
    except sqlite3.DatabaseError as error:
        said = error
    if said != "ok":
        raise BackupUnsound(f"데이터베이스가 손상되었습니다: {said}")


def _look_inside(
    source: Path, config: Config, inside: Config, manifest: Manifest, copy: Path
) -> int | None:
    """How many events were verified. None for a backup of an older version: `restore` brings it
    up to date; a PostgreSQL dump is read from end to end even then."""
    with create_app(inside, offline=True).app_context():
        try:
            is_current = manifest.schema == schema.expected()
            if manifest.database == "postgresql":
                _lay_out(source, config, copy, is_current=is_current)
            return _verified(manifest) if is_current else None
        finally:
            db.session.remove()
            db.engine.dispose()


def _lay_out(source: Path, config: Config, copy: Path, *, is_current: bool) -> None:
    if is_current:
        schema.upgrade()
    with databases.script(
        source / DATABASE, config, MasterKey.load(config.master_key_file)
    ) as lines:
        try:
            if is_current:
                lay_into(copy, lines)
            for _rest in lines:
                pass
        except UnreadableDump as error:
            raise BackupUnsound(f"데이터베이스의 표를 읽을 수 없습니다: {error}") from error
        except UnicodeDecodeError as error:
            raise BackupUnsound("데이터베이스에 글이 아닌 것이 있습니다.") from error


def _verified(manifest: Manifest) -> int:
    verdict = verify()
    if not verdict.sound:
        raise BackupUnsound(f"접속기록 {verdict.first_bad}번이 맞지 않습니다: {verdict.problem}")
    missing = [d for d in compare_records(0, repair=False) if d.kind == "row_without_record"]
    if missing:
        raise BackupUnsound(f"보관 문서 {len(missing)}건의 파일이 백업에 없습니다.")
    if verdict.pruned + verdict.events < manifest.head_seq:
        raise BackupUnsound("접속기록이 백업을 만들 때보다 짧습니다.")
    return verdict.events
