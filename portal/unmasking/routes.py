"""가림 해제: one form for every list, in place or, without scripts, as a page."""

from __future__ import annotations

from flask import Blueprint, abort, request
from flask.typing import ResponseReturnValue

from portal.access import Permission, requires
from portal.database import write
from portal.unmasking.unmask import BadReason, Kind, MayNotUnmask, NoSuchRow, Values, unmask
from portal.web.htmx import render
from portal.web.login import me

bp = Blueprint("unmasking", __name__)
#: Where the whole page leads back to.
_LISTS = {Kind.LEDGER: "ledger.rows", Kind.ACCOUNT: "access_log.events"}


@bp.post("/unmask/<kind>/<public_id>")
@requires(Permission.UNMASK)
def show(kind: str, public_id: str) -> ResponseReturnValue:
    """The values of one row, whole, or why not. A GET would stay in histories without a reason."""
    known = Kind(kind) if kind in set(Kind) else abort(404)
    reason = request.form.get("reason", "")
    values: Values = []
    try:
        with write():
            values = unmask(known, public_id, reason=reason, by=me())
    except NoSuchRow:
        abort(404)
    except MayNotUnmask:
        abort(403)
    except BadReason as error:
        return _answer(known, public_id, values, reason, str(error))
    return _answer(known, public_id, values, reason)


def _answer(
    kind: Kind, public_id: str, values: Values, reason: str, wrong: str = ""
) -> ResponseReturnValue:
    return render(
        "unmasking/page.html",
        "unmasking/_whole.html",
        422 if wrong else 200,
        kind=kind,
        public_id=public_id,
        values=values,
        reason=reason,
        wrong=wrong,
        back=_LISTS[kind],
    )
