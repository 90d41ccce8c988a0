import io

import numpy as np
import pytest
import soundfile

from portal.demo.voices import conversation, write_wav


def test_a_conversation_is_two_channels_of_the_asked_length():
    samples = conversation(7.25, seed=3)

    assert samples.shape == (58_000, 2)
    assert samples.dtype == np.int16


def test_the_same_seed_speaks_the_same_and_another_does_not():
    first, again, other = (conversation(4, seed=seed) for seed in (5, 5, 6))

    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_the_parties_take_turns_and_fall_silent_in_between():
    loud = _loudness(conversation(60, seed=8)) > 0.02

    speaking = loud.mean(axis=0)
    assert (speaking > 0.15).all()
    assert (speaking < 0.8).all()
    assert (loud[:, 0] & loud[:, 1]).mean() < 0.1


def test_the_two_parties_have_clearly_different_pitch():
    samples = conversation(40, seed=10)

    caller, callee = (_median_pitch(samples[:, channel]) for channel in (0, 1))

    assert abs(np.log2(caller / callee)) > 0.4


def test_no_sample_is_clipped_and_nothing_is_loud_in_the_silence():
    samples = conversation(30, seed=1)

    assert np.abs(samples.astype(int)).max() < 32_000
    quiet = np.sort(_loudness(samples), axis=0)[:20]
    assert (quiet < 0.005).all()
    assert (quiet > 0).all()


@pytest.mark.parametrize("codec", ["PCM_16", "ULAW", "ALAW", "IMA_ADPCM"])
def test_a_written_call_is_read_back_as_two_channels(codec):
    samples = conversation(3, seed=2)
    file = io.BytesIO()

    write_wav(file, samples, 8000, codec)

    file.seek(0)
    with soundfile.SoundFile(file) as sound:
        assert (sound.subtype, sound.channels, sound.samplerate) == (codec, 2, 8000)
        assert sound.frames >= len(samples)


def test_gsm_mixes_the_parties_into_one_channel():
    file = io.BytesIO()

    write_wav(file, conversation(3, seed=2), 8000, "GSM610")

    file.seek(0)
    with soundfile.SoundFile(file) as sound:
        assert (sound.subtype, sound.channels) == ("GSM610", 1)


def test_a_very_short_call_and_another_sample_rate_work():
    assert conversation(0.01, seed=1).shape == (80, 2)
    assert conversation(2, seed=1, sample_rate=16_000).shape == (32_000, 2)


def _loudness(samples):
    """RMS of each tenth of a second, as a share of full scale."""
    blocks = samples[: len(samples) // 800 * 800].reshape(-1, 800, 2).astype(float) / 32768
    return np.sqrt((blocks**2).mean(axis=1))


def _median_pitch(channel):
    """Hz, by autocorrelation of the voiced tenths of a second."""
    blocks = channel[: len(channel) // 800 * 800].reshape(-1, 800).astype(float)
    blocks = blocks[np.sqrt((blocks**2).mean(axis=1)) > 1500]
    pitches = []
    for block in blocks:
        echo = np.correlate(block, block, "full")[800:]
        pitches.append(8000 / (echo[25:120].argmax() + 26))
    return float(np.median(pitches))
