"""`portal account` from the machine itself."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import select

import factories
from portal.accounts.log_in import authenticate
from portal.accounts.models import Account, AccountChange
from portal.cli.account import account as command
from portal.config import Config
from portal.extensions import db
from portal.otp import enrol
from portal.roles import Role


@pytest.fixture(autouse=True)
def _environment(app: Flask, config: Config, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("PORTAL_DATA", str(config.data))
    monkeypatch.setenv("PORTAL_DATABASE_URL", config.database_url)
    yield


def test_add_opens_an_account_whose_sensitive_roles_wait(app: Flask) -> None:
    factories.department("도시개발과")

    done = run("add", "kimhaneul", "--name", "김하늘", "--department", "도시개발과",
               "--rank", "주무관", "--role", "counter", "--role", "auditor", "--json")  # fmt: skip

    facts = json.loads(done.output)
    assert facts["waiting"] == ["auditor"]
    opened = authenticate("kimhaneul", facts["password"])
    assert opened.roles == {Role.EMPLOYEE, Role.COUNTER}


def test_add_says_that_a_second_person_must_confirm(app: Flask) -> None:
    done = run("add", "newhead", "--name", "새 과장", "--department", "새 부서",
               "--new-department", "--role", "division_head")  # fmt: skip

    assert done.exit_code == 0
    assert "계정 변경 확인" in done.output


@pytest.mark.parametrize(
    "arguments",
    [
        ("add", "kimhaneul", "--name", "김하늘", "--department", "없는 과"),
        ("add", "KIM", "--name", "김하늘", "--department", "도시개발과"),
        ("add", "taken", "--name", "김하늘", "--department", "도시개발과"),
        ("add", "kimhaneul", "--name", "김하늘", "--department", "도시개발과", "--role", "king"),
        ("close", "nobody"),
        ("close", "lasthead"),
        ("reset-password", "nobody"),
        ("reset-otp", "nobody"),
    ],
)
def test_what_cannot_be_done_ends_with_2_and_changes_nothing(
    app: Flask, arguments: tuple[str, ...]
) -> None:
    factories.department("도시개발과")
    factories.account(login="taken")
    factories.account(Role.DIVISION_HEAD, login="lasthead")

    done = run(*arguments)

    assert done.exit_code == 2
    db.session.rollback()
    rows = db.session.scalars(select(Account.login).where(Account.closed_at.is_(None))).all()
    assert sorted(rows) == ["lasthead", "taken"]


def test_close_ends_an_account(app: Flask) -> None:
    person = factories.account()

    assert run("close", person.login).exit_code == 0

    db.session.rollback()
    assert not person.is_active


def test_reset_password_prints_a_password_or_waits(app: Flask) -> None:
    person, head = factories.account(), factories.account(Role.DIVISION_HEAD)

    done = json.loads(run("reset-password", person.login, "--json").output)
    waits = json.loads(run("reset-password", head.login, "--json").output)

    assert authenticate(person.login, done["password"]).must_change_password
    assert waits == {"login": head.login, "waiting": True}
    authenticate(head.login, factories.PASSWORD)


def test_reset_otp_forgets_the_authenticator_or_waits(app: Flask) -> None:
    person, head = factories.account(), factories.account(Role.DIVISION_HEAD)
    for holder in (person, head):
        enrol.begin(holder)

    for holder in (person, head):
        assert run("reset-otp", holder.login).exit_code == 0

    db.session.rollback()
    assert enrol.pending_secret(person) is None
    assert enrol.pending_secret(head) is not None
    assert db.session.scalars(select(AccountChange.kind)).all() == ["reset_otp"]


def run(*arguments: str) -> Result:
    return CliRunner().invoke(command, list(arguments))
