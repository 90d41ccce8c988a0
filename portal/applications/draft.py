"""작성중: an application while it is being written. Nobody but the enterer sees or changes it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select

from portal import audit, clock, ids
from portal.accounts.models import Account
from portal.applications.choices import OWN_EXTENSION, SELF
from portal.applications.models import Application
from portal.applications.resident_number import MESSAGE, holds_resident_number
from portal.applications.states import FINAL, State
from portal.applications.visibility import office_id_of
from portal.applications.wording import line, paragraphs
from portal.database import lock, writing
from portal.extensions import db
from portal.recordings.models import Recording
from portal.recordings.parties import is_own_call
from portal.restrictions.in_force import Restricted, refuse_restricted
from portal.roles import Role
from portal.words import worded


@dataclass
class CannotApply(Exception):
    """The person cannot begin or change this application; `str()` says why, in Korean."""

    why: str

    def __str__(self) -> str:
        return self.why


class NotADraft(CannotApply):
    """It was submitted already, or belongs to somebody else."""


@dataclass(frozen=True, kw_only=True)
class OwnEntry:
    """What an employee types for a call of their own: number and time come from the call."""

    disclosure_type: str = "inspection"
    purpose: str = ""
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class CitizenEntry:
    """What a counter officer types for a citizen; an empty value is not filled in yet."""

    disclosure_type: str = "inspection"
    applicant_kind: str = "citizen"
    ground: int = 2
    applicant_name: str = ""
    birth_date: date | None = None
    business_no: str = ""  # 123-45-67890
    corporate_no: str = ""  # 13 digits
    representative_name: str = ""
    representative_birth: date | None = None
    address: str = ""
    contact: str = ""  # digits or an e-mail address
    relation_to_subject: str = ""
    party_check: str = ""
    party_check_note: str = ""
    identity_document: str = ""
    caller_number: str | None = ""  # digits; None for 모름
    callee_number: str | None = ""
    called_department: str = ""
    asked_from: datetime | None = None
    asked_until: datetime | None = None
    purpose: str = ""
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class ForEntry:
    """What an officer types for an employee who cannot file (`file_for.py`)."""

    disclosure_type: str = "inspection"
    identity_document: str = ""
    caller_number: str | None = ""  # digits; None for 모름
    callee_number: str | None = ""
    called_department: str = ""
    asked_from: datetime | None = None
    asked_until: datetime | None = None
    purpose: str = ""
    reason: str = ""


AnyEntry = OwnEntry | CitizenEntry | ForEntry


def new_draft_from_call(
    call: Recording,
    *,
    by: Account,
    public_id: str | None = None,
    disclosure_type: str = "inspection",
) -> Application:
    """A draft of an employee for a call of their own (제7조①제2호).

    `public_id` lets a form that is sent twice name the same draft. Raises `CannotApply` where the
    call is not the person's own, is past its day, or has an application of theirs of the same 구분
    under way: whoever wants both files two.
    """
    session = writing()
    lock(call)  # two windows at once make one draft
    guard_own_call(call, by)
    other = application_under_way(call, by, disclosure_type)
    if other:
        raise CannotApply("이 통화는 이미 신청하였습니다. 내 신청에서 진행 상태를 확인해 주십시오.")
    draft = Application(
        public_id=public_id or ids.public_id(),
        disclosure_type=disclosure_type,
        ground=2,
        applicant_kind="employee",
        applicant_id=by.person_id,
        entered_by_id=by.id,
        applicant_name=by.person.name,
        address=by.person.department_name,
        relation_to_subject=SELF,
        party_check=OWN_EXTENSION,
        caller_number=call.caller_number,
        callee_number=call.callee_number,
        asked_from=call.called_at,
        asked_until=call.called_at + timedelta(milliseconds=call.duration_ms),
        asked_recording_id=call.id,
        created_at=clock.now(),
    )
    session.add(draft)
    session.flush()
    audit.record("application.draft", by=by, on=draft)
    return draft


def new_citizen_draft(*, by: Account, public_id: str | None = None) -> Application:
    """A draft of a counter officer for a citizen. Raises `CannotApply`."""
    session = writing()
    if Role.COUNTER not in by.roles:
        raise CannotApply(worded("민원인의 신청은 {titles.counter}만 입력할 수 있습니다."))
    office_id = office_id_of(by)
    if office_id is None:
        raise CannotApply(
            worded("소속 부서가 없어 입력할 수 없습니다. {titles.custodian}에게 알려 주십시오.")
        )
    draft = Application(
        public_id=public_id or ids.public_id(),
        ground=2,
        applicant_kind="citizen",
        entered_by_id=by.id,
        office_id=office_id,
        caller_number="",
        callee_number="",
        created_at=clock.now(),
    )
    session.add(draft)
    session.flush()
    audit.record("application.draft", by=by, on=draft)
    return draft


def save_draft(application: Application, entry: AnyEntry, *, by: Account) -> None:
    """Put what was typed into the draft, complete or not.

    Raises `NotADraft`, and `CannotApply` for a 주민등록번호, which is never stored.
    """
    guard_draft(application, by)
    if not isinstance(entry, _entry_of(application)):
        raise CannotApply("신청서의 종류가 다릅니다. 처음부터 다시 작성해 주십시오.")
    _choose_type(application, entry.disclosure_type, by)
    application.purpose = _storable(line(entry.purpose))
    application.reason = _storable(paragraphs(entry.reason))
    if isinstance(entry, CitizenEntry):
        _save_applicant(application, entry, by)
        _save_call(application, entry)
    if isinstance(entry, ForEntry):
        _save_identity(application, entry.identity_document, by)
        _save_call(application, entry)
    application.saved_at = clock.now()
    writing().flush()


def _entry_of(application: Application) -> type[AnyEntry]:
    if application.applicant_id is not None:
        return OwnEntry
    return ForEntry if application.filed_for_id is not None else CitizenEntry


def guard_draft(application: Application, by: Account) -> None:
    """Hold the row and make sure that it is this person's draft. Raises `NotADraft`."""
    lock(application)
    if application.entered_by_id != by.id:
        raise NotADraft("이 신청서를 작성한 사람만 고칠 수 있습니다.")
    if application.state != State.DRAFT:
        raise NotADraft("이미 제출한 신청서는 고칠 수 없습니다.")


