"""Who uses the installation now: everybody together, or one offline command alone.

A lock of the operating system on `<data>/portal.lock`: it ends with the process, also when that is
killed. It covers one machine; with several nodes the others are stopped by hand (docs/backup.md).
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from portal.vault.change_master import refuse_unfinished as refuse_unfinished_key_change
from portal.vault.durable import ensure_folder, remove_durably, write_durably
from portal.vault.master import MasterKeyError

_NAME = "portal.lock"
_RESTORE = "restore.unfinished"


class Unfinished(MasterKeyError):
    """An offline command was interrupted: it must be finished before anything starts."""


class InUse(RuntimeError):
    """The portal runs, or an offline command has the installation to itself."""


def share(data: Path) -> int | None:
    """Take part until the descriptor that is returned is closed, at the latest by the process's
    end. None where the folder cannot be written to. Raises `InUse`."""
    return _lock(
        data, fcntl.LOCK_SH, "열쇠 변경이나 복원이 진행 중입니다. 끝난 뒤에 다시 시작하십시오."
    )


@contextmanager
def alone(data: Path) -> Iterator[None]:
    """Nobody else uses the installation during the block. Raises `InUse`."""
    descriptor = _lock(
        data,
        fcntl.LOCK_EX,
        "포털이 실행 중입니다. 웹과 워커를 모두 멈춘 뒤 다시 실행하십시오.",
    )
    try:
        yield
    finally:
        if descriptor is not None:
            os.close(descriptor)


def _lock(data: Path, kind: int, refusal: str) -> int | None:
    try:
        descriptor = os.open(data / _NAME, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError:
        return None  # a disk that cannot be written to has no offline command at work
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(descriptor)
        raise InUse(refusal) from error
    return descriptor


def refuse_unfinished(data: Path) -> None:
    """Raises `Unfinished` or `KeyChangeUnfinished`."""
    refuse_unfinished_key_change(data)
    if (data / _RESTORE).exists():
        raise Unfinished(
            "복원이 끝나지 않았습니다. 같은 백업으로 'portal restore'를 다시 실행해 마치십시오. "
            "(restore unfinished)"
        )


def begin_restore(data: Path, seal: str) -> None:
    """From here on nothing starts; `seal` tells which backup is being restored."""
    ensure_folder(data)
    write_durably(data / _RESTORE, [seal.encode()])


def restore_begun(data: Path) -> str | None:
    """The seal of the backup whose restore was interrupted; None where none was."""
    try:
        return (data / _RESTORE).read_text()
    except FileNotFoundError:
        return None


def end_restore(data: Path) -> None:
    remove_durably(data / _RESTORE)
