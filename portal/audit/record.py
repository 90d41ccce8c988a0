"""Writing events: with the change they describe, or alone for refusals (decision 5)."""

from __future__ import annotations

import json
from contextvars import ContextVar
from dataclasses import asdict
from typing import Any, Protocol

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from portal import clock
from portal.audit.chain import Entry, mac
from portal.audit.models import AuditEvent, AuditHead
from portal.database import NOTES, seals, write, writing
from portal.runtime import vault

#: Where the request comes from: a client address, "cli" or "worker".
origin: ContextVar[str] = ContextVar("portal_origin", default="cli")


class HasPublicId(Protocol):
    @property
    def public_id(self) -> Any: ...


class Subject(HasPublicId, Protocol):
    __tablename__: str


def record(
    action: str,
    *,
    by: HasPublicId | None,
    on: Subject | None = None,
    reason: str | None = None,
    **detail: str | int | bool | None,
) -> None:
    """Note an event in the open `write()`; it is sealed into the chain just before the commit.

    `detail` takes opaque ids, counts and code words only: no names, numbers or typed text.
    """
    writing().info[NOTES].append(
        {
            "at": clock.now(),
            "action": action,
            "account": by.public_id if by else None,
            "origin": origin.get(),
            "subject_kind": on.__tablename__ if on else None,
            "subject": on.public_id if on else None,
            "reason": reason,
            "detail": json.dumps(detail, ensure_ascii=True, sort_keys=True, separators=(",", ":")),
        }
    )


def record_alone(action: str, **fields: Any) -> None:
    """Note an event in a transaction of its own, so that no rollback erases it (refusals)."""
    with write():
        record(action, **fields)


def audit_key() -> tuple[str, bytes]:
    """The id and the key of the chain that is in force."""
    keys = vault().keyring.keys("audit")
    return keys.current_id, keys.current


def seal(session: Session) -> None:
    """Give the pending events their numbers and MACs; the head is locked here, last."""
    pending = session.info[NOTES]
    if not pending:
        return
    key_id, key = audit_key()
    head = session.execute(
        select(AuditHead.seq, AuditHead.mac).where(AuditHead.id == 1).with_for_update()
    ).one()
    seq, before = head.seq, head.mac
    rows = []
    for event in pending:
        seq += 1
        entry = Entry(seq=seq, key_id=key_id, **event)
        before = mac(key, before, entry)
        rows.append({**asdict(entry), "mac": before})
    session.execute(insert(AuditEvent), rows)
    session.execute(update(AuditHead).where(AuditHead.id == 1).values(seq=seq, mac=before))


seals.append(seal)
