"""`portal backup`: everything but the day keys, while the portal runs."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import select

from portal import audit, clock, schema
from portal.audit.models import AuditHead
from portal.backup import databases
from portal.backup.manifest import DATABASE, Manifest, measure
from portal.extensions import db
from portal.runtime import config, vault
from portal.vault.durable import ensure_folder, fsync_directory, writing_durably

_PIECE = 1024 * 1024


class BadDestination(Exception):
    """The backup cannot be written there; the message says why."""


def make_backup(destination: Path) -> Manifest:
    """Write a backup into the folder `destination`, which must not be there yet.

    The database first, then the files: a file is durable before its row is committed, so every row
    of the copy finds its file. Raises BadDestination, DatabaseTool, OSError; a folder
    `<destination>.partial` may be left then, and is replaced by the next run.
    """
    partial = _partial(destination)
    ensure_folder(partial)
    head = db.session.execute(select(AuditHead.seq, AuditHead.mac)).one()
    db.session.rollback()
    databases.dump(partial / DATABASE, config(), vault().master)
    files = {DATABASE: measure(partial / DATABASE)}
    for name in _names():
        copied = _copy(config().data / name, partial / name)
        if copied:
            files[name] = copied
    manifest = Manifest(
        made_at=clock.seoul(clock.now()).isoformat(timespec="seconds"),
        key_id=vault().master.key_id,
        database=databases.kind(),
        schema=schema.current() or "",
        head_seq=head.seq,
        head_mac=head.mac,
        files=files,
    )
    manifest.write(partial, vault().master)
    partial.rename(destination)
    fsync_directory(destination.parent)
    audit.record_alone(
        "backup.made", by=None, files=len(files), recordings=manifest.recordings, upto=head.seq
    )
    return manifest


def _partial(destination: Path) -> Path:
    destination = destination.absolute()
    data = config().data
    if destination.exists():
        raise BadDestination(f"이미 있는 폴더입니다. 새 이름을 지정하십시오: {destination}")
    if destination.is_relative_to(data) or data.is_relative_to(destination):
        raise BadDestination(f"자료 폴더 밖의 자리를 지정하십시오: {destination}")
    if not destination.parent.is_dir():
        raise BadDestination(f"백업을 둘 폴더가 없습니다: {destination.parent}")
    partial = destination.with_name(f"{destination.name}.partial")
    if partial.exists():
        shutil.rmtree(partial)
    return partial


def _names() -> Iterator[str]:
    """What is copied besides the database, relative to the data folder. Never a day key."""
    data = config().data
    patterns = (
        "vault/days/*/*.age",
        "vault/records/*.age",
        "keys/*.age",
        "keys/days/*.destroyed",
        "portal.toml",
        "audit-heads.log",
    )
    for pattern in patterns:
        for path in sorted(data.glob(pattern)):
            if not path.name.startswith("."):
                yield str(path.relative_to(data))


def _copy(source: Path, target: Path) -> tuple[int, str] | None:
    """Size and SHA-256; None where the file was destroyed meanwhile."""
    ensure_folder(target.parent)
    size, digest = 0, hashlib.sha256()
    try:
        with source.open("rb") as original, writing_durably(target) as copy:
            while piece := original.read(_PIECE):
                copy.write(piece)
                size += len(piece)
                digest.update(piece)
    except FileNotFoundError:
        return None
    return size, digest.hexdigest()
