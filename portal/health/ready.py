"""What must hold for the portal to do its duty; each check is a word, nothing of the inside."""

from __future__ import annotations

from collections.abc import Callable

import structlog
from sqlalchemy.exc import SQLAlchemyError

from portal import disk, schema
from portal.extensions import db
from portal.jobs.watched import WATCHED_S
from portal.notices.kinds import Kind
from portal.notices.watch import standing_still
from portal.runtime import config, vault
from portal.traces import place
from portal.vault.master import MasterKey

_STANDS = {
    Kind.WORKER_STANDS: "worker",
    Kind.DELETION_STANDS: "deletion",
    Kind.INTAKE_STANDS: "intake",
}
_log = structlog.get_logger()


def failing() -> list[str]:
    """The names of what does not hold: database, keys, disk, worker, deletion, intake."""
    found = [name for name, holds in _CHECKS.items() if not _try(name, holds)]
    return found if "database" in found else found + _standing()


def _database() -> bool:
    return schema.current() == schema.expected()


def _keys() -> bool:
    """The key file is there and is the one in use; the replica, where there is one, is mounted."""
    on_disk = MasterKey.load(config().master_key_file)
    replica = vault().day_keys.replica
    return on_disk.key_id == vault().master.key_id and (replica is None or replica.is_there)


def _disk() -> bool:
    return not (disk.is_read_only() or disk.is_nearly_full())


_CHECKS: dict[str, Callable[[], bool]] = {"database": _database, "keys": _keys, "disk": _disk}


def _try(name: str, holds: Callable[[], bool]) -> bool:
    try:
        return holds()
    except Exception as error:  # whatever it is, it does not hold
        _log.error("ready", check=name, type=type(error).__name__, place=place(error))
        return False


def _standing() -> list[str]:
    """제8조①: also whatever is past its day."""
    try:
        stands = standing_still(WATCHED_S)
    except SQLAlchemyError as error:
        _log.error("ready", check="database", type=type(error).__name__, place=place(error))
        return ["database"]
    finally:
        db.session.rollback()
    return [_STANDS[kind] for kind in stands if kind in _STANDS]
