import io
import os
from collections.abc import Callable
from io import BytesIO

import numpy as np
import pyrage
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from portal.vault.age_identity import new_identity, recipient_of
from portal.vault.age_reader import AgeFormatError, AgeNoMatch, AgeReader

CHUNK = 64 * 1024
SEALED = CHUNK + 16
IDENTITY = new_identity()


def encrypted(plain: bytes, identity: str = IDENTITY) -> bytes:
    return bytes(pyrage.encrypt(plain, [pyrage.x25519.Recipient.from_str(recipient_of(identity))]))


def reader_of(file: bytes, identity: str = IDENTITY) -> AgeReader:
    return AgeReader(BytesIO(file), identity)


def patterned(size: int) -> bytes:
    """Bytes that differ from place to place and from chunk to chunk."""
    return (np.arange(size, dtype=np.uint64) * 2654435761 >> 13).astype(np.uint8).tobytes()


PLAIN = patterned(3 * CHUNK + 1234)
FILE = encrypted(PLAIN)
PAYLOAD = len(FILE) - len(PLAIN) - 4 * 16  # where the first chunk begins


@pytest.mark.parametrize(
    "size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK - 1, 2 * CHUNK, 2 * CHUNK + 1]
)
def test_size_and_content_are_right_around_chunk_edges(size: int) -> None:
    plain = patterned(size)

    with reader_of(encrypted(plain)) as reader:
        assert reader.size == size
        assert reader.read() == plain
        assert reader.read() == b""


@given(offset=st.integers(0, len(PLAIN) + 10), length=st.integers(0, 2 * CHUNK + 10))
def test_any_range_is_the_same_as_a_slice(offset: int, length: int) -> None:
    with reader_of(FILE) as reader:
        assert reader.read_at(offset, length) == PLAIN[offset : offset + length]
        assert reader.tell() == 0


@given(
    st.lists(
        st.one_of(
            st.tuples(st.just("read"), st.integers(0, CHUNK * 2)),
            st.tuples(st.just("set"), st.integers(0, len(PLAIN) + 9)),
            st.tuples(st.just("forward"), st.integers(0, CHUNK)),
            st.tuples(st.just("end"), st.integers(-len(PLAIN), 9)),
        )
    )
)
def test_it_behaves_as_a_plain_file_does(steps: list[tuple[str, int]]) -> None:
    whence = {"set": os.SEEK_SET, "forward": os.SEEK_CUR, "end": os.SEEK_END}
    with reader_of(FILE) as reader, BytesIO(PLAIN) as plain:
        for step, number in steps:
            if step == "read":
                assert reader.read(number) == plain.read(number)
            else:
                assert reader.seek(number, whence[step]) == plain.seek(number, whence[step])
            assert reader.tell() == plain.tell()


def test_readinto_fills_a_wide_buffer() -> None:
    samples = np.zeros(1000, dtype=np.int16)

    with reader_of(FILE) as reader:
        reader.seek(10)
        assert reader.readinto(samples.data) == 2000

    assert samples.tobytes() == PLAIN[10:2010]


def test_a_buffered_reader_can_be_put_on_top() -> None:
    with io.BufferedReader(reader_of(FILE), 1000) as buffered:
        buffered.seek(CHUNK - 3)

        assert buffered.read(6) == PLAIN[CHUNK - 3 : CHUNK + 3]


def test_soundfile_reads_a_recording_through_it() -> None:
    tone = (np.sin(np.arange(80_000) / 9) * 9000).astype(np.int16)
    wave = BytesIO()
    soundfile.write(wave, tone, 8000, format="WAV", subtype="PCM_16")

    with reader_of(encrypted(wave.getvalue())) as reader, soundfile.SoundFile(reader) as sound:
        sound.seek(70_000)

        assert np.array_equal(sound.read(500, dtype="int16"), tone[70_000:70_500])


def test_the_stock_writer_with_several_recipients_is_read_by_each() -> None:
    second = new_identity()
    recipients = [pyrage.x25519.Recipient.from_str(recipient_of(i)) for i in (IDENTITY, second)]
    file = bytes(pyrage.encrypt(PLAIN, recipients))

    assert reader_of(file, IDENTITY).read() == PLAIN
    assert reader_of(file, second).read() == PLAIN


def test_another_identity_opens_nothing() -> None:
    with pytest.raises(AgeNoMatch):
        reader_of(FILE, new_identity())


