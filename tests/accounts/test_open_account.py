"""A new account."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import func, select

import factories
from accounts.at_once import at_once
from portal.accounts.log_in import authenticate
from portal.accounts.models import Account, Person
from portal.accounts.open_account import department_named, open_account, open_first_account
from portal.accounts.refusals import BadLogin, HasAccount, LoginTaken, MayNot
from portal.database import write
from portal.extensions import db
from portal.roles import Role
from portal.runtime import settings


def test_a_new_account_has_the_employee_role_and_a_password_for_one_login(app: Flask) -> None:
    custodian, office = factories.account(Role.CUSTODIAN), factories.department("도시개발과")

    with write():
        account, password = open_account("kimhaneul", "김하늘", office, by=custodian, rank="주무관")

    assert account.roles == {Role.EMPLOYEE}
    assert account.person.department_name == "도시개발과"
    assert account.person.rank == "주무관"
    assert authenticate("kimhaneul", password).must_change_password
    assert password not in account.password_hash


def test_two_accounts_get_two_passwords(app: Flask) -> None:
    office = factories.department()

    with write():
        first = open_account("first", "하나", office, by=None)[1]
        second = open_account("second", "둘", office, by=None)[1]

    assert first != second


def test_a_login_is_given_once_also_to_many_at_the_same_moment(app: Flask) -> None:
    office_id = factories.department().id

    def try_it() -> str:
        office = db.session.get_one(factories.Department, office_id)
        with write():
            open_account("kimhaneul", "김하늘", office, by=None)
        return "opened"

    outcomes = at_once(app, *[try_it] * 4)

    assert sorted(outcomes) == ["LoginTaken"] * 3 + ["opened"]
    assert db.session.scalar(select(func.count()).select_from(Person)) == 1


def test_a_login_stays_taken_after_the_account_was_closed(app: Flask) -> None:
    office = factories.department()
    with write():
        account, _password = open_account("kimhaneul", "김하늘", office, by=None)
        account.closed_at = account.created_at

    with pytest.raises(LoginTaken), write():
        open_account("kimhaneul", "다른 사람", office, by=None)


@pytest.mark.parametrize("login", ["", "ab", "1abc", "Kim", "김하늘", "kim\n", "a" * 51])
def test_a_login_that_does_not_fit_is_refused(app: Flask, login: str) -> None:
    office = factories.department()

    with pytest.raises(BadLogin), write():
        open_account(login, "김하늘", office, by=None)


def test_one_person_has_one_account(app: Flask) -> None:
    holder, office = factories.account(), factories.department()

    with pytest.raises(HasAccount), write():
        open_account("second", "같은 사람", office, by=None, employee_no=holder.person.employee_no)


def test_a_person_known_by_the_employee_number_gets_the_account(app: Flask) -> None:
    office = factories.department()
    with write() as session:
        known = Person(name="김하늘", employee_no="E99")
        session.add(known)

    with write():
        account, _password = open_account("haneul", "김 하늘", office, by=None, employee_no="E99")

    assert account.person_id == known.id
    assert account.name == "김하늘"


def test_only_custodians_open_accounts(app: Flask) -> None:
    office, head = factories.department(), factories.account(Role.DIVISION_HEAD)

    with pytest.raises(MayNot), write():
        open_account("kimhaneul", "김하늘", office, by=head)

    assert db.session.scalar(select(func.count()).select_from(Account)) == 1


def test_a_new_installation_gets_its_first_people_into_the_operating_department(app: Flask) -> None:
    with write():
        custodian, password = open_first_account("custodian", "관리자", Role.CUSTODIAN)
    with write():
        head, _password = open_first_account("head", "과장", Role.DIVISION_HEAD)

    office = settings().institution.operating_department
    assert custodian.roles == {Role.EMPLOYEE, Role.CUSTODIAN}
    assert custodian.person.department_name == head.person.department_name == office
    assert authenticate("custodian", password).must_change_password
    with write():
        assert department_named(office) is not None
