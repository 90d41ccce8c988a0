"""The change of the master key on record: a new key for the log's chain, an event, a head."""

from __future__ import annotations

import json

from sqlalchemy import select

from portal import audit
from portal.audit.heads import note_head
from portal.audit.models import AuditEvent
from portal.database import write
from portal.extensions import db
from portal.runtime import vault
from portal.vault.change_master import Change


def note_change(change: Change) -> None:
    """Whoever knew the old key must not be able to write the log anew: from here on another key
    chains it, and a head signed with that one stands for all that came before. Repeatable."""
    detail = {"old": change.old_id, "new": change.new_id}
    noted = select(AuditEvent.seq).where(
        AuditEvent.action == "key.change_master",
        AuditEvent.detail == json.dumps(detail, sort_keys=True, separators=(",", ":")),
    )
    if db.session.scalar(noted) is None:
        vault().keyring.begin("audit")
        with write():
            audit.record("key.change_master", by=None, old=change.old_id, new=change.new_id)
    note_head(at_once=True)
