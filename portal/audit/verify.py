"""Reading the chain again from its start, or from the checkpoint up to which it was pruned: the
first event that does not fit is named."""

from __future__ import annotations

import hmac
from contextlib import closing
from dataclasses import dataclass, fields

from sqlalchemy import select

from portal.audit.chain import GENESIS, Entry, mac
from portal.audit.checkpoint import checkpoints, is_genuine
from portal.audit.heads import Head, heads
from portal.audit.models import AuditEvent, AuditHead
from portal.audit.record import audit_key
from portal.extensions import db

_BATCH = 5_000
_FIELDS = [field.name for field in fields(Entry)]


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
        return Verdict(0, pruned + 1, "끝이 잘린 기록", pruned)
    # The end was read first: what others log while the walk goes on stands behind it.
    noted.setdefault(end.seq, end.mac)
    if end.seq == pruned and end.mac != before:
        return Verdict(0, pruned + 1, "끝이 잘린 기록", pruned)
    return _walk(pruned, before, noted)


def _walk(pruned: int, before: str, noted: dict[int, str]) -> Verdict:
    """Each event in order; `noted` are the MACs of heads known beforehand, by number."""
    _key_id, key = audit_key()
    columns = [getattr(AuditEvent, name) for name in [*_FIELDS, "mac"]]
    statement = select(*columns).where(AuditEvent.seq > pruned).order_by(AuditEvent.seq)
    last = pruned
    with closing(db.session.execute(statement.execution_options(yield_per=_BATCH))) as rows:
        for row in rows:
            if row.seq != last + 1:
                return Verdict(last - pruned, last + 1, "빠졌거나 순서가 바뀐 기록", pruned)
            entry = Entry(**{name: getattr(row, name) for name in _FIELDS})
            genuine = hmac.compare_digest(mac(key, before, entry), row.mac)
            if not genuine or noted.get(row.seq, row.mac) != row.mac:
                return Verdict(last - pruned, row.seq, "내용이 바뀐 기록", pruned)
            last, before = row.seq, row.mac
    if max(noted) > last:
        return Verdict(last - pruned, last + 1, "끝이 잘린 기록", pruned)
    return Verdict(last - pruned, None, pruned=pruned)
