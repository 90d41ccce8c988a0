"""공문 접수: the page on which a custodian registers a request on grounds 3–5."""

from __future__ import annotations

from flask import Response, abort, flash, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import IntegrityError

from portal import ids
from portal.access import Permission, requires
from portal.applications import evidence
from portal.applications.choices import OFFICIAL_PAPER
from portal.applications.complete import FieldError
from portal.applications.conflict import Conflict
from portal.applications.custody import NotCustodian
from portal.applications.draft import CannotApply
from portal.applications.due import oldest_day_kept
from portal.applications.evidence import CheckedFile
from portal.applications.filing_page import find, papers_of
from portal.applications.models import Application
from portal.applications.official_form import OfficialForm
from portal.applications.register_official import register_official
from portal.applications.routes import bp, me
from portal.applications.submit import Incomplete
from portal.database import write
from portal.web.htmx import redirect
from portal.web.uploads import takes_files

_CHOOSE_AGAIN = "다른 항목을 고친 뒤 파일을 다시 골라 주십시오."


@bp.route("/intake/official", methods=["GET", "POST"])
@requires(Permission.RECEIVE_APPLICATION)
@takes_files
def new_official() -> ResponseReturnValue:
    if request.method == "GET":
        return _page(
            OfficialForm(formdata=None, draft=ids.public_id(), disclosure_type="provision")
        )
    form = OfficialForm()
    if not ids.is_public_id(form.draft.data or ""):
        abort(400)
    if not (done := find(form.draft.data)):
        done = _registered(form)
    if done is None:
        return _page(form, 422)
    flash(f"공문을 접수했습니다. 관리번호는 {done.control_no}입니다.", "success")
    return redirect(url_for("applications.intake_item", public_id=done.public_id))


def _registered(form: OfficialForm) -> Application | None:
    """The new application; None where the form now says what is wrong."""
    form.validate()
    form.has_office()
    papers = papers_of(form, (("evidence", OFFICIAL_PAPER),))
    try:
        with write():
            row = register_official(form.entry(), papers, by=me(), public_id=form.draft.data)
            if form.has_errors:
                raise Incomplete([])
            return row
    except IntegrityError:
        return find(form.draft.data)  # the same form arrived twice at the same moment
    except Incomplete as error:
        _mark(form, error.errors, papers)
    except (CannotApply, Conflict, NotCustodian) as error:
        form.form_errors.append(str(error))
    finally:
        evidence.forget_unused(papers)
    return None


def _mark(form: OfficialForm, errors: list[FieldError], papers: list[CheckedFile]) -> None:
    for error in errors:
        if not form[error.field].errors:
            form.refuse(error.field, error.message)
    if papers and not form.evidence.errors:
        form.refuse("evidence", _CHOOSE_AGAIN)


def _page(form: OfficialForm, status: int = 200) -> Response:
    html = render_template("applications/new_official.html", form=form, oldest=oldest_day_kept())
    return make_response(html, status)
