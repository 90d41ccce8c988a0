"""Flask-Login over the server's sessions: who is asking, and when they were last here."""

from __future__ import annotations

from typing import Any

from flask import Flask, current_app, flash, g, request, session, url_for
from flask_login import current_user, login_user, logout_user
from werkzeug.wrappers import Response

from portal import audit, clock
from portal.access import is_polling
from portal.accounts import sessions
from portal.accounts.models import Account, LoginSession
from portal.database import write
from portal.extensions import login_manager
from portal.web.htmx import redirect as htmx_redirect
from portal.web.htmx import wants_fragment

_TOKEN = "portal_token"
_WITH_OLD_PASSWORD = {
    "static",
    "accounts.password",
    "accounts.logout",
    "accounts.login",
    "accounts.presence",
    "accounts.stay",
    None,
}


def init_app(app: Flask) -> None:
    login_manager.init_app(app)
    login_manager.session_protection = None  # the server's own session row decides
    app.before_request(_note_origin)
    app.teardown_request(_forget_origin)


def before_each_request(app: Flask) -> None:
    """Registered after the access guard: a refused request does not keep a session alive."""
    app.before_request(_note_presence)
    app.before_request(_ask_for_new_password)


def remember(account: Account, token: str) -> None:
    """Put a new session's token into the cookie; an old cookie's content does not survive it."""
    if current_user.is_authenticated:
        with write():
            sessions.end(current_login_session(), "new_login")
    session.clear()
    login_user(account)
    session[_TOKEN] = token


def log_out() -> None:
    """End the session of this browser, on the server too."""
    row = current_login_session()
    with write():
        sessions.end(row, "logout")
    logout_user()
    session.clear()


def me() -> Account:
    """The account that is logged in, itself: a row that can be locked and compared."""
    account: Account = current_user._get_current_object()
    return account


def current_login_session() -> LoginSession:
    """The session row behind this request; only for views that need a login."""
    row: LoginSession = g.portal_login_session
    return row


@login_manager.user_loader  # type: ignore[untyped-decorator]
def load_account(account_id: str) -> Account | None:
    row = sessions.find(session.get(_TOKEN, ""))
    if row is None or row.account.public_id != account_id:
        return None
    g.portal_login_session = row
    return row.account


@login_manager.unauthorized_handler  # type: ignore[untyped-decorator]
def ask_to_log_in() -> Response:
    view = current_app.view_functions.get(request.endpoint or "")
    if wants_fragment() or (view is not None and is_polling(view)):
        # Asked by a page that stands there: a redirect would tear away what somebody typed in it.
        # The page says that the login ended, and lets them log in beside it (presence.js).
        return Response(status=401)
    if session.pop(_TOKEN, None):
        flash("오래 사용하지 않아 로그아웃되었습니다. 다시 로그인해 주십시오.", "warning")
    target = request.full_path.rstrip("?") if request.method == "GET" else None
    return htmx_redirect(url_for("accounts.login", next=target))


def _note_origin() -> None:
    g.portal_origin = audit.origin.set(request.remote_addr or "unknown")


def _forget_origin(_error: BaseException | None) -> None:
    """What this thread does next is not the client's doing."""
    if (before := g.pop("portal_origin", None)) is not None:
        audit.origin.reset(before)


def _note_presence() -> Any:
    if request.endpoint is None or not current_user.is_authenticated:
        return
    view = current_app.view_functions[request.endpoint]
    row = current_login_session()
    if not is_polling(view) and clock.now() - row.seen_at >= sessions.SEEN_EVERY:
        with write():
            sessions.touch(row)


def _ask_for_new_password() -> Response | None:
    """A password that somebody else knows opens nothing but the page to change it."""
    if request.endpoint in _WITH_OLD_PASSWORD or not current_user.is_authenticated:
        return None
    return (
        htmx_redirect(url_for("accounts.password")) if current_user.must_change_password else None
    )


def safe_next(target: str | None) -> str | None:
    """`target` where it is a path of this portal, else None (no open redirect)."""
    if not target or not target.startswith("/") or target.startswith("//") or "\\" in target:
        return None
    return target if target.isprintable() else None
