"""One part of a recording, read and noted before it leaves."""

from __future__ import annotations

from dataclasses import dataclass

from portal import clock
from portal.database import write
from portal.playback import served
from portal.playback.byte_range import ByteRange, Unsatisfiable, choose
from portal.playback.models import ListeningSession
from portal.playback.sound import opened
from portal.recordings.models import Recording


@dataclass(frozen=True)
class Answer:
    """At most 1 MiB of `size` bytes; `part` is None where no such bytes exist (416)."""

    size: int
    media_type: str
    part: ByteRange | None
    data: bytes = b""

    @property
    def content_range(self) -> str:
        if self.part is None:
            return f"bytes */{self.size}"
        return f"bytes {self.part.first}-{self.part.end - 1}/{self.size}"

    @property
    def length(self) -> int:
        """Bytes of the body that a GET gets."""
        return self.part.end - self.part.first if self.part else 0


def sound_part(
    listening: ListeningSession, recording: Recording, header: str | None, *, head_only: bool
) -> Answer:
    """The bytes that a Range header asks for, or the first ones without it.

    With `head_only` nothing is read and nothing noted. The caller has passed the gate; raises
    `PlaybackRefused` where the session ended meanwhile or the sound is gone.
    """
    noting = listening.id, recording.id  # what is read of rows later would be loaded again
    with opened(recording) as playable:
        size, media_type = playable.size, playable.media_type
        try:
            part = choose(header, size)
        except Unsatisfiable:
            return Answer(size, media_type, None)
        if head_only:
            return Answer(size, media_type, part)
        data = playable.read_at(part.first, part.end - part.first)
    _note(*noting, part)
    return Answer(size, media_type, part, data)


def _note(listening_id: int, recording_id: int, part: ByteRange) -> None:
    now = clock.now()
    if served.is_noted(listening_id, recording_id, part.first, part.end, now):
        return
    with write():
        served.note(listening_id, recording_id, part.first, part.end, now)
