"""The custodian's pages, and the second person's queue."""

from __future__ import annotations

from html import unescape

from flask import Flask
from sqlalchemy import event, select

import factories
from client import PageClient
from portal.accounts.changes import decline
from portal.accounts.grant_role import ask_for_role
from portal.accounts.log_in import authenticate
from portal.accounts.models import Account, AccountChange
from portal.accounts.reset import ask_for_password_reset
from portal.audit.models import AuditEvent
from portal.database import write
from portal.extensions import db
from portal.ids import public_id
from portal.roles import Role

FRAGMENT = {"HX-Request": "true", "HX-Request-Type": "partial"}


def test_the_list_masks_names_and_is_filtered_by_text_role_and_state(
    app: Flask, client: PageClient
) -> None:
    client.log_in(factories.account(Role.CUSTODIAN, name="관리자"))
    factories.account(Role.COUNTER, name="김하늘", login="kimhaneul")
    closed = factories.account(name="이도윤", login="leedoyun")
    with write():
        closed.closed_at = closed.created_at

    everybody = client.get("/accounts").text
    assert "김*늘" in everybody
    assert "김하늘" not in everybody
    assert "leedoyun" not in everybody

    assert "kimhaneul" in client.get("/accounts?q=하늘").text
    assert "kimhaneul" not in client.get("/accounts?q=%25").text
    assert "kimhaneul" in client.get("/accounts?role=counter").text
    assert "kimhaneul" not in client.get("/accounts?role=auditor").text
    assert "leedoyun" in client.get("/accounts?state=closed").text
    assert "leedoyun" in client.get("/accounts?state=all&role=nonsense&page=x").text


def test_the_search_is_logged_without_its_text(app: Flask, client: PageClient) -> None:
    client.log_in(factories.account(Role.CUSTODIAN))

    client.get("/accounts?q=하늘")

    found = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "accounts.search"))
    assert ["하늘" in f"{e.detail}{e.reason}" for e in found] == [False]


def test_the_list_takes_as_many_queries_for_fifty_as_for_ten(
    app: Flask, client: PageClient
) -> None:
    client.log_in(factories.account(Role.CUSTODIAN))
    for _ in range(50):
        factories.account(Role.COUNTER)

    assert queries(app, client, "/accounts?per_page=10") == queries(
        app, client, "/accounts?per_page=50"
    )


def test_a_new_account_gets_its_password_shown_once(app: Flask, client: PageClient) -> None:
    client.log_in(factories.account(Role.CUSTODIAN))
    office = factories.department("도시개발과")
    client.get("/accounts/new")

    answer = client.post("/accounts/new", fields(office.public_id, roles=["counter", "auditor"]))

    opened = account_of("kimhaneul")
    assert opened.roles == {Role.EMPLOYEE, Role.COUNTER}
    assert "확인을 기다리는 역할: 감사 담당자" in answer.text
    password = shown_password(answer.text)
    assert authenticate("kimhaneul", password).must_change_password
    assert password not in client.get(f"/accounts/{opened.public_id}").text


def test_what_was_typed_stays_when_the_login_is_taken(app: Flask, client: PageClient) -> None:
    client.log_in(factories.account(Role.CUSTODIAN))
    factories.account(login="kimhaneul")
    office = factories.department("도시개발과")
    client.get("/accounts/new")

    answer = client.post("/accounts/new", fields(office.public_id))

    assert answer.status_code == 422
    assert "이미 있는 아이디" in answer.text
    assert 'value="김하늘"' in answer.text


def test_a_made_up_department_is_refused(app: Flask, client: PageClient) -> None:
    client.log_in(factories.account(Role.CUSTODIAN))
    client.get("/accounts/new")

    answer = client.post("/accounts/new", fields(public_id()))

    assert answer.status_code == 422
    assert "목록에 있는 부서" in answer.text


def test_looking_at_an_account_is_logged_once(app: Flask, client: PageClient) -> None:
    client.log_in(factories.account(Role.CUSTODIAN))
    person = factories.account()

    for _ in range(3):
        client.get(f"/accounts/{person.public_id}")

    views = db.session.scalars(select(AuditEvent.subject).where(AuditEvent.action == "view")).all()
    assert views == [person.public_id]


def test_the_page_gives_and_takes_roles_resets_and_closes(app: Flask, client: PageClient) -> None:
    client.log_in(factories.account(Role.CUSTODIAN))
    person = factories.account()
    page = f"/accounts/{person.public_id}"
    client.get(page)

    client.post(f"{page}/grant", {"role": "counter"})
    assert Role.COUNTER in person.roles
    client.post(f"{page}/revoke", {"role": "counter"})
    assert Role.COUNTER not in person.roles
    client.post(f"{page}/grant", {"role": "auditor"})
    assert "감사 담당자 역할 부여: 확인을 기다리고 있습니다" in client.get(page).text
    reset = client.post(f"{page}/reset_password")
    assert authenticate(person.login, shown_password(reset.text)).id == person.id
    client.post(f"{page}/reset_otp")
    assert "인증 앱 등록을 지웠습니다" in client.get(page).text
    client.post(f"{page}/close")
    assert not person.is_active
    assert "닫힘" in client.get(page).text


