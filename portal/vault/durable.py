"""Files that are whole and on the disk, or not there at all.

Everything here is built from the same four steps: write a temporary file in the same folder,
fsync it, give it its name, fsync the folder. A crash between two steps leaves at most a
temporary file, which `temporaries` finds.
"""

import os
import secrets
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

_TEMPORARY_ENDING = ".tmp"


def fsync_directory(path: Path) -> None:
    """Make the names inside the folder `path` survive a power cut. Raises OSError."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


#: Folders whose names this process has synced, by device and inode: another folder that comes
#: under the same name is synced anew.
_synced: dict[Path, tuple[int, int]] = {}


def ensure_folder(path: Path) -> None:
    """Make the folder and its missing parents, mode 0700, each name on the disk.

    The parent is synced once by each process even if the folder is there: its maker may not have
    come to that yet.
    """
    if path.is_dir():
        if _synced.get(path) == _which(path):
            return
    else:
        if not path.parent.is_dir():
            ensure_folder(path.parent)
        with suppress(FileExistsError):
            path.mkdir(mode=0o700)
    fsync_directory(path.parent)
    _synced[path] = _which(path)


def _which(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_dev, status.st_ino


@contextmanager
def writing_durably(path: Path) -> Iterator[BinaryIO]:
    """Give a file to write into; on leaving the block it stands under `path`, durable.

    An existing file is replaced at one instant. If the block raises, nothing is left behind.
    """
    temporary = _temporary_name(path)
    try:
        with _create_private(temporary) as file:
            yield file
            _flush_to_disk(file)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    fsync_directory(path.parent)


def write_durably(path: Path, chunks: Iterable[bytes]) -> int:
    """Write the chunks as the file `path`, mode 0600; returns the number of bytes."""
    written = 0
    with writing_durably(path) as file:
        for chunk in chunks:
            file.write(chunk)
            written += len(chunk)
    return written


def create_once(path: Path, data: bytes) -> None:
    """Write a file that must not be there yet, mode 0600.

    A hard link gives the name, since unlike a rename it never replaces. Raises FileExistsError,
    also when another process was faster; FileNotFoundError if another process took the temporary
    file away meanwhile (see `remove_with_temporaries`).
    """
    temporary = _temporary_name(path)
    try:
        with _create_private(temporary) as file:
            file.write(data)
            _flush_to_disk(file)
        path.hardlink_to(temporary)
    finally:
        temporary.unlink(missing_ok=True)
    fsync_directory(path.parent)


def remove_durably(path: Path) -> bool:
    """Remove a file for good; False if it was not there.

    The folder is synced even then: an earlier run may have been killed after its unlink and
    before its fsync, and a power cut would bring the file back.
    """
    try:
        path.unlink()
        removed = True
    except FileNotFoundError:
        removed = False
    with suppress(FileNotFoundError):
        fsync_directory(path.parent)
    return removed


def remove_old_temporaries(folder: Path, older_than_s: float) -> int:
    """Remove what interrupted writes left in `folder`; returns how many files.

    Measured on the file system's clock: a write in progress keeps being touched.
    """
    removed, limit = 0, time.time() - older_than_s
    for path in temporaries(folder):
        with suppress(FileNotFoundError):
            if path.stat().st_mtime < limit:
                path.unlink()
                removed += 1
    if removed:
        fsync_directory(folder)
    return removed


def remove_with_temporaries(path: Path) -> bool:
    """As `remove_durably`, and every temporary file written for this name goes too.

    A crash inside `create_once` can leave a temporary file that is the same content, even the
    same inode, as the file itself.
    """
    for temporary in temporaries(path.parent, path.name):
        temporary.unlink(missing_ok=True)
    return remove_durably(path)


def temporaries(folder: Path, name: str = "*") -> list[Path]:
    """Temporary files in `folder` that were to become `name` (any, if not given)."""
    return sorted(folder.glob(f".{name}.*{_TEMPORARY_ENDING}"))


def _temporary_name(path: Path) -> Path:
    return path.with_name(f".{path.name}.{secrets.token_hex(8)}{_TEMPORARY_ENDING}")


def _create_private(path: Path) -> BinaryIO:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
    return os.fdopen(os.open(path, flags, 0o600), "wb")


def _flush_to_disk(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())
