"""A backup holds everything but the day keys, and says when it is not as it was made."""

from __future__ import annotations

import dataclasses
import os
import shutil
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest

from audit.test_chain import UNLOCK
from backup.conftest import Used, running
from portal.backup.check import check, check_files
from portal.backup.databases import DatabaseTool
from portal.backup.make import BadDestination, make_backup
from portal.backup.manifest import DATABASE, BackupUnsound, measure, read
from portal.database import changing
from portal.extensions import db
from portal.vault.blob import encrypt_to
from portal.vault.master import MasterKey


def make(used: Used, to: Path) -> Path:
    with running(used.config):
        make_backup(to)
    return to


def test_a_backup_has_everything_but_the_day_keys(used: Used, tmp_path: Path) -> None:
    made = make(used, tmp_path / "backup")

    names = {str(path.relative_to(made)) for path in made.rglob("*") if path.is_file()}
    assert f"vault/days/{used.tomorrow}/{used.first}.age" in names
    assert f"vault/records/{used.paper}.age" in names
    assert {"database.age", "keys/records.age", "manifest.json", "manifest.mac"} <= names
    assert not [name for name in names if name.startswith("keys/days")]
    assert "keys/master.key" not in names
    checked = check(made, used.config)
    assert checked.manifest.recordings == 2
    assert checked.events == checked.manifest.head_seq


def test_nothing_in_a_backup_is_readable_by_itself(used: Used, tmp_path: Path) -> None:
    made = make(used, tmp_path / "backup")

    for path in made.rglob("*"):
        if path.is_file():
            assert path.stat().st_mode & 0o077 == 0
            content = path.read_bytes()
            assert path.suffix in (".json", ".mac") or content.startswith(b"age-encryption.org/v1")
            for secret in (b"01012345678", b"someone", b"RIFF"):
                assert secret not in content


def test_the_check_reads_the_log_in_the_backup_and_leaves_no_plain_copy(
    used: Used, tmp_path: Path
) -> None:
    made = make(used, tmp_path / "backup")
    another, killed = (used.config.data / f".check.{n}.tmp" for n in ("now", "then"))
    for path in (another, killed):
        path.write_bytes(b"x")
    os.utime(killed, (0, 0))
    check(made, used.config)
    assert list(used.config.data.glob(".check*")) == [another]  # somebody checks at this moment

    with running(used.config), changing().begin() as connection:
        for statement in UNLOCK[db.engine.dialect.name]:
            connection.exec_driver_sql(statement)
        connection.exec_driver_sql("UPDATE audit_event SET origin = 'x' WHERE seq = 2")
    with pytest.raises(BackupUnsound, match="접속기록 2번"):
        check(make(used, tmp_path / "forged"), used.config)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_dump_that_is_not_whole_is_told_though_every_file_fits_the_list(
    used: Used, tmp_path: Path
) -> None:
    made, master = make(used, tmp_path / "backup"), MasterKey.load(used.config.master_key_file)
    with master.open(made / DATABASE) as plain:
        dump = plain.readall()
    encrypt_to(made / DATABASE, BytesIO(dump[: len(dump) // 2]), master.recipient)
    manifest = read(made, master)
    files = {**manifest.files, DATABASE: measure(made / DATABASE)}
    dataclasses.replace(manifest, files=files).write(made, master)

    with pytest.raises((DatabaseTool, BackupUnsound)):
        check(made, used.config)


def test_a_backup_leaves_no_plain_copy_behind(used: Used, tmp_path: Path) -> None:
    make(used, tmp_path / "backup")
    assert not list(used.config.data.glob(".backup*"))
    assert not list(tmp_path.glob("*.partial"))


def test_a_backup_is_never_written_over_or_into_the_data(used: Used, tmp_path: Path) -> None:
    made = make(used, tmp_path / "backup")

    for place in (made, used.config.data / "backup", tmp_path / "nowhere/backup", tmp_path):
        with pytest.raises(BadDestination), running(used.config):
            make_backup(place)


def test_what_an_interrupted_backup_left_is_replaced(used: Used, tmp_path: Path) -> None:
    (tmp_path / "backup.partial/vault").mkdir(parents=True)
    (tmp_path / "backup.partial/vault/rest").write_bytes(b"x")

    made = make(used, tmp_path / "backup")

    check_files(made, MasterKey.load(used.config.master_key_file))


def test_another_master_key_does_not_pass_for_the_right_one(used: Used, tmp_path: Path) -> None:
    made = make(used, tmp_path / "backup")
    other = tmp_path / "other.key"
    MasterKey.create(other)

    with pytest.raises(BackupUnsound, match="다른 마스터 키"):
        check(made, dataclasses.replace(used.config, master_key_file=other))


def _alter(folder: Path) -> None:
    path = next(folder.glob("vault/days/*/*.age"))
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)


def _forge(folder: Path) -> None:
    manifest = folder / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"head_seq": ', '"head_seq": 1'))


DAMAGE: dict[str, Callable[[Path], object]] = {
    "내용이 바뀐 파일": _alter,
    "없는 파일": lambda folder: next(folder.glob("vault/records/*.age")).unlink(),
    "목록에 없는 파일": lambda folder: (folder / "vault/records/more0000.age").write_bytes(b"x"),
    "목록이 바뀌었거나": _forge,
    "목록이 없습니다": lambda folder: (folder / "manifest.mac").unlink(),
}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_every_damage_is_named(used: Used, tmp_path: Path) -> None:
    made = make(used, tmp_path / "backup")

    for number, (said, damage) in enumerate(DAMAGE.items()):
        damaged = tmp_path / f"damaged{number}"
        shutil.copytree(made, damaged)
        damage(damaged)
        with pytest.raises(BackupUnsound, match=said):
            check_files(damaged, MasterKey.load(used.config.master_key_file))
