"""Sound files for the tests, as bytes."""

import io
import struct
from functools import cache

import soundfile

from portal.demo.voices import conversation, write_wav
from portal.recordings.sound import inspect


@cache
def wav(codec: str = "PCM_16", seconds: float = 3, channels: int = 2) -> bytes:
    samples = conversation(seconds, seed=4)
    file = io.BytesIO()
    write_wav(file, samples if channels == 2 else samples[:, 0], 8000, codec)
    return file.getvalue()


@cache
def coded(container: str, subtype: str, seconds: float = 3, channels: int = 2) -> bytes:
    file = io.BytesIO()
    samples = conversation(seconds, seed=4)[:, :channels]
    soundfile.write(file, samples, 8000, format=container, subtype=subtype)
    return file.getvalue()


def wav_header(
    data_bytes: int,
    *,
    tag: int = 1,
    channels: int = 1,
    rate: int = 8000,
    bits: int = 16,
    riff_bytes: int | None = None,
) -> bytes:
    """A 44-byte header that may say anything."""
    block = channels * bits // 8
    riff = 36 + data_bytes if riff_bytes is None else riff_bytes
    form = struct.pack("<HHIIHH", tag, channels, rate, rate * block & 0xFFFF_FFFF, block, bits)
    return (
        struct.pack("<4sI4s4sI", b"RIFF", riff & 0xFFFF_FFFF, b"WAVE", b"fmt ", 16)
        + form
        + struct.pack("<4sI", b"data", data_bytes)
    )


def look(data: bytes):
    return inspect(io.BytesIO(data), len(data))
