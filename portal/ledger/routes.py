"""관리대장: the list, and a year of it on paper (별지 제3호서식)."""

from __future__ import annotations

from flask import Blueprint, Response, abort, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal import audit, phones
from portal.access import Permission, requires
from portal.documents.errors import DocumentError
from portal.ledger import search
from portal.ledger.forms import wanted_of
from portal.ledger.models import LedgerRow
from portal.ledger.paper import ROWS_A_PART, approvals_of, numbers_of, print_rows
from portal.web.htmx import render
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
        found=paginate(search.statement(wanted)),
        wanted=wanted,
        year_options=[("", "전체"), *((year, f"{year}년") for year in search.years())],
        masked_numbers=masked_numbers,
        masked_address=masked_address,
        approvals_of=approvals_of,
        parts=parts_of(wanted.year) if wanted.year else [],
    )


@bp.get("/ledger/<int:year>.pdf")
@requires(Permission.READ_LEDGER)
def year_print(year: int) -> ResponseReturnValue:
    """One part of a year, 300 rows at most; the whole year where it has no more."""
    first = request.args.get("first", 1, type=int)
    if year not in search.years() or first < 1:
        abort(404)
    printed = search.rows_of_year(year, first, first + ROWS_A_PART - 1)
    try:
        pdf = print_rows(printed, f"{year}년")
    except DocumentError as error:
        abort(422, str(error))
    audit.record_alone("ledger.print", by=current_user, year=year, first=first, rows=len(printed))
    answer = Response(pdf, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="ledger-{year}-{first}.pdf"'
    return answer


def parts_of(year: int) -> list[tuple[int, int]]:
    """First and last serial of each print that a year takes; one print where it has no rows."""
    count = search.count_of_year(year)
    starts = range(1, max(count, 1) + 1, ROWS_A_PART)
    return [(first, min(first + ROWS_A_PART - 1, max(count, 1))) for first in starts]


def masked_numbers(row: LedgerRow) -> list[str]:
    """The numbers of a row for the list."""
    return [
        phones.masked(digits) if (digits := phones.digits(number)) else number
        for number in numbers_of(row)
    ]


def masked_address(text: str) -> str:
    """`경기도 이천시 …`: a list shows no more of an address; a department stays."""
    words = text.split()
    return text if len(words) <= 2 else f"{words[0]} {words[1]} …"
