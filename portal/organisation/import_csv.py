"""One file of departments, people or extensions: read whole, then written whole or not at all.

A dry run does the same work and takes it back, so that its report cannot differ from the deed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from portal import audit, clock
from portal.accounts.authority import require_custodian
from portal.accounts.models import Account, Department, Person
from portal.accounts.open_account import open_without_password
from portal.accounts.passwords import generated_password, hashed
from portal.accounts.refusals import AccountRefused
from portal.database import write, writing
from portal.organisation.csv_file import LineRefused, Row, rows_of
from portal.organisation.departments import put_department
from portal.organisation.extensions import number_of, put_holding
from portal.organisation.people import put_posting
from portal.organisation.report import Effect, Line, Report


class Kind(StrEnum):
    DEPARTMENTS = "departments"
    PEOPLE = "people"
    EXTENSIONS = "extensions"


TITLES = {Kind.DEPARTMENTS: "부서", Kind.PEOPLE: "직원", Kind.EXTENSIONS: "내선"}
#: The header of each file; in any order.
COLUMNS: dict[Kind, tuple[str, ...]] = {
    Kind.DEPARTMENTS: ("부서명", "구분", "시작일", "종료일"),
    Kind.PEOPLE: ("사번", "성명", "부서", "직급", "시작일", "종료일", "아이디"),
    Kind.EXTENSIONS: ("내선번호", "구분", "사번", "시작일", "종료일"),
}
OPTIONAL = frozenset({"종료일", "직급", "아이디"})


class _TakeBack(Exception):
    """Ends the transaction without a trace: a dry run, or a wrong line."""


@dataclass
class _Import:
    """What the lines of one file share."""

    by: Account | None
    people: dict[str, Person]
    unusable_hash: str = ""


def import_file(kind: Kind, data: bytes, *, by: Account | None, dry_run: bool) -> Report:
    """Read and, unless `dry_run` or a line is wrong, write. Opens its own `write()`.

    `by` is a custodian, or None on the command line. Raises `FileRefused` and `AccountRefused`.
    """
    rows = rows_of(data, COLUMNS[kind], OPTIONAL)
    report = Report()
    try:
        with write():
            require_custodian(by)
            _one_at_a_time()
            shared = _Import(by, _known_people())
            report.lines = [_line(_LINES[kind], shared, row) for row in rows]
            if dry_run or report.is_wrong:
                raise _TakeBack
            _note(kind, report, by)
    except _TakeBack:
        return report
    report.applied = True
    return report


def _note(kind: Kind, report: Report, by: Account | None) -> None:
    counts = report.counts
    audit.record(
        "organisation.imported",
        by=by,
        kind=str(kind),
        added=counts[Effect.ADDED],
        changed=counts[Effect.CHANGED],
        ended=counts[Effect.ENDED],
    )


def _line(put: Callable[[_Import, Row], tuple[Effect, str]], shared: _Import, row: Row) -> Line:
    try:
        row.check()
        effect, text = put(shared, row)
    except (LineRefused, AccountRefused) as refused:
        return Line(row.number, Effect.WRONG, str(refused))
    return Line(row.number, effect, text)


def _department(shared: _Import, row: Row) -> tuple[Effect, str]:
    first = row.day("시작일")
    if first is None:
        raise LineRefused("'시작일' 칸이 비어 있습니다.")
    last = row.day("종료일", asked=False)
    kind = row.text("구분", longest=20)
    return put_department(row.text("부서명"), kind, first, last, by=shared.by)


def _person(shared: _Import, row: Row) -> tuple[Effect, str]:
    number, name = row.text("사번", longest=30), row.text("성명")
    first, last = row.day("시작일"), row.day("종료일", asked=False)
    if first is None:
        raise LineRefused("'시작일' 칸이 비어 있습니다.")
    department = _department_on(row.text("부서"), first)
    person = shared.people.get(number)
    renamed = person is not None and person.name != name
    if person is None:
        person = shared.people[number] = Person(name=name, employee_no=number)
        writing().add(person)
    person.name = name
    rank = row.text("직급", longest=50, asked=False)
    effect, text = put_posting(person, department, rank, first, last, by=shared.by)
    opened = _account(shared, person, row.text("아이디", longest=50, asked=False))
    if effect is Effect.SAME and (renamed or opened):
        effect = Effect.CHANGED
    text += ", 성명 변경" if renamed else ""
    return effect, text + (", 계정을 엽니다(비밀번호는 초기화하여 전달)" if opened else "")


def _account(shared: _Import, person: Person, login: str) -> bool:
    """Whether an account was opened for the person under this login."""
    if not login:
        return False
    writing().flush()
    known = writing().scalar(select(Account).where(Account.person_id == person.id))
    if known is not None:
        if known.login != login:
            raise LineRefused("이 직원에게 이미 다른 아이디의 계정이 있습니다. 칸을 비워 주십시오.")
        return False
    if person.posting_on(clock.today()) is None:
        raise LineRefused("오늘 재직하지 않는 직원의 계정은 열 수 없습니다. 칸을 비워 주십시오.")
    shared.unusable_hash = shared.unusable_hash or hashed(generated_password())
    open_without_password(person, login, by=shared.by, unusable_hash=shared.unusable_hash)
    return True


def _extension(shared: _Import, row: Row) -> tuple[Effect, str]:
    number, kind = number_of(row.text("내선번호")), row.text("구분")
    first, last = row.day("시작일"), row.day("종료일", asked=False)
    person = shared.people.get(row.text("사번", longest=30))
    if person is None:
        raise LineRefused("그 사번의 직원이 없습니다. 직원 파일을 먼저 반영해 주십시오.")
    if first is None:
        raise LineRefused("'시작일' 칸이 비어 있습니다.")
    return put_holding(number, kind, person, first, last, by=shared.by)


_LINES = {
    Kind.DEPARTMENTS: _department,
    Kind.PEOPLE: _person,
    Kind.EXTENSIONS: _extension,
}


def _department_on(name: str, day: object) -> Department:
    named = select(Department).where(
        Department.name == name,
        Department.from_on <= day,
        Department.until_on.is_(None) | (Department.until_on > day),
    )
    found = writing().scalar(named)
    if found is None:
        raise LineRefused(f"시작일에 '{name}' 부서가 없습니다. 부서 파일을 먼저 반영해 주십시오.")
    return found


def _known_people() -> dict[str, Person]:
    """By employee number, with their postings: two queries for all of them."""
    statement = (
        select(Person)
        .where(Person.employee_no.is_not(None))
        .options(selectinload(Person.postings))
        .execution_options(populate_existing=True)
    )
    return {person.employee_no or "": person for person in writing().scalars(statement)}


def _one_at_a_time() -> None:
    """Two imports at once would both find a line new: the second waits for the first."""
    writing().execute(select(Department.id).order_by(Department.id).with_for_update())
