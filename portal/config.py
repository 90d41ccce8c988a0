"""Where this installation keeps its data: the environment, read once."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from portal.institution import Settings, load_settings

_CHECKOUT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Config:
    """One installation: its data folder, database, master key file and settings."""

    data: Path
    database_url: str
    master_key_file: Path
    settings: Settings = field(default_factory=load_settings)
    secure_cookies: bool = False
    trusted_proxies: int = 0
    #: Addresses that may ask `/readyz`, besides this machine.
    monitoring: frozenset[str] = frozenset()
    #: A folder on another mount that keeps copies of the day keys; destroyed in step with them.
    key_replica: Path | None = None
    #: Where pg_dump and pg_restore are; None: on the PATH.
    postgresql_bin: Path | None = None
    #: For the mail server; from the environment only, never shown.
    smtp_password: str | None = field(default=None, repr=False)

    @property
    def drop(self) -> Path:
        """Where recorders put sound and sidecar files."""
        return self.data / "drop"

    @property
    def demo_marker(self) -> Path:
        """Only a data folder with this file is a demo."""
        return self.data / "DEMO"


def from_environment(environment: Mapping[str, str] = os.environ) -> Config:
    """The configuration that PORTAL_… variables describe. Raises `SettingsError`."""
    data = Path(environment.get("PORTAL_DATA") or _CHECKOUT / "instance").resolve()
    settings_file = environment.get("PORTAL_SETTINGS")
    local_settings = data / "portal.toml"
    if not settings_file and local_settings.exists():
        settings_file = str(local_settings)
    return Config(
        data=data,
        database_url=environment.get("PORTAL_DATABASE_URL") or f"sqlite:///{data / 'portal.db'}",
        master_key_file=Path(environment.get("PORTAL_MASTER_KEY_FILE") or data / "keys/master.key"),
        settings=load_settings(Path(settings_file) if settings_file else None),
        secure_cookies=environment.get("PORTAL_SECURE_COOKIES") == "1",
        trusted_proxies=int(environment.get("PORTAL_TRUSTED_PROXIES") or 0),
        monitoring=frozenset(environment.get("PORTAL_MONITORING", "").split()),
        key_replica=Path(replica) if (replica := environment.get("PORTAL_KEY_REPLICA")) else None,
        postgresql_bin=Path(tools) if (tools := environment.get("PORTAL_POSTGRESQL_BIN")) else None,
        smtp_password=environment.get("PORTAL_SMTP_PASSWORD") or None,
    )
