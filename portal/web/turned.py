"""The screen turned to a citizen: until the officer gives their password again, the browser's
session opens one page and nothing else, whatever is typed, clicked, reloaded or found in a history.

The session's row says so (`LoginSession.turned_to`), not the page: another tab or window of the
same browser is held as well, and no script can undo it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, current_app, request, session
from flask_login import current_user
from werkzeug.wrappers import Response

from portal import audit
from portal.access import is_polling
from portal.accounts.models import LoginSession
from portal.database import lock
from portal.web.htmx import redirect
from portal.web.login import current_login_session

View = TypeVar("View", bound=Callable[..., Any])
_MARK = "portal_on_turned_screen"
_SUBJECT, _LOGIN = "subject", "login"


def on_turned_screen(view: View) -> View:
    """Mark a view that stays open while the screen is turned, for the one subject it is about.

    Its address carries that subject's `public_id`.
    """
    setattr(view, _MARK, _SUBJECT)
    return view


def about_the_login(view: View) -> View:
    """Mark a view that says how long the login lasts, or lengthens it: open whoever it is for."""
    setattr(view, _MARK, _LOGIN)
    return view


def init_app(app: Flask, screen: Callable[[str], str]) -> None:
    """Registered before the access guard, so that not even a refusal shows the officer's page.

    `screen` gives, for a subject's public id, the address that is shown instead of all else.
    """

    @app.before_request
    def keep_to_the_screen() -> Response | None:
        subject = turned_to()
        if subject is None or request.endpoint == "static":
            return None
        view = app.view_functions.get(request.endpoint or "")
        about = (request.view_args or {}).get("public_id")
        mark = getattr(view, _MARK, None)
        if mark == _LOGIN or (mark == _SUBJECT and about == subject):
            return None
        return _kept(screen(subject))


def turned_to() -> str | None:
    """What the screen of this browser is turned to somebody for (public id); None: it is not."""
    return current_login_session().turned_to if current_user.is_authenticated else None


def turn(subject: str) -> None:
    """Inside `write()`: from the next request on only the screen opens in this session."""
    _set(subject)
    session.pop("_flashes", None)  # what the officer was told concerns nobody else


def turn_back() -> None:
    """Inside `write()`, after the officer's password was verified."""
    _set(None)


def _set(subject: str | None) -> None:
    row: LoginSession = current_login_session()
    lock(row)
    row.turned_to = subject


def _kept(address: str) -> Response:
    view = current_app.view_functions.get(request.endpoint or "")
    if view is not None and is_polling(view):
        return Response(status=204)  # asked by a page of the officer that is still open somewhere
    audit.record_alone("screen.refused", by=current_user, endpoint=request.endpoint or "")
    return redirect(address)
