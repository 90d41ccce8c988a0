"""Filing: from a call of one's own, or at the counter for a citizen."""

from __future__ import annotations

from flask import abort, flash, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from portal import clock, ids
from portal.access import Permission, requires
from portal.accounts.models import Person
from portal.applications import draft, due, evidence, filing_page
from portal.applications.for_form import ForForm
from portal.applications.forms import CitizenForm, OwnForm
from portal.applications.models import Application
from portal.applications.registration_number import is_usual_corporate
from portal.applications.routes import bp, me
from portal.applications.screen_routes import turn_screen
from portal.applications.signature import signature_of
from portal.applications.states import State
from portal.extensions import db
from portal.recordings.models import Recording
from portal.recordings.parties import is_own_call
from portal.web.htmx import redirect
from portal.web.navigation import stand_under_somebody_elses
from portal.web.uploads import takes_files

_TEMPLATES: dict[type[filing_page.AnyForm], str] = {
    OwnForm: "new_own.html",
    CitizenForm: "new_citizen.html",
    ForForm: "new_for.html",
}
_KINDS = ("inspection", "provision")


@bp.route("/applications/new", methods=["GET", "POST"])
@requires(Permission.FILE_APPLICATION)
@takes_files
def new_from_call() -> ResponseReturnValue:
    call = _own_call(request.values.get("call", ""))
    if request.method == "POST":
        form = OwnForm()
        return posted(form, _begin_from(call, form.kind), call)
    wanted = request.args.get("kind", "")
    kinds = (wanted,) if wanted in _KINDS else _KINDS
    if other := next(
        filter(None, (draft.application_under_way(call, me(), k) for k in kinds)), None
    ):
        flash("이 통화에는 이미 작성하거나 제출한 신청이 있습니다.", "info")
        return redirect(url_for("applications.detail", public_id=other.public_id))
    form = OwnForm(formdata=None, draft=ids.public_id(), disclosure_type=kinds[0])
    return filing_page_of(form, None, call)


@bp.route("/applications/new/citizen", methods=["GET", "POST"])
@requires(Permission.ENTER_FOR_CITIZEN)
@takes_files
def new_for_citizen() -> ResponseReturnValue:
    if request.method == "POST":
        return posted(CitizenForm(), _begin_for_citizen, None)
    return filing_page_of(CitizenForm(formdata=None, draft=ids.public_id()), None, None)


@bp.get("/applications/<public_id>/edit")
@requires(Permission.FILE_APPLICATION)
def edit(public_id: str) -> ResponseReturnValue:
    found = filing_page.own_draft(public_id, me())
    if found.applicant_id != me().person_id:
        stand_under_somebody_elses()
    if found.filed_for is not None:
        return filing_page_of(ForForm.of(found), found, None)
    if found.applicant_kind != "employee":
        return filing_page_of(CitizenForm.of(found), found, None)
    if found.asked_recording is None:
        abort(404)
    return filing_page_of(OwnForm.of(found), found, found.asked_recording)


@bp.post("/applications/autosave")
@requires(Permission.FILE_APPLICATION)
def autosave() -> ResponseReturnValue:
    """What was typed so far, without files; asked by the page itself a moment after a change."""
    form, begin = _typed_so_far()
    form.signature.data = ""
    try:
        saved = filing_page.keep(form, begin, by=me())
    except draft.NotADraft:
        saved = None
    return render_template("applications/_saved.html", form=form, saved=saved, now=clock.now())


def _typed_so_far() -> tuple[filing_page.AnyForm, filing_page.Begin]:
    """The form that was sent, and the draft it begins where there is none yet."""
    from portal.applications.for_routes import begin_for

    if public_id := request.form.get("call", ""):
        own = OwnForm()
        return own, _begin_from(_own_call(public_id), own.kind)
    if person_id := request.form.get("person", ""):
        form = ForForm().prepare()
        return form, begin_for(person_id, form)
    return CitizenForm(), _begin_for_citizen


def posted(
    form: filing_page.AnyForm, begin: filing_page.Begin, call: Recording | None
) -> ResponseReturnValue:
    try:
        kept = filing_page.keep(form, begin, by=me())
        if kept and (gone := request.form.get("remove")):
            evidence.remove(kept, gone, by=me())
    except draft.NotADraft as error:
        flash(str(error), "info")
        return redirect(url_for("applications.detail", public_id=form.draft.data))
    submits = request.form.get("do") == "submit" and "remove" not in request.form
    if kept and request.form.get("do") == "turn" and filing_page.is_ready_to_sign(form, kept):
        return turn_screen(kept)
    if kept and submits and filing_page.hand_in(form, kept, by=me()):
        return _filed(kept)
    if kept and not form.has_errors:
        flash("임시 저장했습니다. 신청은 아직 제출되지 않았습니다.", "success")
        return redirect(url_for("applications.edit", public_id=kept.public_id))
    return filing_page_of(form, kept, call, status=422)


def _filed(application: Application) -> ResponseReturnValue:
    flash("신청했습니다. 담당자가 접수하면 관리번호가 붙습니다.", "success")
    if (number := application.corporate_no) and not is_usual_corporate(number):
        flash("법인등록번호의 검증숫자가 맞지 않습니다. 번호를 다시 확인해 주십시오.", "warning")
    if warning := due.shortage(application):
        flash(warning, "warning")
    return redirect(url_for("applications.detail", public_id=application.public_id))


def filing_page_of(
    form: filing_page.AnyForm,
    saved: Application | None,
    call: Recording | None,
    status: int = 200,
) -> ResponseReturnValue:
    template = _TEMPLATES[type(form)]
    html = render_template(
        f"applications/{template}",
        form=form,
        saved=saved,
        call=call,
        person=_filed_for(form),
        files=evidence.evidence_of(saved) if saved else [],
        signed=saved is not None and signature_of(saved) is not None,
        shortage=_shortage(saved, call),
        oldest=due.oldest_day_kept(),
    )
    return make_response(html, status)


def _shortage(saved: Application | None, call: Recording | None) -> str | None:
    if saved:
        return due.shortage(saved)
    return due.shortage_of(call.delete_on) if call else None


def _own_call(public_id: str) -> Recording:
    """A call of the person's own that is still there; 404 otherwise, whether it exists or not."""
    if not ids.is_public_id(public_id):
        abort(404)
    call = db.session.scalar(select(Recording).where(Recording.public_id == public_id))
    if call is None or not call.is_alive or not is_own_call(call, me().person):
        abort(404)
    return call


def _begin_from(call: Recording, kind: str) -> filing_page.Begin:
    def begin(public_id: str) -> Application:
        other = draft.application_under_way(call, me(), kind)
        if other and other.state == State.DRAFT:
            return other  # begun in another window
        return draft.new_draft_from_call(call, by=me(), public_id=public_id, disclosure_type=kind)

    return begin


def _begin_for_citizen(public_id: str) -> Application:
    return draft.new_citizen_draft(by=me(), public_id=public_id)


def _filed_for(form: filing_page.AnyForm) -> Person | None:
    if not isinstance(form, ForForm):
        return None
    return db.session.scalar(select(Person).where(Person.public_id == form.person.data))
