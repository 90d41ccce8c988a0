"""Headers, cookies, caches and redirects: on every kind of answer there is.

`headers.check_headers` looks at each answer of the whole suite; here each kind is asked for once.
"""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from flask import Flask

import factories
from client import PageClient
from conftest import Browser
from headers import check_headers
from portal import create_app
from portal.access import public
from portal.accounts.models import Account
from portal.config import Config
from portal.extensions import db
from portal.roles import Role
from portal.web.login import safe_next

_ELSEWHERE = (
    *("//x.example", "https://x.example/", "http:x.example", "/\\x.example", "\\\\x.example"),
    *("/\t/x.example", "/%09/x.example/../..//x.example\n", "javascript:alert(1)", "x.example"),
    *(" //x.example", "/x\r\nSet-Cookie: a=b", "///x.example", "\u2028//x.example", "data:,x"),
)


@pytest.fixture
def person(app: Flask, client: PageClient) -> Account:
    account = factories.account(*Role)
    client.log_in(account)
    return account


def test_every_kind_of_answer_has_them(app: Flask, client: PageClient, person: Account) -> None:
    app.view_functions["guidance.own"] = public(lambda: 1 / 0)
    app.testing = False
    app.config["PROPAGATE_EXCEPTIONS"] = False
    css = "/static/css/base.css"
    stranger = app.test_client()
    answers = [
        *(client.http.get(to) for to in ("/", "/calls", "/nothing", "/help", "/login", "/log")),
        *(client.http.get(to) for to in ("/documents/blanks/form1.pdf", "/notices/unread", css)),
        client.http.get("/calls", headers={"HX-Request": "true"}),
        client.http.get("/api/extensions/1"),
        client.http.open("/notices", method="PUT"),
        client.http.open("/notices", method="OPTIONS"),
        client.http.open("/notices", method="HEAD"),
        client.http.post("/login"),
        client.http.post("/login", data={"login": "x" * 5_000_000}),
        client.http.get("/static/nothing.css"),
        client.http.get("/static/../portal.db"),
        client.http.get(css, headers={"Range": "bytes=0-9"}),
        stranger.get("/calls"),
        stranger.get("/approvals/poll"),
    ]
    for answer in answers:
        check_headers(answer)
        answer.close()
    assert {answer.status_code for answer in answers} >= {200, 206, 303, 400, 401, 404, 405, 500}


def test_behind_tls_browsers_are_told_to_stay_there(app: Flask) -> None:
    for to in ("/login", "/nothing", "/static/css/base.css"):
        with app.test_client().get(to, base_url="https://portal.example") as answer:
            told = answer.headers
        assert told["Strict-Transport-Security"] == "max-age=31536000"
    assert "Strict-Transport-Security" not in app.test_client().get("/login").headers


def test_the_cookie_is_secure_where_the_installation_says_so(config: Config) -> None:
    app = create_app(replace(config, secure_cookies=True))
    app.test_client_class = Browser
    with app.app_context():
        answer = app.test_client().get("/login", base_url="https://portal.example")
        cookies = answer.headers.getlist("Set-Cookie")
        assert cookies
        assert all("Secure" in cookie for cookie in cookies)
        db.session.remove()
        db.engine.dispose()


def kept(client: PageClient, address: str) -> str:
    with client.http.get(address) as answer:
        return str(answer.headers["Cache-Control"])


def test_a_static_file_is_kept_for_good_under_its_version_only(client: PageClient) -> None:
    found = re.search(r'href="(/static/[^"]+\.css\?v=[0-9a-f]{12})"', client.get("/login").text)
    assert found
    versioned = found[1]
    for_good = "public, max-age=31536000, immutable"
    plain = versioned.partition("?")[0]

    assert kept(client, versioned) == for_good
    for other in (plain, f"{plain}?v=000000000000", f"{plain}?v=", "/static/x.css?v=0"):
        assert kept(client, other) == "public, max-age=3600"


@pytest.mark.parametrize("to", _ELSEWHERE)
def test_nothing_leads_out_of_the_portal(
    app: Flask, client: PageClient, person: Account, to: str
) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    for headers in ({}, {"HX-Request": "true", "HX-Target": "div#list"}):
        answers = [
            client.http.get("/login", query_string={"next": to}, headers=headers),
            client.http.post("/find", data={"to": to, "q": "홍"}, headers=headers),
            client.http.get("/otp/enrol", query_string={"next": to}, headers=headers),
        ]
        for answer in answers:
            leads = f"{answer.location or ''}{answer.headers.get('HX-Redirect', '')}"
            assert "x.example" not in leads
            assert "x.example" not in answer.headers.get("HX-Location", "")
            assert not re.search(r'href="[^"]*x\.example', answer.text)
            assert "Set-Cookie: a" not in str(answer.headers)


def test_a_path_of_the_portal_is_followed() -> None:
    assert safe_next("/calls?page=2") == "/calls?page=2"
    assert {safe_next(to) for to in (*_ELSEWHERE, "", None)} == {None}
