"""Approvers keep seeing what lay in their queue and left it without them."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask

import factories
from client import PageClient
from portal import clock
from portal.accounts.models import Account
from portal.applications.models import A_DECISION, Application
from portal.applications.states import Action, State
from portal.applications.take_back import recall, withdraw
from portal.approvals import queue
from portal.approvals.decide import DECISIONS, return_, review
from portal.approvals.lines import lines_for
from portal.approvals.queue import Wanted
from portal.database import write
from portal.extensions import db
from portal.retention.expire import expire_applications
from portal.roles import Role


def people() -> tuple[Account, Account]:
    return factories.account(Role.TEAM_LEADER), factories.account(Role.DIVISION_HEAD)


def past(account: Account, **wanted: str) -> list[Application]:
    asked = Wanted(past=True, **wanted)
    found = list(db.session.scalars(queue.statement(account, asked)))
    assert db.session.scalars(queue.ids(account, asked)).all() == [one.id for one in found]
    return found


def waiting(account: Account) -> list[Application]:
    return list(db.session.scalars(queue.statement(account, Wanted())))


def test_an_expired_one_stays_in_sight_of_those_it_had_come_to(app: Flask) -> None:
    leader, head = people()
    application = factories.forwarded_application(factories.recording())
    assert waiting(leader) == [application] and past(leader) == []

    with clock.at(clock.now() + timedelta(days=40)):
        assert expire_applications(clock.today()) == 1

    assert waiting(leader) == [] and past(leader) == [application]
    assert past(head) == []  # it had never come so far
    (line,) = lines_for(leader, past=True)([application.id])
    assert line.of_it.mine_action == Action.EXPIRE


def test_withdrawn_and_recalled_ones_too_and_what_comes_again_is_no_past(app: Flask) -> None:
    leader, _head = people()
    given_up = factories.forwarded_application(factories.recording())
    called_back = factories.forwarded_application(factories.recording())
    with write():
        withdraw(given_up, by=given_up.entered_by)
    with write():
        recall(called_back, by=called_back.received_by)

    assert past(leader) == [called_back, given_up]
    assert past(leader, state=State.WITHDRAWN) == [given_up]
    with write():
        called_back.forwarded_at = clock.now()
    assert past(leader) == [given_up] and waiting(leader) == [called_back]


def test_what_one_decided_oneself_or_waits_elsewhere_now_is_told_apart(app: Flask) -> None:
    leader, head = people()
    other = factories.account(Role.TEAM_LEADER)
    application = factories.forwarded_application(factories.recording())
    with write():
        review(application, by=leader)

    assert past(leader) == [] and past(other) == [application] and past(head) == []
    with write():
        return_(application, by=head, opinion="다시 확인하십시오.")
    assert past(leader) == [] and past(head) == [] and past(other) == [application]
    with write():
        application.forwarded_at = clock.now()
    with write():
        review(application, by=leader)  # once more: it is one of those they decided all the same
    done = Wanted(done=True)
    assert list(db.session.scalars(queue.statement(leader, done))) == [application]
    listed, _key, counted = queue.decided(leader, done)
    for found in (listed, counted):
        assert db.session.scalars(found).all() == [application.id]


def test_an_index_holds_what_approvers_do() -> None:
    assert f"action IN ({', '.join(repr(str(one)) for one in DECISIONS)})" == A_DECISION


def test_the_tab_lists_filters_and_shows_the_course_only(client: PageClient) -> None:
    leader, _head = people()
    application = factories.forwarded_application(factories.recording())
    with write():
        withdraw(application, by=application.entered_by)
    client.log_in(leader)

    assert application.control_no in client.get("/approvals?tab=past").text
    assert application.control_no in client.get("/approvals?tab=past&state=withdrawn").text
    assert "지나간 신청이 없습니다" in client.get("/approvals?tab=past&state=expired").text
    html = client.get(f"/approvals/{application.public_id}?tab=past").text
    assert "취하" in html and application.reason not in html
