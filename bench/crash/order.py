"""The order of decision 6, read from a trace. In: encrypted file, its name, its folder, commit,
source. Out: marker, key, files, rows, then the database's log emptied."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from bench.crash.trace import Call


def wrong_in(calls: list[Call], drop: Path) -> Iterator[str]:
    """What is out of order where encrypted files are written and a source may be removed."""
    named = [
        (at, call.path)
        for at, call in enumerate(calls)
        if call.name == "rename" and "/vault/" in call.path and call.path.endswith(".age")
    ]
    for at, path in named:
        name = Path(path).name
        written = _last(calls[:at], "fsync", f".{name}.")
        folder = _first(calls, "fsync", str(Path(path).parent), after=at, exact=True)
        commit = _first_commit(calls, after=at)
        if written is None:
            yield f"{name} was named before it was synced"
        if folder is None or (commit is not None and commit < folder):
            yield f"{name} was committed before its folder was synced"
        if commit is None:
            yield f"{name} was never committed"
    before = 0  # each call is committed on its own, so a commit lies between two removals
    for at, call in enumerate(calls):
        if (
            call.name == "unlink"
            and call.path.startswith(f"{drop}/")
            and call.path.endswith(".wav")
        ):
            commit = _first_commit(calls, after=before)
            if commit is None or at < commit:
                yield f"{Path(call.path).name} was removed before the commit"
            before = at


def wrong_out(calls: list[Call], day: str) -> Iterator[str]:
    """What is out of order where a day is destroyed."""
    steps = [
        ("marker", _first(calls, "link", f"keys/days/{day}.destroyed", after=0)),
        ("key", _first(calls, "unlink", f"keys/days/{day}.age", after=0)),
    ]
    key = steps[-1][1] or 0
    steps += [
        ("key's folder synced", _first(calls, "fsync", "keys/days", after=key)),
        ("first file", _first(calls, "unlink", f"vault/days/{day}/", after=0)),
    ]
    last_file = _last_index(calls, "unlink", f"vault/days/{day}/")
    synced = _first(calls, "fsync", f"vault/days/{day}", after=last_file)
    steps += [
        ("files' folder synced", synced),
        ("rows", _first_commit(calls, after=last_file)),
        ("log emptied", _last_index(calls, "ftruncate", "portal.db-wal") or None),
    ]
    for (before, at), (after, then) in pairwise(steps):
        if at is None or then is None:
            yield f"{before} or {after} is not in the trace"
        elif then < at:
            yield f"{after} came before {before}"


def _first_commit(calls: list[Call], after: int) -> int | None:
    at = [_first(calls, name, "portal.db-wal", after=after) for name in ("fsync", "fdatasync")]
    found = [one for one in at if one is not None]
    return min(found) if found else None


def _first(
    calls: list[Call], name: str, part: str, *, after: int, exact: bool = False
) -> int | None:
    for at, call in enumerate(calls):
        fits = call.path == part if exact else part in call.path
        if at >= after and call.name == name and fits:
            return at
    return None


def _last(calls: list[Call], name: str, part: str) -> int | None:
    found = [at for at, call in enumerate(calls) if call.name == name and part in call.path]
    return found[-1] if found else None


def _last_index(calls: list[Call], name: str, part: str) -> int:
    return _last(calls, name, part) or 0
