"""Scripts and styles travel packed; nothing that carries a secret does."""

from __future__ import annotations

import gzip

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from portal.paths import STATIC

GZIP = {"Accept-Encoding": "gzip, deflate, br"}
SHEET = "/static/css/base.css"

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def fetch(app: Flask, path: str, headers: dict[str, str]) -> TestResponse:
    """The answer, read to its end and closed."""
    with app.test_client().get(path, headers=headers, buffered=True) as answer:
        answer.get_data()
        return answer


def test_a_style_sheet_travels_packed_and_is_the_same_file(app: Flask) -> None:
    answer = fetch(app, SHEET, headers=GZIP)

    plain = (STATIC / "css/base.css").read_bytes()
    assert answer.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in answer.headers["Vary"]
    assert int(answer.headers["Content-Length"]) == len(answer.data) < len(plain) / 2
    assert gzip.decompress(answer.data) == plain


def test_who_does_not_take_gzip_gets_the_file_as_it_is(app: Flask) -> None:
    for headers in ({}, {"Accept-Encoding": "gzip;q=0"}):
        answer = fetch(app, SHEET, headers=headers)

        assert "Content-Encoding" not in answer.headers
        assert answer.data == (STATIC / "css/base.css").read_bytes()
        assert "Accept-Encoding" in answer.headers["Vary"]


def test_a_browser_that_has_it_is_told_so(app: Flask) -> None:
    tag = fetch(app, SHEET, headers=GZIP).headers["ETag"]

    assert fetch(app, SHEET, headers={**GZIP, "If-None-Match": tag}).status_code == 304


def test_pages_fonts_and_parts_of_files_are_not_packed(app: Flask) -> None:
    font = "/static/fonts/PretendardGOV-Bold.subset.woff2"

    assert "Content-Encoding" not in fetch(app, "/login", headers=GZIP).headers
    assert "Content-Encoding" not in fetch(app, font, headers=GZIP).headers
    part = fetch(app, SHEET, headers={**GZIP, "Range": "bytes=0-9"})
    assert part.status_code == 206
    assert part.data == (STATIC / "css/base.css").read_bytes()[:10]
