"""Finding rows of the ledger: by time, kind, control number, applicant, telephone number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, Select, func, select, union
from sqlalchemy.orm import joinedload

from portal import clock, phones
from portal.applications.models import Application
from portal.beginnings import begins
from portal.extensions import db
from portal.ledger.models import LedgerNumber, LedgerRow


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What the filter box says; empty values do not narrow. Dates are days in Seoul."""

    year: int | None = None
    disclosure_type: str = ""
    since: date | None = None
    until: date | None = None
    text: str = ""


def statement(wanted: Wanted) -> Select[LedgerRow]:
    """The rows that are wanted, the newest first; to be paged."""
    chosen = all_rows().order_by(LedgerRow.year.desc(), LedgerRow.serial.desc())
    if wanted.year:
        chosen = chosen.where(LedgerRow.year == wanted.year)
    if wanted.disclosure_type:
        chosen = chosen.where(LedgerRow.disclosure_type == wanted.disclosure_type)
    if wanted.since:
        chosen = chosen.where(LedgerRow.recorded_at >= clock.midnight(wanted.since))
    if wanted.until:
        until = clock.midnight(wanted.until + timedelta(days=1))
        chosen = chosen.where(LedgerRow.recorded_at < until)
    return chosen.where(_matches(wanted.text)) if wanted.text else chosen


def _each_year() -> Select[int]:
    """From each year to the one before it, by the index: DISTINCT would read every row."""
    year = select(func.max(LedgerRow.year).label("year")).cte("year", recursive=True)
    before = select(func.max(LedgerRow.year)).where(LedgerRow.year < year.c.year).scalar_subquery()
    year = year.union_all(select(before).where(year.c.year.is_not(None)))
    return select(year.c.year)


_YEARS = _each_year()


def years() -> list[int]:
    """The years that have rows, and the present one; the latest first."""
    found = {year for year in db.session.scalars(_YEARS) if year is not None}
    return sorted(found | {clock.today().year}, reverse=True)


def rows_of_year(year: int) -> Sequence[LedgerRow]:
    """The rows of a year in the order of the paper."""
    chosen = all_rows().where(LedgerRow.year == year)
    return db.session.scalars(chosen.order_by(LedgerRow.serial)).all()


def count_of_year(year: int) -> int:
    """How many rows a year has; they are numbered 1 to this."""
    counted = select(func.count()).select_from(LedgerRow).where(LedgerRow.year == year)
    return db.session.scalar(counted) or 0


def all_rows() -> Select[LedgerRow]:
    """With what kind of applicant each is about, which the list has to know."""
    kind = joinedload(LedgerRow.application).load_only(Application.applicant_kind)
    return select(LedgerRow).options(kind)


def _matches(text: str) -> ColumnElement[bool]:
    """관리번호 and names by their beginning; a number by the whole, the beginning or its last four
    digits. Each way walks an index of its own."""
    row = select(LedgerRow.id)
    ways = [
        row.where(begins(LedgerRow.control_no, text)),
        row.where(begins(LedgerRow.applicant_name, text)),
    ]
    digits = phones.digits(text)
    if digits:
        number = select(LedgerNumber.ledger_row_id)
        ways.append(number.where(begins(LedgerNumber.number, digits)))
        if len(digits) == 4:
            ways.append(number.where(LedgerNumber.last == digits))
            same = LedgerRow.application_id == Application.id
            ways.append(row.join(Application, same).where(Application.control_last == digits))
    return LedgerRow.id.in_(union(*ways))
