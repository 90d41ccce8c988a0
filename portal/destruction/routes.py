"""파기확인: what is still awaited, and the confirmation (제10조제3호)."""

from __future__ import annotations

from flask import Blueprint, abort, flash, render_template, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from portal.access import Permission, requires
from portal.applications.models import Application
from portal.applications.states import WrongState
from portal.audit.views import note_view
from portal.destruction.confirm import (
    CannotConfirm,
    NotTheirs,
    confirm,
    destruction_of,
    may_confirm,
)
from portal.destruction.forms import ConfirmForm
from portal.destruction.models import Destruction
from portal.destruction.pending import shown_to
from portal.extensions import db
from portal.packages.taken import was_taken
from portal.web.htmx import redirect
from portal.web.login import me
from portal.web.paging import paginate

bp = Blueprint("destruction", __name__)


@bp.get("/destruction")
@requires(Permission.CONFIRM_DESTRUCTION)
def awaited() -> str:
    """Whose destruction this person confirms or records, the oldest first."""
    return render_template("destruction/awaited.html", found=paginate(shown_to(me())), me=me())


@bp.get("/destruction/<public_id>")
@requires(Permission.CONFIRM_DESTRUCTION)
def record(public_id: str) -> str:
    """One provision: what is to be destroyed, and the confirmation."""
    application, row = _found(public_id)
    note_view(me(), on=application)
    return _page(application, row, _form(application))


@bp.post("/destruction/<public_id>")
@requires(Permission.CONFIRM_DESTRUCTION)
def recorded(public_id: str) -> Response | tuple[str, int]:
    """Take the confirmation; it closes the application."""
    application, row = _found(public_id)
    form = _form(application)
    if not form.validate():
        return _page(application, row, form), 422
    try:
        confirm(
            application,
            by=me(),
            destroyed_on=form.destroyed_on.data,
            told_how=form.told_how.data if "told_how" in form else "",
            note=form.note.data or "",
        )
        flash("파기를 확인하고 신청을 완료했습니다.", "success")
        return redirect(url_for("destruction.awaited"))
    except NotTheirs:
        abort(404)
    except CannotConfirm as error:
        form.form_errors.append(str(error))
        return _page(application, row, form), 422
    except WrongState as wrong:
        flash(str(wrong), "warning")
        return redirect(url_for("destruction.awaited"))


def _found(public_id: str) -> tuple[Application, Destruction]:
    """404 for everything that this person does not confirm, whether it exists or not."""
    application = db.session.scalar(select(Application).where(Application.public_id == public_id))
    row = destruction_of(application) if application else None
    if application is None or row is None or not may_confirm(application, me()):
        abort(404)
    return application, row


def _form(application: Application) -> ConfirmForm:
    return ConfirmForm.for_holder(outside=application.applicant_id is None)


def _page(application: Application, row: Destruction, form: ConfirmForm) -> str:
    return render_template(
        "destruction/record.html",
        application=application,
        row=row,
        form=form,
        taken=was_taken(application),
    )
