"""What needs a second person: asked for by one, confirmed or declined by another."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload

from portal import audit, clock
from portal.accounts import carry_out
from portal.accounts.authority import hold_open_account, may_be_second
from portal.accounts.models import Account, AccountChange, ActingAssignment, Person, Posting
from portal.accounts.refusals import AlreadyAnswered, AlreadyAsked, MayNot, NotSecondPerson
from portal.announcements import announce
from portal.database import lock, writing
from portal.roles import Role


class Kind(StrEnum):
    GRANT_ROLE = "grant_role"
    REVOKE_ROLE = "revoke_role"
    RESET_PASSWORD = "reset_password"
    RESET_OTP = "reset_otp"
    NAME_ACTING = "name_acting"


def ask(
    account: Account, kind: Kind, *, by: Account | None, role: Role | None = None
) -> AccountChange:
    """Put a change before the second person. Raises `AlreadyAsked`.

    The caller holds the account, which makes the look for a twin safe.
    """
    twin = select(AccountChange.id).where(
        AccountChange.account_id == account.id,
        AccountChange.kind == kind,
        AccountChange.role.is_(None) if role is None else AccountChange.role == role,
        AccountChange.answered_at.is_(None),
    )
    if writing().scalar(twin) is not None:
        raise AlreadyAsked
    change = AccountChange(
        account=account,
        kind=kind,
        role=role,
        asked_at=clock.now(),
        asked_by_id=by.id if by else None,
    )
    writing().add(change)
    carry_out.note(f"account.{kind}_asked", account, by, role)
    announce("account.change_asked", change, by)
    return change


def confirm(change: AccountChange, *, by: Account) -> str | None:
    """Carry the change out as the second person, inside the open `write()`.

    Returns the generated password of a password reset, to be shown once; else None.
    Raises `AccountRefused`: answered already, not somebody else, or not possible any more.
    """
    _hold(change, by)
    _answer(change, by, confirmed=True)
    account, role = change.account, Role(change.role) if change.role else None
    password = None
    match Kind(change.kind), role:
        case Kind.GRANT_ROLE, Role():
            carry_out.grant_role(account, role, by_id=change.asked_by_id, confirmed_by=by)
        case Kind.REVOKE_ROLE, Role():
            carry_out.revoke_role(account, role)
        case Kind.RESET_PASSWORD, _:
            password = carry_out.reset_password(account)
        case Kind.RESET_OTP, _:
            carry_out.reset_otp(account)
        case Kind.NAME_ACTING, _:
            if change.assignment:
                change.assignment.confirmed_at = clock.now()
                announce("acting.named", change.assignment, by)
    carry_out.note(f"account.{change.kind}_confirmed", account, by, role)
    return password


def decline(change: AccountChange, *, by: Account) -> None:
    """Say no as the second person; nothing changes. Raises `AccountRefused`."""
    _hold(change, by)
    _answer(change, by, confirmed=False)
    audit.record(f"account.{change.kind}_declined", by=by, on=change.account, role=change.role)


def is_second_person(change: AccountChange, account: Account) -> bool:
    """Whether this person may answer: a confirming role, and neither asker nor concerned."""
    return may_be_second(account) and account.id not in (change.asked_by_id, change.account_id)


def waiting() -> Select[AccountChange]:
    """What waits for a second person, newest first, with the names that are shown."""
    office = selectinload(Person.postings).joinedload(Posting.department)
    return (
        select(AccountChange)
        .where(AccountChange.answered_at.is_(None))
        .order_by(AccountChange.id.desc())
        .options(
            joinedload(AccountChange.account).joinedload(Account.person).options(office),
            joinedload(AccountChange.asked_by),
            joinedload(AccountChange.assignment).joinedload(ActingAssignment.in_place_of),
        )
    )


def _hold(change: AccountChange, by: Account) -> None:
    # The account before the change, as everywhere: who closes it meanwhile holds it first.
    lock(change.account)
    lock(change)
    if not may_be_second(by):
        raise MayNot
    if change.answered_at is not None:
        name = change.answered_by.name if change.answered_by else "시스템"
        raise AlreadyAnswered(name, confirmed=bool(change.confirmed))
    if not is_second_person(change, by):
        raise NotSecondPerson
    hold_open_account(change.account)


def _answer(change: AccountChange, by: Account, *, confirmed: bool) -> None:
    change.answered_at, change.answered_by_id = clock.now(), by.id
    change.confirmed = confirmed
    writing().flush()
