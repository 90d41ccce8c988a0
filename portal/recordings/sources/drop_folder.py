"""Source 1: `NAME.<sound>` and `NAME.json` in the drop folder (docs/drop-folder.md).

The sidecar is written last. Names that begin with a dot or end in .tmp or .part are a recorder's
work in progress. Whatever is no plain file (folders, links, pipes) is left alone and never opened.
A name is used for one call only.
"""

from __future__ import annotations

import os
import stat
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from portal import clock
from portal.recordings.delivery import Changed, Part
from portal.recordings.facts import LARGEST_SIDECAR, CallFacts, parse_sidecar
from portal.vault.durable import fsync_directory

_UNFINISHED = (".tmp", ".part")
_SETTLED = timedelta(seconds=1)  # untouched for so long: no longer growing
_CLOCK_STEP = timedelta(seconds=-5)  # "touched" later than now: the clock was set back
_OPEN = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


@dataclass(frozen=True)
class Arrival:
    """What lies under one name: a pair, or one part alone."""

    folder: Path
    sound: str | None
    sidecar: str | None
    touched_at: datetime
    fault: str | None = None

    @property
    def key(self) -> str:
        return self.sound or self.sidecar or ""

    @property
    def is_settled(self) -> bool:
        return not _CLOCK_STEP < clock.now() - self.touched_at < _SETTLED

    @contextmanager
    def open(self, waits: timedelta) -> Iterator[Dropped]:
        """The delivery, its files open. A part alone may grow for `waits`. Raises Changed."""
        with ExitStack() as stack:
            sound, sidecar = (
                self._open_part(name, stack) if name else None
                for name in (self.sound, self.sidecar)
            )
            alone = not (self.sound and self.sidecar) and self.fault is None
            may_grow = alone and clock.now() - self.touched_at < waits
            yield Dropped(self.folder, sound, sidecar, self.fault, may_grow)

    def _open_part(self, name: str, stack: ExitStack) -> Part:
        try:
            descriptor = os.open(self.folder / name, _OPEN)
        except (FileNotFoundError, NotADirectoryError) as error:
            raise Changed from error
        file = stack.enter_context(os.fdopen(descriptor, "rb"))
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise Changed
        return Part(name, file, status.st_size)


class Dropped:
    """A delivery whose parts are open files of the drop folder."""

    def __init__(
        self,
        folder: Path,
        sound: Part | None,
        sidecar: Part | None,
        fault: str | None,
        may_grow: bool,
    ) -> None:
        self._folder = folder
        self.sound = sound
        self.sidecar = sidecar
        self.fault = fault
        self.may_grow = may_grow
        self._parts = [part for part in (sound, sidecar) if part]
        self._seen = [os.fstat(part.file.fileno()) for part in self._parts]

    def facts(self) -> CallFacts:
        return parse_sidecar(self.sidecar.beginning(LARGEST_SIDECAR + 1) if self.sidecar else b"")

    def was_there(self, moment: datetime) -> bool:
        # The inode's own time: nobody can set it, a copy with old dates does not carry it along.
        return all(_touched_at(status) < moment for status in self._seen)

    def require_unchanged(self) -> None:
        for part, seen in zip(self._parts, self._seen, strict=True):
            if _state(os.fstat(part.file.fileno())) != _state(seen):
                raise Changed

    def remove(self) -> None:
        """Sound first: what a crash leaves is the sidecar, by which the next run knows the call.

        The folder is synced in between, so that no power cut brings the sound back without it; a
        sidecar alone that one brings back is finished by the next run.
        """
        for number, (part, seen) in enumerate(zip(self._parts, self._seen, strict=True)):
            if number:
                fsync_directory(self._folder)
            path = self._folder / part.name
            with suppress(FileNotFoundError):
                if _state(path.lstat()) == _state(seen):  # not what came under this name since
                    path.unlink()
        if len(self._parts) == 1:
            fsync_directory(self._folder)


def scan(folder: Path) -> list[Arrival]:
    """What lies in the folder now, longest untouched first."""
    groups: dict[str, list[os.DirEntry[str]]] = defaultdict(list)
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if _counts(entry):
                    groups[entry.name.rpartition(".")[0] or entry.name].append(entry)
    except FileNotFoundError:
        return []
    arrivals = [arrival for group in groups.values() for arrival in _sort_out(folder, group)]
    return sorted(arrivals, key=lambda arrival: (arrival.touched_at, arrival.key))


def _counts(entry: os.DirEntry[str]) -> bool:
    unfinished = entry.name.startswith(".") or entry.name.lower().endswith(_UNFINISHED)
    return not unfinished and entry.is_file(follow_symlinks=False)


def _sort_out(folder: Path, group: list[os.DirEntry[str]]) -> Iterator[Arrival]:
    sidecars = [entry for entry in group if entry.name.lower().endswith(".json")]
    sounds = [entry for entry in group if entry not in sidecars]
    try:
        touched = {entry.name: _touched_at(entry.stat(follow_symlinks=False)) for entry in group}
    except FileNotFoundError:
        return  # taken in by another importer meanwhile
    if len(sounds) == len(sidecars) == 1:
        sound, sidecar = sounds[0].name, sidecars[0].name
        yield Arrival(folder, sound, sidecar, max(touched.values()))
        return
    # Two sounds under one sidecar: nobody can say whose call it is, so the sidecar is set aside
    # by itself, at once, and no crash can leave a pair that never was one.
    fault = "ambiguous_name" if sounds and sidecars else None
    for entry in sidecars:
        yield Arrival(folder, None, entry.name, touched[entry.name], fault)
    for entry in [] if fault else sounds:
        yield Arrival(folder, entry.name, None, touched[entry.name])


def _touched_at(status: os.stat_result) -> datetime:
    return datetime.fromtimestamp(status.st_ctime, UTC)


def _state(status: os.stat_result) -> tuple[int, ...]:
    return (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)
