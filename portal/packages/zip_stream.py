"""An AES-256 zip that is made while it is read: no plain or half-made package exists anywhere."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, Protocol

import pyzipper

_PIECE = 256 * 1024  # bytes read of a file at a time


class Source(Protocol):
    """What a file of the package is read from."""

    def read(self, length: int, /) -> bytes: ...

    def close(self) -> None: ...


@dataclass(frozen=True)
class Entry:
    """One file of a package; `open` is called when its turn comes."""

    name: str
    size: int  # bytes
    open: Callable[[], Source | BinaryIO]


class ZipStream:
    """The zip as a readable file of which only some pieces are ever in memory.

    Every entry is encrypted as WinZip's AE-2 with 256 bits, which keeps no checksum of the plain
    content, and stored uncompressed: sound does not get smaller. `moment` (Seoul's wall clock) is
    the time all entries carry. What opening or reading an entry raises comes out of `read`.
    """

    def __init__(self, entries: Iterable[Entry], password: str, moment: datetime) -> None:
        self._sink = _Sink()
        self._pieces = self._write(entries, password, moment)

    def read(self, length: int, /) -> bytes:
        """Up to `length` bytes; empty at the end."""
        while self._sink.waiting < length and next(self._pieces, None) is not None:
            pass
        return self._sink.take(length)

    def _write(self, entries: Iterable[Entry], password: str, moment: datetime) -> Iterator[bool]:
        """Yields after each piece that went into the sink."""
        with pyzipper.AESZipFile(
            self._sink,
            "w",
            compression=pyzipper.ZIP_STORED,
            encryption=pyzipper.WZ_AES,
            encryption_kwargs={"nbits": 256, "force_wz_aes_version": 2},
        ) as archive:
            archive.setpassword(password.encode())
            for entry in entries:
                info = archive.zipinfo_cls(entry.name, moment.timetuple()[:6])
                info.external_attr = 0o600 << 16
                info.file_size = entry.size  # decides whether zip64 is needed
                source = entry.open()
                try:
                    with archive.open(info, "w") as target:
                        while piece := source.read(_PIECE):
                            target.write(piece)
                            yield True
                finally:
                    source.close()
        yield True


class _Sink:
    """What the archive writes to; it cannot seek, so sizes follow each entry."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    @property
    def waiting(self) -> int:
        return len(self._buffer)

    def take(self, length: int) -> bytes:
        piece = bytes(self._buffer[:length])
        del self._buffer[:length]
        return piece

    def write(self, piece: bytes) -> int:
        self._buffer += piece
        return len(piece)

    def flush(self) -> None:
        pass
