"""A seekable reader of age v1 files: the same small cost at any offset.

`pyrage.decrypt_io` decrypts everything before the offset and holds the interpreter lock
(architecture, decision 1). The payload is a row of 64 KiB chunks, each sealed on its own with its
number as nonce, so any chunk can be opened alone.
"""

import io
import os
from types import TracebackType
from typing import TYPE_CHECKING, BinaryIO, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from portal.vault.age_header import AgeFormatError, AgeNoMatch, hkdf, read_header

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

__all__ = ["AgeFormatError", "AgeNoMatch", "AgeReader"]

_NONCE = 16
_TAG = 16
_CHUNK = 64 * 1024
_SEALED_CHUNK = _CHUNK + _TAG


class AgeReader(io.RawIOBase):
    """The plaintext of an age file as a read-only, seekable binary file.

    `file` is a seekable binary file; the reader owns it and closes it, also when opening fails.
    `identity` is an `AGE-SECRET-KEY-1…`. Opening checks the header MAC and the last chunk, so a
    cut, extended or foreign file is refused before a byte of it is given out; every other chunk
    is checked when it is read. Raises AgeFormatError in both places.

    The identity is used while opening and not kept. The key of this one file is kept until
    `close`: whoever holds a reader checks the right to hear before each range (제8조④). Not for
    use by two threads at once.
    """

    size: int  # plaintext bytes

    def __init__(self, file: BinaryIO, identity: str) -> None:
        super().__init__()
        self._file = file
        try:
            self._unlock(identity)
        except BaseException:
            self.close()
            raise

    def _unlock(self, identity: str) -> None:
        file_key = read_header(self._file).file_key(identity)
        nonce = self._file.read(_NONCE)
        if len(nonce) != _NONCE:
            raise AgeFormatError("the file ends inside its payload nonce")
        self._key: ChaCha20Poly1305 | None = ChaCha20Poly1305(
            hkdf(file_key, salt=nonce, info=b"payload")
        )
        self._payload_start = self._file.tell()
        payload_size = self._file.seek(0, os.SEEK_END) - self._payload_start
        self._last, self.size = _layout(payload_size)
        self._position = 0
        self._opened_chunk = (self._last, self._open_chunk(self._last))

    def read_at(self, offset: int, length: int) -> bytes:
        """Up to `length` bytes from `offset`; shorter only at the end. The position stays."""
        if offset < 0 or length < 0:
            raise ValueError("offset and length are not negative")
        self._check_open()
        end = min(offset + length, self.size)
        pieces = []
        while offset < end:
            number, start = divmod(offset, _CHUNK)
            piece = self._chunk(number)[start : start + end - offset]
            pieces.append(piece)
            offset += len(piece)
        return b"".join(pieces)

    def read(self, size: int = -1, /) -> bytes:
        """As `RawIOBase.read`, without its two copies."""
        if size < 0:
            return self.readall()
        data = self.read_at(self._position, size)
        self._position += len(data)
        return data

    def readinto(self, buffer: "WriteableBuffer") -> int:
        with memoryview(buffer) as whole, whole.cast("B") as view:
            data = self.read_at(self._position, len(view))
            view[: len(data)] = data
        self._position += len(data)
        return len(data)

    def readall(self) -> bytes:
        data = self.read_at(self._position, max(0, self.size - self._position))
        self._position += len(data)
        return data

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        self._check_open()
        bases = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self.size}
        if whence not in bases:
            raise ValueError("whence is one of SEEK_SET, SEEK_CUR, SEEK_END")
        if bases[whence] + offset < 0:
            raise ValueError("a position is not negative")
        self._position = bases[whence] + offset
        return self._position

    def tell(self) -> int:
        self._check_open()
        return self._position

    def readable(self) -> bool:
        self._check_open()
        return True

    def seekable(self) -> bool:
        self._check_open()
        return True

    def close(self) -> None:
        if not self.closed and hasattr(self, "_file"):
            self._file.close()
            self._key, self._opened_chunk = None, (-1, b"")
        super().close()

    def __enter__(self) -> Self:
        self._check_open()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _check_open(self) -> None:
        if self.closed:
            raise ValueError("the reader is closed")

    def _chunk(self, number: int) -> bytes:
        """The plain chunk; the last one opened is at hand, for readers that take small bites."""
        if self._opened_chunk[0] != number:
            self._opened_chunk = (number, self._open_chunk(number))
        return self._opened_chunk[1]

    def _open_chunk(self, number: int) -> bytes:
        if self._key is None:
            raise ValueError("the reader is closed")
        self._file.seek(self._payload_start + number * _SEALED_CHUNK)
        sealed = self._file.read(_SEALED_CHUNK)
        nonce = number.to_bytes(11, "big") + (b"\x01" if number == self._last else b"\x00")
        try:
            return self._key.decrypt(nonce, sealed, None)
        except InvalidTag as error:
            raise AgeFormatError(f"chunk {number} was altered, cut off or moved") from error


def _layout(sealed_size: int) -> tuple[int, int]:
    """The number of the last chunk and the plaintext size, from the payload's length in bytes."""
    last, sealed_last = divmod(sealed_size - 1, _SEALED_CHUNK)
    sealed_last += 1
    smallest = _TAG + 1 if last > 0 else _TAG  # only a file without content ends in an empty chunk
    if last < 0 or sealed_last < smallest:
        raise AgeFormatError("the payload is cut off")
    return last, sealed_size - (last + 1) * _TAG
