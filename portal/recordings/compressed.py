"""What MP3, FLAC and Ogg files promise about themselves, from their own frames, pages and headers.

Every walk is linear in the file and holds one block of it; the samples are decoded elsewhere.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass

from portal.recordings.callback_file import Seekable, read_at
from portal.recordings.unusable import UnusableSound

_BLOCK = 256 * 1024
_MPEG_RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
_KBPS_1 = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_KBPS_2 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
_MIRRORED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))
# Bytes between the frame header and a Xing header: (MPEG 1?, channels).
_SIDE_INFO = {(True, 1): 17, (True, 2): 32, (False, 1): 9, (False, 2): 17}
# The longest packet: 120 ms of Opus at 48 kHz; of Vorbis the longest block.
_LONGEST_PACKET = {"opus": 5760, "vorbis": 8192}


@dataclass(frozen=True)
class Promise:
    """`most_frames`: what can be in the file at most, in samples at `sample_rate` a channel."""

    codec: str
    channels: int
    sample_rate: int
    most_frames: int


@dataclass(frozen=True)
class _MpegFrame:
    length: int  # bytes
    frames: int  # samples a channel
    sample_rate: int
    channels: int
    version: int


class _Window:
    """Small reads at rising offsets, out of one block."""

    def __init__(self, file: Seekable, size: int) -> None:
        self._file = file
        self.size = size
        self._at = 0
        self._block = b""

    def read(self, offset: int, length: int) -> bytes:
        if not self._at <= offset <= offset + length <= self._at + len(self._block):
            self._at = offset
            self._block = read_at(self._file, offset, min(_BLOCK, max(self.size - offset, 0)))
        skip = offset - self._at
        return self._block[skip : skip + length]


def read_mp3(file: Seekable, size: int) -> Promise:
    """Walk the MPEG layer III frames from the first to the last byte. Raises UnusableSound."""
    window = _Window(file, size)
    at = _after_id3(window)
    end = size - 128 if size > 128 and read_at(file, size - 128, 3) == b"TAG" else size
    first = _mpeg_frame(window.read(at, 4))
    if first is None:
        raise UnusableSound("not_sound")
    stated = _stated_frames(window.read(at, 64), first)
    if stated is not None:
        at += first.length
    count = 0
    while at < end:
        frame = _mpeg_frame(window.read(at, 4)) if end - at >= 4 else first
        if frame is None or not _same_stream(frame, first):
            raise UnusableSound("damaged")
        at += frame.length
        count += 1
    if at > end or (stated and count < stated):
        raise UnusableSound("truncated")
    if stated and count > stated:
        raise UnusableSound("wrong_length")
    if count == 0:
        raise UnusableSound("empty")
    return Promise("mp3", first.channels, first.sample_rate, count * first.frames)


def _after_id3(window: _Window) -> int:
    head = window.read(0, 10)
    if len(head) < 10 or head[:3] != b"ID3":
        return 0
    length = 0
    for byte in head[6:10]:
        length = length << 7 | (byte & 0x7F)
    at = 10 + length + (10 if head[5] & 0x10 else 0)
    if at >= window.size:
        raise UnusableSound("truncated")
    return at


def _mpeg_frame(head: bytes) -> _MpegFrame | None:
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return None
    version, layer = head[1] >> 3 & 3, head[1] >> 1 & 3
    rate_index, kbps_index = head[2] >> 2 & 3, head[2] >> 4
    if version == 1 or layer == 0 or rate_index == 3 or kbps_index == 15:
        return None
    if layer != 1 or kbps_index == 0:  # layers I and II; the free format states no length
        raise UnusableSound("unknown_codec")
    rate = _MPEG_RATES[version][rate_index]
    kbps = (_KBPS_1 if version == 3 else _KBPS_2)[kbps_index]
    frames = 1152 if version == 3 else 576
    length = frames // 8 * kbps * 1000 // rate + (head[2] >> 1 & 1)
    return _MpegFrame(length, frames, rate, 1 if head[3] >> 6 == 3 else 2, version)


def _same_stream(one: _MpegFrame, other: _MpegFrame) -> bool:
    return (one.sample_rate, one.channels, one.version) == (
        other.sample_rate,
        other.channels,
        other.version,
    )


def _stated_frames(head: bytes, frame: _MpegFrame) -> int | None:
    """The frame count of a Xing/Info header, 0 if it has none, None if there is no such header."""
    at = 4 + _SIDE_INFO[frame.version == 3, frame.channels]
    if head[at : at + 4] not in (b"Xing", b"Info"):
        return None
    if len(head) < at + 12:
        raise UnusableSound("truncated")
    flags, count = struct.unpack_from(">II", head, at + 4)
    return count if flags & 1 else 0


def read_flac(file: Seekable, size: int) -> Promise:
    """Read STREAMINFO. Raises UnusableSound."""
    head = read_at(file, 0, 42)
    if len(head) < 42:
        raise UnusableSound("truncated")
    if head[4] & 0x7F != 0 or head[5:8] != b"\0\0\x22":
        raise UnusableSound("bad_header")
    packed = int.from_bytes(head[18:26], "big")
    frames = packed & (1 << 36) - 1
    if frames == 0:  # "unknown": a stream that was never finished
        raise UnusableSound("wrong_length")
    return Promise("flac", (packed >> 41 & 7) + 1, packed >> 44, frames)


def read_ogg(file: Seekable, size: int) -> Promise:
    """Walk the pages of one logical stream to the one marked last. Raises UnusableSound."""
    window = _Window(file, size)
    at = packets = sequence = granule = 0
    serial = b""
    last = False
    first = b""
    while at < size:
        head = window.read(at, 27)
        if len(head) < 27:
            raise UnusableSound("truncated")
        if head[:5] != b"OggS\0" or last or (serial and head[14:18] != serial):
            raise UnusableSound("damaged")
        lacing = window.read(at + 27, head[26])
        length = 27 + len(lacing) + sum(lacing)
        if at + length > size or len(lacing) < head[26]:
            raise UnusableSound("truncated")
        whole = int.from_bytes(head[22:26], "little") == _ogg_crc(window.read(at, length))
        if not whole or int.from_bytes(head[18:22], "little") != sequence:
            raise UnusableSound("damaged")
        if sequence == 0:
            first = window.read(at + 27 + len(lacing), 64)
        serial, last = head[14:18], bool(head[5] & 4)
        granule = max(granule, int.from_bytes(head[6:14], "little", signed=True))
        packets += sum(1 for part in lacing if part < 255)
        sequence += 1
        at += length
    if not last:
        raise UnusableSound("truncated")
    return _ogg_promise(first, granule, packets)


def _ogg_crc(page: bytes) -> int:
    """RFC 3533's checksum: zlib's polynomial with the bits of bytes and result mirrored."""
    blank = (page[:22] + bytes(4) + page[26:]).translate(_MIRRORED)
    mirrored = zlib.crc32(blank, 0xFFFF_FFFF) ^ 0xFFFF_FFFF
    return int(f"{mirrored:032b}"[::-1], 2)


def _ogg_promise(first: bytes, granule: int, packets: int) -> Promise:
    if first.startswith(b"OpusHead") and len(first) >= 19:
        channels, skip = struct.unpack_from("<BH", first, 9)
        promise = Promise("opus", channels, 48_000, granule - skip)
    elif first.startswith(b"\x01vorbis") and len(first) >= 30:
        channels, rate = struct.unpack_from("<BI", first, 11)
        promise = Promise("vorbis", channels, rate, granule)
    else:
        raise UnusableSound("unknown_codec")
    if promise.most_frames <= 0:
        raise UnusableSound("empty")
    if promise.most_frames > packets * _LONGEST_PACKET[promise.codec]:
        raise UnusableSound("wrong_length")
    return promise
