"""Where encrypted files lie: recordings by deletion day, records under one key (decision 2)."""

from contextlib import suppress
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from portal.vault import wrapped_key
from portal.vault.age_reader import AgeReader
from portal.vault.blob import (
    StoredBlob,
    blob_ids,
    blob_path,
    encrypt_to,
    modified_at,
    older_temporaries,
    open_blob,
    remove_all,
)
from portal.vault.day_keys import DayKeyDestroyed, DayKeys, day_of_name
from portal.vault.durable import ensure_folder, fsync_directory, remove_durably, temporaries
from portal.vault.master import MasterKey

__all__ = ["DayKeyAlive", "RecordingVault", "RecordsKeyMissing", "RecordsVault", "StoredBlob"]


class DayKeyAlive(Exception):
    """A day's files were to go before its key: the order is key, files, rows (decision 6)."""


class RecordsKeyMissing(Exception):
    """There are records, but their key is not there; the message says what to do."""


class RecordingVault:
    """Recordings under `<folder>/days/<day>/<blob_id>.age`, each day to its own key."""

    def __init__(self, folder: Path, keys: DayKeys) -> None:
        self._days_folder = folder / "days"
        self._keys = keys

    def put(self, day: date, blob_id: str, source: BinaryIO) -> StoredBlob:
        """Encrypt the rest of `source` to the day's key; durable under its name on return.

        Memory stays bounded and the plain sound never touches the disk. An import that is repeated
        replaces the file at one instant. Raises DayKeyDestroyed (also when the day is destroyed
        meanwhile; nothing stays then), ValueError for the id, OSError.
        """
        path = blob_path(self._folder(day), blob_id)
        recipient = self._keys.recipient(day)
        try:
            ensure_folder(path.parent)
            stored = encrypt_to(path, source, recipient)
        except FileNotFoundError as error:  # the folder went while this was written
            self._leave_nothing_if_destroyed(day, path, error)
            raise
        self._leave_nothing_if_destroyed(day, path, None)
        return stored

    def open(self, day: date, blob_id: str) -> AgeReader:
        """A seekable reader of the plain sound, to be closed by the caller.

        Raises DayKeyDestroyed, DayKeyMissing, FileNotFoundError, AgeFormatError.
        """
        path = blob_path(self._folder(day), blob_id)
        return open_blob(path, self._keys.identity(day))

    def remove(self, day: date, blob_id: str) -> bool:
        """Remove one recording's file for good; False if it was not there."""
        return remove_durably(blob_path(self._folder(day), blob_id))

    def remove_day(self, day: date) -> int:
        """Remove every file of a day whose key is destroyed; returns how many recordings went.

        May be repeated. Raises DayKeyAlive if the key was not destroyed first.
        """
        if not self._keys.is_destroyed(day):
            raise DayKeyAlive(f"the key of {day} must be destroyed before its files")
        folder = self._folder(day)
        removed = remove_all(blob_path(folder, blob_id) for blob_id in self.blobs(day))
        remove_all(temporaries(folder))
        self._drop_if_empty(folder)
        return removed

    def blobs(self, day: date) -> list[str]:
        """Ids of the day's whole recordings, in order."""
        return blob_ids(self._folder(day))

    def modified_at(self, day: date, blob_id: str) -> float | None:
        """When the file was written, in seconds of the file system's clock; None if it is gone."""
        return modified_at(blob_path(self._folder(day), blob_id))

    def days(self) -> list[date]:
        """Days that have a folder, in order."""
        names = (path.name for path in self._days_folder.glob("*") if path.is_dir())
        return sorted(day for name in names if (day := day_of_name(name)) is not None)

    def stale_temporaries(self, older_than_s: float) -> list[Path]:
        """Encrypted leftovers of interrupted writes, not touched for so many seconds."""
        return older_temporaries((self._folder(day) for day in self.days()), older_than_s)

    def remove_stale_temporaries(self, older_than_s: float) -> int:
        """Remove them; returns how many."""
        return remove_all(self.stale_temporaries(older_than_s))

    def _folder(self, day: date) -> Path:
        return self._days_folder / f"{day:%Y-%m-%d}"

    def _leave_nothing_if_destroyed(
        self, day: date, path: Path, cause: BaseException | None
    ) -> None:
        if self._keys.is_destroyed(day):
            remove_durably(path)
            self._drop_if_empty(path.parent)
            raise DayKeyDestroyed(f"{day}의 열쇠는 이미 파기되었습니다.") from cause

    def _drop_if_empty(self, folder: Path) -> None:
        with suppress(OSError):  # not empty: a writer of the last moment removes its own file
            folder.rmdir()
            fsync_directory(self._days_folder)


class RecordsVault:
    """Evidence, signatures, issued papers, which outlive the recordings.

    They lie under `<folder>/<blob_id>.age`, all to the key
    `<keys_folder>/records.age`, which is made once.
    """

    def __init__(self, folder: Path, keys_folder: Path, master: MasterKey) -> None:
        self._folder = folder
        self._key_file = keys_folder / "records.age"
        self._master = master
        self._recipients = wrapped_key.Recipients(master)

    def put(self, blob_id: str, data: bytes) -> StoredBlob:
        """Encrypt and store, durable on return; replaces what had the same id.

        Raises RecordsKeyMissing, ValueError for the id, MasterKeyError, OSError.
        """
        path = blob_path(self._folder, blob_id)
        recipient = self._recipient()
        ensure_folder(self._folder)
        return encrypt_to(path, BytesIO(data), recipient)

    def get(self, blob_id: str) -> bytes:
        """The plain content. Raises FileNotFoundError, RecordsKeyMissing, AgeFormatError."""
        path = blob_path(self._folder, blob_id)
        if not path.exists():
            raise FileNotFoundError(f"no record {blob_id}")
        with open_blob(path, self._identity()) as reader:
            return reader.readall()

    def remove(self, blob_id: str) -> bool:
        """Remove one record for good; False if it was not there."""
        return remove_durably(blob_path(self._folder, blob_id))

    def blobs(self) -> list[str]:
        """Ids of the whole records, in order."""
        return blob_ids(self._folder)

    def modified_at(self, blob_id: str) -> float | None:
        """When the file was written, in seconds of the file system's clock; None if it is gone."""
        return modified_at(blob_path(self._folder, blob_id))

    def stale_temporaries(self, older_than_s: float) -> list[Path]:
        """Encrypted leftovers of interrupted writes, not touched for so many seconds; also those
        beside the key, whose maker may have been killed."""
        return older_temporaries([self._folder, self._key_file.parent], older_than_s)

    def remove_stale_temporaries(self, older_than_s: float) -> int:
        """Remove them; returns how many."""
        return remove_all(self.stale_temporaries(older_than_s))

    def _recipient(self) -> str:
        if not self._key_file.exists():
            # A lost key is a mistake to put right, not to paper over with a second key. Looked at
            # again: whoever is at once the first to store may have made it between the two looks.
            if self.blobs() and not self._key_file.exists():
                self._refuse_missing()
            wrapped_key.make_once(self._key_file, self._master)
        try:
            return self._recipients.of(self._key_file)
        except FileNotFoundError:
            self._refuse_missing()
            raise

    def _identity(self) -> str:
        try:
            return wrapped_key.read(self._key_file, self._master)
        except FileNotFoundError:
            self._refuse_missing()
            raise

    def _refuse_missing(self) -> None:
        raise RecordsKeyMissing(
            f"보관 문서의 열쇠 파일이 없습니다: {self._key_file} 백업에서 이 파일을 되돌려 놓은 뒤 "
            "다시 시도해 주십시오. (records key not found)"
        )
