"""지침 이행 현황: the live page, and the custodian's note about the recorder."""

from __future__ import annotations

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue

from portal import audit
from portal.access import Permission, may, requires
from portal.compliance.forms import RecorderForm
from portal.compliance.note_recorder import CannotNote, note_recorder
from portal.compliance.now import checks
from portal.database import write
from portal.web.htmx import redirect, render
from portal.web.login import me

bp = Blueprint("compliance", __name__)


@bp.get("/compliance")
@requires(Permission.SEE_COMPLIANCE)
def page() -> ResponseReturnValue:
    audit.record_alone("compliance.view", by=me())
    return _shown(RecorderForm(formdata=None))


@bp.post("/compliance/recorder")
@requires(Permission.CHECK_RECORDER)
def recorder() -> ResponseReturnValue:
    form = RecorderForm()
    if not form.validate():
        return _shown(form, 422)
    clean, note = form.clean.data == "yes", form.note.data or ""
    try:
        with write():
            note_recorder(form.checked_on.data, clean, note, by=me())
    except CannotNote as refusal:
        form.checked_on.errors = [*form.checked_on.errors, str(refusal)]
        return _shown(form, 409)
    flash("장비 확인일을 적었습니다.", "success")
    return redirect(url_for("compliance.page"))


def _shown(form: RecorderForm, status: int = 200) -> ResponseReturnValue:
    found, roles = checks(), me().roles
    template = "compliance/page.html"
    return render(
        template,
        template,
        status,
        checks=found,
        red=sum(not check.holds for check in found),
        form=form,
        may_open=lambda link: may(roles, link.permission),
        may_note=may(roles, Permission.CHECK_RECORDER),
    )
