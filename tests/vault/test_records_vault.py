import os
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pytest

from portal.vault import MasterKey, RecordsKeyMissing, Vault
from vault.disk import BLOB, DAY, SOUND, plain_is_on_disk


def test_a_record_comes_back_and_is_listed_until_removed(vault: Vault, tmp_path: Path) -> None:
    stored = vault.records.put(BLOB, SOUND)
    vault.records.put("evidence1", b"")

    assert stored.sha256 == sha256(SOUND).hexdigest()
    assert stored.size == len(SOUND)
    assert vault.records.get(BLOB) == SOUND
    assert vault.records.get("evidence1") == b""
    assert vault.records.blobs() == [BLOB, "evidence1"]
    assert not plain_is_on_disk(tmp_path)
    assert vault.records.remove(BLOB) is True
    assert vault.records.remove(BLOB) is False
    with pytest.raises(FileNotFoundError):
        vault.records.get(BLOB)


def test_records_outlive_the_recordings(vault: Vault) -> None:
    vault.records.put(BLOB, b"issued paper")
    vault.recordings.put(DAY, BLOB, BytesIO(SOUND))

    vault.day_keys.destroy(DAY)
    vault.recordings.remove_day(DAY)

    assert vault.records.get(BLOB) == b"issued paper"


def test_the_records_key_is_made_once(vault: Vault, master: MasterKey, tmp_path: Path) -> None:
    vault.records.put(BLOB, b"one")
    key = (tmp_path / "data" / "keys" / "records.age").read_bytes()

    Vault(tmp_path / "data", master).records.put("another1", b"two")

    assert (tmp_path / "data" / "keys" / "records.age").read_bytes() == key
    assert b"AGE-SECRET-KEY" not in key


def test_a_lost_records_key_is_not_replaced_by_a_second_one(vault: Vault, tmp_path: Path) -> None:
    vault.records.put(BLOB, b"one")
    (tmp_path / "data" / "keys" / "records.age").unlink()

    with pytest.raises(RecordsKeyMissing, match="되돌려"):
        vault.records.put("another1", b"two")
    with pytest.raises(RecordsKeyMissing):
        vault.records.get(BLOB)

    assert not (tmp_path / "data" / "keys" / "records.age").exists()


def test_leftovers_among_the_records_are_found(vault: Vault, tmp_path: Path) -> None:
    vault.records.put(BLOB, b"one")
    old = tmp_path / "data" / "vault" / "records" / f".{BLOB}.age.bb.tmp"
    old.touch()
    os.utime(old, (1_000_000_000, 1_000_000_000))

    assert vault.records.stale_temporaries(older_than_s=60) == [old]
    assert vault.records.remove_stale_temporaries(older_than_s=60) == 1
    assert vault.records.blobs() == [BLOB]


def test_many_who_store_the_first_record_at_once_agree_on_one_key(
    vault: Vault, master: MasterKey, tmp_path: Path
) -> None:
    """A key that another makes between two looks at the disk is not a lost one."""
    vaults = [Vault(tmp_path, master) for _ in range(2)]
    first, second = (one.records for one in vaults)
    listed = first.blobs

    def meanwhile() -> list[str]:
        second.put("other0001", b"other")
        return listed()

    first.blobs = meanwhile  # type: ignore[method-assign]
    first.put("mine00001", b"mine")

    assert (second.get("mine00001"), second.get("other0001")) == (b"mine", b"other")
