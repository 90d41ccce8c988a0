"""The second place of the day keys lives and dies with the first."""

import shutil
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest

from portal.vault import DayKeyDestroyed, DayKeyMissing, MasterKey, Vault
from portal.vault.key_replica import KeyReplica

DAY, LATER = date(2026, 12, 24), date(2026, 12, 25)


@pytest.fixture
def replica(tmp_path: Path) -> KeyReplica:
    folder = tmp_path / "mount"
    folder.mkdir()
    replica = KeyReplica(folder)
    replica.prepare()
    return replica


@pytest.fixture
def vault(tmp_path: Path, master: MasterKey, replica: KeyReplica) -> Vault:
    return Vault(tmp_path / "data", master, replica.folder)


def take_away(replica: KeyReplica) -> Path:
    """Unmount it: what stays is an empty mount point."""
    elsewhere = replica.folder.with_name("unmounted")
    replica.folder.rename(elsewhere)
    replica.folder.mkdir()
    return elsewhere


def bring_back(replica: KeyReplica, elsewhere: Path) -> None:
    shutil.rmtree(replica.folder)
    elsewhere.rename(replica.folder)


def put(vault: Vault, day: date = DAY, blob: str = "recording1") -> None:
    vault.recordings.put(day, blob, BytesIO(b"sound"))


def test_a_key_is_copied_before_the_first_sound_uses_it(vault: Vault, replica: KeyReplica) -> None:
    put(vault)

    assert replica.days() == [DAY]
    assert not vault.day_keys.replica_is_behind


def test_a_copy_is_destroyed_together_with_its_key(vault: Vault, replica: KeyReplica) -> None:
    put(vault), put(vault, LATER)

    vault.day_keys.destroy(DAY)

    assert replica.days() == [LATER]
    assert replica.destroyed_days() == [DAY]
    assert b"AGE" not in b"".join(p.read_bytes() for p in replica.folder.glob("2026-12-24*"))
    assert vault.day_keys.keep_up_replica() == []
    assert not vault.day_keys.replica_is_behind


def test_a_lost_key_comes_back_from_the_replica(
    vault: Vault, tmp_path: Path, master: MasterKey
) -> None:
    put(vault)
    shutil.rmtree(tmp_path / "data/keys")
    with pytest.raises(DayKeyMissing):
        vault.recordings.open(DAY, "recording1")

    assert vault.day_keys.keep_up_replica() == [DAY]

    with vault.recordings.open(DAY, "recording1") as sound:
        assert sound.readall() == b"sound"


def test_no_second_key_is_made_while_the_replica_has_the_lost_one(
    vault: Vault, tmp_path: Path
) -> None:
    put(vault)
    shutil.rmtree(tmp_path / "data/keys")

    put(vault, blob="recording2")

    with vault.recordings.open(DAY, "recording1") as sound:
        assert sound.readall() == b"sound"


def test_a_destroyed_key_does_not_come_back_from_the_replica(
    vault: Vault, replica: KeyReplica, tmp_path: Path
) -> None:
    put(vault)
    kept = (replica.folder / f"{DAY}.age").read_bytes()
    vault.day_keys.destroy(DAY)
    (replica.folder / f"{DAY}.age").write_bytes(kept)  # put back out of a copy of the mount
    (tmp_path / f"data/keys/days/{DAY}.destroyed").unlink()

    assert vault.day_keys.keep_up_replica() == []
    with pytest.raises(DayKeyMissing):
        vault.day_keys.identity(DAY)


def test_while_it_is_unmounted_intake_and_deletion_go_on_and_nothing_is_written_beneath(
    vault: Vault, replica: KeyReplica
) -> None:
    put(vault)
    elsewhere = take_away(replica)

    put(vault, LATER)
    vault.day_keys.destroy(DAY)

    assert list(replica.folder.iterdir()) == []
    assert vault.day_keys.replica_is_behind
    with pytest.raises(DayKeyDestroyed):
        vault.day_keys.identity(DAY)
    bring_back(replica, elsewhere)
    assert replica.days() == [DAY]
    assert vault.day_keys.replica_is_behind

    assert vault.day_keys.finish_destructions() == [DAY]
    vault.day_keys.keep_up_replica()

    assert replica.days() == [LATER]
    assert not vault.day_keys.replica_is_behind


def test_a_rest_of_an_interrupted_copy_goes_with_the_key(vault: Vault, replica: KeyReplica) -> None:
    put(vault)
    rest = replica.folder / f".{DAY}.age.0011223344556677.tmp"
    rest.write_bytes((replica.folder / f"{DAY}.age").read_bytes())

    vault.day_keys.destroy(DAY)

    assert not rest.exists()


def test_a_rest_that_came_later_is_found_by_the_next_run(vault: Vault, replica: KeyReplica) -> None:
    put(vault)
    kept = (replica.folder / f"{DAY}.age").read_bytes()
    vault.day_keys.destroy(DAY)
    rest = replica.folder / f".{DAY}.age.0011223344556677.tmp"
    rest.write_bytes(kept)

    assert vault.day_keys.replica_is_behind
    assert vault.day_keys.finish_destructions() == [DAY]
    assert not rest.exists()
