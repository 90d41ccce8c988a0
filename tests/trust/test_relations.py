"""Nobody gets at another's things by their address, nor learns that they are there."""

from __future__ import annotations

import os
import random
import re
import sys
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import inspect, select, text
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from portal import clock
from portal.accounts.models import Account, LoginSession
from portal.applications.models import Application
from portal.applications.states import State
from portal.database import write
from portal.extensions import db
from portal.ids import public_id
from portal.jobs.queue import enqueue
from portal.playback.models import ListeningSession
from portal.roles import Role
from trust.pages import LOGINS, enter
from trust.relations import BY_ROLE, LINES
from web.access_table import TABLE

_FEW = 3
#: The forms' token, new every second, and the seconds that the login still lasts.
_TOKEN = re.compile(r"[\w.-]{60,}|\d+")
_FORGED = {"HX-Request": "true", "HX-Target": "div#main", "HX-Current-URL": "http://localhost/"}
#: Where a refusal and a person's own presence are noted.
_NOTED = {"audit_event", "audit_head", "audit_view", "login_session", "alembic_version", "account"}


@pytest.fixture
def filled(demo: Flask) -> Flask:
    """With what the demo has not: somebody who listens, and a file that was asked for."""
    account = _account("employee")
    client = enter(demo, "employee")
    client.get("/calls")
    login = db.session.scalars(select(LoginSession).order_by(LoginSession.id.desc())).first()
    about = select(Application).where(Application.state == State.HANDED_OVER)
    with write() as session:
        application = session.scalars(about).unique().first()
        session.add(
            ListeningSession(
                application_id=application.id,
                account_id=account.id,
                login_session_id=login.id,
                purpose="확인",
                origin="test",
                opened_at=clock.now(),
                active_at=clock.now(),
                expires_at=clock.now() + timedelta(hours=1),
            )
        )
        enqueue("ledger_print", by=_account("auditor"), year=2026)
    return demo


def _account(login: str) -> Account:
    return db.session.scalars(select(Account).where(Account.login == login)).unique().one()


def with_ids(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if rule.arguments]


def test_every_address_with_an_id_says_to_whom_it_is_open(filled: Flask) -> None:
    found = {rule.endpoint for rule in with_ids(filled)} - {"api.extension"}
    assert found - set(LINES) - BY_ROLE == set(), "addresses that nobody wrote down"
    assert (set(LINES) | BY_ROLE) - found == set(), "lines without an address"


def test_every_kind_of_thing_is_there_to_be_tried(filled: Flask) -> None:
    empty = {endpoint for endpoint, line in LINES.items() if not line.things()}
    assert empty == set()


def test_what_is_not_ones_own_answers_as_what_is_not_there(filled: Flask) -> None:
    """Rows in every state there is, asked for by those they have nothing to do with."""
    strangers, before = _strangers(filled), _contents()
    told, tried = list[str](), 0
    for login in LOGINS:
        client = enter(filled, login)
        for rule in with_ids(filled):
            values = strangers.get((login, rule.endpoint), [])
            told += _told(filled, client, login, rule, _some(values, f"{login} {rule.endpoint}"))
            tried += len(values)
    sys.stdout.write(f"\nFIGURES {tried} times another's thing asked for, {len(told)} told\n")
    assert told == []
    assert tried > 1000
    assert _contents() == before, "a refused request changed something"


def test_a_screen_that_is_not_turned_shows_nothing_to_anybody(filled: Flask) -> None:
    shown = list[str]()
    for login in ("counter", "counter2", "custodian"):
        client = enter(filled, login)
        for row in LINES["handover.screen"].things():
            for end, method in (("screen", "GET"), ("screen", "POST"), ("turn-back", "POST")):
                answer = client.open(f"/handover/{row.values['public_id']}/{end}", method=method)
                shown += [] if answer.status_code == 303 else [f"{login} {end} {answer.status}"]
    assert shown == []


def _strangers(app: Flask) -> dict[tuple[str, str], list[dict[str, Any]]]:
    """For each person and address that their role opens: what it must not open to them."""
    found = {}
    for endpoint, line in LINES.items():
        things = [] if "anybody" in line.open_to else line.things()
        for login in LOGINS:
            account = _account(login)
            if TABLE[endpoint] & (account.roles | account.acting_roles | {Role.EMPLOYEE}):
                values = [t.values for t in things if not t.relations(account) & line.open_to]
                found[login, endpoint] = values
    return found


def _told(
    app: Flask, client: FlaskClient, login: str, rule: Rule, tries: list[dict[str, Any]]
) -> list[str]:
    method = "GET" if "GET" in (rule.methods or ()) else "POST"
    told, nothing = list[str](), None
    for n, values in enumerate(tries):
        if nothing is None:
            made_up = {**values, **{k: public_id() for k in values if k.endswith("_id")}}
            nothing = _said(_ask(app, client, rule, method, made_up))
        answer = _ask(app, client, rule, method, values, _FORGED if n % 2 else {})
        if answer.status_code not in (403, 404) or (not n % 2 and _said(answer) != nothing):
            told.append(f"{login} {rule.endpoint} {values}: {answer.status_code}, {_said(answer)}")
    return told


def _some(values: list[dict[str, Any]], seed: str) -> list[dict[str, Any]]:
    """A few of them, others for each person and address; all of them in the long version."""
    if os.environ.get("PORTAL_TRUST_LONG"):
        return values
    return random.Random(seed).sample(values, min(_FEW, len(values)))


def _ask(
    app: Flask,
    client: FlaskClient,
    rule: Rule,
    method: str,
    values: dict[str, Any],
    headers: dict[str, str] | None = None,
) -> TestResponse:
    with app.test_request_context():
        built = rule.build(values, append_unknown=False)
    assert built is not None
    data = {"notice": "spoken"} if rule.endpoint == "recordings.state_notice" else None
    return client.open(built[1], method=method, data=data, headers=headers)


def _said(answer: TestResponse) -> tuple[int, str]:
    text = answer.text if answer.mimetype == "text/html" else ""
    return answer.status_code, _TOKEN.sub("", text)


def _contents() -> dict[str, str]:
    """A sum of each table's rows, but for what a refusal notes."""
    db.session.rollback()
    return {
        name: db.session.scalar(
            text(f"SELECT md5(string_agg(t::text, '' ORDER BY t::text)) FROM {name} t")
        )
        for name in inspect(db.engine).get_table_names()
        if name not in _NOTED
    }
