"""Issued papers: served as they were issued, looked up by their verification number."""

from __future__ import annotations

from flask import Blueprint, abort, make_response, render_template, request
from flask_login import current_user
from sqlalchemy import select
from werkzeug.wrappers import Response

from portal import audit
from portal.access import Permission, may, requires
from portal.applications.models import Application
from portal.applications.visibility import may_see
from portal.database import write
from portal.documents import issue
from portal.documents.kinds import KINDS
from portal.documents.models import IssuedDocument
from portal.extensions import db

bp = Blueprint("documents", __name__)


@bp.get("/documents/<public_id>.pdf")
@requires(Permission.USE_ACCOUNT)
def issued(public_id: str) -> Response:
    """A paper's bytes, as they were issued; each look is an event."""
    document = readable(public_id)
    with write():
        audit.record("document.read", by=current_user, on=document)
    answer = make_response(issue.read(document))
    answer.mimetype = "application/pdf"
    return answer


@bp.get("/documents/verify")
@requires(Permission.USE_ACCOUNT)
def verify() -> str:
    """Is this paper ours? Kind, date and control number for a verification number."""
    asked = request.args.get("no", "").strip().upper()
    statement = select(IssuedDocument).where(IssuedDocument.verification_no == asked)
    found = db.session.scalar(statement) if asked else None
    about = found.application_id if found else None
    application = db.session.get(Application, about) if about else None
    return render_template(
        "documents/verify.html", asked=asked, found=found, application=application, kinds=KINDS
    )


def readable(public_id: str) -> IssuedDocument:
    """An issued paper this person may read; 404 otherwise, whether it exists or not."""
    statement = select(IssuedDocument).where(IssuedDocument.public_id == public_id)
    document = db.session.scalar(statement)
    if document is None or not _may_read(document):
        abort(404)
    return document


def _may_read(document: IssuedDocument) -> bool:
    """Those who may see the application, and those who read the ledger.

    A notice of a restriction is served by its own page alone, to whom it concerns (제9조).
    """
    if document.kind in ("restriction_notice", "lift_notice"):
        return False
    if document.kind == "monthly_check":
        return may(current_user.roles, Permission.READ_LOG)
    if may(current_user.roles, Permission.READ_LEDGER):
        return True
    about = document.application_id
    application = db.session.get(Application, about) if about else None
    return application is not None and may_see(application, current_user)


# These register their views on `bp`.
from portal.documents import paper_routes  # noqa: E402,F401
