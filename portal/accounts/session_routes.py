"""응답시간 조절: how long the login still lasts, asked by the page; longer on purpose only."""

from __future__ import annotations

from flask import jsonify
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf.csrf import generate_csrf

from portal.access import Permission, polling, public, requires
from portal.accounts import sessions
from portal.accounts.blueprint import bp
from portal.database import write
from portal.web.login import current_login_session
from portal.web.turned import about_the_login


@bp.get("/session")
@public
@polling
@about_the_login
def presence() -> ResponseReturnValue:
    """Whether somebody is logged in here, and the seconds left; asking prolongs nothing.

    With the token of the forms: who logs in again in another tab goes on where they were.
    """
    if not current_user.is_authenticated:
        return jsonify(account=None)
    left = sessions.left(current_login_session())
    return jsonify(account=current_user.public_id, token=generate_csrf(), **left)


@bp.post("/session")
@requires(Permission.USE_ACCOUNT)
@about_the_login
def stay() -> ResponseReturnValue:
    """계속 사용하기: the idle time begins anew; the absolute end stays where it is."""
    row = current_login_session()
    with write():
        sessions.touch(row)
    return jsonify(account=current_user.public_id, token=generate_csrf(), **sessions.left(row))
