"""파기·교체: a custodian takes a paper away that must not be there."""

from __future__ import annotations

from flask import flash, url_for
from flask.typing import ResponseReturnValue

from portal.access import Permission, requires
from portal.applications import evidence
from portal.applications.act_forms import DestroyForm
from portal.applications.destroy_paper import CannotDestroy, destroy_paper, paper_of
from portal.applications.evidence import BadFile, CheckedFile
from portal.applications.intake_routes import Refused, intake_application, intake_page
from portal.applications.models import Application
from portal.applications.routes import bp, me
from portal.web.htmx import redirect
from portal.web.uploads import takes_files


@bp.post("/intake/<public_id>/papers/destroy", endpoint="destroy_paper")
@requires(Permission.RECEIVE_APPLICATION)
@takes_files
def destroy(public_id: str) -> ResponseReturnValue:
    application = intake_application(public_id)
    form = DestroyForm.about(application, sent=True)
    if not form.validate():
        return intake_page(application, 422, destroy_form=form)
    taken: list[CheckedFile] = []
    try:
        taken = _copy(application, form)
        instead = next(iter(taken), None)
        chosen, why = form.file.data, form.reason.data
        destroy_paper(application, chosen, by=me(), reason=why, instead=instead)
    except (CannotDestroy, BadFile) as error:
        form.refuse(getattr(error, "field", "instead"), str(error))
        return intake_page(application, 422, destroy_form=form)
    except Refused as error:
        flash(str(error), "danger")
    else:
        flash("서류를 파기했습니다. 사유는 접속기록에 남습니다.", "success")
    finally:
        evidence.forget_unused(taken)
    return redirect(url_for("applications.intake_item", public_id=public_id))


def _copy(application: Application, form: DestroyForm) -> list[CheckedFile]:
    """The blacked-out copy, checked and stored, where there is one."""
    upload = form.instead.data
    if not upload or not upload.filename:
        return []
    files = evidence.evidence_of(application)
    old = next((file for file in files if file.public_id == form.file.data), None)
    paper = paper_of(old) if old else "증명서류"
    return [evidence.take(upload.read(), upload.filename, paper=paper)]
