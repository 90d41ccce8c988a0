"""Signed heads in a second file, `<data>/audit-heads.log`, outside the database.

Who owns the database but not the key can cut off the log's end and set its head back to an
earlier, genuine place. A line here remembers that the log was longer. The file only grows; it may
be copied to another machine, and `verify` then tells even that both were cut.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from portal import clock
from portal.audit.checkpoint import is_signed, sign
from portal.audit.models import AuditHead
from portal.extensions import db
from portal.runtime import config

EVERY = timedelta(hours=1)
EVERY_EVENTS = 500
_TAIL = 1024  # bytes; a line has about 180


@dataclass(frozen=True)
class Head:
    """One line: at `at` the log ended with event `seq`, whose MAC was `mac`."""

    seq: int
    mac: str
    at: datetime
    key_id: str
    signature: str

    @property
    def is_genuine(self) -> bool:
        return is_signed(self, what="head")


def path() -> Path:
    return config().data / "audit-heads.log"


def note_head(*, at_once: bool = False) -> bool:
    """Append the present head where the last line is an hour or `EVERY_EVENTS` events old.

    `at_once`: however young that one is, say because the key just changed.
    """
    head = db.session.execute(select(AuditHead.seq, AuditHead.mac)).one()
    db.session.rollback()
    last, now = _last_line(), clock.now()
    if head.seq == 0 or (last and head.seq <= last.seq):
        return False
    young = last and now - last.at < EVERY and head.seq - last.seq < EVERY_EVENTS
    if young and not at_once:
        return False
    key_id, signature = sign(head.seq, head.mac, now, what="head")
    _append(f"{head.seq} {head.mac} {now.isoformat()} {key_id} {signature}\n")
    return True


def heads() -> Iterator[Head | None]:
    """Every line in order; None for one that is no head. A last line without its end is skipped:
    the power went while it was written."""
    if not path().exists():
        return
    with path().open("rb") as file:
        for line in file:
            if line.endswith(b"\n"):
                yield _parsed(line)


def _last_line() -> Head | None:
    try:
        with path().open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(size - _TAIL, 0))
            lines = [line for line in file.read().splitlines(keepends=True) if line.strip()]
    except FileNotFoundError:
        return None
    whole = [line for line in lines if line.endswith(b"\n")]
    return _parsed(whole[-1]) if whole else None


def _append(line: str) -> None:
    """One write to the end, durable. What an unfinished line left is closed first."""
    target = os.open(path(), os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        size = os.fstat(target).st_size
        torn = size > 0 and os.pread(target, 1, size - 1) != b"\n"
        if torn:
            os.ftruncate(target, _end_of_whole_lines(target, size))
        os.write(target, line.encode())
        os.fsync(target)
    finally:
        os.close(target)


def _end_of_whole_lines(target: int, size: int) -> int:
    start = max(size - _TAIL, 0)
    return start + os.pread(target, size - start, start).rfind(b"\n") + 1


def _parsed(line: bytes) -> Head | None:
    try:
        seq, mac, at, key_id, signature = line.decode("ascii").split()
        moment = datetime.fromisoformat(at)
        return Head(int(seq), mac, moment, key_id, signature) if moment.tzinfo else None
    except ValueError:
        return None
