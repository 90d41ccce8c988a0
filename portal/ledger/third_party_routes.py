"""제3자 제공 대장: the statutory ledger over the same rows, and where they were made public."""

from __future__ import annotations

from flask import abort, flash, request, url_for
from flask.typing import ResponseReturnValue

from portal import clock
from portal.access import Permission, may, requires
from portal.database import write
from portal.ledger import search, third_party
from portal.ledger.forms import PublishForm, WishForm, wanted_of
from portal.ledger.routes import ask_for, bp
from portal.ledger.third_party_paper import paper_line, published_words
from portal.runtime import settings
from portal.web.htmx import redirect, render
from portal.web.login import me
from portal.web.paging import paginate

_BACK = "ledger.third_party"


@bp.get("/ledger/third-party", endpoint="third_party")
@requires(Permission.READ_LEDGER)
def lines() -> ResponseReturnValue:
    return _page(PublishForm(formdata=None, on=clock.today()))


@bp.post("/ledger/third-party/publish")
@requires(Permission.PUBLISH_PROVISIONS)
def publish() -> ResponseReturnValue:
    """Note when and where one line was made public."""
    form = PublishForm()
    entry = third_party.entry_named(form.row.data or "") or abort(404)
    if not form.validate():
        return _page(form, 422)
    try:
        with write():
            third_party.publish(entry, on=form.on.data, place=form.place.data, by=me())
    except third_party.CannotPublish as error:
        form[error.field].errors = [str(error)]
        return _page(form, 422)
    flash("공개한 날과 곳을 기록했습니다.", "success")
    return redirect(url_for(_BACK, year=entry.row.year))


def _address(number: int, per_page: int) -> str:
    """A page of the list, also from the page that says what was wrong with a posted note."""
    year, state = request.args.get("year") or None, request.args.get("state") or None
    return url_for(_BACK, year=year, state=state, page=number, per_page=per_page)


@bp.post("/ledger/third-party/<int:year>/print", endpoint="third_party_print")
@requires(Permission.READ_LEDGER)
def print_year(year: int) -> ResponseReturnValue:
    return ask_for("third_party_print", year, back=_BACK)


@bp.post("/ledger/third-party/<int:year>/export", endpoint="third_party_export")
@requires(Permission.READ_LEDGER)
def export_year(year: int) -> ResponseReturnValue:
    return ask_for("third_party_export", year, back=_BACK)


def _page(form: PublishForm, status: int = 200) -> ResponseReturnValue:
    year = wanted_of(request.args).year
    waiting = request.args.get("state") == "waiting"
    found = paginate(third_party.statement(year, waiting=waiting), whole=third_party.whole_rows())
    return render(
        "ledger/third_party.html",
        "ledger/_third_party.html",
        status,
        found=found,
        address=_address,
        entries=third_party.entries(found.rows),
        year=year,
        waiting=waiting,
        year_options=[("", "전체"), *((y, f"{y}년") for y in search.years())],
        paper_line=paper_line,
        published_words=published_words,
        form=form,
        wish=WishForm(formdata=None),
        law=settings().third_party,
        may_publish=may(me().roles, Permission.PUBLISH_PROVISIONS),
    )
