"""The invented staff of the demo: departments, people, extensions."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy.orm import Session

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
from portal.accounts.passwords import set_password
from portal.database import write
from portal.roles import Role
from portal.runtime import settings

#: The demo is bound to this computer and holds invented people only.
PASSWORD = "icheon-demo-2026"


@dataclass(frozen=True)
class Member:
    login: str
    name: str
    department: str
    rank: str
    job: str
    extensions: tuple[str, ...] = ()
    roles: tuple[Role, ...] = field(default=())


#: Stands for the operating department, whose name is a setting.
OPERATING = "운영부서"
DEPARTMENTS = (
    (OPERATING, "본청"),
    ("민원봉사과", "본청"),
    ("도시개발과", "본청"),
    ("감사담당관", "본청"),
    ("보건소", "직속기관"),
    ("상하수도사업소", "사업소"),
    ("장호원읍", "읍·면·동"),
    ("의회사무과", "의회사무과"),
)
STAFF = (
    Member("employee", "김하늘", "도시개발과", "주무관", "직원", ("0316442101", "2101")),
    Member("employee2", "이도윤", "도시개발과", "주무관", "직원", ("0316442102", "2102")),
    Member(
        "counter", "박서연", "민원봉사과", "주무관", "민원창구", ("0316442200",), (Role.COUNTER,)
    ),
    Member(
        "counter2", "한지우", "민원봉사과", "주무관", "민원창구", ("0316442201",), (Role.COUNTER,)
    ),
    Member(
        "custodian",
        "최민준",
        OPERATING,
        "주무관",
        "시스템 관리자",
        ("0316442300",),
        (Role.CUSTODIAN,),
    ),
    Member("leader", "정수빈", OPERATING, "팀장", "부책임자", ("0316442310",), (Role.TEAM_LEADER,)),
    Member("head", "강지훈", OPERATING, "과장", "정책임자", (), (Role.DIVISION_HEAD,)),
    Member("auditor", "윤채원", "감사담당관", "주무관", "감사 담당자", (), (Role.AUDITOR,)),
)
SHARED_EXTENSION = "0316442199"  # 도시개발과 공용


def found_town() -> dict[str, Account]:
    """Departments, people, accounts, extensions; the accounts by login."""
    since = clock.today() - timedelta(days=800)
    with write() as session:
        offices = {
            name: Department(name=department(name), kind=_kind(kind), from_on=since)
            for name, kind in DEPARTMENTS
        }
        session.add_all(offices.values())
        accounts = {}
        for number, member in enumerate(STAFF, start=1):
            person = Person(name=member.name, employee_no=f"2024{number:04d}")
            person.postings.append(
                Posting(department=offices[member.department], rank=rank_of(member), from_on=since)
            )
            account = Account(person=person, login=member.login, password_hash="")
            account.grants = [RoleGrant(role=role) for role in (Role.EMPLOYEE, *member.roles)]
            session.add(account)
            session.flush()
            set_password(account, PASSWORD)
            for digits in member.extensions:
                line = Extension(number=digits, department=offices[member.department])
                session.add(line)
                session.flush()
                session.add(ExtensionHolding(extension=line, person=person, from_on=since))
            accounts[member.login] = account
        _share(session, offices["도시개발과"], [accounts["employee"], accounts["employee2"]], since)
    return accounts


def holder_of(role: Role, staff: dict[str, Account]) -> Account:
    """Who has a role in the demo."""
    return next(staff[member.login] for member in STAFF if role in member.roles)


def department(name: str) -> str:
    """A department as the institution's settings name it."""
    return settings().institution.operating_department if name == OPERATING else name


def _kind(kind: str) -> str:
    """A kind of the institution's; the last one where it has no such kind."""
    kinds = settings().organisation.kinds
    return kind if kind in kinds else kinds[-1]


def rank_of(member: Member) -> str:
    """Approvers have the rank that the institution's titles name."""
    titles = settings().titles
    if Role.TEAM_LEADER in member.roles:
        return titles.team_leader
    return titles.division_head if Role.DIVISION_HEAD in member.roles else member.rank


def _share(session: Session, office: Department, accounts: list[Account], since: date) -> None:
    line = Extension(number=SHARED_EXTENSION, shared=True, department=office)
    session.add(line)
    session.flush()
    for account in accounts:
        session.add(ExtensionHolding(extension=line, person=account.person, from_on=since))
