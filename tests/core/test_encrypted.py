"""An administrator of the database, without a key, moves ciphertexts about."""

from __future__ import annotations

import ast
import pickle
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import insert, inspect, select, update
from sqlalchemy.exc import StatementError

import factories
from portal.accounts.models import Account
from portal.database import write
from portal.encrypted import Encrypted
from portal.extensions import Model, db
from portal.otp.models import TotpDevice
from portal.vault.columns import ColumnCipherError

PACKAGE = Path(__file__).resolve().parents[2] / "portal"


def account_with(email: str, secret: str) -> int:
    account = factories.account()
    with write() as session:
        account.email = email
        session.add(TotpDevice(account_id=account.id, secret=secret))
    return account.id


@pytest.fixture
def two(app: Flask) -> tuple[int, int]:
    """Two accounts with an address and a one-time secret each."""
    ids = account_with("a@city.example", "JBSWY3DPEHPK3PXP"), account_with("b@city.example", "KRSX")
    db.session.rollback()
    db.session.expunge_all()
    return ids


def sql(statement: str) -> None:
    with write() as session:
        session.connection().exec_driver_sql(statement)
    db.session.expunge_all()


def test_what_was_written_is_read_again(two: tuple[int, int]) -> None:
    assert db.session.get_one(Account, two[0]).email == "a@city.example"
    assert db.session.get_one(TotpDevice, two[1]).secret == "KRSX"
    with write():
        db.session.get_one(Account, two[0]).email = "new@city.example"
    db.session.expire_all()
    assert db.session.get_one(Account, two[0]).email == "new@city.example"


@pytest.mark.parametrize(
    ("model", "table", "column", "key"),
    [(Account, "account", "email", "id"), (TotpDevice, "totp_device", "secret", "account_id")],
)
def test_a_value_copied_from_another_row_is_not_taken(
    two: tuple[int, int], model: type[Model], table: str, column: str, key: str
) -> None:
    mine, other = two
    copy = f"(SELECT {column} FROM {table} WHERE {key} = {mine})"
    sql(f"UPDATE {table} SET {column} = {copy} WHERE {key} = {other}")

    with pytest.raises(ColumnCipherError, match="another row"):
        db.session.get(model, other)
    with pytest.raises(ColumnCipherError, match="another row"):
        db.session.scalars(select(model)).all()
    db.session.rollback()


def test_a_swap_is_noticed_by_an_object_that_is_only_refreshed(two: tuple[int, int]) -> None:
    account = db.session.get_one(Account, two[1])
    with write() as session:
        copy = f"(SELECT email FROM account WHERE id = {two[0]})"
        session.connection().exec_driver_sql(
            f"UPDATE account SET email = {copy} WHERE id = {two[1]}"
        )

    with pytest.raises(ColumnCipherError, match="another row"):
        db.session.refresh(account)
    db.session.rollback()


def test_a_value_moved_to_another_column_is_not_taken(two: tuple[int, int]) -> None:
    sql(f"UPDATE totp_device SET pending_secret = secret WHERE account_id = {two[0]}")

    with pytest.raises(ColumnCipherError):
        db.session.get(TotpDevice, two[0])
    db.session.rollback()


def test_values_that_know_no_row_are_refused(two: tuple[int, int]) -> None:
    for statement in (
        update(Account).values(email="x@city.example"),
        insert(TotpDevice).values(account_id=two[0], secret="KRSX"),
        select(Account.id).where(Account.email == "a@city.example"),
    ):
        with pytest.raises(StatementError, match="through its object"):
            db.session.execute(statement)
        db.session.rollback()


def test_no_query_asks_for_a_bare_personal_column() -> None:
    """Bare columns are not compared with their row, so nothing in the portal may select one."""
    columns = {
        (mapper.class_.__name__, key)
        for mapper in Model.registry.mappers
        for key, column in inspect(mapper.class_).columns.items()
        if isinstance(column.type, Encrypted)
    }
    assert ("Account", "email") in columns
    found = [
        f"{path.relative_to(PACKAGE)}:{node.lineno}"
        for path in PACKAGE.rglob("*.py")
        for node in _outside_load_only(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and (node.value.id, node.attr) in columns
    ]
    assert found == []


def _outside_load_only(node: ast.AST) -> Iterator[ast.AST]:
    """What `load_only` names is loaded into an object, and compared there."""
    yield node
    called = node.func if isinstance(node, ast.Call) else None
    of_object = isinstance(called, ast.Attribute) and called.attr == "load_only"
    for child in [called] if of_object else ast.iter_child_nodes(node):
        yield from _outside_load_only(child)


def _asked_for(node: ast.AST) -> Iterator[ast.AST]:
    """Every node but what `load_only` names: those come with their object, which is compared."""
    yield node
    match node:
        case ast.Call(func=ast.Attribute(attr="load_only")):
            yield from _asked_for(node.func)
        case _:
            for child in ast.iter_child_nodes(node):
                yield from _asked_for(child)


def test_another_process_gets_the_text_alone(two: tuple[int, int]) -> None:
    """A paper's child knows neither rows nor keys."""
    email = db.session.get_one(Account, two[0]).email

    assert type(email) is not str
    assert type(there := pickle.loads(pickle.dumps(email))) is str  # noqa: S301
    assert there == email