def test_a_refused_act_says_why_and_changes_nothing(app: Flask, client: PageClient) -> None:
    last = factories.account(Role.CUSTODIAN)
    client.log_in(last)
    page = f"/accounts/{last.public_id}"
    client.get(page)

    for act, role, message in (
        ("close", "", "자신의 계정은 닫을 수 없습니다"),
        ("revoke", "custodian", "마지막 시스템 관리자입니다"),
        ("grant", "king", "목록에 있는 역할"),
        ("revoke", "employee", "거둘 수 없습니다"),
    ):
        client.post(f"{page}/{act}", {"role": role})
        assert message in client.get(page).text

    assert last.roles == {Role.EMPLOYEE, Role.CUSTODIAN}


def test_accounts_are_not_found_by_number_or_made_up_id(app: Flask, client: PageClient) -> None:
    client.log_in(factories.account(Role.CUSTODIAN))

    for address in ("/accounts/1", f"/accounts/{public_id()}"):
        client.get(address, status=404)


def test_the_second_person_confirms_in_place(app: Flask, client: PageClient) -> None:
    change, person = waiting_grant()
    client.log_in(factories.account(Role.DIVISION_HEAD))
    assert "감사 담당자 역할 부여" in client.get("/accounts/changes").text

    answer = client.post(address(change, "confirm"), headers=FRAGMENT)

    assert answer.status_code == 200
    assert f'id="change-{change.public_id}"' in answer.text
    assert "<html" not in answer.text
    assert Role.AUDITOR in person.roles
    assert "확인할 요청이 없습니다" in client.get("/accounts/changes").text


def test_the_second_person_confirms_without_scripts_too(app: Flask, client: PageClient) -> None:
    change, person = waiting_grant()
    client.log_in(factories.account(Role.TEAM_LEADER))
    client.get("/accounts/changes")

    answer = client.post(address(change, "confirm"))

    assert "확인했습니다" in answer.text
    assert Role.AUDITOR in person.roles


def test_a_confirmed_reset_shows_the_password_to_who_confirmed_it_once(
    app: Flask, client: PageClient
) -> None:
    leader, custodian = factories.account(Role.TEAM_LEADER), factories.account(Role.CUSTODIAN)
    with write():
        change = ask_for_password_reset(leader, by=custodian)
    assert isinstance(change, AccountChange)
    client.log_in(factories.account(Role.DIVISION_HEAD))
    client.get("/accounts/changes")

    answer = client.post(address(change, "confirm"), headers=FRAGMENT)

    assert authenticate(leader.login, shown_password(answer.text)).must_change_password
    again = client.post(address(change, "confirm"), headers=FRAGMENT)
    assert again.status_code == 409
    assert "<code" not in again.text


def test_who_comes_second_is_told_who_was_first(app: Flask, client: PageClient) -> None:
    change, person = waiting_grant()
    head = factories.account(Role.DIVISION_HEAD, name="강지훈")
    client.log_in(factories.account(Role.TEAM_LEADER))
    client.get("/accounts/changes")
    with write():
        decline(change, by=head)

    answer = client.post(address(change, "confirm"), headers=FRAGMENT)

    assert answer.status_code == 409
    assert "강지훈 님이 먼저 이 요청을 거절" in answer.text
    assert Role.AUDITOR not in person.roles


def test_who_asked_sees_no_button_and_cannot_confirm_by_hand(
    app: Flask, client: PageClient
) -> None:
    change, person = waiting_grant()
    assert change.asked_by is not None
    client.log_in(change.asked_by)

    assert "다른 사람의 확인을 기다립니다" in client.get("/accounts/changes").text
    assert "/confirm" not in client.get("/accounts/changes").text
    answer = client.post(address(change, "confirm"))

    assert answer.status_code == 409
    assert Role.AUDITOR not in person.roles


def test_a_change_is_not_found_by_a_made_up_id(app: Flask, client: PageClient) -> None:
    client.log_in(factories.account(Role.DIVISION_HEAD))
    client.get("/accounts/changes")

    assert client.post(f"/accounts/changes/{public_id()}/confirm").status_code == 404


def waiting_grant() -> tuple[AccountChange, Account]:
    custodian, person = factories.account(Role.CUSTODIAN), factories.account()
    with write():
        change = ask_for_role(person, Role.AUDITOR, by=custodian)
    assert change is not None
    return change, person


def address(change: AccountChange, answer: str) -> str:
    return f"/accounts/changes/{change.public_id}/{answer}"


def fields(department: str, roles: list[str] | None = None) -> dict[str, object]:
    return {
        "login": "kimhaneul",
        "name": "김하늘",
        "department": department,
        "rank": "주무관",
        "employee_no": "",
        "roles": roles or [],
    }


def account_of(login: str) -> Account:
    return db.session.scalars(select(Account).where(Account.login == login)).one()


def shown_password(html: str) -> str:
    return unescape(html).partition('<code class="num">')[2].partition("</code>")[0]


def queries(app: Flask, client: PageClient, address: str) -> int:
    seen: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    client.get(address)
    event.remove(db.engine, "before_cursor_execute", note)
    return len(seen)
