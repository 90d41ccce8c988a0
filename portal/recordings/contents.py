"""The file names of what is set aside: all that can be known of it without hearing it."""

from __future__ import annotations

import re
import tarfile
from collections.abc import Callable

from portal import phones
from portal.recordings.models import QuarantineItem
from portal.runtime import vault
from portal.vault import AgeFormatError, DayKeyDestroyed, DayKeyMissing

_NUMBER = re.compile(r"(?<!\d)(?:0\d{8,10}|82\d{8,10})(?!\d)")
_GONE = (AgeFormatError, DayKeyDestroyed, DayKeyMissing, FileNotFoundError, tarfile.TarError)


def masked_names(item: QuarantineItem) -> list[str]:
    """The names under which the parts arrived, telephone numbers masked; empty once it is gone.

    They lie inside the encrypted file only: many recorders put the numbers into the name.
    """
    try:
        with (
            vault().recordings.open(item.delete_on, item.public_id) as reader,
            tarfile.open(fileobj=reader, encoding="utf-8", errors="surrogateescape") as archive,
        ):
            return [_shown(name) for name in archive.getnames()]
    except _GONE:
        return []


def _shown(name: str) -> str:
    readable = name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    printable = "".join(c if c.isprintable() else "�" for c in readable)
    mask: Callable[[re.Match[str]], str] = lambda found: phones.masked(found.group())  # noqa: E731
    return _NUMBER.sub(mask, printable)
