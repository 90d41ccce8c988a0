"""파기확인: whoever was provided with recordings destroys them when the purpose is met."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal import clock
from portal.accounts.models import Account
from portal.applications.models import Application
from portal.database import UtcDateTime
from portal.extensions import Model
from portal.ids import public_id


class Destruction(Model):
    """One a provision, made at its handover: awaited → confirmed, or unanswered (미회신).

    제10조제3호: 당초 요구 목적을 달성한 경우 즉시 파기.
    """

    __tablename__ = "destruction"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=public_id)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), unique=True)
    state: Mapped[str] = mapped_column(String(12), default="awaited")
    awaited_since: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    #: The day by which an answer is expected.
    answer_by: Mapped[date] = mapped_column(Date)
    unanswered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    destroyed_on: Mapped[date | None] = mapped_column(Date)
    #: How the holder said so: in the portal, or to the officer by telephone, paper, …
    told_how: Mapped[str] = mapped_column(String(20), default="")
    note: Mapped[str] = mapped_column(String(300), default="")
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    recorded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    application: Mapped[Application] = relationship()
    recorded_by: Mapped[Account | None] = relationship()

    __table_args__ = (
        CheckConstraint("state in ('awaited','unanswered','confirmed','moot')", name="known_state"),
        Index(None, "state", "answer_by"),
    )
