"""직원: one person's page, and what it cannot be used for."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

import factories
from client import PageClient
from portal import clock
from portal.accounts import sessions
from portal.accounts.close_account import close_account, close_what_is_due, set_closing
from portal.accounts.log_in import LoginRefused, log_in
from portal.accounts.models import Account, Department, Person
from portal.accounts.refusals import (
    AccountClosed,
    BadClosingDay,
    LastOne,
    MayNot,
    OwnAccount,
    OwnPerson,
)
from portal.approvals.standing import holders_of
from portal.audit.models import AuditEvent
from portal.database import write
from portal.extensions import db
from portal.organisation import people
from portal.organisation.csv_file import LineRefused
from portal.recordings.parties import is_own_call, party_ids
from portal.roles import Role

DAY = timedelta(days=1)


@pytest.fixture
def custodian(client: PageClient) -> Account:
    account = factories.account(Role.CUSTODIAN)
    client.log_in(account)
    return account


def post(client: PageClient, person: Person, what: str, status: int = 303, **form: str) -> str:
    address = f"/organisation/people/{person.public_id}"
    client.get(address)
    answer = client.post(f"{address}/{what}", form)
    assert answer.status_code in (status, 200 if status == 303 else status)
    db.session.expire_all()
    return answer.text


def events(action: str) -> int:
    found = select(AuditEvent).where(AuditEvent.action == action)
    return len(db.session.scalars(found).all())


def test_a_move_on_a_day_keeps_the_history_and_whose_the_calls_were(
    client: PageClient, custodian: Account
) -> None:
    person = factories.account(name="김이동").person
    line = factories.extension("0316442222", person)
    before = factories.recording(line)
    new = factories.department("새민원과")
    tomorrow = clock.today() + DAY

    post(
        client,
        person,
        "move",
        department=new.public_id,
        rank="팀장",
        from_on=tomorrow.isoformat(),
    )
    other = factories.account().person
    post(client, other, "hold", number="2222", kind="전용", holds_from=tomorrow.isoformat())
    post(client, other, "hold", number="0316442222", kind="전용", holds_from=tomorrow.isoformat())

    assert [p.department.name for p in person.postings] == ["민원과", "새민원과"]
    assert person.postings[0].last_on == clock.today()
    assert is_own_call(before, person) and not is_own_call(before, other)
    with clock.at(DAY + timedelta(hours=1)):
        later = factories.recording(line, called_at=clock.now())
        assert party_ids([later]) == {other.id}
        assert party_ids([before]) == {person.id}
    page = client.get(f"/organisation/people/{person.public_id}").text
    assert "민원과" in page and "새민원과" in page


def test_what_was_typed_stays_when_it_is_refused(client: PageClient, custodian: Account) -> None:
    person = factories.account().person
    office = db.session.scalars(select(Department)).first()
    assert office is not None

    page = post(
        client,
        person,
        "move",
        422,
        department=office.public_id,
        rank="주무관보",
        from_on="2010-01-01",
    )
    assert "없는 부서입니다" in page and "주무관보" in page
    page = post(client, person, "name", 422, name="800101-1234567")
    assert "주민등록번호" in page
    page = post(client, person, "hold", 422, number="x", kind="전용", holds_from="2026-01-01")
    assert "내선번호를 숫자로" in page
    assert len(person.postings) == 1


def test_a_name_is_corrected_and_logged_once(client: PageClient, custodian: Account) -> None:
    person = factories.account(name="김오기").person

    post(client, person, "name", name=" 김  바름 ")
    post(client, person, "name", name="김 바름")

    assert person.name == "김 바름"
    assert events("person.renamed") == 1


def test_nobody_changes_their_own_record(client: PageClient, custodian: Account) -> None:
    person, today = custodian.person, clock.today()
    office = person.postings[0].department

    page = client.get(f"/organisation/people/{person.public_id}").text
    assert "이름 저장" not in page

    assert "스스로" in post(client, person, "name", 422, name="다른이름")
    for number in ("2345", "0316449999"):
        refused = post(
            client, person, "hold", 422, number=number, kind="전용", holds_from=today.isoformat()
        )
        assert "자신의 내선" in refused
    with pytest.raises(OwnPerson), write():
        people.move(person, office, "과장", today, None, by=custodian)
    with pytest.raises(OwnAccount), write():
        set_closing(custodian, today, by=custodian)


def test_only_custodians_change_anybody(app: Flask) -> None:
    head, person = factories.account(Role.DIVISION_HEAD), factories.account().person
    for who in (head, factories.account()):
        with pytest.raises(MayNot), write():
            people.rename(person, "x", by=who)
        with pytest.raises(MayNot), write():
            people.move(person, person.postings[0].department, "", clock.today(), None, by=who)


def test_the_page_gives_no_role_and_leaves_the_second_person_where_it_is(
    client: PageClient, custodian: Account
) -> None:
    target = factories.account()
    forms = {"name": "name", "move": "rank", "hold": "number", "closing": "closes_after"}
    for what in forms:
        post(client, target.person, what, 422 if what != "closing" else 303, role="custodian")

    assert target.roles == {Role.EMPLOYEE}
    page = client.get(f"/organisation/people/{target.person.public_id}").text
    assert "부여할 역할" not in page and "비밀번호" not in page


def test_an_account_closes_by_itself_at_the_midnight_after_its_day(
    client: PageClient, custodian: Account
) -> None:
    leaver = factories.account()
    last = clock.today() + 2 * DAY
    post(client, leaver.person, "closing", closes_after=last.isoformat())

    with clock.at(clock.midnight(last + DAY) - timedelta(seconds=1)):
        assert close_what_is_due() == 0
    with clock.at(clock.midnight(last + DAY)):
        assert close_what_is_due() == 1
        assert close_what_is_due() == 0

    db.session.expire_all()
    assert not leaver.is_active
    assert leaver.grants[0].revoked_at is not None
    assert events("account.closed") == 1


def test_a_set_day_can_be_taken_back_and_is_never_over(
    client: PageClient, custodian: Account
) -> None:
    leaver = factories.account()
    post(client, leaver.person, "closing", closes_after=clock.today().isoformat())
    post(client, leaver.person, "closing", closes_after="")
    with clock.at(3 * DAY):
        assert close_what_is_due() == 0
    with pytest.raises(BadClosingDay), write():
        set_closing(leaver, clock.today() - DAY, by=custodian)


def test_from_its_day_on_nothing_opens_though_no_worker_ran(app: Flask) -> None:
    custodian, leaver = factories.account(Role.CUSTODIAN), factories.account(Role.COUNTER)
    with write():
        row, _token = sessions.begin(leaver)
        set_closing(leaver, clock.today(), by=custodian)
    end = clock.midnight(clock.today() + DAY)

    with clock.at(end - timedelta(seconds=1)):
        assert leaver.is_active and leaver in holders_of(Role.COUNTER)
        assert log_in(leaver.login, factories.PASSWORD)[0] is leaver
    with clock.at(end):
        assert not sessions.is_alive(row, clock.now())
        assert leaver.roles == frozenset() and leaver not in holders_of(Role.COUNTER)
        with pytest.raises(LoginRefused):
            log_in(leaver.login, factories.PASSWORD)
        with pytest.raises(AccountClosed), write():
            set_closing(leaver, None, by=custodian)
        assert close_what_is_due() == 1


@pytest.mark.parametrize("role", [Role.CUSTODIAN, Role.DIVISION_HEAD])
def test_no_day_is_set_for_the_last_custodian_or_head(app: Flask, role: Role) -> None:
    first, second = factories.account(role), factories.account(role)
    with write():
        set_closing(first, clock.today() + 9 * DAY, by=None)

    for leave in (
        lambda: set_closing(second, clock.today() + 99 * DAY, by=None),
        lambda: close_account(second, by=None),
    ):
        with pytest.raises(LastOne, match="닫을 날이 정해진"), write():
            leave()
    with write():
        set_closing(first, None, by=None)
        set_closing(second, clock.today(), by=None)


def test_the_list_finds_by_name_and_number_and_pages(
    client: PageClient, custodian: Account
) -> None:
    factories.account(name="홍길순")
    person = factories.account(name="한다른").person

    page = client.get("/organisation/people?q=홍길").text
    assert "홍*순" in page and "한*른" not in page
    page = client.get(f"/organisation/people?q={person.employee_no}").text
    assert "한*른" in page and "홍*순" not in page
    assert events("accounts.search") == 2


def test_a_department_of_another_time_is_refused(app: Flask) -> None:
    custodian, person = factories.account(Role.CUSTODIAN), factories.account().person
    office = factories.department("없어진과")
    with write():
        office.until_on = date(2021, 1, 1)

    with pytest.raises(LineRefused), write():
        people.move(person, office, "", clock.today(), None, by=custodian)


def test_no_title_carries_a_name_into_the_browsers_history(
    client: PageClient, custodian: Account
) -> None:
    person = factories.account(name="김제목").person

    page = client.get(f"/organisation/people/{person.public_id}").text

    assert "김제목" in page and "김제목" not in page.partition("</title>")[0]


def test_a_line_in_use_goes_to_another_from_tomorrow_so_that_todays_calls_stay(
    client: PageClient, custodian: Account
) -> None:
    former, new = factories.account().person, factories.account().person
    line = factories.extension("0316442233", former)
    today = clock.today()
    hold = {"number": "0316442233", "kind": "전용"}

    refused = post(client, new, "hold", 422, **hold, holds_from=today.isoformat())
    assert "내일부터로" in refused
    post(client, new, "hold", **hold, holds_from=(today + DAY).isoformat())

    noon = clock.midnight(today) + timedelta(hours=12)
    assert party_ids([factories.recording(line, called_at=noon)]) == {former.id}
    assert party_ids([factories.recording(line, called_at=noon + DAY)]) == {new.id}
