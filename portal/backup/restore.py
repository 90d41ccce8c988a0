"""`portal restore`: back from a backup, and nothing is served before the deletion has run.

Offline, into an empty installation. Killed at any line, the same command goes on; until it ends no
part of the portal starts (`running.refuse_unfinished`).
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import update

from portal import audit, clock, create_app, running, schema
from portal.accounts.models import LoginSession
from portal.audit.heads import note_head
from portal.audit.verify import verify
from portal.backup import databases
from portal.backup.check import check_files
from portal.backup.manifest import DATABASE, SEAL, Manifest
from portal.config import Config
from portal.database import write
from portal.extensions import db
from portal.retention import lost_keys, purge
from portal.runtime import vault
from portal.vault.durable import ensure_folder, writing_durably
from portal.vault.master import MasterKey

_PIECE = 1024 * 1024


class RestoreRefused(Exception):
    """The restore cannot go on like this; the message says what to do."""


@dataclass(frozen=True)
class Restored:
    """`recovered` days whose keys the replica had; `lost` recordings that nobody can hear."""

    manifest: Manifest
    events: int
    recovered: int
    lost: int
    destroyed: int


def restore(source: Path, config: Config, *, without_day_keys: bool) -> Restored:
    """Raises RestoreRefused, BackupUnsound, DatabaseTool, MasterKeyError, OSError.

    `without_day_keys`: recordings whose key nobody has may be given up; without it their loss
    stops the restore, so that a replica can be mounted.
    """
    master = MasterKey.load(config.master_key_file)
    manifest = check_files(source, master)
    with create_app(config, offline=True).app_context():
        try:
            _begin(source, config, manifest)
            _put_files_back(source, config, manifest)
            if databases.is_empty(config):
                databases.load(source / DATABASE, config, master)
            schema.upgrade()
            done = _make_true(manifest, without_day_keys=without_day_keys)
        finally:
            db.session.remove()
            db.engine.dispose()
    running.end_restore(config.data)
    return done


def _begin(source: Path, config: Config, manifest: Manifest) -> None:
    seal = (source / SEAL).read_text().strip()
    begun = running.restore_begun(config.data)
    if begun is None:
        if not databases.is_empty(config) or (config.data / "vault").exists():
            raise RestoreRefused(
                f"비어 있는 자리에만 복원합니다. 자료가 있습니다: {config.data} 지금의 자료를 다른 "
                "곳으로 옮긴 뒤 다시 실행하십시오."
            )
        if manifest.database != databases.kind():
            raise RestoreRefused(
                f"{manifest.database}의 백업입니다. PORTAL_DATABASE_URL을 맞추십시오."
            )
        running.begin_restore(config.data, seal)
    elif begun != seal:
        raise RestoreRefused("다른 백업의 복원이 끝나지 않았습니다. 그 백업으로 마치십시오.")


def _put_files_back(source: Path, config: Config, manifest: Manifest) -> None:
    for name, (size, _sha256) in manifest.files.items():
        target = config.data / name
        if name == DATABASE or (target.exists() and target.stat().st_size == size):
            continue
        ensure_folder(target.parent)
        with (source / name).open("rb") as original, writing_durably(target) as copy:
            shutil.copyfileobj(original, copy, _PIECE)


def _make_true(manifest: Manifest, *, without_day_keys: bool) -> Restored:
    """What was true at the backup becomes true now: the dead die, nobody is logged in."""
    keys = vault().day_keys
    if keys.replica:
        for day in keys.replica.destroyed_days():
            keys.destroy(day)
    recovered = keys.keep_up_replica()
    lost = lost_keys.lost_days()
    if lost and not without_day_keys:
        raise RestoreRefused(
            f"열쇠가 없는 삭제일이 {len(lost)}일 있습니다 ({lost[0]}부터 {lost[-1]}까지). 열쇠 "
            "사본을 연결하고 PORTAL_KEY_REPLICA에 지정한 뒤 다시 실행하십시오. 사본도 잃었다면 "
            "--without-day-keys로 그날의 통화를 포기하고 마칠 수 있습니다."
        )
    report = purge.run()
    if report.failed:
        raise RestoreRefused(f"{len(report.failed)}일의 삭제를 끝내지 못했습니다.")
    given_up = lost_keys.destroy_lost()
    verdict = verify()
    db.session.rollback()
    if not verdict.sound:
        raise RestoreRefused(f"접속기록 {verdict.first_bad}번이 맞지 않습니다: {verdict.problem}")
    _note(manifest, lost=given_up)
    return Restored(manifest, verdict.events, len(recovered), given_up, report.recordings)


def _note(manifest: Manifest, *, lost: int) -> None:
    with write() as session:
        session.execute(
            update(LoginSession)
            .where(LoginSession.ended_at.is_(None))
            .values(ended_at=clock.now(), end_reason="restored")
            .execution_options(synchronize_session=False)
        )
        audit.record(
            "backup.restored", by=None, made_at=manifest.made_at, upto=manifest.head_seq, lost=lost
        )
    note_head(at_once=True)
