"""The access table, whole: each endpoint as each role and as nobody, and nothing unlisted."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.routing import Rule

import factories
from client import PageClient
from portal import access
from portal.access import GRANTS, Permission
from portal.audit.models import AuditEvent
from portal.extensions import db
from portal.ids import public_id
from portal.roles import Role
from portal.web.uploads import FORM_BYTES
from web.access_table import PUBLIC, TABLE, TOKEN


def rules(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]


def address_of(app: Flask, rule: Rule) -> str:
    """The rule's address with ids that nothing has."""
    values: dict[str, Any] = {}
    for name, converter in rule._converters.items():
        kind = type(converter).__name__
        if kind == "IntegerConverter":
            values[name] = 1
        elif kind == "AnyConverter":
            values[name] = sorted(converter.items)[0]
        else:
            values[name] = public_id()
    with app.test_request_context():
        built = rule.build(values, append_unknown=False)
    assert built is not None
    return built[1]


def methods_of(rule: Rule) -> list[str]:
    return sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})


def test_every_endpoint_stands_in_the_table_and_every_line_has_an_endpoint(app: Flask) -> None:
    found = {rule.endpoint for rule in app.url_map.iter_rules()}
    listed = set(TABLE) | PUBLIC | TOKEN
    assert found - listed == set(), "endpoints nobody wrote down"
    assert listed - found == set(), "lines without an endpoint"


def test_every_view_is_marked(app: Flask) -> None:
    unmarked = {e for e, view in app.view_functions.items() if access.mark_of(view) is None}
    assert unmarked == set()


def test_the_marks_grant_exactly_what_the_table_says(app: Flask) -> None:
    for endpoint, roles in TABLE.items():
        mark = access.mark_of(app.view_functions[endpoint])
        assert mark is not None
        assert GRANTS[Permission(mark)] == roles, endpoint


@pytest.mark.parametrize("role", sorted(Role))
def test_each_role_gets_into_what_the_table_says_and_nowhere_else(app: Flask, role: Role) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    account = factories.account(role)
    client.post("/login", data={"login": account.login, "password": factories.PASSWORD})
    wrong = []
    for rule in rules(app):
        if rule.endpoint in PUBLIC or rule.endpoint == "accounts.logout":
            continue
        if rule.endpoint in TOKEN:  # a login does not help
            assert client.get(address_of(app, rule)).status_code == 401
            continue
        allowed = role in TABLE[rule.endpoint] or Role.EMPLOYEE in TABLE[rule.endpoint]
        for method in methods_of(rule):
            answer = client.open(address_of(app, rule), method=method)
            to_login = answer.location is not None and answer.location.startswith("/login")
            if (answer.status_code != 403) != allowed or to_login or answer.status_code >= 500:
                wrong.append((rule.endpoint, method, answer.status_code, answer.location))
    assert wrong == []


def test_nobody_gets_in_without_logging_in(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    for rule in rules(app):
        if rule.endpoint in PUBLIC:
            continue
        for method in methods_of(rule):
            answer = client.open(address_of(app, rule), method=method)
            if access.is_polling(app.view_functions[rule.endpoint]) or rule.endpoint in TOKEN:
                assert answer.status_code == 401, rule.endpoint  # the page stays as it is
                continue
            assert answer.status_code == 303, (rule.endpoint, method, answer.status_code)
            assert answer.location.startswith("/login"), (rule.endpoint, method)


def test_no_change_is_accepted_without_the_forms_token(app: Flask) -> None:
    client = PageClient(app).log_in(factories.account(*Role))
    for rule in rules(app):
        for method in methods_of(rule):
            if method != "GET":
                answer = client.http.open(address_of(app, rule), method=method)
                assert answer.status_code == 400, (rule.endpoint, method, answer.status_code)


def test_the_views_for_machines_are_marked_so_and_no_others(app: Flask) -> None:
    marked = {e for e, view in app.view_functions.items() if access.mark_of(view) == "token"}
    assert marked == TOKEN


def test_without_a_check_of_tokens_no_machine_gets_in() -> None:
    bare = Flask("bare")
    bare.add_url_rule("/machine", "machine", access.token(lambda: "open"))
    access.guard(bare, lambda endpoint: None)

    assert bare.test_client().get("/machine").status_code == 401


def test_a_strangers_large_body_is_refused_before_it_is_read(app: Flask) -> None:
    client = app.test_client()
    large = {"login": "x" * (FORM_BYTES + 1)}

    assert client.post("/login", data=large).status_code == 413
    assert client.post("/applications/new/citizen", data=large).status_code == 303


def test_an_unmarked_view_is_refused_even_to_the_head(app: Flask) -> None:
    app.view_functions["stray"] = lambda: "open"
    app.url_map.add(Rule("/stray", endpoint="stray"))
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    account = factories.account(Role.DIVISION_HEAD)
    client.post("/login", data={"login": account.login, "password": factories.PASSWORD})

    assert client.get("/stray").status_code == 403


def test_a_refusal_is_logged_with_who_and_what(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    account = factories.account()
    client.post("/login", data={"login": account.login, "password": factories.PASSWORD})

    client.get("/intake")

    db.session.rollback()
    refused = select(func.count()).where(
        AuditEvent.action == "access.refused", AuditEvent.account == account.public_id
    )
    assert db.session.scalar(refused) == 1


def test_every_permission_is_used_and_granted() -> None:
    assert set(GRANTS) == set(Permission)
