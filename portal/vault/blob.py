"""One encrypted file: streamed in, opened for reading, under an id that stays in its folder."""

import hashlib
import re
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import pyrage

from portal.vault.age_reader import AgeReader
from portal.vault.durable import fsync_directory, temporaries, writing_durably

_BLOB_ID = re.compile(r"[a-z0-9]{8,64}", re.ASCII)
_ENDING = ".age"


@dataclass(frozen=True)
class StoredBlob:
    """What was stored: `size` in bytes and `sha256` in hex, both of the plain content."""

    size: int
    sha256: str


def blob_path(folder: Path, blob_id: str) -> Path:
    """The blob's file. Raises ValueError unless the id is 8 to 64 of `a-z0-9`."""
    if not _BLOB_ID.fullmatch(blob_id):
        raise ValueError("a blob id is 8 to 64 lower-case letters and digits")
    return folder / f"{blob_id}{_ENDING}"


def blob_ids(folder: Path) -> list[str]:
    """Ids of the whole blobs in a folder, in order; empty if the folder is not there."""
    return sorted(p.stem for p in folder.glob(f"*{_ENDING}") if _BLOB_ID.fullmatch(p.stem))


def encrypt_to(path: Path, source: BinaryIO, recipient: str) -> StoredBlob:
    """Encrypt the rest of `source` into `path`, durable, in pieces of 64 KiB.

    The plain content is only ever in memory. Raises what reading or writing raised, as it was
    (OSError on a full disk); nothing is left under `path` then.
    """
    plain = _HashedSource(source)
    with writing_durably(path) as file:
        sealed = _Sink(file)
        try:
            pyrage.encrypt_io(plain, sealed, [pyrage.x25519.Recipient.from_str(recipient)])
        except pyrage.EncryptError as error:
            # pyrage keeps only the text of what went wrong on either side.
            raise (plain.failure or sealed.failure or error) from error
    return StoredBlob(plain.size, plain.hash.hexdigest())


def open_blob(path: Path, identity: str) -> AgeReader:
    """Raises FileNotFoundError, AgeFormatError."""
    return AgeReader(path.open("rb"), identity)


def older_temporaries(folders: Iterable[Path], older_than_s: float) -> list[Path]:
    """Files of interrupted writes last touched more than `older_than_s` seconds ago.

    Measured on the file system's clock, not the portal's: a write in progress keeps being touched.
    """
    limit = time.time() - older_than_s
    return [
        path
        for folder in folders
        for path in temporaries(folder)
        if (touched_at := modified_at(path)) is not None and touched_at < limit
    ]


def remove_all(paths: Iterable[Path]) -> int:
    """Remove files for good; returns how many were there."""
    removed, folders = 0, set()
    for path in paths:
        try:
            path.unlink()
        except FileNotFoundError:
            continue
        removed += 1
        folders.add(path.parent)
    for folder in folders:
        fsync_directory(folder)
    return removed


def modified_at(path: Path) -> float | None:
    """When a file was last written, in seconds of the file system's clock; None if it is gone."""
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return None


class _HashedSource:
    """What pyrage reads from: counts, hashes, and remembers why it failed."""

    def __init__(self, source: BinaryIO) -> None:
        self._source = source
        self.hash = hashlib.sha256()
        self.size = 0
        self.failure: BaseException | None = None

    def read(self, length: int) -> bytes:
        try:
            piece = self._source.read(length)
        except BaseException as error:
            self.failure = error
            raise
        self.hash.update(piece)
        self.size += len(piece)
        return piece


class _Sink:
    """What pyrage writes to: remembers why it failed."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.failure: BaseException | None = None

    def write(self, piece: bytes) -> int:
        try:
            return self._file.write(piece)
        except BaseException as error:
            self.failure = error
            raise

    def flush(self) -> None:
        self._file.flush()
