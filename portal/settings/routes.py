"""설정: the settings in force, read-only; they are changed in the file and by a restart."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from portal.access import Permission, requires
from portal.institution import load_settings
from portal.runtime import settings
from portal.settings.listing import groups

bp = Blueprint("settings", __name__)


@bp.get("/settings")
@requires(Permission.SEE_SETTINGS)
def page() -> ResponseReturnValue:
    found = groups(settings())
    return render_template(
        "settings/page.html",
        groups=found,
        changed=sum(row.changed for group in found for row in group.rows),
        digest=settings().digest(),
        default_digest=load_settings().digest(),
    )
