"""One part of a recording: its first piece read, the part noted, then sent piece by piece."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

from portal import clock
from portal.database import write
from portal.playback import served
from portal.playback.byte_range import ByteRange, Unsatisfiable, choose
from portal.playback.sound import opened
from portal.playback.standing import Sound

if TYPE_CHECKING:
    from portal.recordings.playable import Playable

#: What is read, decrypted and sent at a time; an age file has chunks of this size.
PIECE = 64 * 1024


@dataclass(frozen=True)
class Answer:
    """At most 1 MiB of `size` bytes; `part` is None where no such bytes exist (416).

    `pieces` are its bytes, to be read once and closed: none with `head_only`.
    """

    size: int
    media_type: str
    part: ByteRange | None
    pieces: Iterable[bytes] = ()

    @property
    def content_range(self) -> str:
        if self.part is None:
            return f"bytes */{self.size}"
        return f"bytes {self.part.first}-{self.part.end - 1}/{self.size}"

    @property
    def length(self) -> int:
        """Bytes of the body that a GET gets."""
        return self.part.end - self.part.first if self.part else 0


def sound_part(listening_id: int, sound: Sound, header: str | None, *, head_only: bool) -> Answer:
    """The bytes that a Range header asks for, or the first ones without it.

    With `head_only` nothing is read and nothing noted. The caller has passed the gate a moment ago,
    in the same transaction, which ends with the request before the pieces are read. Nothing leaves
    before the whole part is noted; raises `PlaybackRefused` where the session ended meanwhile or
    the sound is gone.
    """
    with ExitStack() as closing:
        playable = closing.enter_context(opened(sound))
        size, media_type = playable.size, playable.media_type
        try:
            part = choose(header, size)
        except Unsatisfiable:
            return Answer(size, media_type, None)
        if head_only:
            return Answer(size, media_type, part)
        first = playable.read_at(part.first, _next(part.first, part.end))
        _note(listening_id, sound.id, part)
        pieces = _pieces(playable, part, first, closing.pop_all())
    next(pieces)  # begun: from here on whoever closes it closes the file
    return Answer(size, media_type, part, pieces)


def _pieces(
    playable: Playable, part: ByteRange, first: bytes, closing: ExitStack
) -> Generator[bytes, None, None]:
    """Nothing, then the bytes. What cannot be read is logged and cuts the answer off."""
    with closing:
        yield b""
        yield first
        at = part.first + len(first)
        while at < part.end:
            piece = playable.read_at(at, _next(at, part.end))
            if not piece:
                raise OSError("the sound is shorter than it was")
            yield piece
            at += len(piece)


def _next(at: int, end: int) -> int:
    """Up to the next whole piece: no chunk of the file is opened twice."""
    return min(end, (at // PIECE + 1) * PIECE) - at


def _note(listening_id: int, recording_id: int, part: ByteRange) -> None:
    now = clock.now()
    if served.is_noted(listening_id, recording_id, part.first, part.end, now):
        return
    with write():
        served.note(listening_id, recording_id, part.first, part.end, now)
