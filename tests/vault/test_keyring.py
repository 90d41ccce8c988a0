from pathlib import Path

import pytest

from portal.vault import ColumnCipher, ColumnCipherError, MasterKey, MasterKeyError
from portal.vault.keyring import PURPOSES, Keyring


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "keys" / "keyring.age"


def test_without_a_file_the_keys_are_those_of_the_master_key(master: MasterKey, path: Path) -> None:
    for purpose, label in PURPOSES.items():
        keys = Keyring(path, master).keys(purpose)

        assert (keys.current_id, keys.current) == (master.key_id, master.derive(label))
    assert not path.exists()


def test_a_new_key_is_in_force_at_once_and_the_old_one_still_reads(
    master: MasterKey, path: Path
) -> None:
    old = Keyring(path, master).keys("columns")
    token = ColumnCipher(Keyring(path, master)).encrypt("주소", "person.address", "1")

    key_id = Keyring(path, master).begin("columns")

    keys = Keyring(path, master).keys("columns")
    assert keys.current_id == key_id
    assert keys.by_id[old.current_id] == old.current
    cipher = ColumnCipher(Keyring(path, master))
    assert cipher.decrypt(token, "person.address").text == "주소"
    assert not cipher.is_current(token)
    assert cipher.is_current(cipher.encrypt("주소", "person.address", "1"))


def test_a_dropped_key_reads_nothing_any_more(master: MasterKey, path: Path) -> None:
    token = ColumnCipher(Keyring(path, master)).encrypt("주소", "person.address", "1")
    ring = Keyring(path, master)
    ring.begin("columns")

    ring.drop_retired("columns")

    with pytest.raises(ColumnCipherError):
        ColumnCipher(Keyring(path, master)).decrypt(token, "person.address")


def test_the_other_purposes_keep_their_key(master: MasterKey, path: Path) -> None:
    before = Keyring(path, master).keys("audit")

    Keyring(path, master).begin("columns")

    assert Keyring(path, master).keys("audit") == before


def test_the_file_shows_no_key_and_opens_with_its_master_key_only(
    master: MasterKey, path: Path, tmp_path: Path
) -> None:
    ring = Keyring(path, master)
    ring.begin("audit")

    content = path.read_bytes()
    for purpose in PURPOSES:
        assert ring.keys(purpose).current.hex().encode() not in content
    assert path.stat().st_mode & 0o077 == 0
    with pytest.raises(MasterKeyError):
        Keyring(path, MasterKey.create(tmp_path / "other.key")).keys("audit")
