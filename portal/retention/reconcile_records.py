"""Evidence, signatures and papers: each row has its file, each file its row."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select

from portal.applications.models import ApplicationFile
from portal.documents.models import IssuedDocument
from portal.handover.models import HandoverReceipt
from portal.jobs.models import Job
from portal.restrictions.models import UseRestriction
from portal.retention.difference import Difference
from portal.retention.look import is_settled, read
from portal.runtime import vault

#: Every column that names a blob of the records vault which must be there.
_NAMED = (
    select(ApplicationFile.public_id).where(ApplicationFile.destroyed_at.is_(None)),
    select(IssuedDocument.public_id),
    select(Job.public_id).where(Job.kind == "ledger_export", Job.state == "done"),
    *(
        select(column).where(column.is_not(None))
        for column in (
            HandoverReceipt.unsigned_blob,
            HandoverReceipt.transferor_signature,
            HandoverReceipt.transferee_signature,
            UseRestriction.signature,
        )
    ),
)


def compare_records(grace_s: float, *, repair: bool) -> Iterator[Difference]:
    """`row_without_record` and `record_without_row`; the latter are removed with `repair`."""
    records = vault().records
    missing = _named() - set(records.blobs())
    if missing:  # looked at again: a file may have been destroyed between the two looks
        yield from (Difference("row_without_record", one) for one in sorted(missing & _named()))
    present = set(records.blobs())
    for one in sorted(present - _named()):
        if is_settled(records.modified_at(one), grace_s):
            yield Difference("record_without_row", one, repair and records.remove(one))


def _named() -> set[str]:
    return {one for statement in _NAMED for one in read(statement) if one is not None}
