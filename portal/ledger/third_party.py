"""「개인정보의 목적 외 이용 및 제3자 제공 대장」: which rows of the ledger it holds, and what of it
is made public (개인정보 보호법 제18조†, worded in the settings).

It is no second ledger: each line is a row of Form 3 whose ground is a provision to a third party.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Select, literal, select, text
from sqlalchemy.orm import joinedload

from portal import audit, clock
from portal.accounts.models import Account
from portal.applications.models import NOT_A_PARTY, Application
from portal.applications.wording import line
from portal.database import lock, writing
from portal.documents.glyphs import unprintable
from portal.extensions import db
from portal.ledger.models import LedgerRow, Publication
from portal.runtime import settings
from portal.web.paging import Whole

_LONGEST_PLACE = 200
_AT_ONCE = 500  # ids in one question
#: What a line says of it (`third_party_paper.paper_line`).
_WITH_APPLICATION = joinedload(LedgerRow.application).load_only(
    Application.public_id,  # its encrypted values are bound to it
    Application.applicant_name,
    Application.applicant_kind,
    Application.official_department,
    Application.official_rank,
    Application.official_name,
    Application.official_contact,
    Application.legal_basis,
    Application.purpose,
)


class CannotPublish(Exception):
    """`str()` says what is wrong with what was noted, in Korean; `field` where."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True)
class Entry:
    """One line: the ledger's row, and its latest publication."""

    row: LedgerRow
    publication: Publication | None

    @property
    def application(self) -> Application:
        return self.row.application

    @property
    def is_to_be_published(self) -> bool:
        return settings().third_party.is_published(self.row.ground)

    @property
    def publish_by(self) -> date:
        """The last day on which it is to be made public."""
        provided_on = clock.seoul(self.row.recorded_at).date()
        return provided_on + timedelta(days=settings().third_party.publish_days)

    @property
    def waits(self) -> bool:
        return self.is_to_be_published and self.publication is None


def whole_rows() -> Whole:
    """How the rows of `statement` are loaded once it is known which."""
    return LedgerRow.id, select(LedgerRow).options(_WITH_APPLICATION)


def statement(year: int | None = None, *, waiting: bool = False) -> Select[LedgerRow]:
    """The rows, their applications loaded, the newest first; to be paged.

    `waiting`: only what is to be made public and was not yet.
    """
    law = settings().third_party
    grounds = [g for g in law.grounds if not waiting or law.is_published(g)]
    chosen = (
        select(LedgerRow)
        .options(_WITH_APPLICATION)
        # Written out: PostgreSQL plans once for all only where it sees how few these are.
        .where(LedgerRow.ground.in_([literal(g, literal_execute=True) for g in grounds]))
        .order_by(LedgerRow.year.desc(), LedgerRow.serial.desc())
    )
    if 2 not in grounds:
        chosen = chosen.where(text(f"ledger_row.{NOT_A_PARTY}"))
    if waiting:
        chosen = chosen.where(LedgerRow.id.not_in(select(Publication.ledger_row_id)))
    return chosen.where(LedgerRow.year == year) if year else chosen


def of_year(year: int) -> list[Entry]:
    """The lines of a year in the order of the paper."""
    chosen = statement(year).order_by(None).order_by(LedgerRow.serial)
    return entries(db.session.scalars(chosen).all())


def waiting_entries() -> list[Entry]:
    """What is to be made public and was not yet, the oldest first."""
    return entries(list(reversed(db.session.scalars(statement(waiting=True)).all())))


def entries(rows: Sequence[LedgerRow]) -> list[Entry]:
    """The lines of these rows with their publications."""
    latest: dict[int, Publication] = {}
    ids = [row.id for row in rows]
    for first in range(0, len(ids), _AT_ONCE):
        some = Publication.ledger_row_id.in_(ids[first : first + _AT_ONCE])
        made = select(Publication).where(some).order_by(Publication.id)
        latest.update((found.ledger_row_id, found) for found in db.session.scalars(made))
    return [Entry(row, latest.get(row.id)) for row in rows]


def entry_named(public_id: str) -> Entry | None:
    """The line of a ledger row (public id); None where it has none in this ledger."""
    found = db.session.scalars(statement().where(LedgerRow.public_id == public_id)).all()
    return entries(found)[0] if found else None


def publish(entry: Entry, *, on: date, place: str, by: Account) -> Publication:
    """Note that it was made public, inside `write()`; again to correct. Raises `CannotPublish`."""
    row, place = entry.row, line(place)
    lock(row)
    if not entry.is_to_be_published:
        raise CannotPublish("place", "공개 대상이 아닌 제공입니다. 번호를 다시 확인해 주십시오.")
    if not clock.seoul(row.recorded_at).date() <= on <= clock.today():
        raise CannotPublish("on", "공개한 날을 제공한 날부터 오늘까지의 날짜로 적어 주십시오.")
    if not place or len(place) > _LONGEST_PLACE:
        raise CannotPublish("place", f"공개한 곳을 {_LONGEST_PLACE}자까지 적어 주십시오.")
    if refused := unprintable(place):
        raise CannotPublish("place", refused)
    publication = Publication(
        ledger_row_id=row.id, published_on=on, place=place, recorded_by_id=by.id
    )
    writing().add(publication)
    writing().flush()
    audit.record("third_party.published", by=by, on=row)
    return publication
