"""Which accounts stand to an application, or to an account, as a row of the table says."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import or_, select

from portal import clock
from portal.access_log.findings import heads_in
from portal.access_log.models import LogCheck
from portal.access_log.months import Month
from portal.accounts.models import Account, AccountChange, ActingAssignment, Posting, RoleGrant
from portal.applications.custody import custodians_of
from portal.applications.models import Application, ApprovalStep
from portal.approvals.standing import acting_for, free_among, free_holders, holders_of
from portal.extensions import db
from portal.notices.who import To
from portal.recordings.parties import party_ids
from portal.roles import Role

#: On these the parties get no notice (제7조①3–5).
_OF_AUTHORITIES = (3, 4, 5)
_SECOND = (Role.CUSTODIAN, Role.TEAM_LEADER, Role.DIVISION_HEAD)


def recipients(to: To, application: Application) -> list[Account]:
    """Whom a row of the table means for this application, by account id; without closed ones."""
    match to:
        case To.APPLICANT:
            found = applicant_of(application)
        case To.BY_PHONE:
            found = callers_for(application)
        case To.CUSTODIANS:
            found = free_custodians(application)
        case To.NEXT_APPROVERS:
            found = approvers_at(application.current_step)
        case To.FIRST_APPROVERS:
            found = approvers_at(next(iter(application.steps), None))
        case To.TRANSFEROR:
            found = transferors_of(application)
        case _:
            found = []
    return _without_parties(application, found)


def applicant_of(application: Application) -> list[Account]:
    """The account of the employee who applied; grounds 3–5 have no such applicant."""
    if application.applicant_id is None:
        return []
    mine = select(Account).where(Account.person_id == application.applicant_id, Account.are_open())
    return list(db.session.scalars(mine))


def needs_call(application: Application) -> bool:
    """Whether the applicant is somebody outside, to be told by telephone (grounds 1 and 2)."""
    return application.applicant_id is None and application.ground not in _OF_AUTHORITIES


def callers_for(application: Application) -> list[Account]:
    """Who entered it; where that account is closed, the officers of its counter today."""
    if not needs_call(application):
        return []
    if application.entered_by.is_active:
        return [application.entered_by]
    today = clock.today()
    there = select(Posting.person_id).where(
        Posting.department_id == application.office_id,
        Posting.from_on <= today,
        or_(Posting.until_on.is_(None), Posting.until_on > today),
    )
    return [a for a in holders_of(Role.COUNTER) if a.person_id in set(db.session.scalars(there))]


def free_custodians(application: Application) -> list[Account]:
    """Custodians who are there and whom it does not concern, or else who acts for them."""
    return custodians_of(application)


def approvers_at(step: ApprovalStep | None) -> list[Account]:
    """Who can fill the step: holders who are there and free, or else who acts for them (대결)."""
    if step is None:
        return []
    return free_holders(step) or free_among(acting_for(Role(step.role)), step)[:1]


def transferors_of(application: Application) -> list[Account]:
    """인계자: the officer named in the approval while the account is open, or else custodians."""
    named = application.transferor
    if named is not None and named.is_active:
        return [named]
    return free_custodians(application)


def second_persons(account: Account, asked_by_id: int | None) -> list[Account]:
    """Who may confirm a change of the account: neither its holder nor who asked."""
    held = Account.grants.any(RoleGrant.role.in_(_SECOND) & RoleGrant.revoked_at.is_(None))
    others = select(Account).where(Account.are_open(), held, Account.id != account.id)
    return [a for a in db.session.scalars(others) if a.id != asked_by_id]


def second_persons_for(change: AccountChange) -> list[Account]:
    return second_persons(change.account, change.asked_by_id)


def concerned_by(assignment: ActingAssignment, to: To) -> list[Account]:
    """Whom a 직무대리 concerns: who acts, in whose place, and the custodians."""
    away = assignment.in_place_of
    match to:
        case To.ACTING:
            return [assignment.account] if assignment.account.is_active else []
        case To.REPRESENTED:
            return [away] if away is not None and away.is_active else []
        case _:
            return holders_of(Role.CUSTODIAN)


def countersigners_of(check: LogCheck) -> list[Account]:
    """Auditors who may countersign a month: none of them signed it or was the head in it."""
    heads = heads_in(Month(check.year, check.month))
    auditors = holders_of(Role.AUDITOR)
    return [a for a in auditors if a.id != check.signed_by_id and a.public_id not in heads]


def in_order(accounts: Iterable[Account], *, but: Account | None) -> list[Account]:
    """Each once, by id (rows are always locked in one order), without who did it."""
    found = {account.id: account for account in accounts}
    return [found[i] for i in sorted(found) if but is None or i != but.id]


def _without_parties(application: Application, accounts: list[Account]) -> list[Account]:
    if application.ground not in _OF_AUTHORITIES or not accounts:
        return accounts
    parties = party_ids([match.recording for match in application.matches])
    return [account for account in accounts if account.person_id not in parties]
