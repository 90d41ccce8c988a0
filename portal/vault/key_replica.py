"""A second place for the living day keys, on another mount; destroyed in step with the first.

It is the only way to hear recordings of the last days after the loss of the first disk, since day
keys enter no backup (decision 2). A marker file says that the mount is there: an empty mount point
must not be taken for the replica, else keys would be written beneath it and never destroyed.
"""

from contextlib import suppress
from datetime import date
from pathlib import Path

from portal.vault.day_names import day_of_name, days_of, key_name, marker_name
from portal.vault.durable import (
    create_once,
    ensure_folder,
    fsync_directory,
    remove_with_temporaries,
    temporaries,
    write_durably,
)

_SIGN = "portal-key-replica"
_SIGN_TEXT = "{information}의 날짜별 열쇠 사본입니다. 포털이 관리하며, 백업에 넣지 마십시오.\n"


class KeyReplica:
    """The copies in `folder`. Every step may be repeated; nothing raises while it is unmounted."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def is_there(self) -> bool:
        """Whether the mount is there."""
        return (self.folder / _SIGN).is_file()

    def prepare(self) -> None:
        """Declare the folder, which must be there, to be the replica. Raises OSError."""
        try:
            create_once(self.folder / _SIGN, _SIGN_TEXT.encode())
        except FileExistsError:
            fsync_directory(self.folder)

    def keep(self, day: date, key_file: Path) -> bool:
        """Copy a key unless its copy is there; False where the replica is out of reach."""
        if not self.is_there:
            return False
        copy = self.folder / key_name(day)
        try:
            if not copy.exists():
                self.write(day, key_file.read_bytes())
                if not key_file.exists():  # destroyed meanwhile: its copy must not outlive it
                    remove_with_temporaries(copy)
        except OSError:
            return False
        return True

    def write(self, day: date, content: bytes) -> None:
        """Store a copy in place of what was there, say one wrapped for a new master key."""
        ensure_folder(self.folder)
        write_durably(self.folder / key_name(day), [content])

    def copy_of(self, day: date) -> bytes | None:
        """The wrapped key; None where there is none, or the day was destroyed here too."""
        if (self.folder / marker_name(day)).exists():
            return None
        try:
            return (self.folder / key_name(day)).read_bytes()
        except FileNotFoundError:
            return None

    def destroy(self, day: date) -> bool:
        """Remove the copy for good; False where the replica is out of reach."""
        if not self.is_there:
            return False
        try:
            with suppress(FileExistsError):
                create_once(self.folder / marker_name(day), b"destroyed\n")
            remove_with_temporaries(self.folder / key_name(day))
        except OSError:
            return False
        return True

    def days(self) -> list[date]:
        """Days of which a copy is there, or what an interrupted write left of one."""
        rests = (day_of_name(path.name[1:11]) for path in temporaries(self.folder, "*.age"))
        return sorted({*days_of(self.folder, "*.age"), *(day for day in rests if day)})

    def destroyed_days(self) -> list[date]:
        """Days whose marker stands."""
        return days_of(self.folder, "*.destroyed")
