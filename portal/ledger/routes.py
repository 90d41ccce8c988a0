"""관리대장: the list; a year of it on paper (별지 제3호서식) or as a spreadsheet is a job."""

from __future__ import annotations

from flask import Blueprint, abort, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal import audit
from portal.access import Permission, requires
from portal.database import write
from portal.ledger import search
from portal.ledger.forms import WishForm, wanted_of
from portal.ledger.models import LedgerRow
from portal.ledger.paper import approvals_of, numbers_of
from portal.prints.ask import Kind, NoReason, TooManyWaiting, Wish, ask
from portal.unmasking.unmask import MayNotUnmask
from portal.web.htmx import redirect, render
from portal.web.paging import paginate

bp = Blueprint("ledger", __name__)


@bp.get("/ledger")
@requires(Permission.READ_LEDGER)
def rows() -> ResponseReturnValue:
    wanted = wanted_of(request.args)
    if wanted.text:
        audit.record_alone("ledger.search", by=current_user)
    return render(
        "ledger/rows.html",
        "ledger/_rows.html",
        found=paginate(search.statement(wanted), deep=(LedgerRow.id, search.all_rows())),
        wanted=wanted,
        year_options=[("", "전체"), *((year, f"{year}년") for year in search.years())],
        numbers_of=numbers_of,
        approvals_of=approvals_of,
        wish=WishForm(),
    )


@bp.post("/ledger/<int:year>/print", endpoint="print")
@requires(Permission.READ_LEDGER)
def print_year(year: int) -> ResponseReturnValue:
    return ask_for("ledger_print", year, back="ledger.rows")


@bp.post("/ledger/<int:year>/export", endpoint="export")
@requires(Permission.READ_LEDGER)
def export_year(year: int) -> ResponseReturnValue:
    return ask_for("ledger_export", year, back="ledger.rows")


def ask_for(kind: Kind, year: int, *, back: str) -> ResponseReturnValue:
    """Ask for a year as the posted wish says; `back`: the endpoint that shows what was wrong."""
    if year not in search.years():
        abort(404)
    form = WishForm()
    wish = Wish(year=year, reason=form.reason.data or "", unmasked=bool(form.unmasked.data))
    try:
        with write():
            ask(kind, wish, by=current_user)
    except (NoReason, MayNotUnmask, TooManyWaiting) as error:
        flash(str(error), "danger")
        return redirect(url_for(back, year=year))
    return redirect(url_for("prints.mine"))


from portal.ledger import third_party_routes  # noqa: E402, F401  (registers its views on `bp`)
