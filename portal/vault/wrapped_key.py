"""An age identity encrypted to the master key, in a file made once and never replaced.

The content is an identity file, so that the stock `age` program can use it (docs/emergency.md).
"""

from contextlib import suppress
from pathlib import Path

from portal.vault.age_identity import new_identity, recipient_of
from portal.vault.durable import create_once, ensure_folder, fsync_directory
from portal.vault.master import MasterKey


def make_once(path: Path, master: MasterKey) -> None:
    """Make the key unless it is there; of two processes at once one makes it."""
    ensure_folder(path.parent)
    # FileNotFoundError: a destruction in another process took the temporary file away.
    with suppress(FileExistsError, FileNotFoundError):
        create_once(path, master.wrap(f"{new_identity()}\n".encode()))


def read(path: Path, master: MasterKey) -> str:
    """The identity. Raises FileNotFoundError; MasterKeyError if wrapped for another master key."""
    return master.unwrap(path.read_bytes()).decode().strip()


class Recipients:
    """The public halves of wrapped keys, each read and its name synced once by a process.

    What `stat` says tells a key from another that came under its name: then it is read anew.
    """

    def __init__(self, master: MasterKey) -> None:
        self._master = master
        self._known: dict[Path, tuple[tuple[int, ...], str]] = {}

    def of(self, path: Path) -> str:
        """`age1…`. Raises FileNotFoundError, MasterKeyError."""
        seen = _fingerprint(path)
        known = self._known.get(path)
        if known and known[0] == seen:
            return known[1]
        # The process that made the key may not have synced its name yet.
        fsync_directory(path.parent)
        recipient = recipient_of(read(path, self._master))
        self._known[path] = seen, recipient
        return recipient


def _fingerprint(path: Path) -> tuple[int, ...]:
    status = path.stat()
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns
