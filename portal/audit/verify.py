"""Reading the chain again from its start: the first event that does not fit is named."""

from __future__ import annotations

import hmac
from contextlib import closing
from dataclasses import dataclass, fields

from sqlalchemy import select

from portal.audit.chain import GENESIS, Entry, mac
from portal.audit.models import AuditEvent, AuditHead
from portal.audit.record import audit_key
from portal.extensions import db

_BATCH = 5_000
_FIELDS = [field.name for field in fields(Entry)]


@dataclass(frozen=True)
class Verdict:
    """`first_bad` is the number of the first event that is changed, missing or out of order."""

    events: int
    first_bad: int | None
    problem: str | None = None

    @property
    def sound(self) -> bool:
        return self.first_bad is None


def verify() -> Verdict:
    """Check every event against the chain and the chain against its head."""
    _key_id, key = audit_key()
    columns = [getattr(AuditEvent, name) for name in [*_FIELDS, "mac"]]
    statement = select(*columns).order_by(AuditEvent.seq).execution_options(yield_per=_BATCH)
    expected, before = 1, GENESIS
    with closing(db.session.execute(statement)) as rows:
        for row in rows:
            if row.seq != expected:
                return Verdict(expected - 1, expected, "빠졌거나 순서가 바뀐 기록")
            entry = Entry(**{name: getattr(row, name) for name in _FIELDS})
            if not hmac.compare_digest(mac(key, before, entry), row.mac):
                return Verdict(expected - 1, expected, "내용이 바뀐 기록")
            expected, before = expected + 1, row.mac
    return _check_end(expected - 1, before)


def _check_end(events: int, last_mac: str) -> Verdict:
    head = db.session.execute(select(AuditHead.seq, AuditHead.mac)).one_or_none()
    if head is None or (head.seq, head.mac) != (events, last_mac):
        return Verdict(events, events + 1, "끝이 잘린 기록")
    return Verdict(events, None)
