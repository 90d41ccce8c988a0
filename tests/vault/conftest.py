from pathlib import Path

import pytest

from portal.vault import DayKeys, MasterKey, Vault


@pytest.fixture
def master(tmp_path: Path) -> MasterKey:
    return MasterKey.create(tmp_path / "secret" / "master.key")


@pytest.fixture
def vault(tmp_path: Path, master: MasterKey) -> Vault:
    return Vault(tmp_path / "data", master)


@pytest.fixture
def day_keys(tmp_path: Path, master: MasterKey) -> DayKeys:
    return DayKeys(tmp_path / "days", master)
