"""조회: where every search box with typed words posts to."""

from __future__ import annotations

import json
from urllib.parse import urlencode

from flask import Blueprint, abort, make_response, request
from flask.typing import ResponseReturnValue

from portal.access import Permission, requires
from portal.database import write
from portal.finding.typed import FIELDS, keep
from portal.web.htmx import VARY, is_htmx, redirect
from portal.web.login import me, safe_next
from portal.web.typed_words import PARAMETER

bp = Blueprint("finding", __name__)
_OURS = ("csrf_token", "to")


@bp.post("/find")
@requires(Permission.USE_ACCOUNT)
def find() -> ResponseReturnValue:
    """On to the list, its filters in the address, the typed words in their id."""
    to = safe_next(request.form.get("to"))
    if to is None or "?" in to:
        abort(400)
    filters = {
        name: value
        for name, value in request.form.items()
        if value.strip() and name not in (*_OURS, *FIELDS)
    }
    words = {name: request.form[name].strip() for name in FIELDS if request.form.get(name)}
    if any(words.values()):
        with write():
            filters[PARAMETER] = keep(words, by=me())
    return _go_on(f"{to}?{urlencode(filters)}" if filters else to)


def _go_on(address: str) -> ResponseReturnValue:
    """With htmx into the box that the list stands in, else to the page."""
    _tag, _, box = request.headers.get("HX-Target", "").partition("#")
    if not is_htmx() or not box:
        return redirect(address)
    answer = make_response("", 204)
    answer.headers["HX-Location"] = json.dumps({"path": address, "target": f"#{box}"})
    answer.vary.update(VARY)
    return answer
