"""접속기록: the events, and the check of each month."""

from __future__ import annotations

import json

from flask import Blueprint, abort, flash, request, url_for
from flask.typing import ResponseReturnValue

from portal import audit
from portal.access import Permission, requires
from portal.access_log import page
from portal.access_log.findings import findings
from portal.access_log.forms import OpinionForm, wanted_of
from portal.access_log.months import Month, months_of_log
from portal.access_log.names import names_of
from portal.access_log.paper import issue_check, issued_checks
from portal.access_log.search import find
from portal.access_log.sign import CannotSign, countersign, sign
from portal.database import write
from portal.documents.errors import DocumentError
from portal.documents.papers import CannotIssue
from portal.web.htmx import redirect, render
from portal.web.login import me

bp = Blueprint("access_log", __name__)


@bp.get("/log")
@requires(Permission.READ_LOG)
def events() -> ResponseReturnValue:
    wanted = wanted_of(request.args)
    if wanted.before is None:  # turning the pages of a search is no other search
        audit.record_alone("log.search", by=me(), **page.filters_used(wanted))
    found = find(wanted)
    return render(
        "access_log/events.html",
        "access_log/_events.html",
        found=found,
        wanted=wanted,
        names=names_of(found.events),
        address=page.address(wanted),
        detail_of=lambda event: page.detail_text(json.loads(event.detail)),
        **page.WORDS,
    )


@bp.get("/log/months")
@requires(Permission.READ_LOG)
def months() -> ResponseReturnValue:
    lines = page.month_lines(months_of_log())
    return render("access_log/months.html", "access_log/months.html", lines=lines)


@bp.get("/log/months/<key>")
@requires(Permission.READ_LOG)
def month(key: str) -> ResponseReturnValue:
    chosen = _month(key)
    audit.record_alone("log.month_view", by=me(), month=chosen.key)
    return _shown(chosen, OpinionForm(formdata=None))


@bp.post("/log/months/<key>/sign")
@requires(Permission.SIGN_LOG)
def sign_month(key: str) -> ResponseReturnValue:
    chosen, form = _month(key), OpinionForm()
    if not form.validate():
        return _shown(chosen, form, status=422)
    found = findings(chosen)
    try:
        with write():
            sign(chosen, found, form.opinion.data or "", by=me())
    except CannotSign as refusal:
        return _refused(chosen, form, refusal)
    flash(f"{chosen.title} 접속기록 점검에 서명했습니다.", "success")
    return redirect(url_for("access_log.month", key=chosen.key))


@bp.post("/log/months/<key>/countersign")
@requires(Permission.COUNTERSIGN_LOG)
def countersign_month(key: str) -> ResponseReturnValue:
    chosen, form = _month(key), OpinionForm()
    if not form.validate():
        return _shown(chosen, form, status=422)
    try:
        with write():
            countersign(chosen, form.opinion.data or "", by=me())
    except CannotSign as refusal:
        return _refused(chosen, form, refusal)
    flash(f"{chosen.title} 점검을 교차 확인했습니다.", "success")
    return redirect(url_for("access_log.month", key=chosen.key))


@bp.post("/log/months/<key>/paper")
@requires(Permission.READ_LOG)
def month_paper(key: str) -> ResponseReturnValue:
    """점검표: issued as it was signed, and shown."""
    chosen = _month(key)
    try:
        issued = issue_check(chosen, by=me(), why=request.form.get("why", ""))
    except (CannotSign, CannotIssue, DocumentError) as refusal:
        flash(str(refusal), "danger")
        return redirect(url_for("access_log.month", key=chosen.key))
    return redirect(url_for("documents.issued", public_id=issued.public_id))


def _month(key: str) -> Month:
    chosen = Month.parse(key)
    if chosen is None or chosen not in months_of_log():
        abort(404)
    return chosen


def _refused(chosen: Month, form: OpinionForm, refusal: CannotSign) -> ResponseReturnValue:
    """What was typed stays."""
    form.opinion.errors = [*form.opinion.errors, str(refusal)]
    return _shown(chosen, form, status=409)


def _shown(chosen: Month, form: OpinionForm, status: int = 200) -> ResponseReturnValue:
    shown = page.month_shown(chosen, me())
    template = "access_log/month.html"
    issued = issued_checks(chosen) if shown["check"] else []
    return render(template, template, status, month=chosen, form=form, issued=issued, **shown)
