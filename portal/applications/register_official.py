"""공문 접수: a request on grounds 3–5 is received as it came, without Form 1 (제7조② 단서)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from portal import audit, clock, ids
from portal.accounts.models import Account, Department
from portal.applications.choices import OFFICIAL_GROUNDS
from portal.applications.complete import mistakes
from portal.applications.conflict import Conflict
from portal.applications.custody import capacity_of_custodian, guard_custodian, told_what_to_do
from portal.applications.draft import CannotApply
from portal.applications.due import due_on, first_deletion
from portal.applications.evidence import CheckedFile, add_row
from portal.applications.fitting import was_party
from portal.applications.models import Application
from portal.applications.move import move
from portal.applications.receive import enter_receipt
from portal.applications.resident_number import MESSAGE, holds_resident_number
from portal.applications.states import Action
from portal.applications.submit import Incomplete, binding_settings
from portal.applications.visibility import office_id_of
from portal.applications.wording import line, paragraphs
from portal.database import writing
from portal.runtime import settings
from portal.words import worded


@dataclass(frozen=True, kw_only=True)
class OfficialEntry:
    """What the custodian reads off the 공문."""

    ground: int
    disclosure_type: str = "provision"
    office: Department | None = None  # where an official hears; else the custodian's own
    agency: str = ""
    doc_no: str = ""
    doc_on: date | None = None
    legal_basis: str = ""
    department: str = ""
    rank: str = ""
    name: str = ""
    contact: str = ""  # digits or an e-mail address
    caller_number: str | None = ""  # digits; None for 모름
    callee_number: str | None = ""
    called_department: str = ""
    asked_from: datetime | None = None
    asked_until: datetime | None = None
    purpose: str = ""
    reason: str = ""


def register_official(
    entry: OfficialEntry,
    papers: Sequence[CheckedFile],
    *,
    by: Account,
    public_id: str | None = None,
) -> Application:
    """Register a 공문 as a received application, inside `write()`.

    `papers` is the scan, in the vault already. Raises `NotCustodian`, `CannotApply` for a
    주민등록번호 or another ground, `Incomplete` with all mistakes, and `Conflict` where the
    custodian was a party to a call that fits.
    """
    if entry.ground not in OFFICIAL_GROUNDS:
        raise CannotApply(
            worded(
                "공문으로 접수하는 근거는 {articles.ground_statute}, "
                "{articles.ground_investigation}, {articles.ground_court}입니다."
            )
        )
    row = _row(entry, by, public_id or ids.public_id())
    writing().add(row)
    writing().flush()
    guard_custodian(row, by)
    for paper in papers:
        add_row(row, paper, by=by)
    if errors := mistakes(row):
        raise Incomplete(errors)
    if was_party(row, by):
        raise told_what_to_do(Conflict("해당 통화의 당사자이므로"), row)
    row.due_on = due_on(clock.today(), settings().application.due_days, first_deletion(row))
    enter_receipt(row, by)
    move(row, Action.REGISTER, by=by, capacity=capacity_of_custodian(row, by))
    audit.record("application.registered", by=by, on=row, ground=row.ground, files=len(papers))
    return row


def _row(entry: OfficialEntry, by: Account, public_id: str) -> Application:
    now, department = clock.now(), _storable(entry.department)
    return Application(
        public_id=public_id,
        ground=entry.ground,
        disclosure_type=entry.disclosure_type,
        applicant_kind="organisation",
        entered_by_id=by.id,
        office_id=entry.office.id if entry.office else office_id_of(by),
        applicant_name=_storable(entry.agency),
        address=department or None,
        official_doc_no=_storable(entry.doc_no),
        official_doc_on=entry.doc_on,
        legal_basis=_storable(entry.legal_basis),
        official_department=department,
        official_rank=_storable(entry.rank),
        official_name=_storable(entry.name) or None,
        official_contact=_storable(entry.contact) or None,
        caller_number=entry.caller_number,
        callee_number=entry.callee_number,
        called_department=_storable(entry.called_department),
        asked_from=entry.asked_from,
        asked_until=entry.asked_until,
        purpose=_storable(entry.purpose),
        reason=_checked(paragraphs(entry.reason)),
        created_at=now,
        saved_at=now,
        submitted_at=now,
        settings_snapshot=binding_settings(),
    )


def _storable(text: str) -> str:
    return _checked(line(text))


def _checked(text: str) -> str:
    if holds_resident_number(text):
        raise CannotApply(MESSAGE)
    return text
