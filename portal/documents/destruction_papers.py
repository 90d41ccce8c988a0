"""파기 기록 as an issued paper: from the tombstone that the destruction left (제8조①)."""

from __future__ import annotations

import hashlib

from sqlalchemy import Select, select

from portal import clock
from portal.accounts.models import Account
from portal.database import write
from portal.documents import destruction_record, issue
from portal.documents.addresses import verification_url
from portal.documents.models import IssuedDocument
from portal.documents.papers import reasoned
from portal.documents.wording import Wording
from portal.retention.models import Tombstone
from portal.runtime import settings

#: Who did it, and why it was done, in words.
BY_WORDS = {"worker": "포털의 자동 삭제", "cli": "포털의 명령 (자동 삭제를 손으로 실행)"}
_CAUSES = {"retention": "보관기간 경과"}
_HASH = 32  # bytes


def tombstones() -> Select[Tombstone]:
    """Every act of destruction, the latest first; to be paged."""
    return select(Tombstone).order_by(Tombstone.id.desc())


def issue_record(tombstone: Tombstone, *, by: Account, why: str) -> IssuedDocument:
    """Print and issue the record; opens `write()`. Raises `CannotIssue`, `DocumentError`."""
    why = reasoned(why)
    prepared = issue.prepare()
    number = prepared.verification_no
    pdf = destruction_record.render(
        destruction_record.DestructionRecord(
            wording=Wording.of(settings()),
            deleted_on=tombstone.delete_on,
            destroyed_at=tombstone.destroyed_at,
            by=BY_WORDS.get(tombstone.by, BY_WORDS["worker"]),
            cause=_CAUSES.get(tombstone.cause, "보관기간이 지나 도착하여 받지 않음"),
            recordings=tombstone.recordings,
            quarantined=tombstone.quarantined,
            hashes=len(tombstone.hashes) // _HASH,
            hashes_sha256=hashlib.sha256(tombstone.hashes).hexdigest(),
            record_no=tombstone.public_id,
            printed_on=clock.today(),
            verification_no=number,
            verification_url=verification_url(number),
        )
    )
    stored = issue.store(prepared, pdf)
    with write():
        return issue.issue(
            "destruction", stored, application=None, by=by, why=why, about=tombstone.public_id
        )
