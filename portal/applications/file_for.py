"""Filing for an employee who cannot: restricted (제9조), or without an account of their own.

A restricted person keeps the right of a party (제7조①제2호). A custodian or a counter officer files
for them; they sign Form 1, hear at a counter under 입회, and receive what is provided by hand.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, exists, or_, select

from portal import audit, clock, ids
from portal.accounts.models import Account, Department, Person, Posting, RoleGrant
from portal.applications.choices import OWN_EXTENSION, SELF
from portal.applications.draft import CannotApply
from portal.applications.models import Application
from portal.database import writing
from portal.extensions import db
from portal.restrictions.in_force import restriction_of
from portal.restrictions.models import UseRestriction
from portal.roles import Role
from portal.words import worded

FILERS = frozenset({Role.CUSTODIAN, Role.COUNTER})
MOST_FOUND = 20


def new_draft_for(
    person: Person, *, by: Account, office: Department, public_id: str | None = None
) -> Application:
    """A draft for an employee who cannot file it, inside `write()`.

    `office` is the counter at which they will hear. Raises `CannotApply`.
    """
    guard_filing_for(person, by)
    if office not in counters():
        raise CannotApply(
            worded("열람할 창구를 골라 주십시오. {titles.counter:이/가} 있는 부서여야 합니다.")
        )
    draft = Application(
        public_id=public_id or ids.public_id(),
        ground=2,
        applicant_kind="employee",
        filed_for_id=person.id,
        entered_by_id=by.id,
        office_id=office.id,
        applicant_name=person.name,
        address=person.department_name,
        relation_to_subject=SELF,
        party_check=OWN_EXTENSION,
        caller_number="",
        callee_number="",
        created_at=clock.now(),
    )
    writing().add(draft)
    writing().flush()
    audit.record("application.draft", by=by, on=draft)
    return draft


def guard_filing_for(person: Person, by: Account) -> None:
    """Raises `CannotApply` unless this officer may file for this employee now."""
    if not by.is_active or by.roles.isdisjoint(FILERS):
        raise CannotApply(
            worded(
                "{titles.custodian:과/와} {titles.counter}만 직원의 신청을 대신 입력할 수 있습니다."
            )
        )
    if person.id == by.person_id:
        raise CannotApply("본인의 신청은 다른 담당자가 입력하여야 합니다.")
    if not cannot_file(person):
        raise CannotApply(
            "포털을 쓸 수 있는 직원입니다. 본인이 '내 통화'에서 직접 신청하여야 합니다."
        )


def cannot_file(person: Person) -> bool:
    """Whether the employee has no open account, or their use of the portal is restricted."""
    accounts = db.session.scalars(
        select(Account).where(Account.person_id == person.id, Account.are_open())
    ).all()
    return all(restriction_of(account) is not None for account in accounts)


def counters() -> list[Department]:
    """The departments where somebody sits at a counter today."""
    today = clock.today()
    at_counter = (
        select(Posting.department_id)
        .join(Account, Account.person_id == Posting.person_id)
        .join(RoleGrant, RoleGrant.account_id == Account.id)
        .where(
            RoleGrant.role == Role.COUNTER,
            RoleGrant.revoked_at.is_(None),
            Account.are_open(),
            Posting.from_on <= today,
            Posting.until_on.is_(None) | (Posting.until_on > today),
        )
    )
    found = select(Department).where(Department.id.in_(at_counter)).order_by(Department.name)
    return list(db.session.scalars(found))


def employees_named(text: str) -> list[Person]:
    """Those for whom can be filed, by the beginning of the name; the first 20 of them."""
    begins = text.replace("\\", "").replace("%", "").replace("_", "")
    if len(begins) < 2:
        return []
    # Of thirty of one name the one who cannot file may be the last: chosen first, cut afterwards.
    named = (
        select(Person)
        .where(Person.name.like(begins + "%"), or_(~_with_account(), _restricted()))
        .order_by(Person.name, Person.id)
    )
    found: list[Person] = []
    for person in db.session.scalars(named):
        if len(found) == MOST_FOUND:
            break
        if cannot_file(person):
            found.append(person)
    return found


def _with_account() -> ColumnElement[bool]:
    return exists().where(Account.person_id == Person.id, Account.are_open()).correlate(Person)


def _restricted() -> ColumnElement[bool]:
    """Who was ever restricted; `cannot_file` asks whether they are today."""
    return exists().where(UseRestriction.person_id == Person.id).correlate(Person)
