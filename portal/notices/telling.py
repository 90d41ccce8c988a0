"""One thing to be told to one account, once."""

from __future__ import annotations

from dataclasses import dataclass

from portal.accounts.models import Account
from portal.applications.models import Application
from portal.notices.kinds import Kind


@dataclass(frozen=True)
class Telling:
    """`once` is the key under which it is told a single time; `call`: with it goes a 전화 안내."""

    kind: Kind
    account: Account
    once: str
    application: Application | None = None
    #: The application's state in which this is true.
    state: str = ""
    number: int | None = None
    call: str = ""
