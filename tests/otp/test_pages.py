"""Enrolling an authenticator over HTTP."""

from __future__ import annotations

import re
from datetime import timedelta

import pyotp
from flask import Flask

import factories
from client import PageClient
from otp.devices import NOON, code_at, enrolled, wrong_at
from portal import clock
from portal.otp import enrol
from portal.otp.codes import consume_code

LATER = NOON + timedelta(minutes=1)


def test_enrolling_from_the_password_to_the_recovery_codes(app: Flask, client: PageClient) -> None:
    account = factories.account()
    with clock.at(NOON):
        client.log_in(account)
        client.get("/otp/enrol?next=/account")

        shown = client.post("/otp/enrol?next=/account", {"password": factories.PASSWORD})
        device = pyotp.TOTP(secret_in(shown.text))
        assert 'src="data:image/png;base64,' in shown.text
        done = client.post("/otp/enrol/code?next=/account", {"code": code_at(device, NOON)})

    assert len(re.findall(r"<li><code", done.text)) == 10
    assert 'href="/account"' in done.text
    with clock.at(LATER):
        consume_code(account, code_at(device, LATER))
        assert "남은 복구 코드" in client.get("/account").text


def test_without_the_password_no_secret_is_shown(app: Flask, client: PageClient) -> None:
    account = factories.account()
    client.log_in(account)
    client.get("/otp/enrol")

    answer = client.post("/otp/enrol", {"password": "wrong-password"})

    assert answer.status_code == 422
    assert "data:image" not in answer.text
    assert enrol.pending_secret(account) is None
    assert account.failures == 1


def test_a_wrong_first_code_keeps_the_qr_code_on_the_page(app: Flask, client: PageClient) -> None:
    account = factories.account()
    with clock.at(NOON):
        client.log_in(account)
        client.get("/otp/enrol")
        shown = client.post("/otp/enrol", {"password": factories.PASSWORD})
        device = pyotp.TOTP(secret_in(shown.text))

        answer = client.post("/otp/enrol/code", {"code": wrong_at(device, NOON)})

    assert answer.status_code == 422
    assert "맞지 않습니다" in answer.text
    assert secret_in(answer.text) == device.secret


def test_another_login_cannot_see_or_finish_an_enrolment_that_goes_on(
    app: Flask, client: PageClient
) -> None:
    account = factories.account()
    other = PageClient(app)
    with clock.at(NOON):
        client.log_in(account)
        client.get("/otp/enrol")
        shown = client.post("/otp/enrol", {"password": factories.PASSWORD})
        device = pyotp.TOTP(secret_in(shown.text))
        other.log_in(account)
        other.get("/otp/enrol")

        answer = other.post("/otp/enrol/code", {"code": code_at(device, NOON)})

    assert answer.status_code == 303
    assert enrol.enrolment_of(account).since is None


def test_an_enrolment_left_lying_is_not_shown_again(app: Flask, client: PageClient) -> None:
    with clock.at(NOON):
        client.log_in(factories.account())
        client.get("/otp/enrol")
        client.post("/otp/enrol", {"password": factories.PASSWORD})

    with clock.at(NOON + timedelta(minutes=11)):
        answer = client.post("/otp/enrol/code", {"code": "000000"})

    assert answer.location == "/otp/enrol"


def test_who_is_enrolled_is_shown_the_way_by_recovery_code_only(
    app: Flask, client: PageClient
) -> None:
    account = factories.account()
    device = enrolled(account)
    client.log_in(account)
    page = client.get("/otp/enrol").text
    assert "/otp/recover" in page
    assert 'name="password"' not in page

    answer = client.post("/otp/enrol", {"password": factories.PASSWORD})

    assert answer.status_code == 422
    assert device.secret not in answer.text.replace(" ", "")
    assert "data:image" not in answer.text


def test_a_recovery_code_and_the_password_lead_to_a_new_device(
    app: Flask, client: PageClient
) -> None:
    account = factories.account()
    with clock.at(NOON - timedelta(hours=1)):
        old = pyotp.TOTP(enrol.begin(account))
        codes = enrol.confirm(account, code_at(old, clock.now()))
    with clock.at(NOON):
        client.log_in(account)
        client.get("/otp/recover")
        both = {"recovery_code": codes[0], "password": factories.PASSWORD}
        refused = client.post("/otp/recover", {**both, "password": "wrong-password"})
        assert refused.status_code == 422

        shown = client.post("/otp/recover", both)
        new = pyotp.TOTP(secret_in(shown.text))
        client.post("/otp/enrol/code", {"code": code_at(new, NOON)})

    with clock.at(LATER):
        consume_code(account, code_at(new, LATER))


def test_the_next_page_is_one_of_this_portal(app: Flask, client: PageClient) -> None:
    with clock.at(NOON):
        client.log_in(factories.account())
        client.get("/otp/enrol")
        target = {"next": "https://evil.example/"}
        shown = client.post("/otp/enrol", {"password": factories.PASSWORD}, query_string=target)
        device = pyotp.TOTP(secret_in(shown.text))
        done = client.post("/otp/enrol/code", {"code": code_at(device, NOON)}, query_string=target)

    assert "evil" not in done.text


def secret_in(html: str) -> str:
    return html.partition('<code class="num">')[2].partition("</code>")[0].replace(" ", "")
