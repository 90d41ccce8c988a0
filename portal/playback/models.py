"""Listening sessions: the only way to hear a recording (제8조④)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Account
from portal.applications.models import Application
from portal.database import UtcDateTime
from portal.extensions import Model
from portal.ids import public_id
from portal.recordings.models import Recording


class ListeningSession(Model):
    """Opened by one fresh TOTP code and a purpose, for one application and one login."""

    __tablename__ = "listening_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=public_id)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    #: Who typed the code: the employee on the receipt, or the officer who sits in (입회).
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    login_session_id: Mapped[int] = mapped_column(ForeignKey("login_session.id"))
    attended: Mapped[bool] = mapped_column(default=False)
    #: For a citizen: the document by which the identity was checked again.
    identity_document: Mapped[str] = mapped_column(String(40), default="")
    purpose: Mapped[str] = mapped_column(String(200))
    origin: Mapped[str] = mapped_column(String(64))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    active_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    end_reason: Mapped[str | None] = mapped_column(String(30))

    application: Mapped[Application] = relationship()
    account: Mapped[Account] = relationship()
    ranges: Mapped[list[ServedRange]] = relationship(order_by="ServedRange.first_byte")


class ServedRange(Model):
    """Which bytes of which recording a session was given; touching ranges are merged."""

    __tablename__ = "served_range"

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("listening_session.id"))
    recording_id: Mapped[int] = mapped_column(ForeignKey("recording.id"))
    first_byte: Mapped[int] = mapped_column(BigInteger)
    end_byte: Mapped[int] = mapped_column(BigInteger)
    first_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_at: Mapped[datetime] = mapped_column(UtcDateTime)

    recording: Mapped[Recording] = relationship()

    # The second: for each recording that goes, the database looks for what names it.
    __table_args__ = (Index(None, "session_id", "recording_id"), Index(None, "recording_id"))
