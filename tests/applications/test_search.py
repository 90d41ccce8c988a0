"""The search for calls: inside one application, within its bounds, logged, masked."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import event, select

import factories
from applications.intake import (
    asked_call,
    custodian,
    from_citizen,
    from_employee,
    received,
    refuses,
    state_of,
)
from portal import clock
from portal.accounts.models import Account
from portal.applications.candidates import proposal
from portal.applications.choices import SUBSCRIPTION
from portal.applications.conflict import Conflict
from portal.applications.custody import NotCustodian
from portal.applications.models import Application
from portal.applications.receive import NotInHand
from portal.applications.search import CannotSearch, Found, search
from portal.applications.states import State
from portal.audit.models import AuditEvent
from portal.database import write
from portal.extensions import db
from portal.roles import Role

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def found(application: Application, by: Account, **query: object) -> Found:
    with write():
        return search(application, by=by, **query)  # type: ignore[arg-type]


def ids(result: Found) -> list[str]:
    return [call.public_id for call in result.calls]


def test_without_a_query_both_numbers_of_the_application_are_searched(app: Flask) -> None:
    application = received(from_citizen(), person := custodian())
    wanted = asked_call(application)
    asked_call(application, caller="01099998888")  # somebody else called the same line
    asked_call(application, callee="0316440000")

    assert ids(found(application, person)) == [wanted.public_id]


def test_where_no_call_has_both_numbers_either_of_them_is_enough(app: Flask) -> None:
    application = received(from_citizen(), person := custodian())
    passed_on = asked_call(application, callee="1234")

    result = found(application, person)

    assert ids(result) == [passed_on.public_id]
    assert not result.calls[0].fits


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("typed", "finds"),
    [
        ("5678", True),
        ("1234", True),
        ("010-1234-5678", True),
        ("01012", True),
        ("031-644", True),
        ("+82 10-1234-5678", True),
        ("0678", False),
        ("8765", False),
        ("12345", False),
        ("0101234567890", False),
    ],
)
def test_a_number_is_found_whole_by_its_beginning_or_its_last_four_digits(
    app: Flask, typed: str, finds: bool
) -> None:
    application = received(from_citizen(), person := custodian())
    asked_call(application)

    assert bool(ids(found(application, person, number=typed))) is finds


def test_an_extension_that_a_call_was_passed_on_to_is_found(app: Flask) -> None:
    application = received(from_citizen(), person := custodian())
    line = factories.extension("2077", factories.account().person)
    passed_on = asked_call(application, line=line, caller="01000001111")

    assert ids(found(application, person, number="2077")) == [passed_on.public_id]


@pytest.mark.parametrize("typed", ["1", "123", "홍길동", "5678, 1234", "%", "____", "' OR 1=1 --"])
def test_a_query_too_short_or_not_a_number_is_refused_and_not_run(app: Flask, typed: str) -> None:
    application = received(from_citizen(), person := custodian())
    asked_call(application)

    refuses(CannotSearch, search, application, by=person, number=typed)
    assert _searches() == []


@pytest.mark.parametrize("typed", ["세정과", "세정", "이천시청 세정과 세외수입팀"])
def test_with_unknown_numbers_the_called_department_comes_first(app: Flask, typed: str) -> None:
    application = from_citizen(
        caller_number=None, callee_number=None, called_department=typed, party_check=SUBSCRIPTION
    )
    person = custodian()
    received(application, person)
    before = asked_call(application)
    assert application.asked_from
    there = factories.recording(
        _line_in("세정과"), called_at=application.asked_from + 5 * HOUR, callee="0316440001"
    )

    result = found(application, person)

    assert ids(result) == [there.public_id, before.public_id]
    assert result.calls[0].departments == ("세정과",)
    assert (result.calls[0].caller, result.calls[0].fits) == ("010-****-5678", True)


def test_a_call_a_day_off_is_found_and_one_further_off_is_not(app: Flask) -> None:
    application = received(from_citizen(asked_from=clock.now() - 4 * DAY), person := custodian())
    asked = application.asked_from
    assert asked
    inside = [factories.recording(called_at=asked + d) for d in (-DAY, DAY)]
    for outside in (-DAY - timedelta(minutes=1), DAY + timedelta(minutes=1)):
        factories.recording(called_at=asked + outside)

    assert ids(found(application, person)) == [r.public_id for r in inside]


def test_the_query_cannot_widen_the_bounds(app: Flask) -> None:
    application = received(from_citizen(), person := custodian())
    asked = application.asked_from
    assert asked

    for query in (
        {"from_": asked - DAY - timedelta(minutes=1)},
        {"until": asked + DAY + timedelta(minutes=1)},
        {"from_": asked - 300 * DAY, "until": asked + 300 * DAY},
    ):
        refuses(CannotSearch, search, application, by=person, says="만 찾을 수", **query)
    refuses(CannotSearch, search, application, by=person, from_=asked, until=asked - HOUR)


def test_an_employees_application_reaches_their_own_calls_of_that_hour_only(app: Flask) -> None:
    application, call, _ = from_employee()
    person = custodian()
    received(application, person)
    at = call.called_at
    others_line = factories.extension("2998", factories.account().person)
    factories.recording(others_line, called_at=at, caller=call.caller_number)  # not theirs
    factories.recording(called_at=at)  # nobody's
    line = db.session.get(factories.Extension, call.legs[0].extension_id)
    near = factories.recording(line, called_at=at - 30 * timedelta(minutes=1))
    factories.recording(line, called_at=at - 2 * HOUR)

    assert ids(found(application, person)) == [call.public_id, near.public_id]
    refuses(CannotSearch, search, application, by=person, from_=at - 2 * HOUR)


def test_the_call_applied_from_is_proposed_and_stands_on_top(app: Flask) -> None:
    application, call, _ = from_employee()
    person = custodian()
    received(application, person)
    line = db.session.get(factories.Extension, call.legs[0].extension_id)
    factories.recording(line, called_at=call.called_at - timedelta(minutes=20))

    result = found(application, person)

    assert [c.public_id for c in proposal(application)] == [call.public_id]
    assert [c.proposed for c in result.calls] == [True, False]


def test_a_call_past_its_day_is_neither_found_nor_proposed(app: Flask) -> None:
    application, call, _ = from_employee()
    person = custodian()
    received(application, person)

    with clock.at(call.deleted_at - timedelta(seconds=1)):
        assert ids(found(application, person)) == [call.public_id]
    with clock.at(call.deleted_at):
        assert ids(found(application, person)) == []
        assert proposal(application) == []


def test_a_destroyed_call_is_not_found(app: Flask) -> None:
    application = received(from_citizen(), person := custodian())
    asked_call(application, destroyed_at=clock.now())

    assert ids(found(application, person)) == []


def test_at_most_twenty_calls_are_shown(app: Flask) -> None:
    application = received(from_citizen(), person := custodian())
    for _ in range(22):
        asked_call(application)

    result = found(application, person)

    assert (len(result.calls), result.more) == (20, True)


def test_numbers_are_masked_except_what_the_application_says(app: Flask) -> None:
    application = received(from_citizen(), person := custodian())
    asked_call(application, caller="01099998888")

    call = found(application, person).calls[0]

    assert (call.caller, call.callee) == ("010-****-8888", "031-644-1234")


def test_each_search_is_logged_with_code_words_and_never_with_digits(app: Flask) -> None:
    application = received(from_citizen(), person := custodian(name="정관리"))
    asked_call(application)
    asked = application.asked_from
    assert asked

    found(application, person, number="5678", from_=asked - HOUR, until=asked + HOUR)
    found(application, person, number="0316441234")
    found(application, person)

    logged = _searches()
    assert [json.loads(e.detail) for e in logged] == [
        {"hits": 1, "hours": 2, "number": "last_four"},
        {"hits": 1, "hours": 48, "number": "beginning"},
        {"hits": 1, "hours": 48, "number": "application"},
    ]
    assert {e.subject for e in logged} == {application.public_id}
    assert {e.account for e in logged} == {person.public_id}
    assert "5678" not in "".join(e.detail for e in logged)


def test_nothing_is_searched_before_receipt_or_after_forwarding_or_at_the_end(app: Flask) -> None:
    application, person = from_citizen(), custodian()
    refuses(NotInHand, search, application, by=person, says="먼저 접수")
    received(application, person)
    with write():
        application.forwarded_at = clock.now()
    refuses(NotInHand, search, application, by=person, says="결재에 올린")
    for state in (State.REVIEWED, State.APPROVED, State.CLOSED, State.REFUSED, State.EXPIRED):
        with write():
            application.state, application.forwarded_at = state, None
        refuses(NotInHand, search, application, by=person)
        assert state_of(application) == state


@pytest.mark.parametrize("role", [Role.COUNTER, Role.TEAM_LEADER, Role.DIVISION_HEAD, Role.AUDITOR])
def test_no_other_role_searches(app: Flask, role: Role) -> None:
    application = received(from_citizen(), custodian())

    refuses(NotCustodian, search, application, by=factories.account(role))


def test_somebody_the_application_concerns_does_not_search(app: Flask) -> None:
    application, call, _ = from_employee()
    received(application, custodian())
    party = custodian()
    with write() as session:
        session.add(
            factories.ExtensionHolding(
                extension_id=call.legs[0].extension_id,
                person_id=party.person_id,
                from_on=clock.today() - 100 * DAY,
            )
        )

    refuses(Conflict, search, application, by=party)


def test_the_search_walks_no_table_of_recordings(app: Flask) -> None:
    if db.engine.dialect.name != "sqlite":
        return  # the planner of PostgreSQL reads small tables whole, whatever the indexes
    application = received(from_citizen(), person := custodian())
    seen: list[tuple[str, object]] = []
    event.listen(
        db.engine,
        "before_cursor_execute",
        lambda _c, _cursor, statement, values, _x, _m: seen.append((statement, values)),
    )
    for number in ("", "5678", "0316441234"):
        found(application, person, number=number)

    searches = [s for s in seen if "FROM recording" in s[0] and "ORDER BY" in s[0]]
    assert len(searches) == 4
    for statement, values in searches:
        plan = db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
        steps = [row[3] for row in plan]
        assert not [s for s in steps if s.startswith("SCAN recording")], steps
    db.session.rollback()


def _line_in(department: str) -> factories.Extension:
    line = factories.extension("3001", factories.account().person)
    office = factories.department(department)
    with write():
        line.department_id = office.id
    return line


def _searches() -> list[AuditEvent]:
    statement = select(AuditEvent).where(AuditEvent.action == "recordings.search")
    return list(db.session.scalars(statement.order_by(AuditEvent.seq)))
