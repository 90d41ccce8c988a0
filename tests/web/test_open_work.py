"""What waits stands in the menu, costs one query and comes with the news; it shows where one is."""

from __future__ import annotations

import re

import pytest
from flask import Flask

import factories
from client import PageClient
from portal.roles import Role
from queries import counted_queries

HTMX = {"headers": {"HX-Request": "true"}}


def count_of(page: str, key: str) -> str:
    found = re.search(rf'id="open-{key}"[^>]*>(.*?)</span>(?=</a>|<span id=|$)', page, re.S)
    assert found, f"no {key} in the menu"
    digits = re.search(r"</span>(\d+\+?)<span", found[1])
    return digits[1] if digits else ""


def test_the_menu_counts_what_waits_for_this_person(app: Flask, client: PageClient) -> None:
    client.log_in(factories.account(Role.TEAM_LEADER))
    assert count_of(client.get("/account").text, "approvals-queue") == ""

    for _ in range(3):
        factories.forwarded_application()

    page = client.get("/account").text
    assert count_of(page, "approvals-queue") == "3"
    assert "open-applications-intake" not in page


def test_the_counts_take_one_query_however_much_waits(app: Flask, client: PageClient) -> None:
    client.log_in(factories.account(Role.CUSTODIAN))
    needed = []
    for _ in range(2):
        client.get("/notices/unread?shown=0&open=x", **HTMX)
        with counted_queries() as sent:
            client.get("/notices/unread?shown=0&open=x", **HTMX)
        needed.append([line for line in sent if "UNION ALL" in line])
        for _ in range(3):
            factories.forwarded_application()

    assert [len(lines) for lines in needed] == [1, 1]


def test_the_news_bring_the_counts_and_are_silent_otherwise(app: Flask, client: PageClient) -> None:
    client.log_in(factories.account(Role.TEAM_LEADER))
    page = client.get("/account").text
    poll = re.search(r'hx-get="(/notices/unread[^"]*)"', page)
    assert poll is not None
    address = poll[1].replace("&amp;", "&")
    assert client.http.get(address, **HTMX).status_code == 204

    factories.forwarded_application()
    news = client.get(address, **HTMX).text

    assert 'id="open-approvals-queue" hx-swap-oob="outerHTML"' in news
    assert count_of(news, "approvals-queue") == "1"


@pytest.mark.both_databases
@pytest.mark.parametrize("role", list(Role))
def test_every_role_gets_its_counts(app: Flask, client: PageClient, role: Role) -> None:
    page = client.log_in(factories.account(role)).get("/account").text

    assert 'id="open-notices-own"' in page


@pytest.mark.parametrize(
    ("path", "mark"),
    [
        ("/accounts", 'href="/accounts" aria-current="page"'),
        ("/accounts/new", 'href="/accounts" aria-current="true"'),
        ("/accounts/changes", 'aria-current="page">계정 변경 확인'),
        ("/organisation/extensions", 'href="/organisation" aria-current="true"'),
    ],
)
def test_the_menu_shows_where_one_is_beneath_an_entry_too(
    app: Flask, client: PageClient, path: str, mark: str
) -> None:
    page = client.log_in(factories.account(Role.CUSTODIAN)).get(path).text
    menu = page[page.index('id="menu"') : page.index("</nav>")]

    assert mark in menu
    assert menu.count("aria-current") == 1
