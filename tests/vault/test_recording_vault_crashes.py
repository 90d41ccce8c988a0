import errno
import os
import resource
import signal
import sys
from datetime import timedelta
from io import BytesIO, RawIOBase
from pathlib import Path

import pytest

from portal.vault import DayKeyDestroyed, Vault
from vault.crash import start, survives_kill_before_touch, wait_for
from vault.disk import BLOB, DAY, SOUND, every_file, plain_is_on_disk


class FailingSource(RawIOBase):
    """Gives some sound, then fails as a broken medium does."""

    def __init__(self) -> None:
        self._given = 0

    def read(self, size: int = -1) -> bytes:
        self._given += 1
        if self._given > 40:
            raise OSError(errno.EIO, "broken medium")
        return SOUND[:size]


def test_a_failing_source_leaves_nothing_and_says_what_failed(vault: Vault, tmp_path: Path) -> None:
    with pytest.raises(OSError) as failure:
        vault.recordings.put(DAY, BLOB, FailingSource())

    assert failure.value.errno == errno.EIO
    assert every_file(tmp_path / "data" / "vault") == []


def test_a_full_disk_is_reported_as_such(vault: Vault, tmp_path: Path) -> None:
    def put_with_little_room() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        vault.day_keys.recipient(DAY)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
        with pytest.raises(OSError) as failure:
            vault.recordings.put(DAY, BLOB, BytesIO(SOUND))
        assert failure.value.errno == errno.EFBIG

    wait_for([start(put_with_little_room)])

    assert every_file(tmp_path / "data" / "vault") == []


def test_a_kill_anywhere_while_putting_leaves_a_whole_recording_or_none(
    vault: Vault, tmp_path: Path
) -> None:
    def put() -> None:
        vault.recordings.put(DAY, BLOB, BytesIO(SOUND))

    number, leftovers = 1, 0
    while not survives_kill_before_touch(number, put):
        assert not plain_is_on_disk(tmp_path)
        if vault.recordings.blobs(DAY):
            with vault.recordings.open(DAY, BLOB) as reader:
                assert reader.read() == SOUND
            vault.recordings.remove(DAY, BLOB)
        leftovers += vault.recordings.remove_stale_temporaries(older_than_s=-1)
        number += 1

    assert leftovers >= 1
    assert vault.recordings.blobs(DAY) == [BLOB]


def test_leftovers_are_found_only_when_old_enough(vault: Vault, tmp_path: Path) -> None:
    vault.recordings.put(DAY, BLOB, BytesIO(SOUND))
    folder = tmp_path / "data" / "vault" / "days" / "2026-12-24"
    fresh, old = folder / f".{BLOB}.age.aa.tmp", folder / f".{BLOB}.age.bb.tmp"
    fresh.touch()
    old.touch()
    os.utime(old, (1_000_000_000, 1_000_000_000))

    assert vault.recordings.stale_temporaries(older_than_s=3600) == [old]
    assert vault.recordings.remove_stale_temporaries(older_than_s=3600) == 1

    assert fresh.exists()
    assert vault.recordings.blobs(DAY) == [BLOB]


def test_a_recording_whose_day_is_destroyed_while_it_is_put_does_not_stay(
    vault: Vault, tmp_path: Path
) -> None:
    class DestroyingSource(BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            if not vault.day_keys.is_destroyed(DAY):
                vault.day_keys.destroy(DAY)
                vault.recordings.remove_day(DAY)
            return super().read(size)

    with pytest.raises(DayKeyDestroyed):
        vault.recordings.put(DAY, BLOB, DestroyingSource(SOUND))

    assert vault.recordings.days() == []
    assert every_file(tmp_path / "data" / "vault") == []


def test_a_recording_named_after_the_days_removal_does_not_stay(
    vault: Vault, tmp_path: Path
) -> None:
    """The day is destroyed in the last moment, before the file gets its name."""

    def put_late() -> None:
        def destroy_before_the_rename(event: str, arguments: tuple[object, ...]) -> None:
            if event == "os.rename" and not vault.day_keys.is_destroyed(DAY):
                vault.day_keys.destroy(DAY)

        sys.addaudithook(destroy_before_the_rename)
        with pytest.raises(DayKeyDestroyed):
            vault.recordings.put(DAY, BLOB, BytesIO(SOUND))

    wait_for([start(put_late)])

    assert vault.day_keys.is_destroyed(DAY)
    assert vault.recordings.days() == []


def test_a_days_removal_is_finished_after_a_kill_between_any_two_steps(vault: Vault) -> None:
    number = 1
    while True:
        day = DAY + timedelta(number)
        for name in ("recording1", "recording2"):
            vault.recordings.put(day, name, BytesIO(b"sound"))
        vault.day_keys.destroy(day)
        if survives_kill_before_touch(number, lambda day=day: vault.recordings.remove_day(day)):
            break
        vault.recordings.remove_day(day)
        number += 1

    assert number > 3
    assert vault.recordings.days() == []
