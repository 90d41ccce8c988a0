"""The layout of a WAV file, read from its chunks and held against the bytes that are really there.

libsndfile is lenient (it shortens a data chunk that promises too much, and takes the rest of the
file for one that promises nothing), so the promises are checked here first.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from portal.recordings.callback_file import Seekable, read_at
from portal.recordings.unusable import UnusableSound

_MOST_CHUNKS = 200
_EXTENSIBLE = 0xFFFE
_GUID_TAIL = bytes.fromhex("000000001000800000aa00389b71")  # Microsoft's, after the format tag
_GSM_BLOCK, _GSM_FRAMES = 65, 320

# Format tag and bits a sample → name of the codec.
_PLAIN_CODECS = {
    (1, 8): "pcm_u8",
    (1, 16): "pcm_s16",
    (1, 24): "pcm_s24",
    (1, 32): "pcm_s32",
    (3, 32): "pcm_f32",
    (6, 8): "alaw",
    (7, 8): "ulaw",
}


@dataclass(frozen=True)
class WavLayout:
    """Where the sound lies. Offsets and lengths in bytes; a frame is one sample of each channel."""

    codec: str
    channels: int
    sample_rate: int
    block_bytes: int
    block_frames: int
    data_at: int
    data_bytes: int
    frames: int

    @property
    def blocks(self) -> int:
        return self.data_bytes // self.block_bytes


@dataclass(frozen=True)
class _Format:
    tag: int
    channels: int
    sample_rate: int
    block_bytes: int
    bits: int
    extra: bytes


def read_layout(file: Seekable, size: int) -> WavLayout:
    """Walk the chunks of a `RIFF…WAVE` file of `size` bytes. Raises UnusableSound."""
    (riff_bytes,) = struct.unpack("<4xI", _exactly(file, 0, 8))
    promised_end = 8 + riff_bytes
    if promised_end > size + 1:  # one: a last pad byte that was not written
        raise UnusableSound("truncated" if riff_bytes < 0xFFFF_FF00 else "wrong_length")
    chunks = _walk(file, min(size, promised_end))
    if promised_end < size - 1:
        raise UnusableSound("wrong_length")
    if b"data" not in chunks or b"fmt " not in chunks:
        raise UnusableSound("empty" if b"fmt " in chunks else "bad_header")
    form = _read_format(_exactly(file, *chunks[b"fmt "]))
    data_at, data_bytes = chunks[b"data"]
    if data_bytes == 0:
        raise UnusableSound("empty")
    fact = chunks.get(b"fact")
    fact_frames = struct.unpack("<I", _exactly(file, fact[0], 4))[0] if fact else None
    return _lay_out(form, data_at, data_bytes, fact_frames)


def _walk(file: Seekable, size: int) -> dict[bytes, tuple[int, int]]:
    """Name → (offset, length) of the first chunk of each name."""
    chunks: dict[bytes, tuple[int, int]] = {}
    at = 12
    for _ in range(_MOST_CHUNKS):
        if at + 8 > size:
            # Up to three stray bytes are a recorder's padding, more are an unfinished chunk.
            if size - at > 3:
                raise UnusableSound("truncated")
            return chunks
        name, length = struct.unpack("<4sI", _exactly(file, at, 8))
        # No name: the chunk before it is longer than its length says (0, when a recorder was cut).
        if not all(0x20 <= byte < 0x7F for byte in name):
            raise UnusableSound("wrong_length")
        if at + 8 + length > size:
            lie = name == b"data" and length >= 0xFFFF_0000
            raise UnusableSound("wrong_length" if lie else "truncated")
        if name in chunks and name in (b"data", b"fmt "):
            raise UnusableSound("bad_header")
        chunks.setdefault(name, (at + 8, length))
        at += 8 + length + (length & 1)
    raise UnusableSound("bad_header")


def _read_format(data: bytes) -> _Format:
    if len(data) < 16:
        raise UnusableSound("bad_header")
    tag, channels, rate, _, block, bits = struct.unpack_from("<HHIIHH", data)
    extra = data[18:]
    if tag == _EXTENSIBLE:
        if len(extra) < 22 or extra[8:22] != _GUID_TAIL:
            raise UnusableSound("unknown_codec")
        (tag,) = struct.unpack_from("<H", extra, 6)
    form = _Format(tag, channels, rate, block, bits, extra)
    if channels == 0:
        raise UnusableSound("bad_header")
    if channels > 2:
        raise UnusableSound("too_many_channels")
    return form


def _lay_out(form: _Format, at: int, length: int, fact_frames: int | None) -> WavLayout:
    codec, block_frames = _codec(form)
    # WAV49 data of an odd number of blocks is sometimes counted with its pad byte.
    rest = length % form.block_bytes
    if rest == 1 and codec == "gsm610":
        length -= 1
    elif rest:
        raise UnusableSound("truncated")
    frames = length // form.block_bytes * block_frames
    if frames == 0:
        raise UnusableSound("empty")
    # Only of the block codecs does `fact` say more than the data's length does. Writers disagree
    # whether it counts both channels, so it may only shorten the last block.
    if fact_frames is not None and block_frames > 1:
        if fact_frames > frames * form.channels:
            raise UnusableSound("truncated")
        if frames - block_frames < fact_frames < frames:
            frames = fact_frames
    return WavLayout(
        codec, form.channels, form.sample_rate, form.block_bytes, block_frames, at, length, frames
    )


def _codec(form: _Format) -> tuple[str, int]:
    """The codec's name and the frames in one block."""
    plain = _PLAIN_CODECS.get((form.tag, form.bits))
    if plain:
        if form.block_bytes != form.channels * form.bits // 8:
            raise UnusableSound("bad_header")
        return plain, 1
    if form.tag == 0x31 and form.channels == 1:
        if form.block_bytes != _GSM_BLOCK:
            raise UnusableSound("bad_header")
        return "gsm610", _GSM_FRAMES
    if form.tag == 0x11 and form.bits == 4:
        return "ima_adpcm", _ima_block_frames(form)
    raise UnusableSound("unknown_codec")


def _ima_block_frames(form: _Format) -> int:
    header = 4 * form.channels
    groups, rest = divmod(form.block_bytes - header, header)
    frames = groups * 8 + 1
    stated = struct.unpack_from("<H", form.extra)[0] if len(form.extra) >= 2 else frames
    if groups < 1 or rest or stated != frames:
        raise UnusableSound("bad_header")
    return frames


def _exactly(file: Seekable, offset: int, length: int) -> bytes:
    """`length` bytes, of a chunk no more than its first 64: nothing longer is looked at."""
    data = read_at(file, offset, min(length, 64))
    if len(data) < min(length, 64):
        raise UnusableSound("truncated")
    return data
