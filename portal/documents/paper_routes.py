"""발급 문서: what was issued for an application, issuing another, and printing one again."""

from __future__ import annotations

from flask import abort, flash, make_response, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import select
from werkzeug.wrappers import Response

from portal.access import Permission, requires
from portal.applications.models import Application
from portal.applications.states import State
from portal.applications.visibility import may_see
from portal.audit.views import note_view
from portal.database import write
from portal.documents import destruction_papers, issue, papers, reprint
from portal.documents.blanks import BLANKS
from portal.documents.destruction_papers import BY_WORDS
from portal.documents.errors import DocumentError
from portal.documents.forms import WhyForm
from portal.documents.kinds import KINDS
from portal.documents.routes import bp, readable
from portal.documents.wording import Wording
from portal.extensions import db
from portal.retention.models import Tombstone
from portal.runtime import settings
from portal.web.htmx import redirect
from portal.web.navigation import stand_under_somebody_elses
from portal.web.paging import paginate


@bp.get("/applications/<public_id>/papers")
@requires(Permission.USE_ACCOUNT)
def of_application(public_id: str) -> ResponseReturnValue:
    application = _seen(public_id)
    note_view(current_user._get_current_object(), on=application)
    issued = issue.issued_for(application)
    return render_template(
        "documents/of_application.html",
        application=application,
        issued=issued,
        reprints=reprint.counts(issued),
        kinds=KINDS,
        offered=papers.papers_of(application) if _may_issue(application) else {},
        form=WhyForm(),
    )


@bp.post("/applications/<public_id>/papers/<kind>")
@requires(Permission.ISSUE_PAPERS)
def issue_one(public_id: str, kind: str) -> ResponseReturnValue:
    application, form = _seen(public_id), WhyForm()
    if kind not in papers.PAPERS:
        abort(404)
    by = current_user._get_current_object()
    try:
        papers.issue_paper(application, kind, by=by, why=form.why.data or "")
    except (papers.CannotIssue, DocumentError) as error:
        flash(str(error), "danger")
    else:
        flash(
            f"{papers.PAPERS[kind].title}을(를) 발급했습니다. 목록에서 열어 인쇄해 주십시오.",
            "success",
        )
    return redirect(url_for("documents.of_application", public_id=public_id))


@bp.post("/documents/<public_id>/reprint", endpoint="reprint")
@requires(Permission.USE_ACCOUNT)
def print_again(public_id: str) -> ResponseReturnValue:
    """The same bytes once more, for a reason that the log keeps."""
    document, form = readable(public_id), WhyForm()
    try:
        with write():
            reprint.note(document, by=current_user, why=form.why.data or "")
    except reprint.NoReason as error:
        abort(422, str(error))
    return _pdf(issue.read(document), f"{document.kind}.pdf")


@bp.get("/documents/destructions")
@requires(Permission.READ_LEDGER)
def destructions() -> ResponseReturnValue:
    """파기 기록: every act of destruction, and its paper (제8조①)."""
    found = paginate(destruction_papers.tombstones())
    return render_template(
        "documents/destructions.html", found=found, form=WhyForm(), by_words=BY_WORDS
    )


@bp.post("/documents/destructions/<public_id>")
@requires(Permission.READ_LEDGER)
def issue_destruction(public_id: str) -> ResponseReturnValue:
    tombstone = db.session.scalar(select(Tombstone).where(Tombstone.public_id == public_id))
    if tombstone is None:
        abort(404)
    by = current_user._get_current_object()
    try:
        document = destruction_papers.issue_record(tombstone, by=by, why=WhyForm().why.data or "")
    except (papers.CannotIssue, DocumentError) as error:
        flash(str(error), "danger")
        return redirect(url_for("documents.destructions"))
    return redirect(url_for("documents.issued", public_id=document.public_id))


@bp.get("/documents/blanks")
@requires(Permission.USE_ACCOUNT)
def blanks() -> ResponseReturnValue:
    return render_template("documents/blanks.html", blanks=BLANKS)


@bp.get("/documents/blanks/<name>.pdf")
@requires(Permission.USE_ACCOUNT)
def blank(name: str) -> ResponseReturnValue:
    if name not in BLANKS:
        abort(404)
    _title, draw = BLANKS[name]
    return _pdf(draw(Wording.of(settings())), f"{name}.pdf")


def _seen(public_id: str) -> Application:
    found = db.session.scalar(select(Application).where(Application.public_id == public_id))
    if found is None or found.state == State.DRAFT or not may_see(found, current_user):
        abort(404)
    if found.applicant_id != current_user.person_id:
        stand_under_somebody_elses()
    return found


def _may_issue(application: Application) -> bool:
    return papers.may_issue(application, current_user)


def _pdf(pdf: bytes, name: str) -> Response:
    answer = make_response(pdf)
    answer.mimetype = "application/pdf"
    answer.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return answer
