"""Error pages in Korean: what happened and what to do."""

from __future__ import annotations

import structlog
from flask import Flask, Response, render_template
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import IntegrityError
from werkzeug.exceptions import BadHost, HTTPException, SecurityError

from portal.traces import place
from portal.web.htmx import wants_fragment
from portal.words import worded

_TEXTS: dict[int, tuple[str, str]] = {
    400: (
        "요청을 이해하지 못했습니다",
        "이전 화면으로 돌아가 입력한 내용을 확인하고 다시 시도해 주십시오.",
    ),
    403: (
        "이 화면을 볼 권한이 없습니다",
        "업무에 필요하면 {titles.custodian}에게 권한을 문의해 주십시오. 이 시도는 기록되었습니다.",
    ),
    404: ("찾는 화면이 없습니다", "주소를 확인하거나 메뉴에서 다시 찾아 주십시오."),
    405: ("이 주소에서는 할 수 없는 요청입니다", "메뉴에서 다시 시작해 주십시오."),
    409: ("다른 사람이 먼저 처리했습니다", "화면을 새로 고쳐 현재 상태를 확인해 주십시오."),
    410: (
        "더 이상 제공되지 않습니다",
        "보관기간이 끝났거나 열람이 종료되었습니다. 신청 화면에서 상태를 확인해 주십시오.",
    ),
    413: ("보낸 파일이 너무 큽니다", "파일 크기를 줄이거나 나누어 다시 올려 주십시오."),
    415: ("받을 수 없는 형식입니다", "PDF, PNG, JPEG 파일로 저장하여 다시 올려 주십시오."),
    429: ("시도가 너무 많았습니다", "잠시 기다린 뒤 다시 시도해 주십시오."),
    500: (
        "처리하는 중 문제가 생겼습니다",
        "잠시 뒤 다시 시도하고, 계속되면 {titles.custodian}에게 이 시각을 알려 주십시오.",
    ),
}
#: The title of a 409 that says itself what is in the way: often nobody else was faster.
_NOT_NOW = "지금은 할 수 없습니다"
_log = structlog.get_logger()


def init_app(app: Flask) -> None:
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(IntegrityError, _taken)
    app.register_error_handler(Exception, _unexpected)


def page(code: int, message: str | None = None, action: str | None = None) -> tuple[str, int]:
    """An error page; `message` and `action` replace the usual text."""
    title, advice = _TEXTS.get(code) or _TEXTS[400 if code < 500 else 500]
    html = render_template(
        "errors/error.html",
        code=code,
        title=_NOT_NOW if code == 409 and message else title,
        message=message,
        action=action or worded(advice),
    )
    return html, code


def _csrf(error: CSRFError) -> tuple[str, int]:
    if wants_fragment() and not current_user.is_authenticated:
        return "", 401  # as `portal.web.login` answers a page whose login ended
    return page(
        400,
        "화면을 연 지 오래되었거나 로그인이 바뀌어 보낼 수 없었습니다.",
        "이전 화면을 새로 고친 뒤 다시 보내 주십시오.",
    )


def _http(error: HTTPException) -> tuple[str, int] | HTTPException | Response:
    if isinstance(error, BadHost | SecurityError):
        return Response(_TEXTS[400][1], 400, mimetype="text/plain")  # no address can be built
    if error.code is None or error.code < 400:
        return error
    default = type(error).description
    message = error.description if error.description != default else None
    return page(error.code, message)


def _taken(error: IntegrityError) -> tuple[str, int]:
    """Two added the same at once and the database let in one of them: the other is told so."""
    if "UNIQUE" not in str(error.orig) and type(error.orig).__name__ != "UniqueViolation":
        return _unexpected(error)
    _log.warning("taken", place=place(error))
    return page(409)


def _unexpected(error: Exception) -> tuple[str, int]:
    # The type and place only: a message can carry what somebody typed.
    _log.error("unexpected", type=type(error).__name__, place=place(error))
    return page(500)
