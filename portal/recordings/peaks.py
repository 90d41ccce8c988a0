"""The waveform a player shows, computed when it opens and stored nowhere.

Peaks derive from what was said (recorder.md: never stored in plain).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import soundfile

from portal.recordings.callback_file import CallbackFile
from portal.recordings.forward_sound import ForwardSound
from portal.recordings.playable import HEADER_BYTES, DecodedWav, Playable

_AT_ONCE = 131_072  # frames in memory
_FULL_SCALE = 32_768.0

_Ints = npt.NDArray[np.signedinteger[Any]]


def peaks(playable: Playable, bins: int = 1000) -> list[list[float]]:
    """One list a channel of 2 × bins numbers in -1…1: lowest, highest, lowest, highest…

    That is what wavesurfer's `peaks` option takes. A sound of fewer samples than `bins` has that
    many bins. Memory does not grow with the length. Raises OSError when the sound cannot be read to
    its end, and whatever reading `playable` raises.
    """
    if isinstance(playable, DecodedWav):
        return _interleaved(playable.frames, bins, playable.channels, _pcm_blocks(playable))
    file = CallbackFile(playable.read_at, playable.size, budget=6 * playable.size + 2**22)
    try:
        with ForwardSound(file) as sound:
            found = _interleaved(sound.frames, bins, sound.channels, _decoded_blocks(sound))
    except (soundfile.LibsndfileError, OSError) as error:
        file.check()
        raise OSError("the sound cannot be decoded") from error
    file.check()
    return found


def _decoded_blocks(sound: soundfile.SoundFile) -> Iterator[_Ints]:
    block = np.empty((_AT_ONCE, sound.channels), dtype=np.int16)
    while len(read := sound.read(out=block)):
        yield read


def _pcm_blocks(playable: DecodedWav) -> Iterator[_Ints]:
    """The samples as they are: soundfile's lock lets no decoder open while another one opens."""
    at = HEADER_BYTES
    while data := playable.read_at(at, _AT_ONCE * 2 * playable.channels):
        yield np.frombuffer(data, dtype="<i2").reshape(-1, playable.channels)
        at += len(data)


def _interleaved(
    frames: int, bins: int, channels: int, blocks: Iterator[_Ints]
) -> list[list[float]]:
    count = max(1, min(bins, frames))
    # Where each bin begins, and the end: shape (count + 1,), strictly rising.
    edges = np.arange(count + 1, dtype=np.int64) * frames // count
    lowest = np.full((channels, count), 32_767, dtype=np.int16)
    highest = np.full((channels, count), -32_768, dtype=np.int16)
    start = 0
    for block in blocks:
        end = min(start + len(block), frames)
        first = int(np.searchsorted(edges, start, "right")) - 1
        last = int(np.searchsorted(edges, end, "left"))
        cuts = np.maximum(edges[first:last] - start, 0)
        for channel in range(channels):
            # One contiguous array a channel: a minimum over a strided axis is ten times slower.
            samples = np.ascontiguousarray(block[: end - start, channel])
            _merge(np.minimum, lowest[channel, first:last], samples, cuts)
            _merge(np.maximum, highest[channel, first:last], samples, cuts)
        start = end
        if start == frames:
            both = np.stack([lowest, highest], axis=2).reshape(channels, -1) / _FULL_SCALE
            return [channel.tolist() for channel in both.round(4)]
    raise OSError("the sound ends before its time")


def _merge(extreme: np.ufunc, kept: _Ints, samples: _Ints, cuts: _Ints) -> None:
    extreme(kept, extreme.reduceat(samples, cuts), out=kept)
