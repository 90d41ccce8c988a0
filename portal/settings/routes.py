"""설정: the settings in force, read-only; they are changed in the file and by a restart."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from portal.access import Permission, requires
from portal.runtime import settings
from portal.settings.listing import groups

bp = Blueprint("settings", __name__)


@bp.get("/settings")
@requires(Permission.SEE_SETTINGS)
def page() -> ResponseReturnValue:
    """What applies and what differs from the defaults; with `section`, the values of one."""
    found = groups(settings())
    wanted = request.args.get("section")
    chosen = next((group for group in found if group.name == wanted), None)
    if wanted and chosen is None:
        abort(404)
    return render_template(
        "settings/page.html",
        groups=found,
        chosen=chosen,
        changed=sum(row.changed for group in found for row in group.rows),
        digest=settings().digest(),
    )
