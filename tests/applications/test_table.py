"""Every state × everybody × every action, over the verbs themselves: the table and nothing else.

What each person is to the application is written down here by hand; what that lets them do is read
from the table; the verbs and the buttons must agree with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

import factories
from applications.papers import citizen_draft, counter_officer, employee_with_call, own_draft
from portal import clock
from portal.accounts.models import Account
from portal.applications.conflict import Conflict
from portal.applications.custody import NotCustodian
from portal.applications.draft import CannotApply
from portal.applications.forward import forward
from portal.applications.models import Application, ApplicationRecording, ApprovalStep, Transition
from portal.applications.move import move
from portal.applications.not_found import close_as_not_found
from portal.applications.parts import NotYours, allowed
from portal.applications.receive import AlreadyReceived, NotInHand, receive
from portal.applications.states import FINAL, TRANSITIONS, Action, Part, State, WrongState
from portal.applications.submit import submit
from portal.applications.supplement import answer_supplement, request_supplement
from portal.applications.take_back import recall, withdraw
from portal.approvals import decide
from portal.approvals.refusals import AlreadyDecided, NotYourStep
from portal.database import write, writing
from portal.handover.prepare import require_ready
from portal.handover.transferor import NotTransferor
from portal.playback.close import finish
from portal.playback.refusal import PlaybackRefused
from portal.recordings.models import Recording
from portal.roles import Role

REFUSALS = (
    *(WrongState, NotYours, Conflict, CannotApply, NotCustodian, NotInHand, AlreadyReceived),
    *(NotYourStep, AlreadyDecided, NotTransferor, PlaybackRefused),
)


def _close_without_matches(application: Application, by: Account) -> None:
    for match in list(application.matches):
        writing().delete(match)
    writing().flush()
    writing().expire(application, ["matches"])
    close_as_not_found(application, by=by, text="같은 시각의 통화를 모두 찾았습니다.")


def _hand_over(application: Application, by: Account) -> None:
    require_ready(application, by)  # what prepare, sign and hand_over ask first
    move(application, Action.HAND_OVER, by=by)


VERBS: dict[Action, Callable[[Application, Account], Any]] = {
    Action.SUBMIT: lambda a, by: submit(a, by=by),
    Action.RECEIVE: lambda a, by: receive(a, by=by),
    Action.REQUEST_SUPPLEMENT: lambda a, by: request_supplement(
        a, by=by, text="통화한 시각을 알려 주십시오.", until=clock.today()
    ),
    Action.SUPPLEMENT: lambda a, by: answer_supplement(a, by=by, text="오전 10시입니다."),
    Action.FORWARD: lambda a, by: forward(a, by=by, checked=True),
    Action.REVIEW: lambda a, by: decide.review(a, by=by),
    Action.APPROVE: lambda a, by: decide.approve(a, by=by),
    Action.RETURN: lambda a, by: decide.return_(a, by=by, opinion="다시 확인하십시오."),
    Action.REFUSE: lambda a, by: decide.refuse(a, by=by, opinion="목적에 맞지 않습니다."),
    Action.RECALL: lambda a, by: recall(a, by=by),
    Action.WITHDRAW: lambda a, by: withdraw(a, by=by, text="필요하지 않게 되었습니다."),
    Action.NOT_FOUND: _close_without_matches,
    Action.HAND_OVER: _hand_over,
    Action.CLOSE: lambda a, by: finish(a, by),
}

SITUATIONS = [(state, state == State.REVIEWED) for state in State] + [(State.RECEIVED, True)]


class _Undo(Exception):
    pass


@contextmanager
def tried() -> Iterator[None]:
    """A `write()` whose change is taken back again."""
    try:
        with write():
            yield
            raise _Undo
    except _Undo:
        pass


def in_situation(application: Application, call: Recording, state: State, lying: bool) -> None:
    """Put a complete draft into a state, consistent enough for the guards to look at."""
    by, leader = factories.account(Role.CUSTODIAN), factories.account(Role.TEAM_LEADER)
    with write() as session:
        application.state = state
        if state in (State.DRAFT, State.SUBMITTED):
            return
        application.submitted_at = application.received_at = clock.now()
        application.received_by_id, application.searched_at = by.id, clock.now()
        application.control_no = "2026-0001"
        application.forwarded_at = clock.now() if lying else None
        match = ApplicationRecording(recording_id=call.id, position=1, matched_by_id=by.id)
        application.matches.append(match)
        for position, role in enumerate((Role.TEAM_LEADER, Role.DIVISION_HEAD), 1):
            step = ApprovalStep(position=position, role=role, title=str(role))
            application.steps.append(step)
        if state == State.REVIEWED:
            application.steps[0].decided_by = leader
            application.steps[0].decided_at = clock.now()
            moved = {"action": "review", "from_state": "received", "to_state": "reviewed"}
            application.transitions.append(Transition(**moved, by_id=leader.id))
        session.flush()


def scene(kind: str) -> tuple[Application, Recording, dict[Account, set[Part]]]:
    """An application and everybody who could try something, with what they are to it."""
    handles = {
        factories.account(Role.CUSTODIAN): {Part.CUSTODIAN, Part.TRANSFEROR},
        factories.account(Role.AUDITOR): set(),
        factories.account(Role.COUNTER, department_name="다른 읍"): set(),
        factories.account(): set(),
    }
    if kind == "employee":
        person, call = employee_with_call()
        people = {person: {Part.APPLICANT, Part.ENTERER, Part.LISTENER}, counter_officer(): set()}
        return own_draft(person, call), call, handles | people
    officer, fellow = counter_officer(), counter_officer()
    application = citizen_draft(officer)
    call = factories.recording(called_at=application.asked_from)
    return application, call, handles | {officer: {Part.ENTERER}, fellow: {Part.LISTENER}}


def expected(application: Application, parts: set[Part]) -> set[Action]:
    step = application.current_step
    found = set()
    for (state, action), way in TRANSITIONS.items():
        here = state == application.state and way.forwarded in (None, step is not None)
        last = way.last is None or (step is not None and way.last == (step.position == 2))
        if here and last and parts & way.by:
            found.add(action)
    return found


@pytest.mark.parametrize("kind", ["employee", "citizen"])
@pytest.mark.parametrize(("state", "lying"), SITUATIONS)
def test_everybody_can_do_what_the_table_says_and_nothing_else(
    app: Flask, state: State, lying: bool, kind: str
) -> None:
    application, call, people = scene(kind)
    in_situation(application, call, state, lying)
    step = application.current_step
    for role in (Role.TEAM_LEADER, Role.DIVISION_HEAD):
        due = step is not None and step.role == role
        people[factories.account(role)] = {Part.APPROVER} if due else set()

    for person, parts in people.items():
        can = expected(application, parts)
        assert allowed(application, person) == can, (person.roles, parts)
        for action, verb in VERBS.items():
            refused: Exception | None = None
            with tried():
                before = len(application.transitions)
                try:
                    verb(application, person)
                except REFUSALS as error:
                    refused = error
                    assert application.state == state and str(error)
                else:
                    assert application.state == TRANSITIONS[state, action].to
                    writing().flush()
                    writing().expire(application, ["transitions"])
                    assert len(application.transitions) == before + 1
            assert (refused is None) == (action in can), (state, lying, action, person.roles)


@pytest.mark.parametrize("state", [State.SUBMITTED, State.RECEIVED, State.APPROVED])
def test_whoever_has_left_can_do_nothing(app: Flask, state: State) -> None:
    application, call, people = scene("employee")
    in_situation(application, call, state, False)
    with write():
        for person in people:
            person.closed_at = clock.now() - timedelta(days=1)

    assert not any(allowed(application, person) for person in people)


def test_a_custodian_whom_it_concerns_has_no_part_in_handling_it(app: Flask) -> None:
    custodian = factories.account(Role.CUSTODIAN)
    line = factories.extension("2999", custodian.person)
    application, _call, _people = scene("citizen")
    in_situation(application, factories.recording(line), State.RECEIVED, False)

    assert allowed(application, custodian) == set()


def test_every_verb_of_a_person_stands_in_the_table_and_the_portal_has_the_rest() -> None:
    by_people = {a for (_s, a), way in TRANSITIONS.items() if way.by - {Part.PORTAL}}
    assert by_people == {*VERBS, Action.REGISTER}
    assert {a for _s, a in TRANSITIONS} == set(Action)


def test_what_is_final_stays_so_and_everything_else_can_end() -> None:
    ways: dict[State, set[State]] = {state: set() for state in State}
    for (before, _action), way in TRANSITIONS.items():
        ways[before].add(way.to)
    assert {state for state in State if not ways[state]} == FINAL

    for start in set(State) - FINAL:
        reached, new = {start}, {start}
        while new:
            new = {after for state in new for after in ways[state]} - reached
            reached |= new
        assert reached & FINAL
        assert Transition.__table__.c.to_state.type.length >= max(len(s) for s in State)
