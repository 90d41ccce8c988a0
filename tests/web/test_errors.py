"""Every refusal says in Korean what happened and what to do: as a page, and inside a page."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask, abort
from structlog.testing import capture_logs

import factories
from client import PageClient
from portal.access import polling, public

HTMX = {"headers": {"HX-Request": "true", "HX-Request-Type": "partial"}}
#: What happened, and the beginning of what to do.
TABLE = {
    400: ("요청을 이해하지 못했습니다", "이전 화면으로 돌아가"),
    403: ("이 화면을 볼 권한이 없습니다", "업무에 필요하면"),
    404: ("찾는 화면이 없습니다", "주소를 확인하거나"),
    405: ("이 주소에서는 할 수 없는 요청입니다", "메뉴에서"),
    409: ("다른 사람이 먼저 처리했습니다", "화면을 새로 고쳐"),
    410: ("더 이상 제공되지 않습니다", "보관기간이 끝났거나"),
    413: ("보낸 파일이 너무 큽니다", "파일 크기를 줄이거나"),
    414: ("요청을 이해하지 못했습니다", "이전 화면으로 돌아가"),
    415: ("받을 수 없는 형식입니다", "PDF, PNG, JPEG"),
    429: ("시도가 너무 많았습니다", "잠시 기다린 뒤"),
    500: ("처리하는 중 문제가 생겼습니다", "잠시 뒤 다시 시도하고"),
    503: ("처리하는 중 문제가 생겼습니다", "잠시 뒤 다시 시도하고"),
}


@pytest.fixture
def refusing(app: Flask) -> Flask:
    """With an address for each code, and one that breaks down."""

    @app.get("/refused/<int:code>")
    @public
    @polling
    def refused(code: int) -> Any:
        abort(code)

    @app.get("/broken")
    @public
    @polling
    def broken() -> Any:
        raise ZeroDivisionError("홍길동 010-1234-5678")

    app.testing = False  # what breaks answers as it does for people
    return app


@pytest.mark.parametrize("logged_in", [False, True])
@pytest.mark.parametrize("code", TABLE)
def test_each_code_says_what_happened_and_what_to_do(
    refusing: Flask, client: PageClient, code: int, logged_in: bool
) -> None:
    if logged_in:
        client.log_in(factories.account())
    title, advice = TABLE[code]

    page = client.get(f"/refused/{code}", status=code).text

    assert f">{title}</h1>" in page
    assert f"<strong>{advice}" in page
    assert "첫 화면으로" in page
    assert "{" not in re.search(r"<strong>(.*?)</strong></p>", page)[1]  # the city's own titles


@pytest.mark.parametrize("code", TABLE)
def test_each_code_can_be_shown_where_one_works(
    refusing: Flask, client: PageClient, code: int
) -> None:
    title, advice = TABLE[code]

    answer = client.http.get(f"/refused/{code}", **HTMX)

    assert answer.status_code == code
    assert f'data-error-title="{title}"' in answer.text
    assert f'data-error-action="{advice}' in answer.text


def test_what_breaks_tells_nothing_of_what_was_typed(refusing: Flask, client: PageClient) -> None:
    with capture_logs() as written:
        page = client.get("/broken", status=500).text

    assert TABLE[500][0] in page
    assert [entry["type"] for entry in written] == ["ZeroDivisionError"]
    assert "홍길동" not in page + str(written)


def test_a_form_of_another_login_says_how_to_send_it_again(client: PageClient) -> None:
    client.get("/login")

    answer = client.http.post("/login", data={"csrf_token": "old", "login": "a", "password": "b"})

    assert answer.status_code == 400
    assert "다시 보내 주십시오" in answer.text


def test_a_page_that_never_was_is_refused_in_the_same_words(client: PageClient) -> None:
    assert TABLE[404][0] in client.get("/never/was", status=404).text
