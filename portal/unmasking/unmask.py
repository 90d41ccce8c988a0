"""Showing whole what lists mask: by role, with a reason, one line in the log each time."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import select

from portal import audit
from portal.access import Permission, may
from portal.accounts.models import Account
from portal.applications.resident_number import MESSAGE, holds_resident_number
from portal.applications.wording import line
from portal.database import writing
from portal.ledger.models import LedgerRow
from portal.ledger.paper import numbers_of
from portal.masking import Shape, shown

LONGEST_REASON = 200  # characters

#: What is shown: label and value.
Values = list[tuple[str, str]]


class Kind(StrEnum):
    """What lists mask and have no page of their own for."""

    LEDGER = "ledger"
    ACCOUNT = "account"


#: Who reads the list, besides the permission to unmask at all.
_READS = {Kind.LEDGER: Permission.READ_LEDGER, Kind.ACCOUNT: Permission.READ_LOG}


class MayNotUnmask(Exception):
    def __str__(self) -> str:
        return (
            "가려진 내용을 볼 권한이 없습니다. 필요하면 관리대장을 보는 사람에게 요청해 주십시오."
        )


class BadReason(Exception):
    """`str()` says what is wrong with the reason, in Korean."""


class NoSuchRow(Exception):
    """There is no such row."""


def may_unmask(account: Account, kind: Kind | None = None) -> bool:
    """Whether their roles let them see masked values whole; of a kind, or in an export."""
    asked = {Permission.UNMASK} | ({_READS[kind]} if kind else set())
    return all(may(account.roles, permission) for permission in asked)


def unmask(kind: Kind, public_id: str, *, reason: str, by: Account) -> Values:
    """The masked values of one row, whole, inside `write()`: the log says who, of what and why.

    Raises `MayNotUnmask`, `BadReason` and `NoSuchRow`.
    """
    if not may_unmask(by, kind):
        raise MayNotUnmask
    why = _reason(reason)
    row: LedgerRow | Account | None
    if kind is Kind.LEDGER:
        row = writing().scalar(select(LedgerRow).where(LedgerRow.public_id == public_id))
    else:
        row = writing().scalar(select(Account).where(Account.public_id == public_id))
    if row is None:
        raise NoSuchRow
    audit.record("unmask", by=by, on=row, reason=why)
    return _of_ledger(row) if isinstance(row, LedgerRow) else _of_account(row)


def _reason(text: str) -> str:
    why = line(text)
    if not why or len(why) > LONGEST_REASON:
        raise BadReason(f"사유를 {LONGEST_REASON}자까지 적어 주십시오. 접속기록에 남습니다.")
    if holds_resident_number(why):
        raise BadReason(MESSAGE)
    return why


def _of_ledger(row: LedgerRow) -> Values:
    numbers = [shown(Shape.PHONE, number, whole=True) for number in numbers_of(row)]
    return [
        ("신청인", shown(Shape.NAME, row.applicant_name, whole=True)),
        ("소속(주소)", shown(Shape.ADDRESS, row.affiliation, whole=True)),
        ("전화번호", ", ".join(numbers)),
        ("인수자", shown(Shape.NAME, row.transferee_name, whole=True)),
    ]


def _of_account(account: Account) -> Values:
    person = account.person
    return [
        ("이름", shown(Shape.NAME, account.name, whole=True)),
        ("부서·직급", " ".join(filter(None, (person.department_name, person.rank)))),
    ]