def guard_own_call(call: Recording, by: Account) -> None:
    """Raises `CannotApply` where the call is not the person's own or is not there any more, or the
    person's use of the portal is restricted (제9조).
    """
    try:
        refuse_restricted(by)
    except Restricted as restricted:
        raise CannotApply(str(restricted)) from restricted
    if not is_own_call(call, by.person):
        raise CannotApply(worded("본인의 내선으로 통화한 {information}만 신청할 수 있습니다."))
    if not call.is_alive:
        raise CannotApply("보관기간이 지나 삭제된 통화입니다. 신청할 수 없습니다.")


def application_under_way(
    call: Recording, by: Account, disclosure_type: str = "inspection"
) -> Application | None:
    """This person's application of a 구분 for the call that is not finished, a draft included."""
    return db.session.scalar(
        select(Application)
        .where(
            Application.asked_recording_id == call.id,
            Application.applicant_id == by.person_id,
            Application.disclosure_type == disclosure_type,
            Application.state.not_in(FINAL),
        )
        .order_by(Application.id)
        .limit(1)
    )


def _choose_type(application: Application, disclosure_type: str, by: Account) -> None:
    """구분: one of the two, and no second application of the same for one's own call."""
    if disclosure_type == application.disclosure_type:
        return
    if disclosure_type not in ("inspection", "provision"):
        raise CannotApply("구분을 열람과 제공 가운데서 골라 주십시오.")
    call = application.asked_recording
    if call is not None and application_under_way(call, by, disclosure_type):
        raise CannotApply(
            "이 통화에는 같은 구분의 신청이 이미 있습니다. 내 신청에서 확인해 주십시오."
        )
    application.disclosure_type = disclosure_type


def _save_applicant(application: Application, entry: CitizenEntry, by: Account) -> None:
    application.ground = entry.ground
    application.applicant_name = _storable(line(entry.applicant_name))
    application.applicant_kind = entry.applicant_kind
    is_organisation = entry.applicant_kind == "organisation"
    number = entry.business_no if is_organisation else _day(entry.birth_date)
    application.birth_or_business_no = number or None
    # Thirteen digits that may look like a 주민등록번호: the one field excepted from that rule.
    application.corporate_no = (entry.corporate_no if is_organisation else "") or None
    stands_in = entry.applicant_kind != "citizen"
    name = _storable(line(entry.representative_name)) if stands_in else ""
    application.representative_name = name or None
    application.representative_birth = _day(entry.representative_birth) if stands_in else None
    application.address = _storable(line(entry.address)) or None
    application.contact = _storable(line(entry.contact)) or None
    application.relation_to_subject = _storable(line(entry.relation_to_subject))
    application.party_check = entry.party_check
    application.party_check_note = _storable(line(entry.party_check_note))
    _save_identity(application, entry.identity_document, by)


def _save_identity(application: Application, document: str, by: Account) -> None:
    if document != application.identity_document:
        seen = bool(document)
        application.identity_document = document
        application.identity_checked_by_id = by.id if seen else None
        application.identity_checked_at = clock.now() if seen else None


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _save_call(application: Application, entry: CitizenEntry | ForEntry) -> None:
    application.caller_number = entry.caller_number
    application.callee_number = entry.callee_number
    application.called_department = _storable(line(entry.called_department))
    application.asked_from = entry.asked_from
    application.asked_until = entry.asked_until


def _storable(text: str) -> str:
    if holds_resident_number(text):
        raise CannotApply(MESSAGE)
    return text
