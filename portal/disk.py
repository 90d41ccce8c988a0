"""How much room is left where the installation keeps its data."""

from __future__ import annotations

import os

from portal.runtime import config, settings

_MEGABYTE = 1024 * 1024


def free_megabytes() -> int:
    """What the portal's user may still fill of the data folder's disk."""
    found = os.statvfs(config().data)
    return found.f_bavail * found.f_frsize // _MEGABYTE


def is_nearly_full() -> bool:
    return free_megabytes() < settings().reminders.disk_free_megabytes


def is_read_only() -> bool:
    """Mounted so, or turned so by the system after an error."""
    return bool(os.statvfs(config().data).f_flag & os.ST_RDONLY)
