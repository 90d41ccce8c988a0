"""Rows for tests: each function makes one thing and what it cannot be without."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO
from itertools import count
from typing import Any

from argon2 import PasswordHasher
from PIL import Image

from portal import clock
from portal.accounts.acting import Assignment, name_acting
from portal.accounts.changes import confirm
from portal.accounts.models import (
    Account,
    ActingAssignment,
    Department,
    Extension,
    ExtensionHolding,
    Person,
    Posting,
    RoleGrant,
)
from portal.applications.models import (
    Application,
    ApplicationRecording,
    ApprovalStep,
    Transition,
)
from portal.applications.states import Action, State
from portal.database import write
from portal.extensions import db
from portal.recordings.models import CallLeg, Recording
from portal.roles import Role

PASSWORD = "correct horse battery"
# Computed once with the cheapest parameters: hashing 200 accounts is not what the tests are about.
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
_HASH = CHEAP.hash(PASSWORD)
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


#: How an application came to a state: what happened, whose role did it, in which capacity.
_RECEIVED = [
    (Action.SUBMIT, State.DRAFT, State.SUBMITTED, "민원창구"),
    (Action.RECEIVE, State.SUBMITTED, State.RECEIVED, "시스템 관리자"),
]
_FORWARDED = [*_RECEIVED, (Action.FORWARD, State.RECEIVED, State.RECEIVED, "시스템 관리자")]
_REVIEWED = [*_FORWARDED, (Action.REVIEW, State.RECEIVED, State.REVIEWED, "팀장")]
_HISTORIES: dict[State, list[tuple[Action, State, State, str]]] = {
    State.RECEIVED: _FORWARDED,
    State.REVIEWED: _REVIEWED,
    State.APPROVED: [*_REVIEWED, (Action.APPROVE, State.REVIEWED, State.APPROVED, "과장")],
    State.REFUSED: [*_REVIEWED, (Action.REFUSE, State.REVIEWED, State.REFUSED, "과장")],
}
_serials = count(1)


def forwarded_application(
    *recordings: Recording,
    state: State = State.RECEIVED,
    entered_by: Account | None = None,
    received_by: Account | None = None,
    leader: Account | None = None,
    head: Account | None = None,
    **fields: Any,
) -> Application:
    """A citizen's application that lies with the approvers, or what they made of it: RECEIVED (the
    team leader is next), REVIEWED (the head is next), APPROVED or REFUSED. With one call matched
    where none is given; whoever acted is made where not named."""
    matched = recordings or (recording(),)
    people = {
        "민원창구": entered_by or account(Role.COUNTER),
        "시스템 관리자": received_by or account(Role.CUSTODIAN),
        "팀장": leader or (account(Role.TEAM_LEADER) if state != State.RECEIVED else None),
        "과장": head
        or (account(Role.DIVISION_HEAD) if state in (State.APPROVED, State.REFUSED) else None),
    }
    history = _HISTORIES[state]
    with write() as session:
        row = Application(**_form_1(people["민원창구"], people["시스템 관리자"], state) | fields)
        row.matches = [
            ApplicationRecording(
                recording_id=r.id, position=n, matched_by_id=people["시스템 관리자"].id
            )
            for n, r in enumerate(matched, 1)
        ]
        session.add(row)
        session.flush()
        _add_history(row, history, people)
        _add_steps(row, history, people)
    return row


def _form_1(entered_by: Account, received_by: Account, state: State) -> dict[str, Any]:
    now = clock.now()
    return {
        "control_no": f"{clock.today().year}-{next(_serials):04d}",
        "state": state,
        "ground": 2,
        "applicant_kind": "citizen",
        "entered_by_id": entered_by.id,
        "applicant_name": "홍길동",
        "birth_or_business_no": "1980-03-15",
        "address": "경기도 이천시 부악로 40",
        "contact": "01012345678",
        "relation_to_subject": "본인",
        "purpose": "민원 처리 결과 확인",
        "reason": "안내받은 서류 목록이 실제와 달라 통화 내용을 확인하고자 합니다.",
        "caller_number": "01012345678",
        "callee_number": "0316441234",
        "submitted_at": now,
        "received_at": now,
        "received_by_id": received_by.id,
        "forwarded_at": now,
        "due_on": clock.today() + timedelta(days=10),
        "decided_at": now if state in (State.APPROVED, State.REFUSED) else None,
    }


def _add_history(
    row: Application, history: list[tuple[Action, State, State, str]], people: dict[str, Any]
) -> None:
    for action, before, after, capacity in history:
        row.transitions.append(
            Transition(
                action=action,
                from_state=before,
                to_state=after,
                by_id=people[capacity].id,
                capacity=capacity,
            )
        )


def _add_steps(
    row: Application, history: list[tuple[Action, State, State, str]], people: dict[str, Any]
) -> None:
    decided = {capacity for _action, _before, _after, capacity in history}
    line = (("팀장", Role.TEAM_LEADER), ("과장", Role.DIVISION_HEAD))
    for position, (title, role) in enumerate(line, 1):
        step = ApprovalStep(position=position, role=role, title=title)
        if title in decided:
            step.decided_by_id, step.decided_at = people[title].id, clock.now()
            step.capacity = title
        row.steps.append(step)


def paper() -> bytes:
    """A PNG that could be a scanned paper."""
    output = BytesIO()
    Image.effect_noise((300, 400), 40).save(output, "PNG")
    return output.getvalue()


def signature() -> bytes:
    """A PNG that could be a signature cut out of a scanned paper."""
    output = BytesIO()
    Image.effect_noise((400, 140), 40).save(output, "PNG")
    return output.getvalue()


def acting(
    substitute: Account,
    role: Role,
    *,
    in_place_of: Account | None = None,
    from_on: date | None = None,
    last_on: date | None = None,
) -> ActingAssignment:
    """An assignment as acting decider, asked for and confirmed; today where no days are given.

    For a custodian it is the head who asks, so that no further custodian is there.
    """
    wanted = Assignment(
        role=role,
        from_on=from_on or clock.today(),
        last_on=last_on or clock.today(),
        reason="연가",
        in_place_of=in_place_of,
    )
    for_custodian = role is Role.CUSTODIAN
    asks = account(Role.DIVISION_HEAD if for_custodian else Role.CUSTODIAN)
    second = account(Role.TEAM_LEADER if for_custodian else Role.CUSTODIAN)
    with write():
        row = name_acting(substitute, wanted, by=asks)
    with write():
        confirm(row.change, by=second)
    return row
