"""The installation of 솔내시, on SQLite: what differs is in its settings file alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal.config import Config
from second_city.city import SOLNAE


@pytest.fixture
def config(data: Path) -> Config:
    return Config(
        data=data,
        database_url=f"sqlite:///{data / 'portal.db'}",
        master_key_file=data / "keys/master.key",
        settings=SOLNAE,
    )
