"""The seekable reader against every published vector of the age format."""

from hashlib import sha256
from io import BytesIO

import pyrage
import pytest

from portal.vault.age_identity import new_identity
from portal.vault.age_reader import AgeFormatError, AgeNoMatch, AgeReader
from vault.vectors import AgeVector, all_vectors

VECTORS = all_vectors()
OURS = [vector for vector in VECTORS if vector.is_ours]
SUCCESSES = [vector for vector in OURS if vector.expect == "success"]
FAILURES = [vector for vector in OURS if vector.expect != "success"]
FOREIGN = [vector for vector in VECTORS if not vector.is_ours]

each_success = pytest.mark.parametrize("vector", SUCCESSES, ids=lambda vector: vector.name)


def opened(vector: AgeVector) -> AgeReader:
    (identity,) = vector.identities
    return AgeReader(BytesIO(vector.encrypted), identity)


def test_the_package_holds_the_vectors_we_rely_on() -> None:
    names = {vector.name for vector in OURS}

    assert {"x25519", "hmac_bad", "stream_258_chunks", "stream_two_final_chunks_full"} <= names
    assert len(SUCCESSES) >= 14
    assert len(FAILURES) >= 53


@each_success
def test_a_valid_file_reads_whole(vector: AgeVector) -> None:
    with opened(vector) as reader:
        plain = reader.read()

        assert sha256(plain).hexdigest() == vector.payload_sha256
        assert reader.size == len(plain)


@each_success
def test_a_valid_file_reads_alike_at_any_place(vector: AgeVector) -> None:
    whole = opened(vector).read()
    chunk = 64 * 1024
    edges = {0, 1, chunk - 1, chunk, chunk + 1, 2 * chunk, len(whole) - 1, len(whole)}
    offsets = [edge for edge in sorted(edges, reverse=True) if 0 <= edge <= len(whole)]

    with opened(vector) as reader:
        for offset in offsets:
            for length in (0, 1, 100, chunk + 2):
                assert reader.read_at(offset, length) == whole[offset : offset + length]


@pytest.mark.parametrize("vector", FAILURES, ids=lambda vector: vector.name)
def test_an_invalid_file_is_refused_and_gives_out_nothing_false(vector: AgeVector) -> None:
    released = b""

    with pytest.raises(AgeFormatError) as refusal, opened(vector) as reader:
        for offset in range(0, reader.size, 64 * 1024):
            released += reader.read_at(offset, 64 * 1024)

    assert isinstance(refusal.value, AgeNoMatch) == (vector.expect == "no match")
    assert genuine_part(vector).startswith(released)


def genuine_part(vector: AgeVector) -> bytes:
    """What a reader from the start may give out before it fails; the vector holds its hash.

    Ours may give out less, since it checks the end of the file first.
    """
    if vector.payload_sha256 is None:
        return b""
    genuine = BytesIO()
    identities = [pyrage.x25519.Identity.from_str(text) for text in vector.identities]
    with pytest.raises(OSError):
        pyrage.decrypt_io(BytesIO(vector.encrypted), genuine, identities)
    assert sha256(genuine.getvalue()).hexdigest() == vector.payload_sha256
    return genuine.getvalue()


@pytest.mark.parametrize("vector", FOREIGN, ids=lambda vector: vector.name)
def test_armored_passphrase_and_hybrid_files_are_refused_cleanly(vector: AgeVector) -> None:
    for identity in (*vector.identities, new_identity()):
        with pytest.raises(AgeFormatError):
            AgeReader(BytesIO(vector.encrypted), identity)
