"""Reading the chain again from its start, or from the checkpoint up to which it was pruned: the
first event that does not fit is named."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError

from portal.audit.chain import GENESIS, mac_of_fields
from portal.audit.checkpoint import checkpoints, is_genuine
from portal.audit.heads import Head, heads
from portal.audit.models import AuditHead
from portal.extensions import db
from portal.runtime import vault

_BATCH = 5_000
_CHANGED = "내용이 바뀐 기록"
_MISSING = "빠졌거나 순서가 바뀐 기록"
_CUT_OFF = "끝이 잘린 기록"
#: In the order of `mac_of_fields`. Plain rows: the objects of a million events would take minutes.
_EVENTS = text(
    "SELECT seq, at, action, account, origin, subject_kind, subject, reason, detail, key_id, mac "
    "FROM audit_event WHERE seq > :pruned ORDER BY seq"
)


@dataclass(frozen=True)
class Verdict:
    """`events` were checked, those after the first `pruned`.

    `first_bad` is the number of the first event that is changed, missing or out of order.
    """

    events: int
    first_bad: int | None
    problem: str | None = None
    pruned: int = 0

    @property
    def sound(self) -> bool:
        return self.first_bad is None


def verify() -> Verdict:
    """Check every event against the chain, and the chain's end against its head and the file."""
    pruned, before = 0, GENESIS
    for checkpoint in checkpoints():
        if not is_genuine(checkpoint):
            return Verdict(0, checkpoint.seq, "서명이 맞지 않는 정리 기준점", pruned)
        pruned, before = checkpoint.seq, checkpoint.mac
    noted: dict[int, str] = {}
    for head in heads():
        if not isinstance(head, Head) or not head.is_genuine:
            return Verdict(0, pruned + 1, "서명이 맞지 않는 끝 기록(audit-heads.log)", pruned)
        if head.seq > pruned:
            noted[head.seq] = head.mac
    end = db.session.execute(select(AuditHead.seq, AuditHead.mac)).one_or_none()
    if end is None:
        return Verdict(0, pruned + 1, _CUT_OFF, pruned)
    # The end was read first: what others log while the walk goes on stands behind it.
    noted.setdefault(end.seq, end.mac)
    if end.seq == pruned and end.mac != before:
        return Verdict(0, pruned + 1, _CUT_OFF, pruned)
    return _walk(pruned, before, noted)


def _walk(pruned: int, before: str, noted: dict[int, str]) -> Verdict:
    """Each event in order; `noted` are the MACs of heads known beforehand, by number."""
    keys = vault().keyring.keys("audit")
    key_id, key, place = "", b"", -1
    last = pruned
    try:
        for seq, at, *fields, stored in _rows(pruned):
            if seq != last + 1:
                return Verdict(last - pruned, last + 1, _MISSING, pruned)
            if fields[-1] != key_id:  # a key that was replaced never comes back
                key_id, before_it = fields[-1], place
                place = keys.place(key_id)
                if place < max(before_it, 0):
                    return Verdict(last - pruned, seq, "다른 열쇠로 만든 기록", pruned)
                key = keys.by_id[key_id]
            if _mac(key, before, seq, at, fields) != stored or noted.get(seq, stored) != stored:
                return Verdict(last - pruned, seq, _CHANGED, pruned)
            last, before = seq, stored
    except OperationalError as error:
        if "UTF-8" not in str(error):
            raise
        return Verdict(last - pruned, last + 1, _CHANGED, pruned)  # SQLite: text that is no text
    if max(noted) > last:
        return Verdict(last - pruned, last + 1, _CUT_OFF, pruned)
    return Verdict(last - pruned, None, pruned=pruned)


def _rows(pruned: int) -> Iterator[Any]:
    statement = _EVENTS.execution_options(yield_per=_BATCH)
    with closing(db.session.execute(statement, {"pruned": pruned})) as result:
        for batch in result.partitions():
            yield from batch


def _mac(key: bytes, before: str, seq: int, at: str | datetime, fields: list[Any]) -> str | None:
    """None for values of another type than the log writes."""
    try:
        return mac_of_fields(key, before, seq, _as_signed(at), *fields)
    except (TypeError, ValueError):
        return None


def _as_signed(at: str | datetime) -> str:
    """SQLite keeps UTC as text without its offset, PostgreSQL as a moment."""
    if isinstance(at, str):
        return f"{at[:10]}T{at[11:]}+00:00"
    return at.astimezone(UTC).isoformat(timespec="microseconds")
