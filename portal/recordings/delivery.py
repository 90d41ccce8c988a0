"""What a source hands to the importer: the bytes of one call, where they lie, and its facts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import BinaryIO, Protocol

from portal.recordings.callback_file import read_at
from portal.recordings.facts import CallFacts


class Outcome(StrEnum):
    """What became of one delivery."""

    #: Encrypted, committed, source removed.
    TAKEN = "taken"
    #: Was here already, by its identity and its bytes; source removed.
    RECOGNISED = "recognised"
    #: Set aside encrypted, with a reason; source removed.
    QUARANTINED = "quarantined"
    #: Past its day: destroyed with a tombstone, source removed.
    DESTROYED = "destroyed"
    #: Not complete yet, or still changing; nothing was done.
    WAITING = "waiting"


class Changed(Exception):
    """The source changed or went while it was read: nothing read of it counts."""


@dataclass(frozen=True)
class Part:
    """A file of a delivery: `size` bytes of the seekable `file`, `name` as the source calls it."""

    name: str
    file: BinaryIO
    size: int

    def beginning(self, most: int) -> bytes:
        """Its first bytes, up to `most`."""
        return read_at(self.file, 0, min(self.size, most))


class Delivery(Protocol):
    """One call as it arrived, open for reading. At least one of the two parts is there."""

    @property
    def sound(self) -> Part | None: ...

    @property
    def sidecar(self) -> Part | None: ...

    @property
    def fault(self) -> str | None:
        """What the source itself found wrong: a code of `quarantine.MESSAGES`."""

    @property
    def may_grow(self) -> bool:
        """Whether a part that is missing may still come."""

    def facts(self) -> CallFacts:
        """The facts of the call. Raises BadSidecar."""

    def was_there(self, moment: datetime) -> bool:
        """Whether every part certainly stood, as it is now, before a moment."""

    def require_unchanged(self) -> None:
        """Raises Changed."""

    def remove(self) -> None:
        """Take the parts away for good: the sound first, then the sidecar. May be repeated."""
