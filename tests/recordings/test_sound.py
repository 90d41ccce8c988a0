import io
import resource

import numpy as np
import pytest
import soundfile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.recordings.sound import UnusableSound, inspect
from recordings.sounds import coded, look, wav, wav_header

WAVS = [
    ("PCM_U8", "pcm_u8"),
    ("PCM_16", "pcm_s16"),
    ("PCM_24", "pcm_s24"),
    ("PCM_32", "pcm_s32"),
    ("FLOAT", "pcm_f32"),
    ("ALAW", "alaw"),
    ("ULAW", "ulaw"),
]
COMPRESSED = [
    ("MP3", "MPEG_LAYER_III"),
    ("FLAC", "PCM_16"),
    ("OGG", "OPUS"),
    ("OGG", "VORBIS"),
]


def refusal(data: bytes) -> str:
    with pytest.raises(UnusableSound) as refused:
        look(data)
    assert refused.value.message.endswith(("주십시오.",))
    return refused.value.code


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize(("subtype", "codec"), WAVS)
def test_a_plain_wav_is_measured_to_the_sample(subtype, codec, channels):
    facts = look(wav(subtype, channels=channels))

    assert (facts.container, facts.codec, facts.channels) == ("wav", codec, channels)
    assert (facts.sample_rate, facts.frames, facts.duration_ms) == (8000, 24_000, 3000)
    assert facts.plays_in_browser
    assert facts.media_type == "audio/wav"


def test_an_extensible_header_is_the_codec_inside_it():
    assert look(coded("WAVEX", "ULAW")).codec == "ulaw"


def test_gsm_and_adpcm_are_taken_but_do_not_play_in_browsers():
    gsm, adpcm = look(wav("GSM610")), look(wav("IMA_ADPCM"))

    assert (gsm.codec, gsm.frames, gsm.plays_in_browser) == ("gsm610", 24_000, False)
    assert (adpcm.codec, adpcm.channels, adpcm.plays_in_browser) == ("ima_adpcm", 2, False)
    assert 24_000 <= adpcm.frames < 24_505


@pytest.mark.parametrize(("container", "subtype"), COMPRESSED)
def test_a_compressed_sound_is_decoded_to_its_end(container, subtype):
    facts = look(coded(container, subtype))

    assert (facts.channels, facts.sample_rate, facts.frames) == (2, 8000, 24_000)
    assert facts.plays_in_browser


@pytest.mark.parametrize("data", [wav(c) for c, _ in WAVS] + [wav("GSM610"), wav("IMA_ADPCM")])
@pytest.mark.parametrize("cut", [1, 2, 100, 1000])
def test_a_wav_that_lacks_its_end_is_truncated(data, cut):
    # An odd data chunk may lack its pad byte: that is not sound.
    if cut == 1 and len(data) % 2 == 0 and data[-1] == 0 and look_or_none(data[:-1]):
        return
    assert refusal(data[:-cut]) == "truncated"


def look_or_none(data):
    try:
        return look(data)
    except UnusableSound:
        return None


@pytest.mark.parametrize(("container", "subtype"), COMPRESSED)
@pytest.mark.parametrize("cut", [1, 50, 2000])
def test_a_compressed_sound_that_lacks_its_end_is_truncated(container, subtype, cut):
    assert refusal(coded(container, subtype)[:-cut]) == "truncated"


@pytest.mark.parametrize(("container", "subtype"), COMPRESSED)
def test_a_compressed_sound_with_a_hole_is_damaged(container, subtype):
    data = coded(container, subtype)
    middle = len(data) // 2

    assert refusal(data[:middle] + bytes(1500) + data[middle + 1500 :]) == "damaged"


def test_nothing_and_a_header_without_sound_are_empty():
    assert refusal(b"") == "empty"
    assert refusal(wav_header(0)) == "empty"


@pytest.mark.parametrize(
    "data",
    [
        b"hello, this is no sound",
        b"\0" * 5000,
        b"%PDF-1.7" + b"x" * 500,
        b"RIFF" + b"\x10\0\0\0" + b"AVI LIST" + b"\0" * 50,
        coded("AIFF", "PCM_16"),
        coded("RF64", "PCM_16"),
    ],
)
def test_what_is_no_known_sound_is_refused(data):
    assert refusal(data) == "not_sound"


def test_raw_gsm_is_not_taken_for_anything():
    whole = wav("GSM610")
    raw = whole[whole.index(b"data") + 8 :]

    assert refusal(raw) == "not_sound"


@pytest.mark.parametrize(
    "data",
    [
        coded("WAV", "MS_ADPCM"),
        coded("WAV", "DOUBLE"),
        coded("WAV", "G721_32", channels=1),
        wav_header(1000, tag=0x55) + bytes(1000),
    ],
)
def test_a_codec_outside_the_list_is_refused(data):
    assert refusal(data) == "unknown_codec"


