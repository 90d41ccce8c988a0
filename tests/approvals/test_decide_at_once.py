"""Two at once: exactly one wins, the other is told who did."""

from __future__ import annotations

import threading
from collections import Counter

import pytest
from flask import Flask
from sqlalchemy import func, select

import factories
from portal.accounts.models import Account
from portal.applications.conflict import Conflict
from portal.applications.models import Application, Transition
from portal.applications.states import Action, State
from portal.approvals import decide
from portal.approvals.refusals import AlreadyDecided
from portal.database import write
from portal.extensions import db
from portal.roles import Role

VERBS = {
    Action.REVIEW: decide.review,
    Action.APPROVE: decide.approve,
    Action.RETURN: decide.return_,
    Action.REFUSE: decide.refuse,
}


def all_at_once(app: Flask, application_id: int, tries: list[tuple[int, Action]]) -> list[str]:
    """What became of each try: "won", or the message."""
    start = threading.Barrier(len(tries))
    outcomes: list[str] = []

    def attempt(account_id: int, action: Action) -> None:
        with app.app_context():
            application = db.session.get_one(Application, application_id)
            by = db.session.get_one(Account, account_id)
            assert application.steps  # read before the others act, as a page does
            start.wait()
            try:
                with write():
                    VERBS[action](application, by=by, opinion="의견")
                outcomes.append("won")
            except AlreadyDecided as late:
                outcomes.append(str(late))
            finally:
                db.session.remove()

    threads = [threading.Thread(target=attempt, args=one) for one in tries]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.rollback()
    return outcomes


@pytest.mark.parametrize(
    ("state", "role", "actions"),
    [
        (State.RECEIVED, Role.TEAM_LEADER, [Action.REVIEW] * 4),
        (State.RECEIVED, Role.TEAM_LEADER, [Action.REVIEW, Action.RETURN] * 2),
        (State.REVIEWED, Role.DIVISION_HEAD, [Action.APPROVE] * 4),
        (State.REVIEWED, Role.DIVISION_HEAD, [Action.APPROVE, Action.REFUSE, Action.RETURN]),
    ],
)
def test_of_several_at_once_one_wins_and_the_others_read_who(
    app: Flask, state: State, role: Role, actions: list[Action]
) -> None:
    people = [factories.account(role, name=f"결재{n}") for n in range(len(actions))]
    application = factories.forwarded_application(state=state)
    entries, application_id = len(application.transitions), application.id
    tries = [(person.id, action) for person, action in zip(people, actions, strict=True)]

    outcomes = all_at_once(app, application_id, tries)

    assert Counter(outcomes)["won"] == 1, outcomes
    history = db.session.scalars(
        select(Transition).where(Transition.application_id == application_id).order_by("id")
    ).all()
    assert len(history) == entries + 1
    winner = history[-1].by.name
    late = [text for text in outcomes if text != "won"]
    assert len(late) == len(actions) - 1
    assert all(text.startswith(f"{winner}(") and "먼저" in text for text in late), (winner, late)


def test_one_person_who_presses_twice_decides_once(app: Flask) -> None:
    both = factories.account(Role.TEAM_LEADER, Role.DIVISION_HEAD)
    application = factories.forwarded_application()

    outcomes = all_at_once_with_conflict(app, application.id, both.id)

    assert sorted(outcomes) == ["refused", "won"]
    assert db.session.scalar(select(func.count()).where(Transition.action == Action.REVIEW)) == 1


def all_at_once_with_conflict(app: Flask, application_id: int, account_id: int) -> list[str]:
    outcomes: list[str] = []

    def attempt() -> None:
        with app.app_context():
            application = db.session.get_one(Application, application_id)
            by = db.session.get_one(Account, account_id)
            try:
                with write():
                    decide.review(application, by=by)
                outcomes.append("won")
            except (AlreadyDecided, Conflict):
                outcomes.append("refused")
            finally:
                db.session.remove()

    threads = [threading.Thread(target=attempt) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.rollback()
    return outcomes
