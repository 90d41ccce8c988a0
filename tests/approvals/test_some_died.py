"""Of several recordings one is gone before the decision: the rest is decided on."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

import factories
from client import PageClient
from portal import clock
from portal.applications.models import Application
from portal.applications.states import State
from portal.approvals.decide import approve, refuse, review
from portal.approvals.refusals import NothingLeft
from portal.database import write
from portal.roles import Role

DAY = timedelta(days=1)


def with_three() -> Application:
    """One of three recordings dies tonight, the others in five days."""
    today = clock.today()
    calls = [factories.recording(delete_on=today + n * DAY) for n in (1, 5, 5)]
    return factories.forwarded_application(*calls)


def test_the_rest_is_approved_and_without_a_rest_nothing_is(app: Flask) -> None:
    leader, head = factories.account(Role.TEAM_LEADER), factories.account(Role.DIVISION_HEAD)
    application, other = with_three(), with_three()
    with clock.at(DAY):
        for one in (application, other):
            with write():
                review(one, by=leader)
        with write():
            approve(application, by=head)
    assert application.state == State.APPROVED

    with clock.at(5 * DAY):  # though the deletion has not run
        with pytest.raises(NothingLeft, match="삭제"), write():
            approve(other, by=head)
        with write():
            refuse(other, by=head, opinion="녹취정보가 남아 있지 않습니다.")


def test_the_panel_says_which_one_is_gone(client: PageClient) -> None:
    leader = factories.account(Role.TEAM_LEADER)
    application = with_three()
    with clock.at(DAY):
        client.log_in(leader)
        html = client.get(f"/approvals/{application.public_id}").text

    assert html.count("삭제됨") == 1
