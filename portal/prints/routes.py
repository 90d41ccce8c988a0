"""내 문서: what one asked for, how far it is, and the file."""

from __future__ import annotations

from flask import Blueprint, Response, abort, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import select

from portal import audit
from portal.access import Permission, polling, requires
from portal.extensions import db
from portal.jobs.models import Job
from portal.prints.ask import KINDS, Wish, jobs_of
from portal.runtime import vault
from portal.web.htmx import render
from portal.web.paging import paginate

bp = Blueprint("prints", __name__)

TITLES = {
    "ledger_print": "관리대장 인쇄본",
    "ledger_export": "관리대장 엑셀 파일",
    "third_party_print": "제3자 제공 대장 인쇄본",
    "third_party_export": "제3자 제공 대장 엑셀 파일",
}
_PDF = ("application/pdf", "pdf")
_XLSX = ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx")
_FILES = {
    "ledger_print": ("ledger", *_PDF),
    "ledger_export": ("ledger", *_XLSX),
    "third_party_print": ("third-party", *_PDF),
    "third_party_export": ("third-party", *_XLSX),
}


@bp.get("/prints")
@requires(Permission.READ_LEDGER)
def mine() -> ResponseReturnValue:
    return _list()


@bp.get("/prints/poll")
@requires(Permission.READ_LEDGER)
@polling
def poll() -> ResponseReturnValue:
    return _list()


@bp.get("/prints/<public_id>/file")
@requires(Permission.READ_LEDGER)
def file(public_id: str) -> ResponseReturnValue:
    """The file to whoever asked for it; each download is an event."""
    job = db.session.scalar(jobs_of(current_user).where(Job.public_id == public_id))
    if job is None or job.state != "done":
        abort(404)
    called, media_type, ending = _FILES[job.kind]
    name = f"{called}-{Wish.of(job).year}.{ending}"
    audit.record_alone("print.download", by=current_user, on=job)
    answer = Response(vault().records.get(public_id), mimetype=media_type)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _list() -> ResponseReturnValue:
    found = paginate(jobs_of(current_user))
    busy = select(Job.id).where(
        Job.kind.in_(KINDS),
        Job.asked_by_id == current_user.id,
        Job.state.in_(("waiting", "running")),
    )
    return render(
        "prints/mine.html",
        "prints/_mine.html",
        found=found,
        # The poller's own address is no page to go to.
        address=lambda number, size: url_for("prints.mine", page=number, per_page=size),
        wish_of=Wish.of,
        titles=TITLES,
        is_busy=db.session.scalar(busy.limit(1)) is not None,
    )
