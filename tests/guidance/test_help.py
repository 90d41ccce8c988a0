"""The help of each role is what the pages say, on screen and in the documentation."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

import factories
from client import PageClient
from portal.guidance.markdown import document
from portal.guidance.texts_page import pages_of, template_of
from portal.roles import Role

DOCS = Path(__file__).resolve().parents[2] / "docs"


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_documentation_is_what_the_pages_say(app: Flask, role: Role) -> None:
    """Renew it with `portal help-pages docs`."""
    with app.test_request_context():
        assert (DOCS / f"help-{role.value}.md").read_text("utf-8") == document(role)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_every_page_of_the_menu_says_what_it_is_for_or_by_which_rule(app: Flask) -> None:
    with app.test_request_context():
        silent = {
            page.endpoint
            for role in Role
            for _group, pages in pages_of(role)
            for page in pages
            if not page.lead and not page.rules
        }

    assert silent <= {"accounts.own", "documents.blanks"}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_every_page_of_the_menu_has_its_template(app: Flask) -> None:
    with app.test_request_context():
        endpoints = {p.endpoint for role in Role for _group, pages in pages_of(role) for p in pages}

    assert all(app.jinja_env.get_template(template_of(endpoint)) for endpoint in endpoints)


@pytest.mark.parametrize("role", list(Role))
def test_each_role_is_led_to_its_own_page_and_may_read_the_others(
    app: Flask, client: PageClient, role: Role
) -> None:
    client.log_in(factories.account(role)).get("/account")

    assert client.http.get("/help").location == f"/help/{role.value}"
    for other in Role:
        assert "하는 일" in client.get(f"/help/{other.value}").text
    client.get("/help/nobody", status=404)