CUTS_IN_HEADER = [0, 1, 21, 22, 100, PAYLOAD - 17, PAYLOAD - 1]
CUTS_IN_PAYLOAD = [0, 15, SEALED, 2 * SEALED + 15, 3 * SEALED, 3 * SEALED + 1234, 3 * SEALED + 1249]


CUTS = CUTS_IN_HEADER + [PAYLOAD + cut for cut in CUTS_IN_PAYLOAD]


# The header's length differs from run to run, so the cuts are named by their place in the list.
@pytest.mark.parametrize("cut", CUTS, ids=range(len(CUTS)))
def test_a_file_cut_off_anywhere_is_refused_at_opening(cut: int) -> None:
    with pytest.raises(AgeFormatError):
        reader_of(FILE[:cut])


@pytest.mark.parametrize("extra", [b"\0", b"\0" * 16, b"\0" * SEALED, FILE[PAYLOAD:]])
def test_an_extended_file_is_refused_at_opening(extra: bytes) -> None:
    with pytest.raises(AgeFormatError):
        reader_of(FILE + extra)


@given(st.integers(0, len(FILE) - 1), st.integers(1, 255))
def test_no_changed_byte_goes_unnoticed(position: int, change: int) -> None:
    altered = bytearray(FILE)
    altered[position] ^= change

    with pytest.raises(AgeFormatError), reader_of(bytes(altered)) as reader:
        reader.read()


def swapped(file: bytes) -> bytes:
    first, second = PAYLOAD, PAYLOAD + SEALED
    return file[:first] + file[second : second + SEALED] + file[first:second] + file[-SEALED:]


def without_the_second_chunk(file: bytes) -> bytes:
    return file[: PAYLOAD + SEALED] + file[PAYLOAD + 2 * SEALED :]


def with_the_second_chunk_doubled(file: bytes) -> bytes:
    end = PAYLOAD + 2 * SEALED
    return file[:end] + file[PAYLOAD + SEALED : end] + file[end:]


@pytest.mark.parametrize(
    "tamper", [swapped, without_the_second_chunk, with_the_second_chunk_doubled]
)
def test_chunks_out_of_order_are_refused(tamper: Callable[[bytes], bytes]) -> None:
    with pytest.raises(AgeFormatError), reader_of(tamper(FILE)) as reader:
        reader.read()


def test_a_header_of_another_file_does_not_open_this_payload() -> None:
    other = encrypted(PLAIN)
    other_payload = len(other) - len(PLAIN) - 4 * 16

    with pytest.raises(AgeFormatError):
        reader_of(other[: other_payload - 16] + FILE[PAYLOAD - 16 :])


def test_an_altered_later_chunk_does_not_hide_the_sound_ones() -> None:
    altered = bytearray(FILE)
    altered[PAYLOAD + SEALED + 5] ^= 1

    with reader_of(bytes(altered)) as reader:
        assert reader.read_at(0, CHUNK) == PLAIN[:CHUNK]
        with pytest.raises(AgeFormatError):
            reader.read_at(CHUNK, 1)


class ThirstyFile(BytesIO):
    """Remembers how much was asked of it at once."""

    most_asked = 0

    def readline(self, size: int | None = -1, /) -> bytes:
        assert size is not None
        assert size >= 0
        self.most_asked = max(self.most_asked, size)
        return super().readline(size)


def test_an_endless_header_is_refused_without_reading_it_all() -> None:
    file = ThirstyFile(b"age-encryption.org/v1\n" + b"-> X25519 " + b"a" * 1_000_000)

    with pytest.raises(AgeFormatError):
        AgeReader(file, IDENTITY)

    assert 0 < file.most_asked <= 64 * 1024


def test_nothing_is_read_after_closing_and_the_file_is_closed_too() -> None:
    file = BytesIO(FILE)
    with AgeReader(file, IDENTITY) as reader:
        pass

    assert file.closed
    for use in (reader.read, reader.tell, lambda: reader.seek(0), lambda: reader.read_at(0, 1)):
        with pytest.raises(ValueError, match="closed"):
            use()


def test_a_refused_file_is_closed() -> None:
    file = BytesIO(FILE[:-1])

    with pytest.raises(AgeFormatError):
        AgeReader(file, IDENTITY)

    assert file.closed


def test_negative_places_are_refused() -> None:
    with reader_of(FILE) as reader:
        for use in (
            lambda: reader.read_at(-1, 1),
            lambda: reader.read_at(0, -1),
            lambda: reader.seek(-1),
            lambda: reader.seek(0, 9),
        ):
            with pytest.raises(ValueError):
                use()
