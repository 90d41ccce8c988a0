"""The bytes that go into the vault: a sound as it is, or sound and sidecar as one tar archive.

Tar, so that an emergency needs no special program. The streams are only ever read by the
encryption, piece by piece; nothing of them is held in memory or written in plain.
"""

from __future__ import annotations

import hashlib
import io
import tarfile
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from portal.recordings.delivery import Changed, Part

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_PIECE = 64 * 1024  # bytes


def digest(part: Part) -> str:
    """SHA-256 of a part's bytes, in hexadecimal. Raises Changed."""
    found = hashlib.sha256()
    for piece in _pieces(part):
        found.update(piece)
    return found.hexdigest()


def plain(part: Part) -> io.BufferedReader:
    """The part's bytes; reading raises Changed when there are fewer than its size."""
    return io.BufferedReader(_Stream(_pieces(part)), _PIECE)


def archive(parts: Sequence[Part]) -> io.BufferedReader:
    """A tar archive of the parts, in order; reading raises Changed."""
    return io.BufferedReader(_Stream(_archive(parts)), _PIECE)


class _Stream(io.RawIOBase):
    """Pieces, read as a file."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer).cast("B")
        while not self._rest:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._rest = piece
        taken, self._rest = self._rest[: len(view)], self._rest[len(view) :]
        view[: len(taken)] = taken
        return len(taken)


def _archive(parts: Sequence[Part]) -> Iterator[bytes]:
    for part in parts:
        header = tarfile.TarInfo(part.name)
        header.size, header.mode = part.size, 0o600
        yield header.tobuf(tarfile.GNU_FORMAT, "utf-8", "surrogateescape")
        yield from _pieces(part)
        yield bytes(-part.size % tarfile.BLOCKSIZE)
    yield bytes(2 * tarfile.BLOCKSIZE)


def _pieces(part: Part) -> Iterator[bytes]:
    part.file.seek(0)
    left = part.size
    while left:
        piece = part.file.read(min(_PIECE, left))
        if not piece:
            raise Changed
        left -= len(piece)
        yield piece
