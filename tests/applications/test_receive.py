"""접수: the 관리번호 and the approval line are made on receipt, once, by somebody free to do so."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

import factories
from applications.intake import (
    asked_call,
    custodian,
    from_citizen,
    from_employee,
    received,
    refuses,
)
from applications.papers import citizen_draft, counter_officer
from portal import clock
from portal.accounts.models import Account
from portal.applications.conflict import Conflict, conflict_of
from portal.applications.custody import NotCustodian
from portal.applications.match import match
from portal.applications.models import Application
from portal.applications.receive import AlreadyReceived, guard_in_hand, receive
from portal.applications.search import search
from portal.applications.states import Action, State, WrongState
from portal.audit.models import AuditEvent
from portal.database import write
from portal.extensions import db
from portal.numbers import last_serial
from portal.roles import Role


def test_receipt_draws_the_control_number_and_makes_the_approval_line(app: Flask) -> None:
    application, person = from_citizen(), custodian(name="정관리")

    received(application, person)

    assert application.control_no == f"{clock.today().year}-0001"
    assert application.received_by is person
    assert application.forwarded_at is None
    assert [(s.position, s.role, s.title) for s in application.steps] == [
        (1, "team_leader", "팀장"),
        (2, "division_head", "과장"),
    ]
    last = application.transitions[-1]
    assert (last.action, last.by, last.capacity) == (Action.RECEIVE, person, "시스템 관리자")
    assert db.session.query(AuditEvent).filter_by(action="application.receive").count() == 1


def test_the_approval_line_is_the_one_in_force_when_the_application_was_submitted(
    app: Flask,
) -> None:
    application = from_citizen()
    with write():
        application.settings_snapshot = {
            **application.settings_snapshot,
            "approval": {"steps": [{"role": "division_head", "title": "소장"}]},
        }

    received(application, custodian())

    assert [(s.role, s.title) for s in application.steps] == [("division_head", "소장")]


def test_an_application_without_a_snapshot_takes_the_line_of_the_settings(app: Flask) -> None:
    application = from_citizen()
    with write():
        application.settings_snapshot = {}

    received(application, custodian())

    assert [s.title for s in application.steps] == ["팀장", "과장"]


def test_the_series_begins_anew_with_the_year_in_seoul(app: Flask) -> None:
    person, first, second = custodian(), from_citizen(), from_citizen()
    # 2031-01-01 00:30 in Seoul is still 2030 in UTC.
    new_year = clock.midnight(clock.today().replace(year=2031, month=1, day=1))

    with clock.at(new_year - timedelta(minutes=30)):
        received(first, person)
    with clock.at(new_year + timedelta(minutes=30)):
        received(second, person)

    assert (first.control_no, second.control_no) == ("2030-0001", "2031-0001")


def test_a_second_click_is_told_who_received_it_and_draws_no_number(app: Flask) -> None:
    application, person = from_citizen(), custodian(name="정관리")
    received(application, person)

    refuses(AlreadyReceived, receive, application, by=custodian(), says="정관리님이")

    with write():
        assert last_serial("control", clock.today().year) == 1


@pytest.mark.parametrize("state", [State.CLOSED, State.REFUSED, State.EXPIRED, State.REVIEWED])
def test_nothing_but_a_submitted_application_can_be_received(app: Flask, state: State) -> None:
    application = from_citizen()
    with write():
        application.state = state

    refuses(WrongState, receive, application, by=custodian())


def test_a_draft_cannot_be_received(app: Flask) -> None:
    draft = citizen_draft(counter_officer())

    refuses(WrongState, receive, draft, by=custodian())


@pytest.mark.parametrize("role", [Role.COUNTER, Role.TEAM_LEADER, Role.DIVISION_HEAD, Role.AUDITOR])
def test_no_other_role_receives(app: Flask, role: Role) -> None:
    application = from_citizen()

    refuses(NotCustodian, receive, application, by=factories.account(role))


def test_a_closed_account_receives_nothing(app: Flask) -> None:
    application, person = from_citizen(), custodian()
    with write():
        person.closed_at = clock.now()

    refuses(NotCustodian, receive, application, by=person)


def test_applicant_enterer_and_party_do_not_receive(app: Flask) -> None:
    by_employee, call, applicant = from_employee()
    by_citizen = from_citizen()
    other_party = custodian()
    factories.extension("2999", other_party.person)
    for person in (applicant, by_citizen.entered_by):
        _grant(person, Role.CUSTODIAN)
    _share_line_of(call.id, other_party)

    for application, person in (
        (by_employee, applicant),
        (by_citizen, by_citizen.entered_by),
        (by_employee, other_party),
    ):
        refuses(Conflict, receive, application, by=person)


def test_whoever_was_on_a_call_that_fits_neither_receives_nor_looks_for_it(app: Flask) -> None:
    application, party, free = from_citizen(), custodian(), custodian()
    line = factories.extension("2998", party.person)
    own = asked_call(application, line=line, caller=application.caller_number)
    refuses(Conflict, receive, application, by=party, says="당사자")

    received(application, free)
    refuses(Conflict, search, application, by=party, says="당사자")

    # Once another call is known to be the one, the party to what merely fitted is free again.
    asked = asked_call(application)
    with write():
        match(application, asked, by=free)
    assert own.is_alive and conflict_of(application, party) is None
    with write():
        guard_in_hand(application, party)


def test_of_two_custodians_at_once_one_wins_and_the_other_is_told(app: Flask) -> None:
    application_id = from_citizen().id
    people = [custodian(name="가나다").id, custodian(name="라마바").id]
    outcome = _at_once(app, people, lambda _n: application_id)

    assert sorted(type(o).__name__ for o in outcome) == ["AlreadyReceived", "NoneType"]
    application = db.session.get(Application, application_id)
    assert application
    assert application.control_no == f"{clock.today().year}-0001"
    assert len(application.steps) == 2


def test_eight_receipts_at_once_draw_eight_numbers_without_gap_or_double(app: Flask) -> None:
    ids = [from_citizen().id for _ in range(8)]
    person_id = custodian().id
    outcome = _at_once(app, [person_id] * 8, lambda n: ids[n])

    assert outcome == [None] * 8
    numbers = sorted(str(row.control_no) for row in db.session.query(Application).all())
    assert numbers == [f"{clock.today().year}-{n:04d}" for n in range(1, 9)]


def test_a_failure_after_the_number_was_drawn_loses_none(app: Flask) -> None:
    application, person = from_citizen(), custodian()

    with pytest.raises(ZeroDivisionError), write():
        receive(application, by=person)
        _ = 1 / 0
    received(application, person)

    assert application.control_no == f"{clock.today().year}-0001"
    assert len(application.steps) == 2


def _at_once(
    app: Flask, people: list[int], application_of: Callable[[int], int]
) -> list[Exception | None]:
    outcome: list[Exception | None] = []
    start = threading.Barrier(len(people))

    def run(n: int) -> None:
        with app.app_context():
            application = db.session.get(Application, application_of(n))
            person = db.session.get(Account, people[n])
            assert application and person
            start.wait()
            try:
                with write():
                    receive(application, by=person)
                outcome.append(None)
            except AlreadyReceived as error:
                outcome.append(error)
            db.session.remove()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(len(people))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.rollback()
    return outcome


def _grant(person: Account, role: Role) -> None:
    with write() as session:
        session.add(factories.RoleGrant(account_id=person.id, role=role))
    db.session.refresh(person)


def _share_line_of(recording_id: int, person: Account) -> None:
    """The person's line took part in the call as well (a transfer)."""
    with write() as session:
        line = session.query(factories.Extension).filter_by(number="2999").one()
        call = session.get(factories.Recording, recording_id)
        assert call
        until = call.called_at + timedelta(seconds=5)
        session.add(
            factories.CallLeg(
                recording_id=call.id,
                number=line.number,
                extension_id=line.id,
                from_at=call.called_at,
                until_at=until,
            )
        )
