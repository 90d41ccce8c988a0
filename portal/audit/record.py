"""Writing events: with the change they describe, or alone for refusals (decision 5)."""

from __future__ import annotations

import json
from contextvars import ContextVar
from typing import Any, Protocol, cast

from sqlalchemy import Table, bindparam, insert, select, update
from sqlalchemy.orm import Session

from portal import clock
from portal.audit.chain import Entry, mac
from portal.audit.models import AuditEvent, AuditHead
from portal.database import NOTES, RELEASES_BEFORE_FLUSH, owe_flush, seals, write_apart, writing
from portal.runtime import vault

#: Where the request comes from: a client address, "cli" or "worker".
origin: ContextVar[str] = ContextVar("portal_origin", default="cli")

_HEAD, _EVENTS = cast(Table, AuditHead.__table__), cast(Table, AuditEvent.__table__)
_LOCKED_HEAD = select(_HEAD.c.seq, _HEAD.c.mac).where(_HEAD.c.id == 1).with_for_update()
_ADD = insert(_EVENTS)
_MOVE_HEAD = (
    update(_HEAD).where(_HEAD.c.id == 1).values(seq=bindparam("to"), mac=bindparam("with_mac"))
)
# On PostgreSQL: nothing but one question and one answer lies between the lock and the commit.
_LOCKED_HEAD_EARLY = _LOCKED_HEAD.add_columns(RELEASES_BEFORE_FLUSH)
_ADD_AND_MOVE = _MOVE_HEAD.add_cte(
    insert(_EVENTS).values({column.name: bindparam(column.name) for column in _EVENTS.c}).cte()
)


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
    note(writing(), action, by=by, on=on, reason=reason, **detail)


def note(
    session: Session,
    action: str,
    *,
    by: HasPublicId | None = None,
    on: Subject | None = None,
    reason: str | None = None,
    **detail: str | int | bool | None,
) -> None:
    """The same for the session of a `write_apart()`, which is then sealed by hand."""
    session.info[NOTES].append(
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
    with write_apart() as session:
        note(session, action, **fields)
        seal(session)


def audit_key() -> tuple[str, bytes]:
    """The id and the key of the chain that is in force."""
    keys = vault().keyring.keys("audit")
    return keys.current_id, keys.current


def seal(session: Session) -> None:
    """Give the pending events their numbers and MACs; the head is locked here, last.

    Plain statements on tables: everybody who writes waits for what is done under this lock.
    """
    pending = session.info[NOTES]
    if not pending:
        return
    key_id, key = audit_key()
    connection = session.connection()
    early = owe_flush(session)
    seq, before, *_ = connection.execute(_LOCKED_HEAD_EARLY if early else _LOCKED_HEAD).one()
    rows = []
    for event in pending:
        seq += 1
        before = mac(key, before, Entry(seq=seq, key_id=key_id, **event))
        rows.append({**event, "seq": seq, "key_id": key_id, "mac": before})
    if early and len(rows) == 1:
        connection.execute(_ADD_AND_MOVE, {**rows[0], "to": seq, "with_mac": before})
    else:
        connection.execute(_ADD, rows)
        connection.execute(_MOVE_HEAD, {"to": seq, "with_mac": before})


seals.append(seal)
