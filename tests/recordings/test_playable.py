import io
import random

import numpy as np
import pytest
import soundfile

from portal.recordings.playable import open_playable
from recordings.sounds import coded, look, wav

LONG = 45  # seconds: several stretches


def opened(data: bytes):
    return open_playable(io.BytesIO(data), look(data))


@pytest.mark.parametrize(
    "data",
    [
        wav("PCM_16"),
        wav("ULAW"),
        wav("ALAW"),
        coded("MP3", "MPEG_LAYER_III"),
        coded("FLAC", "PCM_16"),
        coded("OGG", "OPUS"),
    ],
)
def test_what_a_browser_plays_is_passed_through_byte_by_byte(data):
    playable = opened(data)

    assert playable.size == len(data)
    assert playable.media_type == look(data).media_type
    assert playable.read_at(0, playable.size) == data
    assert playable.read_at(1000, 77) == data[1000:1077]
    assert playable.read_at(len(data) - 5, 100) == data[-5:]
    assert playable.read_at(len(data), 100) == b""
    assert playable.read_at(len(data) + 50, 100) == b""


@pytest.mark.parametrize("codec", ["GSM610", "IMA_ADPCM"])
def test_gsm_and_adpcm_come_out_as_the_pcm_a_plain_decoder_makes(codec):
    data = wav(codec, LONG)

    playable = opened(data)
    whole = playable.read_at(0, playable.size)

    assert (len(whole), playable.media_type) == (playable.size, "audio/wav")
    facts = look(whole)
    assert (facts.codec, facts.frames) == ("pcm_s16", look(data).frames)
    expected, _ = soundfile.read(io.BytesIO(data), dtype="int16", always_2d=True)
    heard, _ = soundfile.read(io.BytesIO(whole), dtype="int16", always_2d=True)
    assert np.array_equal(heard, expected[: len(heard)])


@pytest.mark.parametrize("codec", ["GSM610", "IMA_ADPCM"])
def test_any_range_in_any_order_holds_the_same_bytes(codec):
    data = wav(codec, LONG)
    playable = opened(data)
    whole = opened(data).read_at(0, playable.size)
    dice = random.Random(7)

    for _ in range(60):
        offset = dice.randrange(playable.size + 10)
        length = dice.choice([1, 3, 43, 44, 45, 1000, 300_000])
        assert playable.read_at(offset, length) == whole[offset : offset + length]

    assert playable.read_at(0, 0) == b""
    assert playable.read_at(playable.size, 10) == b""


def test_what_lies_behind_the_end_of_the_sound_is_not_played():
    data = bytearray(wav("IMA_ADPCM", channels=1))
    at = data.index(b"fact") + 8
    data[at : at + 4] = (24_001).to_bytes(4, "little")

    playable = opened(bytes(data))

    assert playable.size == 44 + 24_001 * 2
    assert len(playable.read_at(0, 10**9)) == playable.size


def test_closing_closes_the_file():
    for data in (wav("PCM_16"), wav("GSM610")):
        file = io.BytesIO(data)

        open_playable(file, look(data)).close()

        assert file.closed
