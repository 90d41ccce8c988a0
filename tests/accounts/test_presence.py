"""Asking how long a login lasts prolongs nothing; staying does, up to the absolute end."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

import factories
from client import PageClient
from portal import clock
from portal.accounts.models import Account


@pytest.fixture
def person(app: Flask) -> Account:
    return factories.account()


def test_asking_tells_the_time_left_and_does_not_lengthen_it(
    client: PageClient, person: Account
) -> None:
    client.log_in(person)

    with clock.at(timedelta(minutes=20)):
        client.http.get("/session")
        left = client.http.get("/session").json

    assert left is not None and left["account"] == person.public_id
    assert 9 * 60 <= left["idle"] <= 10 * 60
    assert left["warn"] == 300


def test_staying_begins_the_idle_time_anew(client: PageClient, person: Account) -> None:
    client.log_in(person).get("/account")

    with clock.at(timedelta(minutes=20)):
        before = client.http.get("/session").json
        after = client.post("/session").json

    assert before is not None and after is not None
    assert after["idle"] > before["idle"] + 19 * 60
    assert abs(after["absolute"] - before["absolute"]) <= 1


def test_nobody_stays_after_the_end(client: PageClient, person: Account) -> None:
    client.log_in(person).get("/account")

    with clock.at(timedelta(minutes=31)):
        assert client.http.get("/session").json == {"account": None}
        assert client.post("/session").status_code == 303
        assert client.http.get("/session").json == {"account": None}


def test_staying_needs_the_token_of_the_page(client: PageClient, person: Account) -> None:
    client.log_in(person)
    client.token = "forged"

    assert client.post("/session").status_code == 400


def test_the_page_brings_the_time_left_along(client: PageClient, person: Account) -> None:
    page = client.log_in(person).get("/account").text

    assert f'data-account="{person.public_id}" data-session="' in page
    assert "data-session" not in PageClient(client.http.application).get("/login").text
