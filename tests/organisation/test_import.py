"""Departments, people and extensions from CSV files: whole or not at all, twice the same."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

import factories
from portal import clock
from portal.accounts.models import Account, Department, Extension, ExtensionHolding, Person, Posting
from portal.accounts.refusals import MayNot
from portal.audit.models import AuditEvent
from portal.database import write
from portal.extensions import db
from portal.organisation.csv_file import FileRefused, LineRefused
from portal.organisation.extensions import end_holding
from portal.organisation.import_csv import Kind, import_file
from portal.organisation.people import accounts_to_close
from portal.organisation.report import Effect, Report
from portal.recordings.models import CallLeg
from portal.recordings.parties import is_own_call, party_ids
from portal.roles import Role

DEPARTMENTS = "부서명,구분,시작일,종료일\n도시과,본청,2020-01-01,\n보건소,직속기관,2020.1.1.,\n"
PEOPLE = (
    "사번,성명,부서,직급,시작일,종료일,아이디\n"
    "A1,김하나,도시과,주무관,2021-03-01,,hana\n"
    "A2,이두리,보건소,팀장,20210301,,\n"
)
EXTENSIONS = (
    "내선번호,구분,사번,시작일,종료일\n"
    "031-644-2101,전용,A1,2021-03-01,\n"
    "0316442199,공용,A1,2021-03-01,\n"
    "0316442199,공용,A2,2021-03-01,\n"
)
ALL = ((Kind.DEPARTMENTS, DEPARTMENTS), (Kind.PEOPLE, PEOPLE), (Kind.EXTENSIONS, EXTENSIONS))


@pytest.fixture
def custodian(app: Flask) -> Account:
    return factories.account(Role.CUSTODIAN)


def put(kind: Kind, text: str | bytes, by: Account | None = None, dry_run: bool = False) -> Report:
    data = text if isinstance(text, bytes) else text.encode()
    return import_file(kind, data, by=by, dry_run=dry_run)


def put_all(by: Account | None = None) -> None:
    for kind, text in ALL:
        assert put(kind, text, by).applied


def rows() -> list[int]:
    tables = (Department, Person, Posting, Account, Extension, ExtensionHolding, AuditEvent)
    return [db.session.scalar(select(func.count()).select_from(t)) or 0 for t in tables]


def person(number: str) -> Person:
    return db.session.scalars(select(Person).where(Person.employee_no == number)).one()


def test_three_files_make_the_organisation(app: Flask, custodian: Account) -> None:
    put_all(custodian)

    hana = person("A1")
    assert hana.department_name == "도시과" and hana.rank == "주무관"
    line = db.session.scalars(select(Extension).where(Extension.number == "0316442199")).one()
    assert line.shared and {h.person.name for h in line.holdings} == {"김하나", "이두리"}
    account = db.session.scalars(select(Account).where(Account.login == "hana")).one()
    assert account.person_id == hana.id and account.must_change_password
    actions = list(db.session.scalars(select(AuditEvent.action)))
    assert actions.count("organisation.imported") == 3 and "account.opened" in actions


def test_the_same_files_again_change_nothing(app: Flask) -> None:
    put_all()
    before = rows()

    for kind, text in ALL:
        report = put(kind, text)
        assert report.counts[Effect.SAME] == len(report.lines)

    assert rows()[:-1] == before[:-1]


def test_a_dry_run_tells_what_would_be_and_changes_nothing(app: Flask) -> None:
    before = rows()

    report = put(Kind.DEPARTMENTS, DEPARTMENTS, dry_run=True)

    assert report.counts[Effect.ADDED] == 2 and not report.applied
    assert rows() == before


def test_with_one_wrong_line_nothing_is_written(app: Flask) -> None:
    put(Kind.DEPARTMENTS, DEPARTMENTS)
    before = rows()

    report = put(Kind.PEOPLE, PEOPLE + "A3,박셋,없는과,주무관,2021-03-01,,\n")

    assert not report.applied and report.counts[Effect.WRONG] == 1
    assert report.shown[0].number == 4 and "없는과" in report.shown[0].text
    assert rows() == before


def test_a_move_ends_the_former_posting_the_day_before(app: Flask) -> None:
    put_all()
    text = PEOPLE + "A1,김하나,보건소,팀장,2023-01-01,,\n"

    for _ in range(2):
        assert put(Kind.PEOPLE, text).applied

    postings = person("A1").postings
    assert [(p.department.name, p.until_on) for p in postings] == [
        ("도시과", date(2023, 1, 1)),
        ("보건소", None),
    ]
    assert person("A1").posting_on(date(2022, 12, 31)).department.name == "도시과"  # type: ignore[union-attr]


def test_who_left_is_shown_to_the_custodian_as_an_account_to_close(app: Flask) -> None:
    put_all()
    yesterday = clock.today() - timedelta(days=1)

    report = put(Kind.PEOPLE, PEOPLE.replace("01,,hana", f"01,{yesterday},hana"))

    assert report.counts[Effect.ENDED] == 1
    assert [a.login for a in db.session.scalars(accounts_to_close()).unique()] == ["hana"]


def test_a_new_holder_of_an_own_line_ends_the_former_one(app: Flask) -> None:
    put_all()
    text = EXTENSIONS + "0316442101,전용,A2,2024-05-01,\n"

    for _ in range(2):
        assert put(Kind.EXTENSIONS, text).applied

    line = db.session.scalars(select(Extension).where(Extension.number == "0316442101")).one()
    assert [(h.person.employee_no, h.until_on) for h in line.holdings] == [
        ("A1", date(2024, 5, 1)),
        ("A2", None),
    ]


@pytest.mark.parametrize(
    ("kind", "line", "told"),
    [
        (Kind.DEPARTMENTS, "새과,화성기지,2020-01-01,", "구분은"),
        (Kind.DEPARTMENTS, "새과,본청,2020-13-01,", "2026-11-23처럼"),
        (Kind.DEPARTMENTS, "새과,본청,,", "비어"),
        (Kind.DEPARTMENTS, "새과,본청,2020-01-02,2020-01-01", "이릅니다"),
        (Kind.DEPARTMENTS, "=cmd|' /C calc'!A0,본청,2020-01-01,", "수식"),
        (Kind.DEPARTMENTS, "도시과,본청,2020-01-01,2024-01-01", "소속된 직원"),
        (Kind.DEPARTMENTS, "새과,본청,2020-01-01,,,,더", "칸이 제목보다"),
        (Kind.PEOPLE, "A9,900101-1234568,도시과,,2020-01-01,,", "주민등록번호"),
        (Kind.PEOPLE, "A1,김하나,도시과,,2020-05-01,2022-01-01,", "겹칩니다"),
        (Kind.PEOPLE, "A1,김하나,도시과,주무관,2021-03-01,,other", "다른 아이디"),
        (Kind.PEOPLE, "A9,구하나,도시과,주무관,2021-03-01,,hana", "이미 있는 아이디"),
        (Kind.PEOPLE, "A9,구하나,도시과,주무관,2021-03-01,,한글", "영문 소문자"),
        (Kind.EXTENSIONS, "없음,전용,A1,2021-03-01,", "숫자"),
        (Kind.EXTENSIONS, "2101,전용,ZZ,2021-03-01,", "사번"),
        (Kind.EXTENSIONS, "2101,개인용,A1,2021-03-01,", "전용이나 공용"),
        (Kind.EXTENSIONS, "0316442101,전용,A2,2020-01-01,", "겹칩니다"),
        (Kind.EXTENSIONS, "0316442199,공용,A1,2022-01-01,", "겹칩니다"),
    ],
)
def test_a_wrong_line_is_told_with_its_number_and_how_to_correct_it(
    app: Flask, kind: Kind, line: str, told: str
) -> None:
    put_all()
    before = rows()
    header = dict(ALL)[kind].splitlines()[0]

    report = put(kind, f"{header}\n{line}\n")

    assert [(found.number, found.effect) for found in report.lines] == [(2, Effect.WRONG)]
    assert told in report.lines[0].text
    assert rows() == before


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xef\xbb\xbf",
        b"PK\x03\x04rest of a workbook",
        DEPARTMENTS.encode() + b"\x00",
        DEPARTMENTS.encode() + b"\x1b[2J",
        b"\xff\xfe\x00\x01\x81",
        ("부서명" + "," * 1_000_000).encode()[: 1024 * 1024],
        b"a" * (1024 * 1024 + 1),
        ("부서명,구분,시작일\n" + "가,본청,2020-01-01\n" * 5002).encode(),
        "부서명,구분\n도시과,본청\n".encode(),
        "부서명,부서명,구분,시작일\n".encode(),
        "부서명,구분,시작일,비밀번호\n가,본청,2020-01-01,x\n".encode(),
        "부서명,구분,시작일\n".encode(),
        '부서명,구분,시작일\n"도시과,본청,2020-01-01\n'.encode(),
        b"\n\n\n",
    ],
    ids=range(15),
)
def test_what_is_no_such_table_is_refused_whole(app: Flask, content: bytes) -> None:
    before = rows()

    with pytest.raises(FileRefused):
        put(Kind.DEPARTMENTS, content)

    assert rows() == before


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949"])
def test_korean_spreadsheets_are_read_as_they_are_saved(app: Flask, encoding: str) -> None:
    text = DEPARTMENTS.replace("\n", "\r\n")

    assert put(Kind.DEPARTMENTS, text.encode(encoding)).applied

    names = set(db.session.scalars(select(Department.name)))
    assert {"도시과", "보건소"} <= names


def test_only_a_custodian_imports(app: Flask) -> None:
    for role in (Role.TEAM_LEADER, Role.AUDITOR, Role.EMPLOYEE):
        account = factories.account(role)
        with pytest.raises(MayNot):
            put(Kind.DEPARTMENTS, DEPARTMENTS, account)


def test_nobody_gives_an_extension_to_themselves(app: Flask, custodian: Account) -> None:
    number = custodian.person.employee_no
    header = EXTENSIONS.splitlines()[0]

    report = put(Kind.EXTENSIONS, f"{header}\n2101,전용,{number},2021-03-01,\n", custodian)

    assert "자신의 내선" in report.lines[0].text
    assert db.session.scalars(select(Extension)).all() == []


def test_a_shared_line_with_living_calls_does_not_become_somebodys_own(app: Flask) -> None:
    put_all()
    line = db.session.scalars(select(Extension).where(Extension.number == "0316442199")).one()
    factories.recording(line)
    header = EXTENSIONS.splitlines()[0]

    report = put(Kind.EXTENSIONS, f"{header}\n0316442199,전용,A1,2021-03-01,\n")

    assert report.is_wrong and "공용" in report.lines[0].text
    db.session.refresh(line)
    assert line.shared


def test_calls_that_waited_for_their_extension_get_their_parties_by_date(app: Flask) -> None:
    put(Kind.DEPARTMENTS, DEPARTMENTS)
    put(Kind.PEOPLE, PEOPLE)
    today = clock.today()
    old = factories.recording(called_at=clock.midnight(today) - timedelta(days=5))
    new = factories.recording()
    with write() as session:
        for call in (old, new):
            at = call.called_at
            leg = CallLeg(recording_id=call.id, number="2101", from_at=at, until_at=at)
            session.add(leg)
    header = EXTENSIONS.splitlines()[0]

    put(Kind.EXTENSIONS, f"{header}\n2101,전용,A1,{today - timedelta(days=1)},\n")

    assert party_ids([new]) == {person("A1").id} and is_own_call(new, person("A1"))
    assert party_ids([old]) == set()


def test_nobody_alone_moves_past_calls_to_another_person(app: Flask, custodian: Account) -> None:
    put_all()
    line = db.session.scalars(select(Extension).where(Extension.number == "0316442101")).one()
    former = line.holdings[-1].person
    old = factories.recording(line, called_at=clock.now() - timedelta(days=3))
    new = next(person(n) for n in ("A1", "A2") if person(n) is not former)
    header, today = EXTENSIONS.splitlines()[0], clock.today()
    early, late = today - timedelta(days=5), today + timedelta(days=1)
    move = f"{header}\n0316442101,전용,{new.employee_no},{{}},\n"

    report = put(Kind.EXTENSIONS, move.format(early), custodian)
    assert report.is_wrong and "1건의 당사자" in report.lines[0].text
    with pytest.raises(LineRefused), write():
        end_holding(line.holdings[-1], early, by=custodian)
    db.session.expire_all()
    assert party_ids([old]) == {former.id}

    # From tomorrow on it is an ordinary move: what is over, and today, stays whose it was.
    assert "내일부터로" in put(Kind.EXTENSIONS, move.format(today), custodian).lines[0].text
    assert not put(Kind.EXTENSIONS, move.format(late), custodian).is_wrong
    assert party_ids([old]) == {former.id}


def test_a_move_entered_late_comes_in_from_the_machine_and_is_counted(app: Flask) -> None:
    put_all()
    line = db.session.scalars(select(Extension).where(Extension.number == "0316442101")).one()
    former = line.holdings[-1].person
    old = factories.recording(line, called_at=clock.now() - timedelta(days=3))
    new = next(person(n) for n in ("A1", "A2") if person(n) is not former)
    early = clock.today() - timedelta(days=5)

    header = EXTENSIONS.splitlines()[0]
    put(Kind.EXTENSIONS, f"{header}\n0316442101,전용,{new.employee_no},{early},\n")

    assert party_ids([old]) == {new.id}
    event = db.session.scalars(
        select(AuditEvent).where(AuditEvent.action == "extension.calls_changed_hands")
    ).one()
    assert '"calls":1' in event.detail.replace(" ", "")
