"""The signing screen turned to a citizen: one page, and nothing else, until the password."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

import factories
from client import PageClient
from handover.conftest import Scene
from handover.test_pages import data_url, receipt
from portal import clock
from portal.applications.states import State
from portal.audit.models import AuditEvent
from portal.database import write
from portal.extensions import db
from portal.roles import Role
from portal.runtime import settings
from web.test_access import address_of, methods_of, rules

#: What a turned screen answers, for its own application alone.
OPEN = {
    "handover.screen", "handover.screen_signed", "handover.turn_back", "handover.unsigned",
    "packages.receive", "packages.password", "packages.progress", "static",
    "applications.screen", "applications.screen_signed", "applications.turn_back",
    "applications.form1", "restrictions.screen", "restrictions.screen_signed",
    "restrictions.turn_back", "restrictions.notice", "accounts.presence", "accounts.stay",
}  # fmt: skip


@pytest.fixture
def address(scene: Scene) -> str:
    return f"/handover/{scene.application.public_id}"


@pytest.fixture
def turned(client: PageClient, scene: Scene, address: str) -> PageClient:
    client.log_in(scene.custodian).get(address)
    client.post(address, {"identity_document": "공무원증"})
    client.get(address)
    answer = client.post(f"{address}/turn")
    assert answer.status_code == 303
    client.get(answer.location)
    return client


def events(action: str) -> list[AuditEvent]:
    return list(db.session.scalars(select(AuditEvent).where(AuditEvent.action == action)))


def test_nothing_but_the_screen_answers_whatever_is_asked(
    app: Flask, turned: PageClient, address: str
) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    wrong = []
    for rule in rules(app):
        if rule.endpoint in ("accounts.presence", "accounts.stay"):
            continue  # how long the login lasts, and no more
        for method in methods_of(rule):
            answer = turned.http.open(address_of(app, rule), method=method)
            kept = answer.status_code == 303 and answer.location == f"{address}/screen"
            if not kept and answer.status_code != 204:
                wrong.append((rule.endpoint, method, answer.status_code))
            assert not answer.data or kept, rule.endpoint
    for path in ("/nowhere", "/handover/"):
        assert turned.http.get(path).location == f"{address}/screen"

    assert wrong == []
    assert len(events("screen.refused")) > 100


def test_only_the_views_of_the_screen_are_marked(app: Flask) -> None:
    marked = {e for e, v in app.view_functions.items() if hasattr(v, "portal_on_turned_screen")}
    assert marked == OPEN - {"static"}


def test_the_screen_shows_the_document_and_nothing_of_the_officers(
    turned: PageClient, scene: Scene, address: str
) -> None:
    page = turned.get(f"{address}/screen").text

    assert "모두 책임질 것을 서약합니다" in page and page.count("data-signature-pad") == 1
    for hidden in (scene.custodian.name, "로그아웃", "주 메뉴", 'href="/"', 'type="file"'):
        assert hidden not in page, hidden
    assert turned.http.get(f"{address}/unsigned.pdf").data.startswith(b"%PDF")
    assert turned.http.post(f"{address}/screen", data={}).status_code == 400  # no token
    refused = turned.http.post(f"{address}/screen", data={}).text
    assert "로그아웃" not in refused and "주 메뉴" not in refused


def test_the_citizen_signs_the_officer_takes_the_screen_back_and_signs(
    turned: PageClient, scene: Scene, address: str
) -> None:
    both = {"transferee": data_url(), "transferor": data_url()}
    turned.post(f"{address}/screen", {"sha256": receipt().unsigned_sha256, **both})
    assert receipt().transferee_signature and not receipt().transferor_signature
    assert "담당자에게 화면을 돌려주십시오" in turned.get(f"{address}/screen").text

    answer = turned.post(f"{address}/turn-back", {"password": factories.PASSWORD})
    assert answer.location == f"{address}/sign"
    turned.get(answer.location)
    turned.post(answer.location, {"sha256": receipt().unsigned_sha256, "transferor": data_url()})

    assert scene.application.state == State.HANDED_OVER
    assert [e.account for e in events("screen.back")] == [scene.custodian.public_id]
    turned.get("/handover")


def test_where_the_officer_has_signed_the_citizens_signature_completes_it_on_the_screen(
    client: PageClient, scene: Scene, address: str
) -> None:
    client.log_in(scene.custodian).get(address)
    client.post(address, {"identity_document": "공무원증"})
    client.get(f"{address}/sign")
    drawn = {"transferor": data_url(), "transferee": data_url()}
    client.post(f"{address}/sign", {"sha256": receipt().unsigned_sha256, **drawn})
    assert receipt().transferee_signature is None, "drawn on the officer's own page"
    client.get(address)
    client.get(client.post(f"{address}/turn").location)

    client.post(
        f"{address}/screen", {"sha256": receipt().unsigned_sha256, "transferee": data_url()}
    )

    assert scene.application.state == State.HANDED_OVER
    assert client.http.get(address).location == f"{address}/screen"
    assert "서명을 받았습니다" in client.get(f"{address}/screen").text


def test_wrong_passwords_are_throttled_as_at_the_login(
    turned: PageClient, scene: Scene, address: str
) -> None:
    most = settings().login.failures_before_lock
    for _ in range(most):
        answer = turned.post(f"{address}/turn-back", {"password": "guess-the-password"})
        assert answer.status_code == 422 and "비밀번호가 맞지 않습니다" in answer.text

    locked = turned.post(f"{address}/turn-back", {"password": factories.PASSWORD})
    assert locked.status_code == 422
    assert turned.http.get("/ledger").location == f"{address}/screen"
    assert len(events("login.refused")) == most + 1

    with clock.at(clock.now() + timedelta(minutes=settings().login.lock_minutes, seconds=1)):
        answer = turned.post(f"{address}/turn-back", {"password": factories.PASSWORD})
        assert answer.status_code == 303 and answer.location == address


def test_another_browser_of_the_officer_is_not_held(
    app: Flask, turned: PageClient, scene: Scene, address: str
) -> None:
    other = PageClient(app).log_in(scene.custodian)

    other.get("/handover")
    assert other.http.get(f"{address}/screen").location == address
    assert other.post(f"{address}/screen", {"transferee": data_url()}).status_code == 303
    assert receipt().transferee_signature is None


def test_a_turned_session_still_ends_when_nobody_touches_it(
    turned: PageClient, scene: Scene, address: str
) -> None:
    with clock.at(clock.now() + timedelta(minutes=settings().login.idle_minutes, seconds=1)):
        assert turned.http.get(f"{address}/screen").location.startswith("/login")


def test_the_way_back_stays_open_when_the_application_ended_meanwhile(
    turned: PageClient, scene: Scene, address: str
) -> None:
    with write():
        scene.application.state = State.EXPIRED

    assert "서명하실 것이 없습니다" in turned.get(f"{address}/screen").text
    answer = turned.post(f"{address}/turn-back", {"password": factories.PASSWORD})
    assert answer.status_code == 303


def test_strangers_turn_no_screen(app: Flask, scene: Scene, address: str) -> None:
    client = PageClient(app).log_in(factories.account(Role.COUNTER))
    client.get("/account/password")  # for the form's token

    assert client.post(f"{address}/turn").status_code == 404
    client.get("/account")
