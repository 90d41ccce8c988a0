"""An age identity encrypted to the master key, in a file made once and never replaced.

The content is an identity file, so that the stock `age` program can use it (docs/emergency.md).
"""

from contextlib import suppress
from pathlib import Path

from portal.vault.age_identity import new_identity
from portal.vault.durable import create_once, ensure_folder
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
