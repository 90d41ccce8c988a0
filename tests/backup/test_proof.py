"""The proof with the stock `age` program: what a thief of backups and of the master key can read.

Everything in a backup of day 1 and the master key, and nothing of the portal's own code: each file
is tried with the master key and with every key that opens with it. The same files with the keys
that the portal has on day 1 are the control: the proof would not notice a broken `age` otherwise.
"""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
from pathlib import Path

import pytest

from backup.conftest import PAPER, Used, days_later, running
from portal.backup.make import make_backup
from portal.retention import purge
from retention import days

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def opened(file: Path, identity: Path) -> bytes | None:
    """What `age -d` makes of a file; None where it refuses."""
    run = subprocess.run(["age", "-d", "-i", str(identity), str(file)], capture_output=True)
    return run.stdout if run.returncode == 0 else None


def identities(folders: list[Path], master: Path, into: Path) -> list[Path]:
    """The master key, and every age identity in the folders that opens with it."""
    found = [master]
    into.mkdir()
    for number, path in enumerate(p for folder in folders for p in folder.rglob("*.age")):
        plain = opened(path, master)
        if plain and plain.startswith(b"AGE-SECRET-KEY-1"):
            identity = into / f"{number}.key"
            identity.write_bytes(plain)
            found.append(identity)
    return found


def readable(backup: Path, keys: list[Path]) -> dict[str, bytes]:
    """Everything in a backup that one of the keys opens."""
    found = {}
    for path in backup.rglob("*.age"):
        for key in keys:
            if (plain := opened(path, key)) is not None:
                found[str(path.relative_to(backup))] = plain
    return found


def recordings(names: dict[str, bytes]) -> list[str]:
    return sorted(name for name in names if name.startswith("vault/days"))


def test_a_backup_and_the_master_key_read_no_sound_without_the_replica(
    used: Used, tmp_path: Path
) -> None:
    config, backup = used.config, tmp_path / "backup"
    assert config.key_replica
    with running(config):
        make_backup(backup)
    master = tmp_path / "master.key"
    shutil.copy(config.master_key_file, master)
    both = sorted(
        f"vault/days/{day}/{blob}.age"
        for day, blob in ((used.tomorrow, used.first), (used.in_30_days, used.last))
    )

    control = readable(backup, identities([config.key_replica], master, tmp_path / "day1"))
    assert recordings(control) == both
    assert all(control[name].startswith(days.SOUND) for name in both)

    with days_later(1), running(config):
        purge.run()
    alone = readable(backup, identities([backup], master, tmp_path / "day2"))
    assert recordings(alone) == []
    with_replica = identities([backup, config.key_replica], master, tmp_path / "day2-replica")
    assert recordings(readable(backup, with_replica)) == [both[1]]

    with days_later(30), running(config):
        purge.run()
    everything = [backup, config.key_replica, config.data]
    left = readable(backup, identities(everything, master, tmp_path / "day31"))
    assert recordings(left) == []


def test_ledger_log_and_papers_are_whole_with_the_master_key_alone(
    used: Used, tmp_path: Path
) -> None:
    backup = tmp_path / "backup"
    with running(used.config):
        make_backup(backup)

    found = readable(
        backup, identities([backup], used.config.master_key_file, tmp_path / "identities")
    )

    assert found[f"vault/records/{used.paper}.age"] == PAPER
    plain = tmp_path / "portal.db"
    plain.write_bytes(found["database.age"])
    with sqlite3.connect(plain) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert database.execute("SELECT count(*) FROM audit_event").fetchone()[0] >= 1
        assert database.execute("SELECT count(*) FROM ledger_row").fetchone() == (0,)
        assert database.execute("SELECT count(*) FROM issued_document").fetchone() == (1,)
