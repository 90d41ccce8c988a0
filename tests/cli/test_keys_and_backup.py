"""Keys and backups by the commands an official types."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from cli.conftest import Run
from portal.running import share


def test_backup_loss_restore_verify_go_on(portal: Run, installed: Path, tmp_path: Path) -> None:
    made = portal("backup", str(tmp_path / "backup"))
    assert made.returncode == 0, made.stderr
    assert portal("restore", "--check", str(tmp_path / "backup")).returncode == 0

    refused = portal("restore", str(tmp_path / "backup"))
    assert refused.returncode == 1
    assert "비어 있는" in refused.stderr

    key = (tmp_path / "data/keys/master.key").read_bytes()
    shutil.rmtree(tmp_path / "data")
    (tmp_path / "data/keys").mkdir(parents=True)
    (tmp_path / "data/keys/master.key").write_bytes(key)
    (tmp_path / "data/keys/master.key").chmod(0o600)

    restored = portal("restore", str(tmp_path / "backup"))
    assert restored.returncode == 0, restored.stderr
    assert portal("audit", "verify").returncode == 0
    assert portal("worker", "--once").returncode == 0


def test_keys_are_changed_only_while_nothing_runs(
    portal: Run, installed: Path, tmp_path: Path
) -> None:
    in_use = share(installed)
    assert in_use is not None

    for arguments in (["key", "change-master"], ["key", "change-columns"], ["upgrade"]):
        refused = portal(*arguments)
        assert refused.returncode == 2
        assert "실행 중" in refused.stderr

    os.close(in_use)
    for arguments in (["key", "change-columns"], ["key", "change-master"], ["audit", "verify"]):
        done = portal(*arguments)
        assert done.returncode == 0, done.stderr
