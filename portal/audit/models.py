"""The log's rows. Triggers (migrations) refuse every UPDATE, and DELETE after the checkpoint."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.database import UtcDateTime
from portal.extensions import Model


class AuditEvent(Model):
    """One event. Ids are opaque; no name, number, search text or code stands here."""

    __tablename__ = "audit_event"

    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    action: Mapped[str] = mapped_column(String(60))
    account: Mapped[str | None] = mapped_column(String(32))
    origin: Mapped[str] = mapped_column(String(64))
    subject_kind: Mapped[str | None] = mapped_column(String(30))
    subject: Mapped[str | None] = mapped_column(String(32))
    reason: Mapped[str | None] = mapped_column(Text)
    detail: Mapped[str] = mapped_column(Text)
    key_id: Mapped[str] = mapped_column(String(16))
    mac: Mapped[str] = mapped_column(String(64))

    __table_args__ = (
        Index(None, "account", "seq"),
        Index(None, "subject", "seq"),
        Index(None, "action", "seq"),
        Index(None, "at"),
    )


class AuditHead(Model):
    """The chain's end: one row, locked last in every transaction that logs."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(BigInteger)
    mac: Mapped[str] = mapped_column(String(64))

    __table_args__ = (CheckConstraint("id = 1", name="single_row"),)


class AuditCheckpoint(Model):
    """Up to `seq` the log may be pruned; `verify` starts from here. Signed with the chain's key."""

    __tablename__ = "audit_checkpoint"

    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    #: The MAC of the event with this number: what the next event's MAC builds on.
    mac: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    key_id: Mapped[str] = mapped_column(String(16))
    signature: Mapped[str] = mapped_column(String(64))


class AuditVerification(Model):
    """What the worker found when it verified the log (daily)."""

    __tablename__ = "audit_verification"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    events: Mapped[int] = mapped_column(BigInteger)
    first_bad: Mapped[int | None] = mapped_column(BigInteger)
    problem: Mapped[str | None] = mapped_column(String(200))


class AuditView(Model):
    """Remembers who looked at what within the last minutes, so that one look is one event."""

    __tablename__ = "audit_view"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    subject: Mapped[str] = mapped_column(String(32), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
