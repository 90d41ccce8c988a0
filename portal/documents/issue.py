"""Issuing a paper: its bytes are kept as they are, and a reprint serves them (documents.md)."""

from __future__ import annotations

import base64
import secrets
from dataclasses import dataclass

from sqlalchemy import select

from portal import audit
from portal.accounts.models import Account
from portal.applications.models import Application
from portal.database import writing
from portal.documents.models import IssuedDocument
from portal.extensions import db
from portal.ids import public_id
from portal.runtime import vault

_VERIFICATION_BYTES = 10  # 80 random bits


@dataclass(frozen=True)
class Prepared:
    """A paper's ids, drawn before it is rendered because the number is printed on it."""

    document_id: str
    verification_no: str


@dataclass(frozen=True)
class Stored:
    """A rendered paper whose bytes are durable already; `issue` makes it an issued one."""

    prepared: Prepared
    sha256: str
    size: int


def prepare() -> Prepared:
    """New ids for a paper. The verification number is `XXXX-XXXX-XXXX-XXXX`, 80 random bits."""
    digits = base64.b32encode(secrets.token_bytes(_VERIFICATION_BYTES)).decode()
    grouped = "-".join(digits[n : n + 4] for n in range(0, len(digits), 4))
    return Prepared(document_id=public_id(), verification_no=grouped)


def store(prepared: Prepared, pdf: bytes) -> Stored:
    """Keep the bytes, encrypted, before the row that names them is committed (decision 6)."""
    blob = vault().records.put(prepared.document_id, pdf)
    return Stored(prepared, blob.sha256, blob.size)


def issue(
    kind: str,
    stored: Stored,
    *,
    application: Application | None,
    by: Account,
    why: str,
    about: str = "",
) -> IssuedDocument:
    """Enter a stored paper as issued, inside the change it belongs to.

    `about` names what a paper without application is about, such as `2026-10` of the log.
    """
    document = IssuedDocument(
        public_id=stored.prepared.document_id,
        kind=kind,
        application_id=application.id if application else None,
        verification_no=stored.prepared.verification_no,
        sha256=stored.sha256,
        size=stored.size,
        issued_by_id=by.id,
        why=why,
        about=about,
    )
    writing().add(document)
    writing().flush()
    audit.record("document.issue", by=by, on=document, kind=kind)
    return document


def discard(stored: Stored) -> None:
    """Remove stored bytes that will not be issued."""
    vault().records.remove(stored.prepared.document_id)


def issued_for(application: Application, kind: str | None = None) -> list[IssuedDocument]:
    """The papers of an application (of one kind), the latest first."""
    statement = select(IssuedDocument).where(IssuedDocument.application_id == application.id)
    if kind:
        statement = statement.where(IssuedDocument.kind == kind)
    return list(db.session.scalars(statement.order_by(IssuedDocument.id.desc())))


def issued_about(kind: str, about: str) -> list[IssuedDocument]:
    """The papers of a kind about one thing, the latest first."""
    its = (IssuedDocument.kind == kind) & (IssuedDocument.about == about)
    return list(
        db.session.scalars(select(IssuedDocument).where(its).order_by(IssuedDocument.id.desc()))
    )


def read(document: IssuedDocument) -> bytes:
    """The bytes as they were issued."""
    return vault().records.get(document.public_id)
