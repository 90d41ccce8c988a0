"""Yearly serials without gaps or doubles: drawn by a conditional update inside the change itself.

A serial is committed with the row that uses it or not at all, so a failure leaves no gap.
"""

from __future__ import annotations

from sqlalchemy import String, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from portal.database import writing
from portal.extensions import Model, db


class SerialCounter(Model):
    __tablename__ = "serial_counter"

    series: Mapped[str] = mapped_column(String(20), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int] = mapped_column()


def next_serial(series: str, year: int) -> int:
    """The next number of a series in a year, from 1; holds the counter until the commit."""
    session = writing()
    raised = (
        update(SerialCounter)
        .where(SerialCounter.series == series, SerialCounter.year == year)
        .values(last=SerialCounter.last + 1)
        .returning(SerialCounter.last)
    )
    serial = session.scalar(raised)
    if serial is not None:
        return serial
    try:
        with session.begin_nested():
            session.execute(insert(SerialCounter).values(series=series, year=year, last=1))
    except IntegrityError:
        # Somebody else opened the year at the same moment (PostgreSQL).
        serial = session.scalar(raised)
        assert serial is not None  # noqa: S101
        return serial
    return 1


def coming_serial(series: str, year: int) -> int:
    """The number that comes next as things stand; another change may draw it first."""
    drawn = select(SerialCounter.last)
    last = db.session.scalar(
        drawn.where(SerialCounter.series == series, SerialCounter.year == year)
    )
    return (last or 0) + 1


def last_serial(series: str, year: int) -> int:
    """The highest number drawn so far, 0 where none was."""
    found = writing().scalar(
        select(SerialCounter.last).where(SerialCounter.series == series, SerialCounter.year == year)
    )
    return found or 0
