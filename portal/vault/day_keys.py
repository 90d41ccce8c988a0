"""One key per deletion day, whose destruction is the deletion (제8조①, decision 2).

A day has at most two files: `<day>.age`, its identity wrapped by the master key, and
`<day>.destroyed`, which stays for good. The marker always wins: whoever makes a key looks for the
marker afterwards, whoever destroys writes the marker first, so in any order of events at least
one of the two sees the other and the key goes.
"""

import re
from contextlib import suppress
from datetime import date
from pathlib import Path

from portal.vault import wrapped_key
from portal.vault.age_identity import recipient_of
from portal.vault.durable import (
    create_once,
    ensure_folder,
    fsync_directory,
    remove_with_temporaries,
    temporaries,
)
from portal.vault.master import MasterKey

_DAY_NAME = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MARKER_TEXT = "이 날짜의 열쇠는 파기되었습니다. 이 파일은 지우지 마십시오. (key destroyed)\n"


class DayKeyDestroyed(Exception):
    """The deletion day has passed: its key is gone and is never made again."""


class DayKeyMissing(Exception):
    """The day has no key: none was made yet, or the file was lost."""


class DayKeys:
    """The day keys in `folder`. No identity is kept between calls."""

    def __init__(self, folder: Path, master: MasterKey) -> None:
        self._folder = folder
        self._master = master

    def recipient(self, day: date) -> str:
        """The day's public recipient `age1…`; its key is made on first use and then durable.

        Raises DayKeyDestroyed, MasterKeyError.
        """
        self._refuse_destroyed(day)
        if not self._key_file(day).exists():
            wrapped_key.make_once(self._key_file(day), self._master)
        # The process that made the key may not have synced the name yet.
        fsync_directory(self._folder)
        if self.is_destroyed(day):
            remove_with_temporaries(self._key_file(day))
            self._refuse_destroyed(day)
        return recipient_of(self.identity(day))

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
            create_once(self._marker(day), _MARKER_TEXT.encode())
        except FileExistsError:
            fsync_directory(self._folder)
        remove_with_temporaries(self._key_file(day))

    def finish_destructions(self) -> list[date]:
        """Destroy again each destroyed day of which key material is still there; returns those.

        Such a rest can come from a crash, or from a key put back out of a copy.
        """
        rests = [day for day in self.destroyed_days() if self._has_material(day)]
        for day in rests:
            self.destroy(day)
        return rests

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
        return self._folder / f"{day:%Y-%m-%d}.age"

    def _marker(self, day: date) -> Path:
        return self._folder / f"{day:%Y-%m-%d}.destroyed"

    def _days_of(self, pattern: str) -> list[date]:
        names = (path.stem for path in self._folder.glob(pattern))
        return sorted(day for name in names if (day := day_of_name(name)) is not None)


def day_of_name(name: str) -> date | None:
    """The day a file or folder is named after, `2026-12-24`; None for any other name."""
    if _DAY_NAME.fullmatch(name):
        with suppress(ValueError):
            return date.fromisoformat(name)
    return None
