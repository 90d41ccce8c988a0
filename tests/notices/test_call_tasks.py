"""전화 안내: whose it is, its result, and what overtakes it."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

import factories
from client import PageClient
from portal.accounts.models import Account
from portal.applications.models import Application
from portal.applications.move import move
from portal.applications.states import Action, State
from portal.applications.visibility import office_id_of
from portal.approvals import decide
from portal.database import write
from portal.extensions import db
from portal.notices.call_tasks import AlreadyDone, CannotFinish, finish
from portal.notices.models import CallTask
from portal.roles import Role


def officer(office: str = "민원봉사과") -> Account:
    return factories.account(Role.COUNTER, department_name=office)


def approved(entered_by: Account) -> Application:
    application = factories.forwarded_application(
        state=State.REVIEWED, entered_by=entered_by, office_id=office_id_of(entered_by)
    )
    head = factories.account(Role.DIVISION_HEAD)
    with write():
        decide.approve(application, by=head)
    return application


def the_task() -> CallTask:
    db.session.rollback()
    db.session.expire_all()
    return db.session.scalars(select(CallTask)).one()


def test_an_officer_of_the_same_counter_may_call_and_notes_the_result(app: Flask) -> None:
    approved(officer())
    colleague = officer()

    task = the_task()
    with write():
        finish(task, "told", "오후에 방문 예정", by=colleague)

    task = the_task()
    assert (task.result, task.note, task.done_by_id) == ("told", "오후에 방문 예정", colleague.id)
    assert task.done_at is not None


def test_another_counter_may_not(app: Flask) -> None:
    approved(officer())
    other, task = officer("장호원읍"), the_task()

    with pytest.raises(CannotFinish, match="창구"), write():
        finish(task, "told", "", by=other)

    assert the_task().done_at is None


def test_of_two_who_finish_it_one_wins(app: Flask) -> None:
    first, second = officer(), officer()
    approved(first)
    task = the_task()
    with write():
        finish(task, "told", "", by=first)

    with pytest.raises(AlreadyDone, match=first.name), write():
        finish(task, "not_reached", "두 번 전화함", by=second)

    assert the_task().done_by_id == first.id


@pytest.mark.parametrize(
    ("result", "note"),
    [
        ("", ""),
        ("overtaken", ""),
        ("not_reached", " "),
        ("told", "주민번호 800304-1234567"),
        ("told", "가" * 301),
    ],
)
def test_a_result_that_says_nothing_or_too_much_is_refused(
    app: Flask, result: str, note: str
) -> None:
    entered = officer()
    approved(entered)
    task = the_task()

    with pytest.raises(CannotFinish), write():
        finish(task, result, note, by=entered)

    assert the_task().done_at is None


def test_what_was_not_told_in_time_is_overtaken(app: Flask) -> None:
    application = approved(officer())

    with write():
        move(application, Action.HAND_OVER, by=None)

    assert the_task().result == "overtaken"


def test_the_counters_page_shows_the_call_counts_it_and_takes_the_result(
    client: PageClient,
) -> None:
    entered = officer()
    application = approved(entered)
    client.log_in(officer())

    page = client.get("/call-tasks").text
    assert application.control_no in page
    assert "홍*동" in page and "홍길동" not in page and "010-1234-5678" not in page
    assert "남은 안내" in page

    address = f"/call-tasks/{the_task().public_id}"
    assert client.post(address, {"result": "not_reached", "note": ""}).status_code == 422
    kept = client.post(address, {"result": "told", "note": "800304-1234567"})
    assert kept.status_code == 422 and "800304-1234567" in kept.text, "what was typed stays"
    assert 'href="/call-tasks?page=1&amp;per_page=10"' in kept.text
    assert f'action="{address}?page=1&amp;per_page=20"' in kept.text
    assert client.post(address, {"result": "told", "note": "안내 마침"}).status_code == 303
    assert client.post(address, {"result": "told"}).status_code == 409
    assert "안내 마침" in client.get("/call-tasks?tab=done").text
    assert "남은 안내" not in client.get("/call-tasks").text


def test_another_counter_does_not_learn_of_it(client: PageClient) -> None:
    application = approved(officer())
    address = f"/call-tasks/{the_task().public_id}"
    client.log_in(officer("장호원읍"))

    assert str(application.control_no) not in client.get("/call-tasks").text
    assert client.post(address, {"result": "told"}).status_code == 404
