"""Signed checkpoints: the log is pruned up to one, and `verify` starts from the latest."""

from __future__ import annotations

import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import delete, insert, select

from portal import clock
from portal.audit.models import AuditCheckpoint, AuditEvent
from portal.audit.record import audit_key, record
from portal.database import write
from portal.extensions import db
from portal.runtime import settings, vault

#: Events a transaction: short enough that nobody waits for it.
BATCH = 2_000


@dataclass(frozen=True)
class Pruned:
    """How many events one run removed, and up to which number; `upto` None where none is due."""

    events: int
    upto: int | None


def prune() -> Pruned:
    """Remove the events that are older than the settings keep them (2 years by law).

    First a signed checkpoint and its event, then the events in batches: whatever is killed in
    between, the rest is covered by the checkpoint and goes with the next run.
    """
    upto = _place_checkpoint()
    if upto is None:
        return Pruned(0, None)
    removed = 0
    while count := _remove_batch(upto):
        removed += count
    return Pruned(removed, upto)


class Signed(Protocol):
    """A place in the chain and who says so: a checkpoint, or a head of the second file."""

    @property
    def seq(self) -> Any: ...
    @property
    def mac(self) -> Any: ...
    @property
    def at(self) -> Any: ...
    @property
    def key_id(self) -> Any: ...
    @property
    def signature(self) -> Any: ...


def sign(seq: int, mac: str, at: datetime, *, what: str) -> tuple[str, str]:
    """The key's id and an HMAC-SHA256 (hex) that says: after event `seq` the chain stood at `mac`.

    `what` keeps checkpoints and heads apart: neither can be passed off as the other.
    """
    key_id, key = audit_key()
    return key_id, _signature(key, [what, seq, mac, _utc(at), key_id])


def is_signed(one: Signed, *, what: str) -> bool:
    """Whether a key of the chain signed it: the one in force, or one that was in force before."""
    key = vault().keyring.keys("audit").by_id.get(one.key_id)
    if key is None:
        return False
    expected = _signature(key, [what, one.seq, one.mac, _utc(one.at), one.key_id])
    return hmac.compare_digest(expected.encode(), one.signature.encode())


def is_genuine(checkpoint: AuditCheckpoint) -> bool:
    """Whether the chain's key signed it."""
    return is_signed(checkpoint, what="checkpoint")


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _signature(key: bytes, fields: list[Any]) -> str:
    text = json.dumps(fields, ensure_ascii=True, separators=(",", ":"))
    return hmac.digest(key, text.encode(), "sha256").hex()


def checkpoints() -> Sequence[AuditCheckpoint]:
    """All of them, the latest last."""
    return db.session.scalars(select(AuditCheckpoint).order_by(AuditCheckpoint.seq)).all()


def _place_checkpoint() -> int | None:
    """The number up to which may be pruned, after its checkpoint is committed; None: none."""
    before = clock.now() - timedelta(days=settings().log.keep_days)
    last = _last_expired(before)
    placed = db.session.scalar(select(AuditCheckpoint.seq).order_by(AuditCheckpoint.seq.desc()))
    if last is None or (placed is not None and placed >= last.seq):
        return placed
    now = clock.now()
    key_id, signature = sign(last.seq, last.mac, now, what="checkpoint")
    with write() as session:
        session.execute(
            insert(AuditCheckpoint).values(
                seq=last.seq, mac=last.mac, at=now, key_id=key_id, signature=signature
            )
        )
        record("log.prune", by=None, upto=last.seq, before=clock.seoul(before).date().isoformat())
    return last.seq


def _last_expired(before: datetime) -> AuditEvent | None:
    """The last event of the log's beginning that is old enough to go.

    Numbers are given at the commit and times a moment earlier, so two neighbours may stand the
    other way round: nothing after the first event that is kept is removed.
    """
    kept = select(AuditEvent.seq).where(AuditEvent.at >= before).order_by(AuditEvent.at).limit(50)
    first_kept = min(db.session.scalars(kept), default=None)
    expired = select(AuditEvent).where(AuditEvent.at < before)
    if first_kept is not None:
        expired = expired.where(AuditEvent.seq < first_kept)
    return db.session.scalar(expired.order_by(AuditEvent.seq.desc()).limit(1))


def _remove_batch(upto: int) -> int:
    numbers = select(AuditEvent.seq).where(AuditEvent.seq <= upto).order_by(AuditEvent.seq)
    found = db.session.scalars(numbers.limit(BATCH)).all()
    if not found:
        return 0
    with write() as session:
        covered = AuditEvent.seq.between(found[0], found[-1])
        removal = delete(AuditEvent).where(covered).execution_options(synchronize_session=False)
        return int(session.execute(removal).rowcount)  # type: ignore[attr-defined]
