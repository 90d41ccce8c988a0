"""Two custodians add the same at the same moment; only PostgreSQL lets both begin."""

from __future__ import annotations

import threading
import time
from datetime import timedelta
from itertools import pairwise

import pytest
from flask import Flask
from sqlalchemy import select, text

import factories
from client import PageClient
from portal import clock
from portal.accounts.models import Extension, ExtensionHolding, Person
from portal.database import write
from portal.extensions import db
from portal.organisation.extensions import put_holding
from portal.roles import Role
from trust.pages import enter_as

NUMBER = "0316442101"


def wait_for_a_waiting_session() -> None:
    """Until some connection of this database waits for another's lock."""
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity "
        "WHERE wait_event_type = 'Lock' AND datname = current_database()"
    )
    until = time.monotonic() + 30
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        while not connection.scalar(waiting):
            assert time.monotonic() < until, "nobody waits"
            time.sleep(0.02)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_the_second_of_two_who_add_an_extension_is_told_so_and_loses_nothing(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    first, second = (factories.account(Role.CUSTODIAN) for _ in range(2))
    holders = [factories.account().person for _ in range(2)]
    today, answers = clock.today(), []
    numbers = [person.employee_no for person in holders]
    pages = enter_as(app, second)
    first_holder = holders[0].id

    def add() -> None:
        typed = {"number": NUMBER, "kind": "전용", "employee_no": numbers[1]}
        answers.append(
            pages.post("/organisation/extensions", data={**typed, "from_on": today.isoformat()})
        )

    db.session.rollback()
    other = threading.Thread(target=add)
    with write() as session:
        put_holding(NUMBER, "전용", session.get_one(Person, first_holder), today, None, by=first)
        other.start()
        wait_for_a_waiting_session()
    other.join(30)

    answer = answers[0]
    assert answer.status_code == 409
    assert "다른 사람이 방금 같은 내선을 등록했습니다" in answer.text
    assert f'value="{NUMBER}"' in answer.text and f'value="{numbers[1]}"' in answer.text
    assert len(db.session.scalars(select(Extension)).all()) == 1


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_two_holdings_of_a_line_at_once_do_not_overlap(app: Flask) -> None:
    first, second = (factories.account(Role.CUSTODIAN) for _ in range(2))
    line = factories.extension(NUMBER, factories.account().person)
    holders = [factories.account().person.id for _ in range(2)]
    day, by = clock.today() + timedelta(days=3), second.id
    done = list[str]()

    def hold() -> None:
        with app.app_context():
            with write() as session:
                me = session.get_one(type(second), by)
                person = session.get_one(Person, holders[1])
                done.append(
                    put_holding(NUMBER, "전용", person, day + timedelta(days=1), None, by=me)[1]
                )
            db.session.remove()

    db.session.rollback()
    other = threading.Thread(target=hold)
    with write() as session:
        put_holding(NUMBER, "전용", session.get_one(Person, holders[0]), day, None, by=first)
        other.start()
        wait_for_a_waiting_session()
    other.join(30)

    spans = select(ExtensionHolding).where(ExtensionHolding.extension_id == line.id)
    held = db.session.scalars(spans.order_by(ExtensionHolding.from_on)).all()
    assert done and len(held) == 3
    for earlier, later in pairwise(held):
        assert earlier.until_on is not None and earlier.until_on <= later.from_on


def test_what_the_database_lets_in_once_is_a_conflict_and_no_error(
    app: Flask, client: PageClient
) -> None:
    """The net under every other unique value: the second is told, and nothing of it stays."""
    person = factories.account().person
    app.add_url_rule("/twice", "twice", app.view_functions["health.up"])

    def twice() -> str:
        with write() as session:
            session.add(Person(name="홍길동", employee_no=person.employee_no))
        return ""

    twice.__dict__.update(app.view_functions["health.up"].__dict__)
    app.view_functions["twice"] = twice

    answer = client.get("/twice", status=409)

    assert "다른 사람이 먼저 처리했습니다" in answer.text
