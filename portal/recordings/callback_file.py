"""A file that a C library may read through callbacks.

Three things go wrong when libsndfile reads a Python file: a short read passes for the end of the
file, an exception inside a callback is printed and swallowed, and a lying header can make it read
again and again. This file fills every read, keeps the first exception for the caller, and ends when
its budget is spent.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

    from _typeshed import WriteableBuffer

_BLOCK = 64 * 1024  # also the chunk of an age file: each is opened once


class Seekable(Protocol):
    """The part of a binary file that is needed: an age reader has it, and any open file."""

    def read(self, size: int = -1, /) -> bytes | None: ...

    def seek(self, offset: int, whence: int = 0, /) -> int: ...


def read_at(file: Seekable, offset: int, length: int) -> bytes:
    """Up to `length` bytes at `offset`, fewer only at the end of the file."""
    file.seek(offset)
    parts = []
    while length > 0:
        part = file.read(length)
        if not part:
            break
        parts.append(part)
        length -= len(part)
    return b"".join(parts)


class CallbackFile:
    """The first `size` bytes behind `fetch(offset, length)`, for soundfile.

    `budget`: how many bytes may be read in all, counted in blocks; then the file seems to end.
    """

    def __init__(self, fetch: Callable[[int, int], bytes], size: int, budget: int) -> None:
        self._fetch = fetch
        self._size = size
        self._budget = budget
        self._at = 0
        self._block_at = -1
        self._block = b""
        self.failure: Exception | None = None
        self.exhausted = False

    @property
    def at_end(self) -> bool:
        return self._at >= self._size

    def check(self) -> None:
        """Raise what went wrong in a callback, if anything did."""
        if self.failure is not None:
            raise self.failure

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def tell(self) -> int:
        return self._at

    def read(self, size: int = -1) -> bytes:
        wanted = self._size - self._at if size < 0 else size
        buffer = bytearray(max(0, min(wanted, self._size - self._at)))
        return bytes(buffer[: self.readinto(buffer)])

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer).cast("B")
        done = 0
        try:
            while done < len(view) and self._at < self._size:
                piece = self._piece(len(view) - done)
                if not piece:
                    break
                view[done : done + len(piece)] = piece
                done += len(piece)
                self._at += len(piece)
        except Exception as failure:
            self.failure = self.failure or failure
        return done

    def _piece(self, length: int) -> memoryview:
        number, skip = divmod(self._at, _BLOCK)
        if number != self._block_at:
            length_here = min(_BLOCK, self._size - number * _BLOCK)
            if self._budget < length_here or self.failure:
                self.exhausted = self._budget < length_here
                return memoryview(b"")
            self._budget -= length_here
            self._block = self._fetch(number * _BLOCK, length_here)
            self._block_at = number
        return memoryview(self._block)[skip : skip + length]