def test_a_header_that_promises_four_gigabytes_is_a_lie():
    megabyte = bytes(2**20)

    assert refusal(wav_header(0xFFFF_FFF0, riff_bytes=len(megabyte) + 36) + megabyte) in (
        "wrong_length",
        "truncated",
    )
    assert refusal(wav_header(0xFFFF_FFFF, riff_bytes=0xFFFF_FFFF) + megabyte) == "wrong_length"


def test_a_header_that_was_never_finished_is_a_lie():
    assert refusal(wav_header(0, riff_bytes=0) + bytes(8000)) == "wrong_length"
    assert refusal(wav_header(0, riff_bytes=8036) + bytes(8000)) == "wrong_length"


def test_bytes_that_no_header_promises_are_refused():
    assert refusal(wav() + b"more sound than the header says") == "wrong_length"


def test_a_part_of_a_sample_is_refused():
    assert refusal(wav_header(1001) + bytes(1001)) == "truncated"


@pytest.mark.parametrize("rate", [0, 1, 0xFFFF_FFFF])
def test_an_impossible_rate_is_refused(rate):
    assert refusal(wav_header(8000, rate=rate) + bytes(8000)) == "bad_rate"


@pytest.mark.parametrize("channels", [3, 8, 65_535])
def test_more_than_two_channels_are_refused(channels):
    assert refusal(wav_header(8000, channels=channels, bits=8) + bytes(8000)) == "too_many_channels"
    if channels == 8:
        assert refusal(_eight_channel_flac()) == "too_many_channels"


def _eight_channel_flac():
    file = io.BytesIO()
    soundfile.write(file, np.zeros((4000, 8), np.int16), 8000, format="FLAC", subtype="PCM_16")
    return file.getvalue()


def test_no_channel_at_all_is_refused():
    assert refusal(wav_header(8000, channels=0) + bytes(8000)) == "bad_header"


def test_a_flac_that_promises_days_is_refused_before_it_is_decoded():
    data = bytearray(coded("FLAC", "PCM_16"))
    data[21:26] = (int.from_bytes(data[21:26], "big") | 0xF_FFFF_FFFF).to_bytes(5, "big")

    assert refusal(bytes(data)) == "too_long"


def test_two_hours_of_silence_in_a_small_flac_are_taken():
    file = io.BytesIO()
    with soundfile.SoundFile(file, "w", 8000, 1, format="FLAC", subtype="PCM_16") as sound:
        for _ in range(120):
            sound.write(np.zeros(8000 * 60, np.int16))

    facts = look(file.getvalue())

    assert len(file.getvalue()) < 200_000
    assert facts.duration_ms == 2 * 3600 * 1000


def test_a_thousand_empty_chunks_are_not_walked():
    data = b"JUNK\0\0\0\0" * 100_000

    assert refusal(b"RIFF" + (len(data) + 4).to_bytes(4, "little") + b"WAVE" + data) == "bad_header"


def test_an_error_of_the_file_itself_is_not_taken_for_a_bad_sound():
    class Failing(io.BytesIO):
        def read(self, size=-1):
            if self.tell() >= 64 * 1024:
                raise OSError("the disk is gone")
            return super().read(size)

    data = coded("FLAC", "PCM_16", seconds=30)

    with pytest.raises(OSError, match="the disk is gone"):
        inspect(Failing(data), len(data))


def test_a_file_that_gives_less_than_was_asked_for_is_read_to_its_end():
    class Trickle(io.BytesIO):
        def read(self, size=-1):
            return super().read(min(size, 997) if size >= 0 else 997)

    data = coded("OGG", "OPUS")

    assert inspect(Trickle(data), len(data)).frames == 24_000


SEEDS = [
    wav("PCM_16", 0.3),
    wav("GSM610", 0.3),
    wav("IMA_ADPCM", 0.3),
    coded("WAVEX", "ALAW", 0.3),
    *(coded(container, subtype, 0.3) for container, subtype in COMPRESSED),
]


@settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    seed=st.sampled_from(SEEDS),
    changes=st.lists(
        st.tuples(st.integers(0, 120), st.sampled_from([0, 1, 2, 4, 127, 128, 254, 255])),
        min_size=1,
        max_size=6,
    ),
    elsewhere=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), max_size=4),
    kept=st.floats(0.3, 1),
)
def test_any_header_is_read_or_refused_within_bounded_memory(seed, changes, elsewhere, kept):
    data = bytearray(seed)
    for at, value in changes:
        if at < len(data):
            data[at] = value
    for share, value in elsewhere:
        data[int(share * (len(data) - 1))] = value
    data = bytes(data[: max(1, int(len(data) * kept))] if kept < 0.9 else data)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    try:
        facts = look(data)
    except UnusableSound:
        facts = None

    grown_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown_kb < 100_000
    if facts:
        assert facts.channels in (1, 2)
        assert 0 < facts.frames <= 12 * 3600 * facts.sample_rate
