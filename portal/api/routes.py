"""The one question a recorder may ask. JSON in and out; a GET, so no form's token is needed."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, jsonify, make_response, request

from portal import clock
from portal.access import token
from portal.api.recorders import BadToken, TooManyBadTokens, authenticate
from portal.restrictions.recording import answer_for

bp = Blueprint("api", __name__)

_LONGEST = 20  # digits of an extension
_SCHEME = "Bearer "


def check_token() -> None:
    """For the access guard: aborts with 401 or 429 unless a recorder's own token is sent."""
    sent = request.headers.get("Authorization", "")
    given = sent.removeprefix(_SCHEME) if sent.startswith(_SCHEME) else ""
    try:
        authenticate(given.strip())
    except TooManyBadTokens:
        _stop(429, "too_many_refusals", **{"Retry-After": "600"})
    except BadToken:
        _stop(401, "bad_token", **{"WWW-Authenticate": "Bearer"})


@bp.get("/api/extensions/<number>")
@token
def extension(number: str) -> Any:
    """Whether an extension may record now (제9조), and until when that holds."""
    digits = number.isascii() and number.isdecimal() and len(number) <= _LONGEST
    answer = answer_for(number) if digits else None
    if answer is None:
        return jsonify(error="unknown_extension"), 404
    until = clock.seoul(answer.until).isoformat(timespec="seconds") if answer.until else None
    return jsonify(extension=number, may_record=answer.may_record, until=until)


def _stop(status: int, error: str, **headers: str) -> None:
    abort(make_response(jsonify(error=error), status, headers))
