"""Days off that no calendar knew beforehand (임시공휴일)."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal import clock
from portal.accounts.models import Account
from portal.database import UtcDateTime
from portal.extensions import Model
from portal.ids import public_id


class ExtraHoliday(Model):
    """One 임시공휴일, in Seoul; counted besides those of the kept calendar."""

    __tablename__ = "extra_holiday"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=public_id)
    day: Mapped[date] = mapped_column(Date, unique=True)
    name: Mapped[str] = mapped_column(String(50))
    added_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)

    added_by: Mapped[Account] = relationship()
