"""What only a person can see: whether the recorder itself still keeps old calls."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal import clock
from portal.accounts.models import Account
from portal.database import UtcDateTime
from portal.extensions import Model


class RecorderCheck(Model):
    """녹취장비 자체 보관: the custodian looked at the recorder itself on a day (제8조①)."""

    __tablename__ = "recorder_check"

    id: Mapped[int] = mapped_column(primary_key=True)
    checked_on: Mapped[date] = mapped_column(Date)
    #: Whether the recorder keeps nothing that is past its day.
    clean: Mapped[bool] = mapped_column()
    note: Mapped[str] = mapped_column(String(300), default="")
    checked_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    noted_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)

    checked_by: Mapped[Account] = relationship()
