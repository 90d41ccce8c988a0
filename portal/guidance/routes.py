"""도움말: one printable page per role."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, url_for
from flask.typing import ResponseReturnValue

from portal.access import Permission, requires
from portal.accounts.authority import title_of
from portal.guidance.roles import does
from portal.guidance.texts_page import pages_of
from portal.roles import Role
from portal.web.htmx import redirect
from portal.web.login import me

bp = Blueprint("guidance", __name__)


@bp.get("/help")
@requires(Permission.USE_ACCOUNT)
def own() -> ResponseReturnValue:
    """The page of the first role besides that of every employee."""
    roles = me().roles - {Role.EMPLOYEE}
    chosen = next((role for role in Role if role in roles), Role.EMPLOYEE)
    return redirect(url_for("guidance.page", role=chosen.value))


@bp.get("/help/<role>")
@requires(Permission.USE_ACCOUNT)
def page(role: str) -> ResponseReturnValue:
    if role not in set(Role):
        abort(404)
    return render_template(
        "guidance/page.html",
        role=Role(role),
        roles=[(one, title_of(one)) for one in Role],
        role_title=title_of(Role(role)),
        steps=does(Role(role)),
        groups=pages_of(Role(role)),
    )
