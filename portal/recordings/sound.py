"""What a sound file is, by its content: taken in only if it can be read to the last sample.

Nothing here trusts a name or a header. WAV files are measured by their chunks (all whitelisted
codecs have blocks of fixed size); MP3, FLAC and Ogg are decoded once, in blocks.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np
import soundfile

from portal.recordings.callback_file import CallbackFile, Seekable, read_at
from portal.recordings.compressed import Promise, read_flac, read_mp3, read_ogg
from portal.recordings.forward_sound import ForwardSound
from portal.recordings.riff import read_layout
from portal.recordings.unusable import UnusableSound

__all__ = ["SoundFacts", "UnusableSound", "inspect"]

_LONGEST_S = 12 * 3600
_RATES = range(4_000, 192_001)  # Hz
_AT_ONCE = 65_536  # frames decoded at once
_SOUNDFILE_NAMES = {
    "pcm_u8": ("WAV", "PCM_U8"),
    "pcm_s16": ("WAV", "PCM_16"),
    "pcm_s24": ("WAV", "PCM_24"),
    "pcm_s32": ("WAV", "PCM_32"),
    "pcm_f32": ("WAV", "FLOAT"),
    "alaw": ("WAV", "ALAW"),
    "ulaw": ("WAV", "ULAW"),
    "gsm610": ("WAV", "GSM610"),
    "ima_adpcm": ("WAV", "IMA_ADPCM"),
    "mp3": ("MP3", "MPEG_LAYER_III"),
    "flac": ("FLAC", ""),
    "opus": ("OGG", "OPUS"),
    "vorbis": ("OGG", "VORBIS"),
}
_MEDIA_TYPES = {
    "wav": "audio/wav",
    "mp3": "audio/mpeg",
    "flac": "audio/flac",
    "ogg": "audio/ogg",
}
_NOT_IN_BROWSERS = frozenset({"gsm610", "ima_adpcm"})


@dataclass(frozen=True)
class SoundFacts:
    """`frames`: samples a channel. `media_type`: what the browser gets (`playable.py`)."""

    container: str
    codec: str
    channels: int
    sample_rate: int
    frames: int
    duration_ms: int
    media_type: str
    plays_in_browser: bool


def inspect(file: BinaryIO, size: int) -> SoundFacts:
    """The facts of the sound in the first `size` bytes of the seekable `file`.

    Raises UnusableSound with the reason; errors of reading `file` itself (OSError, a failed
    decryption) pass through. Time is linear in the size and the length of the sound, which may not
    exceed 12 hours; memory does not depend on either.
    """
    head = read_at(file, 0, min(size, 12))
    if not head:
        raise UnusableSound("empty")
    if head[:4] == b"RIFF" and head[8:12] in (b"WAVE", b""):
        return _inspect_wav(file, size)
    for container, opening, read in _COMPRESSED:
        if head.startswith(opening):
            return _inspect_compressed(file, size, container, read(file, size))
    raise UnusableSound("not_sound")


_COMPRESSED: tuple[tuple[str, tuple[bytes, ...], Callable[[Seekable, int], Promise]], ...] = (
    ("flac", (b"fLaC",), read_flac),
    ("ogg", (b"OggS",), read_ogg),
    ("mp3", (b"ID3", *(bytes((0xFF, low)) for low in range(0xE0, 0x100))), read_mp3),
)


def _inspect_wav(file: BinaryIO, size: int) -> SoundFacts:
    if size < 12:
        raise UnusableSound("truncated")
    layout = read_layout(file, size)
    _check_bounds(layout.channels, layout.sample_rate, layout.frames)
    with _Decoder(file, size, layout.codec) as decoder:
        decoder.expect(layout.channels, layout.sample_rate)
        decoder.count_frames(most=min(layout.frames, 2 * _AT_ONCE))
    return _facts("wav", layout.codec, layout.channels, layout.sample_rate, layout.frames)


def _inspect_compressed(file: BinaryIO, size: int, container: str, promise: Promise) -> SoundFacts:
    _check_bounds(promise.channels, promise.sample_rate, promise.most_frames)
    with _Decoder(file, size, promise.codec) as decoder:
        rate = decoder.sample_rate
        # Opus is always coded at 48 kHz and comes out at the rate it was made from.
        decoder.expect(promise.channels, rate if promise.codec == "opus" else promise.sample_rate)
        frames = decoder.frames
        _check_bounds(promise.channels, rate, frames)
        if decoder.count_frames(most=frames + 1) < frames:
            raise UnusableSound("truncated")
    most = promise.most_frames * rate // promise.sample_rate + 1
    if frames > most:
        raise UnusableSound("wrong_length")
    return _facts(container, promise.codec, promise.channels, rate, frames)


def _check_bounds(channels: int, sample_rate: int, frames: int) -> None:
    if sample_rate not in _RATES:
        raise UnusableSound("bad_rate")
    if channels > 2:
        raise UnusableSound("too_many_channels")
    if channels < 1:
        raise UnusableSound("bad_header")
    if frames < 1:
        raise UnusableSound("empty")
    if frames > _LONGEST_S * sample_rate:
        raise UnusableSound("too_long")


def _facts(container: str, codec: str, channels: int, rate: int, frames: int) -> SoundFacts:
    return SoundFacts(
        container=container,
        codec=codec,
        channels=channels,
        sample_rate=rate,
        frames=frames,
        duration_ms=round(frames * 1000 / rate),
        media_type=_MEDIA_TYPES[container],
        plays_in_browser=codec not in _NOT_IN_BROWSERS,
    )


class _Decoder:
    """libsndfile on the file: what it says must be what was read from the bytes."""

    def __init__(self, file: BinaryIO, size: int, codec: str) -> None:
        self._file = CallbackFile(
            lambda offset, length: read_at(file, offset, length), size, budget=6 * size + 2**22
        )
        try:
            self._sound = ForwardSound(self._file)
        except (soundfile.LibsndfileError, ValueError, TypeError):
            self._file.check()
            raise UnusableSound("damaged") from None
        container, subtype = _SOUNDFILE_NAMES[codec]
        found = (self._sound.format.removesuffix("EX"), self._sound.subtype)
        if found[0] != container or not found[1].startswith(subtype):
            self._sound.close()
            raise UnusableSound("unknown_codec")

    def __enter__(self) -> _Decoder:
        return self

    def __exit__(self, *_: object) -> None:
        self._sound.close()

    @property
    def sample_rate(self) -> int:
        return int(self._sound.samplerate)

    @property
    def frames(self) -> int:
        return int(self._sound.frames)

    def expect(self, channels: int, sample_rate: int) -> None:
        if (self._sound.channels, self._sound.samplerate) != (channels, sample_rate):
            raise UnusableSound("bad_header")

    def count_frames(self, most: int) -> int:
        """Decode up to `most` frames and say how many there were."""
        block = np.empty((_AT_ONCE, self._sound.channels), dtype=np.int16)
        count = 0
        try:
            while count < most:
                read = len(self._sound.read(out=block[: min(_AT_ONCE, most - count)]))
                if read == 0:
                    break
                count += read
        except soundfile.LibsndfileError:
            self._file.check()
            raise UnusableSound("truncated" if self._file.at_end else "damaged") from None
        self._file.check()
        if self._file.exhausted:
            raise UnusableSound("damaged")
        return count
