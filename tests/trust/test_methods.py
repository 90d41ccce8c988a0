"""Other methods, forged headers and kept cookies open nothing that the page itself does not."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

import factories
from portal.accounts.close_account import close_account
from portal.accounts.grant_role import ask_for_revocation
from portal.accounts.models import Account
from portal.accounts.reset import ask_for_password_reset
from portal.audit.models import AuditEvent
from portal.database import write
from portal.extensions import db
from portal.roles import Role
from trust.pages import enter_as
from web.access_table import PUBLIC, TABLE, TOKEN
from web.test_access import address_of, methods_of, rules

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND")
#: What a browser's htmx says of itself, and what older programs obey.
_FORGED = (
    {"HX-Request": "true", "HX-Request-Type": "partial", "HX-Target": "main", "HX-Source": "a#x"},
    {"HX-Boosted": "true", "HX-History-Restore-Request": "true", "HX-Current-URL": "/intake"},
    {"X-HTTP-Method-Override": "DELETE", "X-Original-URL": "/healthz", "X-Rewrite-URL": "/login"},
)


@pytest.fixture
def without_token(app: Flask) -> Flask:
    app.config["WTF_CSRF_ENABLED"] = False
    return app


def people(app: Flask) -> dict[str, tuple[FlaskClient, Account | None]]:
    """Nobody, an employee, and one person of every role."""
    employee, everything = factories.account(), factories.account(*Role)
    clients = {who.login: (enter_as(app, who), who) for who in (employee, everything)}
    return {"nobody": (app.test_client(), None), **clients}


def test_only_the_methods_of_an_address_do_anything(without_token: Flask) -> None:
    """HEAD and OPTIONS open no more than the page, all others are refused; each by somebody."""
    app, wrong = without_token, list[str]()
    taken: dict[str, set[str]] = {}
    for rule in rules(app):
        taken.setdefault(rule.rule, set()).update(methods_of(rule))
    for n, (login, (client, who)) in enumerate(people(app).items()):
        fits = {400, 404, 405} if who else {303, 400, 401, 404, 405}
        for rule in rules(app):
            address = address_of(app, rule)
            others = [one for one in _METHODS if one not in taken[rule.rule]]
            for method in others[n::3]:
                answer = client.open(address, method=method)
                if answer.status_code not in fits:
                    wrong.append(f"{login} {method} {rule.endpoint}: {answer.status_code}")
            same = [other.endpoint for other in rules(app) if other.rule == rule.rule]
            refused = all(is_refused(endpoint, who) for endpoint in same)
            if "GET" in methods_of(rule) and (refused or not who):
                head = client.head(address)
                if head.data or (refused and head.status_code == 200):
                    wrong.append(f"{login} HEAD {rule.endpoint}: {head.status_code}")
            options = client.options(address)
            if options.status_code == 200 and (options.data or refused):
                wrong.append(f"{login} OPTIONS {rule.endpoint}")
    assert wrong == []


def test_head_answers_as_get_and_sends_nothing(without_token: Flask) -> None:
    client = enter_as(without_token, factories.account())
    for address in ("/calls", "/applications", "/session", "/documents/blanks/form1.pdf", "/x"):
        page, head = client.get(address), client.head(address)
        assert (head.status_code, head.data) == (page.status_code, b""), address
        assert head.mimetype == page.mimetype


def is_refused(endpoint: str, who: Account | None) -> bool:
    if endpoint in PUBLIC:
        return False
    return who is None or endpoint in TOKEN or not TABLE[endpoint] & (who.roles | {Role.EMPLOYEE})


def test_no_forged_header_opens_what_is_closed(without_token: Flask) -> None:
    app, wrong = without_token, list[str]()
    for login, (client, who) in people(app).items():
        for rule in rules(app):
            if not is_refused(rule.endpoint, who):
                continue
            address = address_of(app, rule)
            for n, headers in enumerate(_FORGED):
                method = methods_of(rule)[n % len(methods_of(rule))]
                answer = client.open(address, method=method, headers=headers)
                to_login = (answer.location or answer.headers.get("HX-Redirect", "")).startswith(
                    "/login"
                )
                if answer.status_code not in (401, 403) and not to_login:
                    wrong.append(f"{login} {method} {rule.endpoint} {headers}: {answer.status}")
    assert wrong == []


@pytest.mark.parametrize("change", ["role", "password", "closing"])
def test_no_page_opens_with_the_cookies_of_before_in_either_browser(
    without_token: Flask, change: str
) -> None:
    """Two browsers, one account: whatever changes about it, both are out, everywhere, at once."""
    app, person = without_token, factories.account(Role.COUNTER)
    custodian = factories.account(Role.CUSTODIAN)
    browsers = [enter_as(app, person) for _ in range(2)]
    assert [browser.get("/calls").status_code for browser in browsers] == [200, 200]

    with write():
        if change == "role":
            ask_for_revocation(person, Role.COUNTER, by=custodian)
        elif change == "password":
            ask_for_password_reset(person, by=custodian)
        else:
            close_account(person, by=custodian)

    opened = [
        (rule.endpoint, method)
        for n, rule in enumerate(rules(app))
        if rule.endpoint in TABLE
        for method in methods_of(rule)
        if is_open(browsers[n % 2], address_of(app, rule), method)
    ]
    assert opened == []


def is_open(browser: FlaskClient, address: str, method: str) -> bool:
    answer = browser.open(address, method=method)
    return answer.status_code not in (303, 401) or not (answer.location or "/login").startswith(
        "/login"
    )


def test_leaving_in_one_browser_leaves_the_other_and_its_deeds_are_told_apart(
    without_token: Flask,
) -> None:
    app, person = without_token, factories.account()
    first, second = (enter_as(app, person) for _ in range(2))

    first.post("/logout")

    assert first.get("/calls").status_code == 303
    assert second.get("/calls").status_code == 200
    db.session.rollback()
    begun = select(func.count()).where(
        AuditEvent.action == "login.success", AuditEvent.account == person.public_id
    )
    assert db.session.scalar(begun) == 2
