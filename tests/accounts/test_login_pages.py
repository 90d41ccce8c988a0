"""Logging in and out over HTTP: the cookie, its end, and where one is sent."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask, url_for
from sqlalchemy import select

import factories
from client import PageClient
from factories import PASSWORD
from portal import clock
from portal.accounts.close_account import close_account
from portal.accounts.models import LoginSession
from portal.database import write
from portal.extensions import db
from portal.roles import Role
from portal.runtime import settings

NEW_PASSWORD = "a-much-better-secret"


def test_nobody_is_sent_to_the_login_and_back_to_where_they_wanted(
    app: Flask, client: PageClient
) -> None:
    account = factories.account()
    sent = client.get("/account?a=1", status=303)
    client.get(sent.location)

    answer = client.post(sent.location, {"login": account.login, "password": PASSWORD})

    assert answer.location == "/account?a=1"


@pytest.mark.parametrize(
    ("role", "place"),
    [
        (Role.EMPLOYEE, "recordings.own_calls"),
        (Role.COUNTER, "applications.at_counter"),
        (Role.CUSTODIAN, "applications.intake"),
        (Role.TEAM_LEADER, "approvals.queue"),
        (Role.DIVISION_HEAD, "approvals.queue"),
        (Role.AUDITOR, "ledger.rows"),
    ],
)
def test_each_role_begins_where_its_work_waits(
    app: Flask, client: PageClient, role: Role, place: str
) -> None:
    client.log_in(factories.account(role))

    with app.test_request_context():
        assert client.get("/", status=303).location == url_for(place)


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "javascript:alert(1)",
        "evil.example",
        " //evil.example",
        "/\u200b/evil.example",
    ],
)
def test_login_never_sends_anybody_out_of_the_portal(
    app: Flask, client: PageClient, target: str
) -> None:
    account = factories.account()
    client.get("/login")

    answer = client.post(
        "/login",
        {"login": account.login, "password": PASSWORD},
        query_string={"next": target},
    )

    assert answer.status_code == 303
    assert answer.location == "/"


def test_a_wrong_password_shows_the_page_again_with_the_login_and_without_the_password(
    app: Flask, client: PageClient
) -> None:
    account = factories.account()
    client.get("/login")

    answer = client.post("/login", {"login": account.login, "password": "wrong-password-typed"})

    assert answer.status_code == 422
    assert "맞지 않습니다" in answer.text
    assert f'value="{account.login}"' in answer.text
    assert "wrong-password-typed" not in answer.text


def test_login_without_the_forms_token_is_refused(app: Flask, client: PageClient) -> None:
    account = factories.account()

    answer = client.post("/login", {"login": account.login, "password": PASSWORD})

    assert answer.status_code == 400


def test_what_was_in_the_cookie_before_the_login_does_not_survive_it(
    app: Flask, client: PageClient
) -> None:
    account = factories.account()
    client.get("/login")
    with client.http.session_transaction() as cookie:
        cookie["planted"] = "by somebody else"
        token_before = cookie["csrf_token"]

    client.post("/login", {"login": account.login, "password": PASSWORD})

    with client.http.session_transaction() as cookie:
        assert "planted" not in cookie
        assert cookie.get("csrf_token") != token_before


def test_logging_in_again_ends_the_session_of_before(app: Flask, client: PageClient) -> None:
    account = factories.account()
    client.log_in(account)
    stolen = cookie_of(client)
    client.get("/account")

    client.post("/login", {"login": account.login, "password": PASSWORD})

    assert not is_in(client_with(app, stolen))
    assert is_in(client)


def test_a_kept_cookie_opens_nothing_after_logout(app: Flask, client: PageClient) -> None:
    client.log_in(factories.account())
    kept = cookie_of(client)
    client.get("/account")

    answer = client.post("/logout")

    assert answer.location == "/login"
    assert not is_in(client)
    assert not is_in(client_with(app, kept))


def test_logout_is_no_link(app: Flask, client: PageClient) -> None:
    client.log_in(factories.account())

    client.get("/logout", status=405)

    assert is_in(client)


def test_a_made_up_token_opens_nothing(app: Flask, client: PageClient) -> None:
    account = factories.account()
    with client.http.session_transaction() as cookie:
        cookie["_user_id"] = account.public_id
        cookie["portal_token"] = "made-up"

    assert not is_in(client)


def test_the_session_of_one_account_does_not_open_another(app: Flask, client: PageClient) -> None:
    client.log_in(factories.account())
    with client.http.session_transaction() as cookie:
        cookie["_user_id"] = factories.account(Role.CUSTODIAN).public_id

    assert not is_in(client)


def test_the_session_ends_after_idleness_and_says_so(app: Flask, client: PageClient) -> None:
    client.log_in(factories.account())
    idle = timedelta(minutes=settings().login.idle_minutes)

    with clock.at(idle - timedelta(minutes=1)):
        assert is_in(client)  # which counts as being there
    with clock.at(2 * idle - timedelta(minutes=2)):
        assert is_in(client)
    with clock.at(4 * idle):
        assert "오래 사용하지 않아" in client.get("/account").text


def test_a_page_that_stands_there_is_not_torn_away_by_the_end_of_its_login(
    app: Flask, client: PageClient
) -> None:
    client.log_in(factories.account())

    with clock.at(timedelta(minutes=settings().login.idle_minutes + 1)):
        typed = client.http.post("/applications/autosave", headers=FRAGMENT)
        listed = client.http.get("/applications", headers=FRAGMENT)
        back = client.http.get(
            "/applications", headers=FRAGMENT | {"HX-History-Restore-Request": "true"}
        )

    for answer in (typed, listed):  # the page itself offers to log in beside it
        assert (answer.status_code, answer.headers.get("HX-Redirect")) == (401, None)
    assert back.headers["HX-Redirect"].startswith("/login")


def test_the_session_ends_at_its_absolute_end_however_busy_one_is(
    app: Flask, client: PageClient
) -> None:
    client.log_in(factories.account())
    minutes = settings().login.absolute_hours * 60

    for minute in range(20, minutes, 20):
        with clock.at(timedelta(minutes=minute)):
            assert is_in(client), minute
    with clock.at(timedelta(minutes=minutes, seconds=1)):
        assert not is_in(client)


def test_polling_the_queue_does_not_extend_the_session(app: Flask, client: PageClient) -> None:
    client.log_in(factories.account(Role.TEAM_LEADER))
    idle = settings().login.idle_minutes

    for minute in range(5, idle, 5):
        with clock.at(timedelta(minutes=minute)):
            assert client.http.get("/approvals/poll", headers=FRAGMENT).status_code < 300
    with clock.at(timedelta(minutes=idle, seconds=1)):
        assert not is_in(client)


def test_a_refused_page_does_not_extend_the_session(app: Flask, client: PageClient) -> None:
    client.log_in(factories.account())
    idle = settings().login.idle_minutes

    with clock.at(timedelta(minutes=idle - 1)):
        client.get("/accounts", status=403)
    with clock.at(timedelta(minutes=idle, seconds=1)):
        assert not is_in(client)


def test_the_session_of_a_closed_account_ends_at_once(app: Flask, client: PageClient) -> None:
    account = factories.account()
    client.log_in(account)

    with write():
        close_account(account, by=None)

    assert not is_in(client)


def test_somebody_elses_password_opens_only_the_page_to_change_it(
    app: Flask, client: PageClient
) -> None:
    account = factories.account(Role.CUSTODIAN)
    with write():
        account.must_change_password = True
    client.log_in(account)

    for address in ("/", "/account", "/accounts", "/calls", "/otp/enrol"):
        assert client.get(address, status=303).location == "/account/password", address
    client.get("/account/password")
    refused = client.post("/accounts/new", {"login": "x"})
    assert refused.location == "/account/password"

    client.get("/account/password")
    answer = client.post("/account/password", passwords(PASSWORD, NEW_PASSWORD))
    assert answer.location == "/account"
    assert is_in(client)


def test_changing_the_password_ends_every_other_login(app: Flask, client: PageClient) -> None:
    account = factories.account()
    elsewhere = PageClient(app).log_in(account)
    client.log_in(account)
    kept = cookie_of(client)
    client.get("/account/password")

    client.post("/account/password", passwords(PASSWORD, NEW_PASSWORD))

    assert is_in(client)
    assert not is_in(elsewhere)
    assert not is_in(client_with(app, kept))
    PageClient(app).log_in(account, NEW_PASSWORD)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        (("wrong-present-one", NEW_PASSWORD, NEW_PASSWORD), "맞지 않습니다"),
        ((PASSWORD, NEW_PASSWORD, "something-else-typed"), "새 비밀번호와 다릅니다"),
        ((PASSWORD, "short", "short"), "10자 이상"),
        ((PASSWORD, PASSWORD, PASSWORD), "다른 비밀번호로"),
    ],
)
def test_a_change_that_does_not_fit_changes_nothing(
    app: Flask, client: PageClient, fields: tuple[str, str, str], message: str
) -> None:
    account = factories.account()
    client.log_in(account)
    client.get("/account/password")

    answer = client.post("/account/password", passwords(*fields))

    assert answer.status_code == 422
    assert message in answer.text
    PageClient(app).log_in(account)


def test_only_the_tokens_hash_is_stored(app: Flask, client: PageClient) -> None:
    client.log_in(factories.account())
    with client.http.session_transaction() as cookie:
        token = cookie["portal_token"]

    assert token not in db.session.scalars(select(LoginSession.token_hash)).all()


FRAGMENT = {"HX-Request": "true", "HX-Request-Type": "partial"}


def is_in(client: PageClient) -> bool:
    return client.http.get("/account/password").status_code == 200 or (
        client.http.get("/account").status_code == 200
    )


def passwords(present: str, new: str, again: str | None = None) -> dict[str, str]:
    return {"present": present, "new": new, "again": again or new}


def cookie_of(client: PageClient) -> str:
    cookie = client.http.get_cookie("portal")
    assert cookie is not None
    return cookie.value


def client_with(app: Flask, cookie: str) -> PageClient:
    client = PageClient(app)
    client.http.set_cookie("portal", cookie)
    return client
