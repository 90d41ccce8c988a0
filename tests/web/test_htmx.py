"""Whole page or fragment, redirects and events for htmx 4."""

import json

import pytest
from flask import Flask, make_response
from flask.testing import FlaskClient
from jinja2 import DictLoader
from werkzeug.wrappers import Response

from portal.web.htmx import htmx, redirect, render, trigger

PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial", "HX-Source": "a#row"}


@pytest.fixture
def client() -> FlaskClient:
    app = Flask(__name__)
    app.jinja_loader = DictLoader({"page.html": "page {{ n }}", "_part.html": "part {{ n }}"})
    htmx.init_app(app)

    @app.get("/list")
    def show_list() -> Response:
        return render("page.html", "_part.html", n=7)

    @app.post("/invalid")
    def show_errors() -> Response:
        return render("page.html", "_part.html", status=422, n=0)

    @app.post("/done")
    def done() -> Response:
        return redirect("/list?after=1")

    @app.post("/told")
    def told() -> Response:
        answer = trigger(make_response("ok"), "announce", {"message": "승인했습니다"})
        return trigger(answer, "close-dialog")

    return app.test_client()


def test_a_swap_gets_the_fragment(client: FlaskClient) -> None:
    assert client.get("/list", headers=PARTIAL).text == "part 7"


def test_a_browser_gets_the_whole_page(client: FlaskClient) -> None:
    assert client.get("/list").text == "page 7"


@pytest.mark.parametrize(
    "more",
    [
        {"HX-Request-Type": "full"},
        {"HX-Boosted": "true"},
        {"HX-History-Restore-Request": "true"},
    ],
)
def test_going_back_boosting_and_selecting_get_the_whole_page(
    client: FlaskClient, more: dict[str, str]
) -> None:
    assert client.get("/list", headers=PARTIAL | more).text == "page 7"


def test_a_header_without_htmx_does_not_make_a_fragment(client: FlaskClient) -> None:
    headers = {"HX-Request-Type": "partial", "HX-Source": "a#row"}

    assert client.get("/list", headers=headers).text == "page 7"


@pytest.mark.parametrize("headers", [{}, PARTIAL])
def test_caches_are_told_that_the_answer_depends_on_htmx(
    client: FlaskClient, headers: dict[str, str]
) -> None:
    vary = client.get("/list", headers=headers).vary

    for name in ("HX-Request", "HX-Request-Type", "HX-Boosted", "HX-History-Restore-Request"):
        assert name in vary


def test_the_status_of_a_form_with_errors_is_kept(client: FlaskClient) -> None:
    answer = client.post("/invalid", headers=PARTIAL)

    assert (answer.status_code, answer.text) == (422, "part 0")


def test_a_redirect_out_of_a_swap_moves_the_whole_page(client: FlaskClient) -> None:
    answer = client.post("/done", headers=PARTIAL)

    assert answer.headers["HX-Redirect"] == "/list?after=1"
    assert "Location" not in answer.headers
    assert answer.text == ""


def test_a_redirect_without_htmx_is_followed_with_get(client: FlaskClient) -> None:
    answer = client.post("/done")

    assert (answer.status_code, answer.headers["Location"]) == (303, "/list?after=1")
    assert "HX-Redirect" not in answer.headers


def test_events_add_up_and_reach_the_page_after_the_row_is_gone(client: FlaskClient) -> None:
    events = json.loads(client.post("/told", headers=PARTIAL).headers["HX-Trigger"])

    assert events["announce"] == {"message": "승인했습니다", "target": "body"}
    assert events["close-dialog"] == {"target": "body"}


def test_korean_in_an_event_leaves_the_header_ascii(client: FlaskClient) -> None:
    assert client.post("/told", headers=PARTIAL).headers["HX-Trigger"].isascii()
