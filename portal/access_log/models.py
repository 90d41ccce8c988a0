"""월 점검: what the head saw in a month's log, signed, and countersigned by the auditor."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Account
from portal.database import UtcDateTime
from portal.extensions import Model


class LogCheck(Model):
    """One month's check. `findings` are kept as signed: the events themselves are pruned later."""

    __tablename__ = "log_check"

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column()
    month: Mapped[int] = mapped_column()
    findings: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    signed_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    signed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    opinion: Mapped[str] = mapped_column(Text)
    #: The head's own entries are looked at by somebody else.
    countersigned_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    countersigned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    countersign_opinion: Mapped[str] = mapped_column(Text, default="")

    signed_by: Mapped[Account] = relationship(foreign_keys=[signed_by_id])
    countersigned_by: Mapped[Account | None] = relationship(foreign_keys=[countersigned_by_id])

    __table_args__ = (
        UniqueConstraint("year", "month"),
        CheckConstraint("month between 1 and 12", name="known_month"),
    )
