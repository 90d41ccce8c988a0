"""People and where they sit: a new posting ends the former one the day before; leaving is a day."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import Select, exists, or_, select
from sqlalchemy.orm import contains_eager, selectinload

from portal import audit, clock
from portal.accounts.authority import require_custodian
from portal.accounts.models import Account, Department, Person, Posting
from portal.accounts.refusals import OwnPerson
from portal.applications.resident_number import holds_resident_number
from portal.database import lock, writing
from portal.organisation.csv_file import LineRefused
from portal.organisation.report import Effect

LONGEST_NAME = 100  # characters


def put_posting(
    person: Person,
    department: Department,
    rank: str,
    from_on: date,
    last_on: date | None,
    *,
    by: Account | None,
) -> tuple[Effect, str]:
    """Post a person from a day on, or change the posting known from that day.

    Inside the open `write()`. Raises `LineRefused`.
    """
    if last_on and last_on < from_on:
        raise LineRefused("종료일이 시작일보다 이릅니다.")
    until_on = last_on and last_on + timedelta(days=1)
    postings = sorted(person.postings, key=lambda p: p.from_on)
    found = next((p for p in postings if p.from_on == from_on), None)
    following = next((p for p in postings if p.from_on > from_on), None)
    if following and until_on and until_on > following.from_on:
        raise LineRefused("뒤의 발령과 겹칩니다. 종료일을 확인해 주십시오.")
    if following and until_on is None:
        until_on = found.until_on if found and found.until_on else following.from_on
    if found is None:
        effect, text = _add(person, department, rank, from_on, until_on, postings)
    else:
        effect, text = _change(found, department, rank, until_on)
    if effect is not Effect.SAME:
        writing().flush()
        audit.record("person.posting_set", by=by, on=person, effect=str(effect))
    return effect, text


def rename(person: Person, name: str, *, by: Account | None) -> None:
    """Correct a name, inside the open `write()`; what was printed keeps the old one.

    Raises `AccountRefused` and `LineRefused`.
    """
    _guard(person, by)
    given = " ".join(name.split())
    if not given or len(given) > LONGEST_NAME:
        raise LineRefused(f"성명을 {LONGEST_NAME}자 안으로 적어 주십시오.")
    if holds_resident_number(given):
        raise LineRefused("성명에 주민등록번호를 적을 수 없습니다.")
    if given != person.name:
        person.name = given
        audit.record("person.renamed", by=by, on=person)


def move(
    person: Person,
    department: Department,
    rank: str,
    from_on: date,
    last_on: date | None,
    *,
    by: Account | None,
) -> str:
    """Post a person to a department from a day on (발령), inside the open `write()`.

    The calls of before stay whose they were: extensions are not touched. Returns what was done, in
    words. Raises `AccountRefused` and `LineRefused`.
    """
    _guard(person, by)
    stands = department.from_on <= from_on and (
        department.until_on is None or department.until_on > from_on
    )
    if not stands:
        raise LineRefused(f"{from_on.isoformat()}에는 없는 부서입니다. 시작일을 확인해 주십시오.")
    return put_posting(person, department, rank, from_on, last_on, by=by)[1]


def people(text: str) -> Select[Person]:
    """Everybody, by name, or those whose name or 사번 begins with the text."""
    office = selectinload(Person.postings).joinedload(Posting.department)
    found = select(Person).options(office).order_by(Person.name, Person.id)
    if text:
        named = Person.name.startswith(text, autoescape=True)
        found = found.where(named | Person.employee_no.startswith(text, autoescape=True))
    return found


def _guard(person: Person, by: Account | None) -> None:
    require_custodian(by)
    lock(person)
    if by is not None and by.person_id == person.id:
        raise OwnPerson


def accounts_to_close() -> Select[Account]:
    """Open accounts of people whose last posting is over: the custodian is to close them."""
    today = clock.today()
    current = exists().where(
        Posting.person_id == Account.person_id,
        or_(Posting.until_on.is_(None), Posting.until_on > today),
    )
    office = selectinload(Person.postings).joinedload(Posting.department)
    return (
        select(Account)
        .join(Account.person)
        .options(contains_eager(Account.person).options(office))
        .where(
            Account.closed_at.is_(None),
            exists().where(Posting.person_id == Account.person_id),
            ~current,
        )
        .order_by(Account.id)
    )


def _add(
    person: Person,
    department: Department,
    rank: str,
    from_on: date,
    until_on: date | None,
    postings: list[Posting],
) -> tuple[Effect, str]:
    former = next((p for p in reversed(postings) if p.from_on < from_on), None)
    if former and (former.until_on is None or former.until_on > from_on):
        former.until_on = from_on
    person.postings.append(
        Posting(department=department, rank=rank, from_on=from_on, until_on=until_on)
    )
    if not postings:
        return Effect.ADDED, f"{person.name}: {department.name} 발령"
    return Effect.CHANGED, f"{person.name}: {department.name}(으)로 발령"


def _change(
    found: Posting, department: Department, rank: str, until_on: date | None
) -> tuple[Effect, str]:
    before = (found.department_id, found.rank, found.until_on)
    if before == (department.id, rank, until_on):
        return Effect.SAME, found.person.name
    ended = until_on is not None and until_on != found.until_on
    found.department, found.rank, found.until_on = department, rank, until_on
    if not ended:
        return Effect.CHANGED, f"{found.person.name}: 발령 내용 변경"
    return Effect.ENDED, f"{found.person.name}: {department.name} 발령 종료"
