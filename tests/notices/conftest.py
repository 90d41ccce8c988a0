"""What notices are tested with: people, their notices, and a real SMTP server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from socket import socket
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from flask import Flask
from sqlalchemy import select

from portal import runtime
from portal.accounts.models import Account
from portal.config import Config
from portal.database import write
from portal.extensions import db
from portal.notices.models import Mail, Notice

SENDER = "portal@city.example"


def kinds_of(account: Account) -> list[str]:
    """What the account was told, in order."""
    db.session.rollback()
    mine = select(Notice.kind).where(Notice.account_id == account.id).order_by(Notice.id)
    return list(db.session.scalars(mine))


def mails() -> list[Mail]:
    db.session.rollback()
    db.session.expire_all()
    return list(db.session.scalars(select(Mail).order_by(Mail.id)))


def with_address(account: Account, address: str = "clerk@city.example") -> Account:
    with write():
        account.email = address
    return account


@dataclass
class Server:
    """A mail server that keeps what it accepts; `refuse` is its answer to every recipient."""

    refuse: str | None = None
    kept: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    port: int = 0

    async def handle_RCPT(  # noqa: N802
        self, _s: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if self.refuse:
            return self.refuse
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        message = message_from_bytes(envelope.content or b"", policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.kept.append(message)
        self.recipients += envelope.rcpt_tos
        return "250 Message accepted"


@contextmanager
def listening(kept: Server, **options: Any) -> Iterator[Server]:
    """The server on a free port of this machine; `options` as aiosmtpd's controller has them."""
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        kept.port = probe.getsockname()[1]
    controller = Controller(kept, hostname="127.0.0.1", port=kept.port, **options)
    controller.start()
    try:
        yield kept
    finally:
        controller.stop()


@pytest.fixture
def server() -> Iterator[Server]:
    with listening(Server()) as kept:
        yield kept


def set_mail(app: Flask, port: int, password: str | None = None, **mail: Any) -> None:
    """Give the running installation a mail server."""
    installed: Config = runtime.config()
    values = {"host": "127.0.0.1", "port": port, "starttls": False, "sender": SENDER, **mail}
    rules = installed.settings.model_copy(
        update={"mail": installed.settings.mail.model_copy(update=values)}
    )
    changed = replace(installed, settings=rules, smtp_password=password)
    runtime.install(app, changed, runtime.vault())


@pytest.fixture
def mailing(app: Flask, server: Server) -> Server:
    """The server, with the installation set to use it."""
    set_mail(app, server.port)
    return server
