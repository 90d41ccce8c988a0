"""A new account for a person: with the employee role and a password for one use."""

from __future__ import annotations

import re

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal import audit, clock
from portal.accounts.authority import require_custodian
from portal.accounts.models import Account, Department, Person, Posting, RoleGrant
from portal.accounts.passwords import generated_password, hashed
from portal.accounts.refusals import BadLogin, HasAccount, LoginTaken
from portal.database import writing
from portal.extensions import db
from portal.roles import Role
from portal.runtime import settings

_LOGIN = re.compile(r"[a-z][a-z0-9._-]{2,49}", re.ASCII)


def open_account(
    login: str,
    name: str,
    department: Department,
    *,
    by: Account | None,
    rank: str = "",
    employee_no: str | None = None,
) -> tuple[Account, str]:
    """The account and its generated password, which must be changed at the first login.

    A person known by the employee number gets the account; else the person is added too.
    Raises `AccountRefused`. Inside the open `write()`; `by` is None on the command line.
    """
    require_custodian(by)
    account, password = _open(login, _person(name, department, rank, employee_no), by)
    audit.record("account.opened", by=by, on=account)
    return account, password


def open_without_password(
    person: Person, login: str, *, by: Account | None, unusable_hash: str
) -> Account:
    """An account for a known person whose password nobody knows, until a custodian resets it.

    `unusable_hash` is of a password that was thrown away; one serves many (imports). Inside the
    open `write()`. Raises `AccountRefused`.
    """
    require_custodian(by)
    account, _ = _open(login, person, by, unusable_hash)
    audit.record("account.opened", by=by, on=account)
    return account


def open_first_account(login: str, name: str, role: Role) -> tuple[Account, str]:
    """An account of a new installation, with a role that nobody is there yet to confirm.

    Inside the open `write()`. Raises `AccountRefused`.
    """
    operating = settings().institution.operating_department
    person = _person(name, department_named(operating) or add_department(operating), "", None)
    account, password = _open(login, person, None)
    account.grants.append(RoleGrant(role=role))
    return account, password


def department_named(name: str) -> Department | None:
    """The department of this name that exists today."""
    return next((d for d in departments_today() if d.name == name.strip()), None)


def departments_today() -> list[Department]:
    """The departments that exist today, by name."""
    today = clock.today()
    in_force = select(Department).where(
        Department.from_on <= today,
        Department.until_on.is_(None) | (Department.until_on > today),
    )
    return list(db.session.scalars(in_force.order_by(Department.name)))


def add_department(name: str, kind: str = "본청") -> Department:
    """A department that exists from today on."""
    department = Department(name=name.strip(), kind=kind, from_on=clock.today())
    writing().add(department)
    writing().flush()
    audit.record("department.added", by=None, on=department)
    return department


def _person(name: str, department: Department, rank: str, employee_no: str | None) -> Person:
    known = employee_no and writing().scalar(
        select(Person).where(Person.employee_no == employee_no)
    )
    if known:
        taken = select(Account.id).where(Account.person_id == known.id)
        if writing().scalar(taken) is not None:
            raise HasAccount
        return known
    person = Person(name=name.strip(), employee_no=employee_no or None)
    person.postings.append(Posting(department=department, rank=rank, from_on=clock.today()))
    return person


def _open(
    login: str, person: Person, by: Account | None, password_hash: str | None = None
) -> tuple[Account, str]:
    if not _LOGIN.fullmatch(login):
        raise BadLogin
    password = generated_password()
    account = Account(
        person=person,
        login=login,
        password_hash=password_hash or hashed(password),
        must_change_password=True,
    )
    account.grants.append(RoleGrant(role=Role.EMPLOYEE, granted_by_id=by.id if by else None))
    try:
        with writing().begin_nested():
            writing().add(account)
    except IntegrityError as error:
        raise (LoginTaken if _exists(login) else HasAccount) from error
    return account, password


def _exists(login: str) -> bool:
    return writing().scalar(select(Account.id).where(Account.login == login)) is not None
