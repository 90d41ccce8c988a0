"""Blobs of the handover that came to nothing: a signature refused, a document made anew."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import or_, select

from portal.documents.models import IssuedDocument
from portal.extensions import db
from portal.handover.models import HandoverReceipt
from portal.runtime import vault


def blobs_of(receipt: HandoverReceipt | None) -> list[str]:
    """What a receipt names in the vault before it is issued."""
    if receipt is None:
        return []
    named = (receipt.unsigned_blob, receipt.transferor_signature, receipt.transferee_signature)
    return [blob for blob in named if blob]


def drop_unused(blobs: Iterable[str]) -> None:
    """Remove those of the blobs that no row names; called after the commit, or after a refusal.

    A crash before this leaves them to `portal reconcile --repair`.
    """
    offered = set(blobs)
    receipts = select(HandoverReceipt).where(
        or_(
            HandoverReceipt.unsigned_blob.in_(offered),
            HandoverReceipt.transferor_signature.in_(offered),
            HandoverReceipt.transferee_signature.in_(offered),
        )
    )
    used = {blob for receipt in db.session.scalars(receipts) for blob in blobs_of(receipt)}
    papers = select(IssuedDocument.public_id).where(IssuedDocument.public_id.in_(offered))
    used.update(db.session.scalars(papers))
    db.session.rollback()
    for blob in offered - used:
        vault().records.remove(blob)
