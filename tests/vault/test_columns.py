import base64
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.vault import ColumnCipher, ColumnCipherError, MasterKey
from portal.vault.age_identity import new_identity
from portal.vault.keyring import Keyring

MASTER = MasterKey(new_identity())
COLUMN, ROW = "person.birth_date", "8f3a"


def cipher_of(master: MasterKey) -> ColumnCipher:
    """The cipher of an installation that never changed a key: it has no keyring file."""
    return ColumnCipher(Keyring(Path("no-such-folder/keyring.age"), master))


CIPHER = cipher_of(MASTER)


@given(st.text())
def test_any_text_comes_back(text: str) -> None:
    assert CIPHER.decrypt(CIPHER.encrypt(text, COLUMN, ROW), COLUMN) == (text, ROW)


def test_a_token_names_its_scheme_and_key_and_hides_the_text() -> None:
    token = CIPHER.encrypt("1970-01-02", COLUMN, ROW)

    scheme, key_id, row, encoded = token.split(".")
    assert (scheme, key_id, row) == ("v2", MASTER.key_id, ROW)
    assert encoded.isascii()
    assert "1970" not in token


def test_the_same_text_looks_different_each_time() -> None:
    tokens = {CIPHER.encrypt("031-644-1234", COLUMN, ROW) for _ in range(50)}

    assert len(tokens) == 50


def test_a_cipher_made_anew_reads_old_tokens() -> None:
    token = CIPHER.encrypt("주소", COLUMN, ROW)

    assert cipher_of(MASTER).decrypt(token, COLUMN).text == "주소"


@pytest.mark.parametrize("other", ["person.birth_dat", "person.address", "x"])
def test_a_value_moved_to_another_column_does_not_decrypt(other: str) -> None:
    token = CIPHER.encrypt("1970-01-02", COLUMN, ROW)

    with pytest.raises(ColumnCipherError):
        CIPHER.decrypt(token, other)


@given(position=st.integers(0, 37), change=st.integers(1, 255))
def test_no_changed_byte_goes_unnoticed(position: int, change: int) -> None:
    scheme, key_id, row, encoded = CIPHER.encrypt("1970-01-02", COLUMN, ROW).split(".")
    raw = bytearray(base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)))
    raw[position] ^= change
    altered = base64.urlsafe_b64encode(raw).rstrip(b"=").decode()

    with pytest.raises(ColumnCipherError):
        CIPHER.decrypt(f"{scheme}.{key_id}.{row}.{altered}", COLUMN)


@pytest.mark.parametrize(
    "token", ["", "v1", "v1.", "v2.a.b", "v1.a.b", "1970-01-02", "v1..", "평문"]
)
def test_what_is_no_token_is_refused(token: str) -> None:
    with pytest.raises(ColumnCipherError):
        CIPHER.decrypt(token, COLUMN)


@pytest.mark.parametrize("tail", ["", "AAAA", "!!!!", "A", "é", "A" * 16 + "\n"])
def test_a_token_with_a_broken_tail_is_refused(tail: str) -> None:
    with pytest.raises(ColumnCipherError):
        CIPHER.decrypt(f"v2.{MASTER.key_id}.{ROW}.{tail}", COLUMN)


def test_a_token_of_another_master_key_says_so(tmp_path: Path) -> None:
    token = cipher_of(MasterKey.create(tmp_path / "other.key")).encrypt("주소", COLUMN, ROW)

    with pytest.raises(ColumnCipherError, match="다른 마스터 키"):
        CIPHER.decrypt(token, COLUMN)


def test_a_foreign_token_relabelled_with_our_key_is_refused(tmp_path: Path) -> None:
    other = MasterKey.create(tmp_path / "other.key")
    token = cipher_of(other).encrypt("주소", COLUMN, ROW)

    with pytest.raises(ColumnCipherError):
        CIPHER.decrypt(token.replace(other.key_id, MASTER.key_id), COLUMN)


def test_a_value_without_a_place_is_refused() -> None:
    with pytest.raises(ValueError, match="column"):
        CIPHER.encrypt("주소", "", ROW)


@pytest.mark.parametrize("row", ["", "a.b", "a b", "행", "x" * 65])
def test_a_value_without_an_opaque_row_is_refused(row: str) -> None:
    with pytest.raises(ValueError, match="row"):
        CIPHER.encrypt("주소", COLUMN, row)


def test_a_token_that_is_told_to_be_of_another_row_does_not_decrypt() -> None:
    token = CIPHER.encrypt("주소", COLUMN, ROW)

    with pytest.raises(ColumnCipherError):
        CIPHER.decrypt(token.replace(f".{ROW}.", ".8f3b."), COLUMN)
