import tracemalloc
from datetime import timedelta
from hashlib import sha256
from io import BytesIO, RawIOBase
from pathlib import Path

import pytest

from portal.vault import (
    AgeFormatError,
    DayKeyAlive,
    DayKeyDestroyed,
    DayKeyMissing,
    MasterKey,
    Vault,
)
from vault.disk import BLOB, DAY, SOUND, every_file, plain_is_on_disk


def test_a_recording_comes_back_byte_for_byte(vault: Vault) -> None:
    stored = vault.recordings.put(DAY, BLOB, BytesIO(SOUND))

    assert stored.size == len(SOUND)
    assert stored.sha256 == sha256(SOUND).hexdigest()
    with vault.recordings.open(DAY, BLOB) as reader:
        assert reader.size == len(SOUND)
        assert reader.read_at(400_000, 100) == SOUND[400_000:400_100]
        assert reader.read() == SOUND


def test_only_what_is_left_of_the_source_is_taken(vault: Vault) -> None:
    source = BytesIO(SOUND)
    source.seek(1000)

    stored = vault.recordings.put(DAY, BLOB, source)

    assert stored.size == len(SOUND) - 1000


def test_the_stored_file_is_encrypted_private_and_alone(vault: Vault, tmp_path: Path) -> None:
    vault.recordings.put(DAY, BLOB, BytesIO(SOUND))

    (path,) = every_file(tmp_path / "data" / "vault")
    assert path == tmp_path / "data" / "vault" / "days" / "2026-12-24" / f"{BLOB}.age"
    assert path.read_bytes().startswith(b"age-encryption.org/v1\n")
    assert path.stat().st_mode & 0o777 == 0o600
    assert not plain_is_on_disk(tmp_path)


def test_memory_stays_bounded_while_a_long_recording_is_put(vault: Vault) -> None:
    class Long(RawIOBase):
        left = 40_000_000

        def read(self, size: int = -1) -> bytes:
            piece = min(size, self.left)
            self.left -= piece
            return bytes(piece)

    tracemalloc.start()
    vault.recordings.put(DAY, BLOB, Long())
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak < 2_000_000
    with vault.recordings.open(DAY, BLOB) as reader:
        assert reader.size == 40_000_000


BAD_IDS = ["", "short", "../../../../etc", "UPPERCASE0", "with.dots1", "a/b/c/d/e", "a" * 65]
FOREIGN_IDS = ["newline1\n", "전화녹음파일이름", "null\0null0", "-leading0", "１２３４５６７８"]


@pytest.mark.parametrize("blob_id", BAD_IDS + FOREIGN_IDS)
def test_an_id_that_could_leave_the_folder_is_refused(vault: Vault, blob_id: str) -> None:
    for use in (
        lambda: vault.recordings.put(DAY, blob_id, BytesIO(SOUND)),
        lambda: vault.recordings.open(DAY, blob_id),
        lambda: vault.recordings.remove(DAY, blob_id),
        lambda: vault.records.put(blob_id, b"x"),
        lambda: vault.records.get(blob_id),
        lambda: vault.records.remove(blob_id),
    ):
        with pytest.raises(ValueError, match="blob id"):
            use()


def test_putting_again_replaces_the_recording_whole(vault: Vault, tmp_path: Path) -> None:
    vault.recordings.put(DAY, BLOB, BytesIO(b"first"))
    vault.recordings.put(DAY, BLOB, BytesIO(SOUND))

    with vault.recordings.open(DAY, BLOB) as reader:
        assert reader.read() == SOUND
    assert vault.recordings.blobs(DAY) == [BLOB]


def test_nothing_is_put_or_opened_after_the_day_is_destroyed(vault: Vault, tmp_path: Path) -> None:
    vault.recordings.put(DAY, BLOB, BytesIO(SOUND))

    vault.day_keys.destroy(DAY)

    with pytest.raises(DayKeyDestroyed):
        vault.recordings.open(DAY, BLOB)
    with pytest.raises(DayKeyDestroyed):
        vault.recordings.put(DAY, BLOB + "2", BytesIO(SOUND))
    assert vault.recordings.blobs(DAY) == [BLOB]


def test_the_files_of_a_day_do_not_go_before_its_key(vault: Vault) -> None:
    vault.recordings.put(DAY, BLOB, BytesIO(SOUND))

    with pytest.raises(DayKeyAlive):
        vault.recordings.remove_day(DAY)

    assert vault.recordings.blobs(DAY) == [BLOB]


def test_a_days_removal_takes_all_files_and_leftovers_and_leaves_other_days(
    vault: Vault, tmp_path: Path
) -> None:
    other = DAY + timedelta(1)
    for number in range(5):
        vault.recordings.put(DAY, f"recording{number}", BytesIO(SOUND))
    vault.recordings.put(other, BLOB, BytesIO(SOUND))
    folder = tmp_path / "data" / "vault" / "days" / "2026-12-24"
    (folder / f".{BLOB}.age.aa.tmp").touch()

    vault.day_keys.destroy(DAY)

    assert vault.recordings.remove_day(DAY) == 5
    assert vault.recordings.remove_day(DAY) == 0
    assert not folder.exists()
    assert vault.recordings.days() == [other]


def test_removing_one_recording_says_whether_it_was_there(vault: Vault) -> None:
    vault.recordings.put(DAY, BLOB, BytesIO(SOUND))

    assert vault.recordings.remove(DAY, BLOB) is True
    assert vault.recordings.remove(DAY, BLOB) is False
    with pytest.raises(FileNotFoundError):
        vault.recordings.open(DAY, BLOB)


def test_a_lost_day_key_is_told_from_a_lost_file(vault: Vault, tmp_path: Path) -> None:
    vault.recordings.put(DAY, BLOB, BytesIO(SOUND))
    (tmp_path / "data" / "keys" / "days" / "2026-12-24.age").unlink()

    with pytest.raises(DayKeyMissing):
        vault.recordings.open(DAY, BLOB)


def test_a_recording_moved_to_another_day_does_not_open(vault: Vault, tmp_path: Path) -> None:
    other = DAY + timedelta(1)
    vault.recordings.put(DAY, BLOB, BytesIO(SOUND))
    vault.recordings.put(other, "anotherone", BytesIO(SOUND))
    days = tmp_path / "data" / "vault" / "days"
    (days / "2026-12-24" / f"{BLOB}.age").rename(days / "2026-12-25" / f"{BLOB}.age")

    with pytest.raises(AgeFormatError):
        vault.recordings.open(other, BLOB)


def test_making_a_vault_touches_no_disk(tmp_path: Path, master: MasterKey) -> None:
    Vault(tmp_path / "nowhere", master)

    assert not (tmp_path / "nowhere").exists()
