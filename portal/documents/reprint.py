"""Printing an issued paper again: the same bytes, and in the log who and why."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select

from portal import audit
from portal.audit.models import AuditEvent
from portal.audit.record import HasPublicId
from portal.documents.models import IssuedDocument
from portal.extensions import db

_ACTION = "document.reprint"
_LONGEST_REASON = 200


class NoReason(Exception):
    """A reprint without a reason."""

    def __str__(self) -> str:
        return f"다시 인쇄하는 사유를 {_LONGEST_REASON}자까지 적어 주십시오."


def note(document: IssuedDocument, *, by: HasPublicId, why: str) -> None:
    """Inside `write()`. Raises `NoReason`."""
    reason = " ".join(why.split())
    if not reason or len(reason) > _LONGEST_REASON:
        raise NoReason
    audit.record(_ACTION, by=by, on=document, reason=reason, kind=document.kind)


def counts(documents: Sequence[IssuedDocument]) -> dict[str, int]:
    """How often each was printed again, by public id; those never are not in it."""
    ids = [document.public_id for document in documents]
    statement = (
        select(AuditEvent.subject, func.count())
        .where(AuditEvent.action == _ACTION, AuditEvent.subject.in_(ids))
        .group_by(AuditEvent.subject)
    )
    return {subject: count for subject, count in db.session.execute(statement) if subject}
