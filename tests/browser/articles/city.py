"""One city for all the stories: its people, their telephones, and calls with sound.

Each story takes people or calls that no other story needs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from typing import Any

import pyotp

import factories
from browser.visitor import Visitor
from otp.devices import enrolled
from playback.hearing import own, with_sound
from portal import clock
from portal.accounts.models import Account
from portal.applications.models import Application
from portal.extensions import db
from portal.recordings.models import Recording
from portal.roles import Role
from recordings.sounds import wav

Visit = Callable[..., Visitor]
SOUND = wav(seconds=20)
_numbers = count(5001)
OPERATING = "정보통신과"


@dataclass
class City:
    """Who works there; logins are the names of the fields."""

    counter: Account
    custodian: Account
    custodian2: Account
    leader: Account
    leader2: Account
    head: Account
    auditor: Account

    def person(self, login: str, name: str, *lines: str) -> Account:
        """An employee with extensions of their own."""
        account = factories.account(name=name, login=login, department_name="도시개발과")
        for number in lines:
            factories.extension(number, account.person)
        return account

    def control_no(self) -> str:
        """One that no story has yet."""
        return f"{clock.today().year}-{next(_numbers)}"

    def handed_over(self, applicant: Account, *calls: Recording) -> Application:
        """An employee's own 열람 whose receipt both signed."""
        return own(applicant, *calls, control_no=self.control_no())

    def call(self, line: Any = None, **fields: Any) -> Recording:
        """A call of ten minutes ago on a line, with its sound."""
        fields = {"callee": line.number, **fields} if line else fields
        return with_sound(SOUND, line=line, **fields)

    def approved(self, applicant: Account, *calls: Recording, **fields: Any) -> Application:
        """An employee's application that went through the whole 결재."""
        return factories.forwarded_application(
            *calls,
            applicant_kind="employee",
            applicant_id=applicant.person_id,
            entered_by=applicant,
            applicant_name=applicant.name,
            received_by=self.custodian,
            leader=self.leader,
            head=self.head,
            **fields,
        )


def found() -> City:
    """Staff of the operating department and of a counter."""

    def staff(role: Role, login: str, name: str, office: str = OPERATING) -> Account:
        return factories.account(role, login=login, name=name, department_name=office)

    return City(
        counter=staff(Role.COUNTER, "counter", "박서연", "민원봉사과"),
        custodian=staff(Role.CUSTODIAN, "custodian", "최민준"),
        custodian2=staff(Role.CUSTODIAN, "custodian2", "임도현"),
        leader=staff(Role.TEAM_LEADER, "leader", "정수빈"),
        leader2=staff(Role.TEAM_LEADER, "leader2", "오팀장"),
        head=staff(Role.DIVISION_HEAD, "head", "강지훈"),
        auditor=staff(Role.AUDITOR, "auditor", "윤채원", "감사담당관"),
    )


def authenticator(account: Account) -> pyotp.TOTP:
    """Enrolled an hour ago."""
    return enrolled(account, clock.now() - timedelta(hours=1))


def fresh(row: Any) -> Any:
    """The row as the database has it now."""
    db.session.rollback()
    db.session.refresh(row)
    return row
