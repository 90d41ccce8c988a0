"""Rows for tests: each function makes one thing and what it cannot be without."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import count
from typing import Any

from argon2 import PasswordHasher

from portal import clock
from portal.accounts.models import (
    Account,
    Department,
    Extension,
    ExtensionHolding,
    Person,
    Posting,
    RoleGrant,
)
from portal.database import write
from portal.extensions import db
from portal.recordings.models import CallLeg, Recording
from portal.roles import Role

PASSWORD = "correct horse battery"
# Computed once with the cheapest parameters: hashing 200 accounts is not what the tests are about.
_HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
_numbers = count(1)
_LONG_AGO = date(2020, 1, 1)


def department(name: str = "정보통신과") -> Department:
    with write() as session:
        row = Department(name=name, from_on=_LONG_AGO)
        session.add(row)
    return row


def account(
    *roles: Role, name: str | None = None, login: str | None = None, department_name: str = "민원과"
) -> Account:
    """An open account with the employee role and the given ones, and the password `PASSWORD`."""
    n = next(_numbers)
    with write() as session:
        office = db.session.query(Department).filter_by(name=department_name).first()
        office = office or Department(name=department_name, from_on=_LONG_AGO)
        person = Person(name=name or f"직원{n}", employee_no=f"E{n:05d}")
        person.postings.append(Posting(department=office, rank="주무관", from_on=_LONG_AGO))
        row = Account(person=person, login=login or f"user{n}", password_hash=_HASH)
        row.grants = [RoleGrant(role=role) for role in {Role.EMPLOYEE, *roles}]
        session.add(row)
    return row


def extension(
    number: str, *holders: Person, from_on: date = _LONG_AGO, until_on: date | None = None
) -> Extension:
    """An extension and who holds it from a day up to but not including another."""
    with write() as session:
        row = Extension(number=number, shared=len(holders) > 1)
        session.add(row)
        session.flush()
        for person in holders:
            session.add(
                ExtensionHolding(
                    extension_id=row.id, person_id=person.id, from_on=from_on, until_on=until_on
                )
            )
    return row


def recording(line: Extension | None = None, **fields: Any) -> Recording:
    """A recording's row without sound: a call of ten minutes ago that came in on `line`."""
    n = next(_numbers)
    called_at = fields.pop("called_at", clock.now() - timedelta(minutes=10))
    caller, callee = fields.pop("caller", "01012345678"), fields.pop("callee", "0316441234")
    values: dict[str, Any] = {
        "source": "test",
        "source_id": f"call-{n}",
        "called_at": called_at,
        "caller_number": caller,
        "callee_number": callee,
        "caller_reversed": caller[::-1],
        "callee_reversed": callee[::-1],
        "direction": "inbound",
        "container": "WAV",
        "codec": "PCM_16",
        "channels": 2,
        "sample_rate": 8000,
        "frames": 80_000,
        "duration_ms": 10_000,
        "media_type": "audio/wav",
        "plays_in_browser": True,
        "size": 320_044,
        "sha256": f"{n:064x}",
        "delete_on": clock.seoul(called_at).date() + timedelta(days=31),
        **fields,
    }
    with write() as session:
        row = Recording(**values)
        if line:
            until = called_at + timedelta(milliseconds=row.duration_ms)
            row.legs = [
                CallLeg(number=line.number, extension_id=line.id, from_at=called_at, until_at=until)
            ]
        session.add(row)
    return row
