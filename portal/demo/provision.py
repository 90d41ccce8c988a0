"""제공 in the demo: one file waits to be taken, another was taken and awaits its 파기확인."""

from __future__ import annotations

from portal.accounts import sessions
from portal.accounts.models import Account
from portal.applications.models import Application
from portal.database import write
from portal.demo.access import code_of
from portal.packages import send
from portal.packages.ask import ask
from portal.packages.build import build_next
from portal.packages.open_download import Handling, open_download


def pack(row: Application, by: Account) -> None:
    """The recipient sees the password and the worker builds the file."""
    ask(row, by=by)
    build_next("demo")


def take(row: Application, by: Account) -> None:
    """The same, and the file is downloaded to the last byte."""
    shown = ask(row, by=by)
    build_next("demo")
    with write():
        login = sessions.begin(by)[0]
    code = code_of(by.login) or ""
    opened = open_download(shown.package, by, login, code, Handling("신청한 파일 수령"))
    ticket = send.ticket(opened.public_id, by, login)
    for _piece in send.pieces(ticket, 0, ticket.size):
        pass
    with write():
        sessions.end(login, "logout")
