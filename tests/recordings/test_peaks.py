import io
from itertools import pairwise

import numpy as np
import pytest
import soundfile

from portal.recordings.peaks import peaks
from portal.recordings.playable import open_playable
from recordings.sounds import coded, look, wav


def opened(data: bytes):
    return open_playable(io.BytesIO(data), look(data))


@pytest.mark.parametrize(
    "data",
    [
        wav("PCM_16", 40),
        wav("ULAW", 40),
        wav("GSM610", 40),
        wav("IMA_ADPCM", 40),
        coded("FLAC", "PCM_16", 40),
        coded("OGG", "OPUS"),
        coded("MP3", "MPEG_LAYER_III"),
    ],
)
def test_peaks_are_the_lowest_and_highest_of_each_bin(data):
    playable = opened(data)

    found = peaks(playable, bins=333)

    heard = io.BytesIO(playable.read_at(0, playable.size))
    samples, _ = soundfile.read(heard, dtype="int16", always_2d=True)
    assert found == [_by_hand(channel, 333) for channel in samples.T]


def _by_hand(samples, bins):
    edges = [number * len(samples) // bins for number in range(bins + 1)]
    parts = [samples[a:b] for a, b in pairwise(edges)]
    return [round(float(end(part)) / 32768, 4) for part in parts for end in (np.min, np.max)]


def test_each_channel_has_its_own_list_of_pairs():
    found = peaks(opened(wav("PCM_16")))

    assert [len(channel) for channel in found] == [2000, 2000]
    assert found[0] != found[1]
    assert all(low <= high for low, high in zip(found[0][::2], found[0][1::2], strict=True))


def test_a_sound_shorter_than_the_bins_has_one_bin_a_sample():
    found = peaks(opened(wav("PCM_16", 0.01)))

    assert [len(channel) for channel in found] == [160, 160]


@pytest.mark.parametrize("codec", ["PCM_16", "GSM610"])
def test_a_failing_file_fails_the_peaks_instead_of_drawing_silence(codec):
    class Failing(io.BytesIO):
        broken = False

        def read(self, size=-1):
            if self.broken and self.tell() > 5_000:
                raise ValueError("a chunk was changed")
            return super().read(size)

    data = wav(codec, 40)
    file = Failing(data)
    playable = open_playable(file, look(data))
    file.broken = True

    with pytest.raises(ValueError, match="a chunk was changed"):
        peaks(playable)


def test_a_sound_that_cannot_be_decoded_to_its_end_is_an_error():
    data = coded("FLAC", "PCM_16", 40)
    playable = open_playable(io.BytesIO(data[:-5_000]), look(data))

    with pytest.raises(OSError, match="cannot be decoded"):
        peaks(playable)
