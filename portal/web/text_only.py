"""What is sent is a form of text. No NUL: PostgreSQL cannot keep it, and nobody can type it. No
JSON: forms would take it for their fields, with numbers, half characters and any depth in it."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Flask, abort, request

_NUL = "\0"
_MESSAGE = (
    "보낸 내용에 글자가 아닌 값(NUL)이 들어 있어 받을 수 없습니다. "
    "다른 프로그램에서 붙여 넣은 부분을 지우고 다시 보내 주십시오."
)

_NO_JSON = "이 주소는 화면의 입력란에서 보낸 내용만 받습니다. 화면에서 다시 보내 주십시오."


def init_app(app: Flask) -> None:
    """Registered after the access guard and the limits of size: it reads the form."""
    app.before_request(_refuse_what_is_no_text)


def _refuse_what_is_no_text() -> None:
    if request.is_json:
        abort(415, _NO_JSON)
    if any(_NUL in text for text in _texts()):
        abort(400, _MESSAGE)


def _texts() -> Iterator[str]:
    yield request.path
    for sent in (request.args, request.form):
        for name, value in sent.items(multi=True):
            yield from (name, value)
    for name, file in request.files.items(multi=True):
        yield from (name, file.filename or "")
