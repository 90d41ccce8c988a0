"""What the browser gets of a recording: its own bytes, or PCM decoded on the fly.

Chromium plays no GSM WAV49 and no IMA ADPCM. Those become a WAV of 16-bit PCM that exists nowhere:
its size follows from the number of samples, and any range of it is decoded when it is asked for.
Every byte is the same whatever is asked for and in which order, since each stretch is decoded by a
decoder of its own that starts a fixed number of blocks earlier.
"""

from __future__ import annotations

import io
import struct
from typing import Protocol

import numpy as np
import soundfile

from portal.recordings.callback_file import Seekable, read_at
from portal.recordings.riff import WavLayout, read_layout

HEADER_BYTES = 44
_STRETCH_BLOCKS = 240  # decoded at a time: 9.6 s of GSM
_WARM_UP_BLOCKS = 25  # GSM's filters settle within a second; ADPCM needs none


class SeekableBinary(Seekable, Protocol):
    """A file as `open` or the age reader gives it."""

    def tell(self) -> int: ...

    def close(self) -> None: ...


class SoundKind(Protocol):
    """What must be known of the sound: SoundFacts has it, and the row of a recording."""

    @property
    def codec(self) -> str: ...

    @property
    def media_type(self) -> str: ...


class Playable(Protocol):
    """A finite run of bytes that a player may ask for in any order."""

    @property
    def size(self) -> int: ...

    @property
    def media_type(self) -> str: ...

    def read_at(self, offset: int, length: int) -> bytes:
        """`length` bytes at `offset`, fewer at the end, none behind it."""

    def close(self) -> None: ...


def open_playable(file: SeekableBinary, facts: SoundKind) -> Playable:
    """Make `file`, whose sound `inspect` accepted, playable. `close()` closes `file` too."""
    size = file.seek(0, io.SEEK_END)
    if facts.codec in ("gsm610", "ima_adpcm"):
        return DecodedWav(file, read_layout(file, size))
    return _OriginalBytes(file, size, facts.media_type)


class _OriginalBytes:
    def __init__(self, file: SeekableBinary, size: int, media_type: str) -> None:
        self._file = file
        self.size = size
        self.media_type = media_type

    def read_at(self, offset: int, length: int) -> bytes:
        return read_at(self._file, offset, max(0, min(length, self.size - offset)))

    def close(self) -> None:
        self._file.close()


class DecodedWav:
    """A recording as 16-bit PCM: HEADER_BYTES of header, then the samples, little-endian."""

    media_type = "audio/wav"

    def __init__(self, file: SeekableBinary, layout: WavLayout) -> None:
        self._file = file
        self._layout = layout
        self.channels = layout.channels
        self.frames = layout.frames
        self._frame_bytes = 2 * layout.channels
        self._stretch_bytes = _STRETCH_BLOCKS * layout.block_frames * self._frame_bytes
        self._kept: tuple[int, bytes] = (-1, b"")
        self.size = HEADER_BYTES + layout.frames * self._frame_bytes
        self._header = _pcm_header(layout)

    def read_at(self, offset: int, length: int) -> bytes:
        end = min(offset + length, self.size)
        parts = [self._header[offset:end]] if offset < HEADER_BYTES else []
        at = max(offset - HEADER_BYTES, 0)
        while at < end - HEADER_BYTES:
            number, skip = divmod(at, self._stretch_bytes)
            part = self._stretch(number)[skip : skip + end - HEADER_BYTES - at]
            parts.append(part)
            at += len(part)
        return b"".join(parts)

    def close(self) -> None:
        self._file.close()

    def _stretch(self, number: int) -> bytes:
        """The PCM of one stretch; the last one is kept, as players ask for what follows."""
        if self._kept[0] != number:
            self._kept = (number, self._decode(number))
        return self._kept[1]

    def _decode(self, number: int) -> bytes:
        layout = self._layout
        first = number * _STRETCH_BLOCKS
        start = max(0, first - (_WARM_UP_BLOCKS if layout.codec == "gsm610" else 0))
        blocks = min(first + _STRETCH_BLOCKS, layout.blocks) - start
        length = blocks * layout.block_bytes
        coded = read_at(self._file, layout.data_at + start * layout.block_bytes, length)
        frames = blocks * layout.block_frames
        samples = np.zeros((frames, layout.channels), dtype="<i2")
        with soundfile.SoundFile(io.BytesIO(_coded_wav(layout, coded, frames))) as sound:
            sound.read(out=samples)
        wanted = min(frames, layout.frames - start * layout.block_frames)
        return samples[(first - start) * layout.block_frames : wanted].tobytes()


def _pcm_header(layout: WavLayout) -> bytes:
    frame_bytes = 2 * layout.channels
    data_bytes = layout.frames * frame_bytes
    rate = layout.sample_rate
    return struct.pack(
        "<4sI4s4sIHHIIHH4sI",
        *(b"RIFF", 36 + data_bytes, b"WAVE", b"fmt ", 16, 1, layout.channels),
        *(rate, rate * frame_bytes, frame_bytes, 16, b"data", data_bytes),
    )


def _coded_wav(layout: WavLayout, coded: bytes, frames: int) -> bytes:
    """A WAV of some blocks of another, in memory: for a decoder that knows nothing before them."""
    tag, bits = (0x31, 0) if layout.codec == "gsm610" else (0x11, 4)
    rate, block = layout.sample_rate, layout.block_bytes
    padded = coded + bytes(len(coded) & 1)
    return (
        struct.pack(
            "<4sI4s4sIHHIIHHHH4sII4sI",
            *(b"RIFF", 52 + len(padded), b"WAVE", b"fmt ", 20, tag, layout.channels),
            *(rate, rate * block // layout.block_frames, block, bits, 2, layout.block_frames),
            *(b"fact", 4, frames, b"data", len(coded)),
        )
        + padded
    )
