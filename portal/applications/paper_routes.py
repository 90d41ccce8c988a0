"""The papers of an application: Form 1 as filed, and the evidence as pictures."""

from __future__ import annotations

from flask import Response, abort
from flask.typing import ResponseReturnValue

from portal.access import Permission, requires
from portal.applications.evidence import evidence_of
from portal.applications.form1_data import form1_of
from portal.applications.pictures import NotShowable, draw_page
from portal.applications.routes import bp, me, seen, shows_evidence
from portal.audit.views import note_view
from portal.documents import form1, issue
from portal.documents.errors import DocumentError
from portal.runtime import vault
from portal.web.turned import on_turned_screen


@bp.get("/applications/<public_id>/form1.pdf", endpoint="form1")
@requires(Permission.FILE_APPLICATION)
@on_turned_screen
def form1_pdf(public_id: str) -> ResponseReturnValue:
    """As issued at 접수; before that, and where it never was, as it stands now."""
    application = seen(public_id)
    if application.is_official:
        abort(404)  # 제7조② 단서: there is none
    note_view(me(), on=application)
    try:
        filed = issue.issued_for(application, "form1")
        pdf = issue.read(filed[0]) if filed else form1.render(form1_of(application))
    except DocumentError as error:
        abort(422, str(error))
    answer = Response(pdf, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = 'inline; filename="form1.pdf"'
    return answer


@bp.get("/applications/<public_id>/files/<file_id>/pages/<int:page>.png")
@requires(Permission.SEE_EVIDENCE)
def evidence_page(public_id: str, file_id: str, page: int) -> ResponseReturnValue:
    application = seen(public_id)
    file = next((f for f in evidence_of(application) if f.public_id == file_id), None)
    if file is None or not shows_evidence(application) or not 1 <= page <= file.pages:
        abort(404)
    note_view(me(), on=file)
    try:
        return Response(draw_page(vault().records.get(file_id), page), mimetype="image/png")
    except NotShowable as error:
        abort(422, str(error))
