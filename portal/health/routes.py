"""`/healthz`: the web part answers. `/readyz`: everything works; for the monitoring alone."""

from __future__ import annotations

from flask import Blueprint, abort, jsonify, request
from flask.typing import ResponseReturnValue

from portal.access import polling, public
from portal.health.ready import failing
from portal.runtime import config

bp = Blueprint("health", __name__)
_LOOPBACK = frozenset({"127.0.0.1", "::1"})
_FORWARDED = ("X-Forwarded-For", "Forwarded", "X-Real-IP")


@bp.get("/healthz")
@public
@polling
def up() -> ResponseReturnValue:
    """Asks neither the database nor the disk, so that a slow one restarts no web part."""
    return jsonify(up=True)


@bp.get("/readyz")
@public
@polling
def ready() -> ResponseReturnValue:
    """503 with the names of what fails. For everybody else there is no such address."""
    if not _is_monitoring():
        abort(404)
    found = failing()
    return jsonify(ready=not found, failing=found), 503 if found else 200


def _is_monitoring() -> bool:
    """From this machine or a named one; what a proxy nobody configured passes on is neither."""
    passed_on = any(name in request.headers for name in _FORWARDED)
    if passed_on and not config().trusted_proxies:
        return False
    return request.remote_addr in _LOOPBACK | config().monitoring
