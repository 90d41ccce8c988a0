"""The portal of the procedure for recordings of administrative calls.

Importing the package imports nothing of it: the child that renders papers needs neither the web nor
the database. `wiring` puts the application together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from portal.config import Config


def create_app(config: Config | None = None, *, offline: bool = False) -> Flask:
    """The application for one installation. Raises `SettingsError` or `MasterKeyError` at start,
    also where an offline command was interrupted, unless it is that command (`offline`)."""
    from portal import wiring

    return wiring.create_app(config, offline=offline)


def served() -> Flask:
    """The same for a web server: papers are rendered in a child."""
    from portal.documents import press

    press.use_child()
    return create_app()
