"""What belongs to the running installation: its configuration, settings and vault.

Everything else asks here, so that two installations in one process (tests) never mix.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from flask import Flask, current_app

from portal.config import Config
from portal.institution import Settings

if TYPE_CHECKING:
    from portal.vault import Vault

_KEY = "portal"


@dataclass(frozen=True)
class Runtime:
    config: Config
    vault: Vault
    #: Statements that are made once; by what they are and whatever they depend on besides.
    statements: dict[tuple[Any, ...], Any] = field(default_factory=dict)


def install(app: Flask, config: Config, vault: Vault) -> None:
    app.extensions[_KEY] = Runtime(config, vault)


def runtime() -> Runtime:
    return cast(Runtime, current_app.extensions[_KEY])


def config() -> Config:
    return runtime().config


def settings() -> Settings:
    return runtime().config.settings


def vault() -> Vault:
    return runtime().vault
