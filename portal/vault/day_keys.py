"""One key per deletion day, whose destruction is the deletion (제8조①, decision 2).

A day has at most two files: `<day>.age`, its identity wrapped by the master key, and
`<day>.destroyed`, which stays for good. The marker always wins: whoever makes a key looks for the
marker afterwards, whoever destroys writes the marker first, so in any order of events at least
one of the two sees the other and the key goes.
"""

from contextlib import suppress
from datetime import date
from pathlib import Path

from portal.vault import wrapped_key
from portal.vault.day_names import day_of_name, days_of, key_name, marker_name
from portal.vault.durable import (
    create_once,
    ensure_folder,
    fsync_directory,
    remove_old_temporaries,
    remove_with_temporaries,
    temporaries,
)
from portal.vault.key_replica import KeyReplica
from portal.vault.master import MasterKey

__all__ = ["MARKER_TEXT", "DayKeyDestroyed", "DayKeyMissing", "DayKeys", "day_of_name"]

MARKER_TEXT = "이 날짜의 열쇠는 파기되었습니다. 이 파일은 지우지 마십시오. (key destroyed)\n"
_STALE_S = 3600.0


class DayKeyDestroyed(Exception):
    """The deletion day has passed: its key is gone and is never made again."""


class DayKeyMissing(Exception):
    """The day has no key: none was made yet, or the file was lost."""


class DayKeys:
    """The day keys in `folder`. No identity is kept between calls, recipients are."""

    def __init__(self, folder: Path, master: MasterKey, replica: KeyReplica | None = None) -> None:
        self._folder = folder
        self._master = master
        self.replica = replica
        self._recipients = wrapped_key.Recipients(master)

    def recipient(self, day: date) -> str:
        """The day's public recipient `age1…`; its key is made on first use and then durable.

        Raises DayKeyDestroyed, MasterKeyError.
        """
        self._refuse_destroyed(day)
        if not self._key_file(day).exists() and not self._recover(day):
            wrapped_key.make_once(self._key_file(day), self._master)
        recipient = self._recipient_of_key(day)
        if self.is_destroyed(day):
            self.destroy(day)
            self._refuse_destroyed(day)
        if self.replica:
            self.replica.keep(day, self._key_file(day))
        return recipient

    def _recipient_of_key(self, day: date) -> str:
        try:
            return self._recipients.of(self._key_file(day))
        except FileNotFoundError as error:
            self._refuse_destroyed(day)
            raise DayKeyMissing(f"{day}의 열쇠가 없습니다. (no key for this day)") from error

    def identity(self, day: date) -> str:
        """The day's identity, unwrapped for this call.

        Raises DayKeyDestroyed (even if a copy of the key was put back), DayKeyMissing,
        MasterKeyError.
        """
        self._refuse_destroyed(day)
        try:
            return wrapped_key.read(self._key_file(day), self._master)
        except FileNotFoundError as error:
            self._refuse_destroyed(day)
            raise DayKeyMissing(f"{day}의 열쇠가 없습니다. (no key for this day)") from error

    def destroy(self, day: date) -> None:
        """Make all sound of the day unreadable, at a cost that does not depend on its amount.

        May be repeated, and finishes what a crash between any two lines left undone. The file is
        not overwritten before its removal: on an SSD or a journalling file system new bytes land
        elsewhere and prove nothing. What remains on the medium is still wrapped by the master key.
        """
        ensure_folder(self._folder)
        try:
            create_once(self._marker(day), MARKER_TEXT.encode())
        except (FileExistsError, FileNotFoundError):  # made, or taken away below, by another one
            fsync_directory(self._folder)
        for rest in temporaries(self._folder, marker_name(day)):  # of a destroyer that was killed
            rest.unlink(missing_ok=True)
        remove_with_temporaries(self._key_file(day))
        if self.replica:
            self.replica.destroy(day)

    def finish_destructions(self) -> list[date]:
        """Destroy again each destroyed day of which key material is still there; returns those.

        Such a rest can come from a crash, from a key put back out of a copy, or from a replica
        that was out of reach. What interrupted writes left behind goes too.
        """
        remove_old_temporaries(self._folder, _STALE_S)
        destroyed = self.destroyed_days()
        in_replica = set(self.replica.days()) if self.replica else set()
        rests = [day for day in destroyed if self._has_material(day) or day in in_replica]
        for day in rests:
            self.destroy(day)
        return rests

    def keep_up_replica(self) -> list[date]:
        """Copy living keys that the replica lacks, and recover lost ones from it.

        Returns the days that were recovered. Does nothing while the replica is out of reach.
        """
        if not self.replica or not self.replica.is_there:
            return []
        for day in self.days():
            if not self.is_destroyed(day):
                self.replica.keep(day, self._key_file(day))
        return [day for day in self.replica.days() if self._recover(day)]

    @property
    def replica_is_behind(self) -> bool:
        """Whether the replica is out of reach, lacks a living key or still has a destroyed one."""
        if not self.replica:
            return False
        copies, destroyed = set(self.replica.days()), set(self.destroyed_days())
        living = set(self.days()) - destroyed
        return not self.replica.is_there or bool(copies & destroyed) or not living <= copies

    def _recover(self, day: date) -> bool:
        """Put a key back that only the replica has; False where there is none to put back."""
        if not self.replica or self._key_file(day).exists() or self.is_destroyed(day):
            return False
        copy = self.replica.copy_of(day)
        if copy is None:
            return False
        self._master.unwrap(copy)  # never a key that could not be read
        ensure_folder(self._folder)
        with suppress(FileExistsError, FileNotFoundError):
            create_once(self._key_file(day), copy)
        return True

    def is_destroyed(self, day: date) -> bool:
        """Whether the permanent marker stands."""
        return self._marker(day).exists()

    def days(self) -> list[date]:
        """Days whose key file is there, in order."""
        return self._days_of("*.age")

    def destroyed_days(self) -> list[date]:
        """Days whose marker stands, in order."""
        return self._days_of("*.destroyed")

    def _refuse_destroyed(self, day: date) -> None:
        if self.is_destroyed(day):
            raise DayKeyDestroyed(f"{day}의 열쇠는 이미 파기되었습니다. (key destroyed)")

    def _has_material(self, day: date) -> bool:
        key_file = self._key_file(day)
        return key_file.exists() or bool(temporaries(self._folder, key_file.name))

    def _key_file(self, day: date) -> Path:
        return self._folder / key_name(day)

    def _marker(self, day: date) -> Path:
        return self._folder / marker_name(day)

    def _days_of(self, pattern: str) -> list[date]:
        return days_of(self._folder, pattern)
