"""Where an account's notices go by mail: set by custodians, on the page and on the machine."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import select, text

import factories
from client import PageClient
from notices.conftest import Server, set_mail
from portal.accounts.email import BadAddress, set_email
from portal.accounts.models import Account
from portal.accounts.refusals import AccountClosed, MayNot
from portal.audit.models import AuditEvent
from portal.cli.account import account as account_command
from portal.cli.notices import notices as notices_command
from portal.clock import now
from portal.config import Config
from portal.database import write
from portal.extensions import db
from portal.roles import Role


@pytest.fixture
def custodian(app: Flask) -> Account:
    return factories.account(Role.CUSTODIAN)


def address_of(account: Account) -> str | None:
    db.session.rollback()
    db.session.refresh(account)
    return account.email


@pytest.mark.parametrize(
    "typed", ["clerk", "a@b", "a@b.c\nBcc: x@y.z", "김@city.example", "a b@city.example", "@c.d"]
)
def test_what_is_no_address_is_refused(custodian: Account, typed: str) -> None:
    with pytest.raises(BadAddress), write():
        set_email(custodian, typed, by=custodian)

    assert address_of(custodian) is None


def test_only_a_custodian_sets_it_and_only_of_an_open_account(custodian: Account) -> None:
    other, closed = factories.account(), factories.account()
    with write():
        closed.closed_at = now()

    with pytest.raises(MayNot), write():
        set_email(other, "clerk@city.example", by=other)
    with pytest.raises(AccountClosed), write():
        set_email(closed, "clerk@city.example", by=custodian)


def test_it_is_encrypted_at_rest_and_never_in_the_log(custodian: Account) -> None:
    with write():
        set_email(custodian, "clerk@city.example", by=custodian)

    stored = db.session.scalar(text("SELECT email FROM account WHERE email IS NOT NULL"))
    assert "clerk" not in str(stored)
    logged = db.session.scalars(select(AuditEvent.detail)).all()
    assert not any("clerk" in detail for detail in logged)


def test_the_page_sets_clears_and_keeps_what_was_typed(
    client: PageClient, custodian: Account
) -> None:
    holder = factories.account()
    page = f"/accounts/{holder.public_id}"
    client.log_in(custodian).get(page)

    wrong = client.post(f"{page}/email", {"email": "clerk@"})
    assert wrong.status_code == 422 and 'value="clerk@"' in wrong.text
    assert client.post(f"{page}/email", {"email": "clerk@city.example"}).status_code == 303
    assert address_of(holder) == "clerk@city.example"
    assert "clerk@city.example" in client.get(page).text
    client.post(f"{page}/email", {"email": ""})

    assert address_of(holder) is None


def test_the_commands_set_it_and_send_what_waits(
    app: Flask, config: Config, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    holder = factories.account(Role.CUSTODIAN)
    monkeypatch.setenv("PORTAL_DATA", str(config.data))
    monkeypatch.setenv("PORTAL_DATABASE_URL", config.database_url)
    mail = f'[mail]\nhost = "127.0.0.1"\nport = {server.port}\nstarttls = false\n'
    (config.data / "portal.toml").write_text(mail + 'sender = "portal@city.example"\n')
    set_mail(app, server.port)

    done = CliRunner().invoke(account_command, ["email", holder.login, "clerk@city.example"])
    assert done.exit_code == 0, done.output
    assert CliRunner().invoke(account_command, ["email", holder.login, "x"]).exit_code == 2
    ran = CliRunner().invoke(notices_command, ["run", "--json"])

    assert ran.exit_code == 1, "no worker has ever run"
    assert json.loads(ran.output) == {"stands": ["worker_stands"], "reminded": 0, "mailed": 1}
    assert server.recipients == ["clerk@city.example"]
