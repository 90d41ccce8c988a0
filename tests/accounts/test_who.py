"""Who is there, read as plain values, is what the ORM would have loaded."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import inspect, select, text

import factories
from portal.accounts import sessions
from portal.accounts.models import LoginSession
from portal.accounts.who import login_of
from portal.database import lock, write
from portal.extensions import db
from portal.roles import Role
from portal.vault.columns import ColumnCipherError
from queries import counted_queries


def _known(login: LoginSession) -> Iterator[Any]:
    account, person = login.account, login.account.person
    yield from (login, account, person)
    for several in (person.postings, account.grants, account.assignments):
        yield from sorted(several, key=lambda one: int(one.id))
    yield from (posting.department for posting in person.postings)


def _values(login: LoginSession) -> list[dict[str, Any]]:
    columns = [inspect(one).mapper.column_attrs.keys() for one in _known(login)]
    return [
        {k: getattr(one, k) for k in keys} for one, keys in zip(_known(login), columns, strict=True)
    ]


def test_the_objects_are_those_the_orm_loads_and_can_be_changed(app: Flask) -> None:
    account = factories.account(Role.CUSTODIAN, Role.COUNTER)
    with write():
        account.email = "one@example.go.kr"
        _row, token = sessions.begin(account)
    key = sessions.token_hash(token)
    by_orm = _values(db.session.scalars(select(LoginSession)).one())
    db.session.remove()

    with counted_queries() as sent:
        login = login_of(key)
        assert login is not None
        roles, place = login.account.roles, login.account.person.department_name
    assert len([one for one in sent if one.startswith("SELECT")]) == 1
    assert roles == {Role.EMPLOYEE, Role.CUSTODIAN, Role.COUNTER} and place == "민원과"
    assert _values(login) == by_orm
    assert not db.session.dirty and all(inspect(one).persistent for one in _known(login))
    assert login_of(key) is login and db.session.get(LoginSession, login.id) is login

    with write():
        lock(login)
        login.turned_to = "a" * 32
    assert db.session.scalars(select(LoginSession.turned_to)).one() == "a" * 32


def test_a_personal_value_moved_from_another_row_is_not_shown(app: Flask) -> None:
    account, other = factories.account(), factories.account()
    with write():
        account.email, other.email = "one@example.go.kr", "other@example.go.kr"
        _row, token = sessions.begin(account)
    with write() as session:
        moved = "UPDATE account SET email = (SELECT email FROM account WHERE id = :a) WHERE id = :b"
        session.execute(text(moved), {"a": other.id, "b": account.id})
    db.session.remove()

    login = login_of(sessions.token_hash(token))
    assert login is not None
    with pytest.raises(ColumnCipherError):
        _ = login.account.email
