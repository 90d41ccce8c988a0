"""`portal restore --check`: would this backup bring everything back that it promises?"""

from __future__ import annotations

import dataclasses
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from portal import create_app, schema
from portal.audit.verify import verify
from portal.backup import databases
from portal.backup.manifest import DATABASE, BackupUnsound, Manifest, problems, read
from portal.config import Config
from portal.extensions import db
from portal.retention.reconcile_records import compare_records
from portal.vault.age_reader import AgeFormatError
from portal.vault.durable import writing_durably
from portal.vault.master import MasterKey

_PIECE = 1024 * 1024


@dataclass(frozen=True)
class Checked:
    """`events`: how many events of the log were verified; None where only the files were."""

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
    """The files, and for SQLite the database in them: whole, its log sound, its papers there.

    A copy of the database lies in the data folder meanwhile, as private as the database. Raises
    BackupUnsound, MasterKeyError.
    """
    master = MasterKey.load(config.master_key_file)
    manifest = check_files(source, master)
    if manifest.database != "sqlite":
        return Checked(manifest, None)
    scratch = config.data / ".check.database.tmp"
    try:
        with master.open(source / DATABASE) as plain, writing_durably(scratch) as file:
            while piece := plain.read(_PIECE):
                file.write(piece)
        return Checked(manifest, _look_inside(source, config, scratch, manifest))
    finally:
        for path in config.data.glob(f"{scratch.name}*"):
            path.unlink(missing_ok=True)


def _look_inside(source: Path, config: Config, copy: Path, manifest: Manifest) -> int | None:
    with closing(sqlite3.connect(copy)) as plain:
        said = plain.execute("PRAGMA integrity_check").fetchone()[0]
        if said != "ok":
            raise BackupUnsound(f"데이터베이스가 손상되었습니다: {said}")
    inside = dataclasses.replace(
        config, data=source, database_url=f"sqlite:///{copy}", key_replica=None
    )
    with create_app(inside, offline=True).app_context():
        try:
            if schema.current() != schema.expected():
                return None  # of an older version: `restore` brings it up to date
            return _verified(manifest)
        finally:
            db.session.remove()
            db.engine.dispose()


def _verified(manifest: Manifest) -> int:
    verdict = verify()
    if not verdict.sound:
        raise BackupUnsound(f"접속기록 {verdict.first_bad}번이 맞지 않습니다: {verdict.problem}")
    missing = [d for d in compare_records(0, repair=False) if d.kind == "row_without_record"]
    if missing:
        raise BackupUnsound(f"보관 문서 {len(missing)}건의 파일이 백업에 없습니다.")
    if databases.kind() == manifest.database and verdict.pruned + verdict.events < (
        manifest.head_seq
    ):
        raise BackupUnsound("접속기록이 백업을 만들 때보다 짧습니다.")
    return verdict.events
