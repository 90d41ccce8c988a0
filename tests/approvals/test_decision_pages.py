"""Deciding over HTTP: in place and without scripts, refused, asked again."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

import factories
from client import PageClient
from portal import clock
from portal.accounts.models import Account
from portal.applications.models import Application
from portal.applications.states import State
from portal.approvals import decide
from portal.audit.models import AuditEvent
from portal.database import write
from portal.extensions import db
from portal.roles import Role

HTMX = {"headers": {"HX-Request": "true", "HX-Request-Type": "partial"}}
LEADER, HEAD = Role.TEAM_LEADER, Role.DIVISION_HEAD


@pytest.fixture
def leader(app: Flask) -> Account:
    return factories.account(LEADER, name="박정호")


@pytest.fixture
def head(app: Flask) -> Account:
    return factories.account(HEAD, name="윤서연")


def shown(application: Application, html: str) -> bool:
    return f'id="row-{application.public_id}"' in html


def path(application: Application, action: str = "") -> str:
    return f"/approvals/{application.public_id}" + (f"/{action}" if action else "")


def events(action: str) -> list[AuditEvent]:
    found = db.session.scalars(select(AuditEvent).where(AuditEvent.action == action))
    return list(found)


def test_a_decision_without_scripts_leads_back_to_the_list_with_a_message(
    client: PageClient, leader: Account
) -> None:
    application = factories.forwarded_application()
    client.log_in(leader).get(path(application))

    answer = client.post(path(application, "review"), {"seen": "3", "opinion": "이견 없음"})

    assert (answer.status_code, answer.location) == (303, "/approvals")
    html = client.get("/approvals").text
    assert "&#39;검토&#39; 처리했습니다" in html and not shown(application, html)
    db.session.refresh(application)
    assert application.state == State.REVIEWED


def test_in_place_the_row_leaves_the_next_gets_the_focus_and_it_is_announced(
    client: PageClient, leader: Account
) -> None:
    today = clock.today()
    first, decided, following = (
        factories.forwarded_application(due_on=today + timedelta(days=n)) for n in (1, 2, 3)
    )
    client.log_in(leader).get(path(decided))

    answer = client.post(path(decided, "review") + "?q=", {"seen": "3"}, **HTMX)

    html = answer.text
    assert answer.status_code == 200 and "<html" not in html
    assert not shown(decided, html) and shown(first, html) and shown(following, html)
    focused = html[: html.index("data-focus")].rsplit("<a ", 1)[1]
    assert f"open-{following.public_id}" in focused
    happened = json.loads(answer.headers["HX-Trigger"])
    assert "처리했습니다" in happened["announce"]["message"] and "close-dialog" in happened
    assert answer.headers["HX-Push-Url"] == "/approvals"


def test_the_last_row_decided_leaves_an_empty_list_that_says_so(
    client: PageClient, head: Account
) -> None:
    application = factories.forwarded_application(state=State.REVIEWED)
    client.log_in(head).get(path(application))

    html = client.post(path(application, "approve"), {"seen": "4"}, **HTMX).text

    assert "결재를 기다리는 신청이 없습니다" in html
    assert "모두 처리하셨습니다" in html


@pytest.mark.parametrize("action", ["return", "refuse"])
def test_a_missing_opinion_is_asked_for_in_the_dialog(
    client: PageClient, head: Account, action: str
) -> None:
    application = factories.forwarded_application(state=State.REVIEWED)
    client.log_in(head).get(path(application))

    answer = client.post(path(application, action), {"seen": "4", "opinion": "  "}, **HTMX)

    assert answer.status_code == 422
    assert answer.headers["HX-Retarget"] == f"#{action}-fields"
    assert "의견을 적어 주십시오" in answer.text and 'aria-invalid="true"' in answer.text


def test_an_opinion_that_cannot_be_kept_is_not_lost(client: PageClient, head: Account) -> None:
    application = factories.forwarded_application(state=State.REVIEWED)
    client.log_in(head).get(path(application))
    typed = "확인함 800101-1234567 그리고 긴 의견"
    fields = {"seen": "4", "opinion": typed}

    in_place = client.post(path(application, "return"), fields, **HTMX)
    plain = client.post(path(application, "return"), fields)

    for answer in (in_place, plain):
        assert answer.status_code == 422
        assert typed in answer.text and "주민등록번호" in answer.text


@pytest.mark.parametrize("options", [HTMX, {}])
def test_who_was_slower_reads_who_won_and_keeps_the_typed_opinion(
    client: PageClient, leader: Account, options: dict[str, Any]
) -> None:
    application = factories.forwarded_application()
    client.log_in(leader).get(path(application))
    other = factories.account(LEADER, name="이다른")
    with write():
        decide.return_(application, by=other, opinion="보완 필요")

    answer = client.post(
        path(application, "review"), {"seen": "3", "opinion": "제 의견"}, **options
    )

    assert answer.status_code == 409
    assert "이다른(팀장)님이" in answer.text and "먼저 &#39;반려&#39;" in answer.text
    assert "제 의견" in answer.text
    assert [e.account for e in events("approval.refused")] == [leader.public_id]


def test_a_conflict_is_refused_and_logged(client: PageClient, leader: Account) -> None:
    application = factories.forwarded_application(entered_by=leader)
    client.log_in(leader).get("/approvals")

    answer = client.post(path(application, "review"), {"seen": "3"}, **HTMX)

    assert answer.status_code == 409
    assert "신청을 입력한 사람이므로" in answer.text
    assert "Conflict" in events("approval.refused")[0].detail


def test_a_decision_must_say_what_it_is_about(client: PageClient, leader: Account) -> None:
    application = factories.forwarded_application()
    client.log_in(leader).get(path(application))

    answer = client.post(path(application, "review"), {"opinion": ""}, **HTMX)

    assert answer.status_code == 400


def test_the_head_names_a_counter_officer_who_hands_over(client: PageClient, head: Account) -> None:
    officer = factories.account(Role.COUNTER, name="최창구")
    office = officer.person.postings[0].department_id
    application = factories.forwarded_application(state=State.REVIEWED, office_id=office)
    stranger = factories.account(Role.COUNTER, department_name="세무과")
    assert "최창구" in client.log_in(head).get(path(application)).text

    fields = {"seen": "4", "transferor": stranger.public_id}
    assert client.post(path(application, "approve"), fields, **HTMX).status_code == 422
    fields["transferor"] = officer.public_id
    assert client.post(path(application, "approve"), fields, **HTMX).status_code == 200

    db.session.refresh(application)
    assert (application.state, application.transferor_id) == (State.APPROVED, officer.id)
