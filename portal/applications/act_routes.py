"""회수, 취하 and the answer to a 보완요구, by whoever filed it; 회수 by the custodian, too."""

from __future__ import annotations

from flask import Response, flash, make_response, render_template, url_for
from flask.typing import ResponseReturnValue

from portal.access import Permission, requires
from portal.applications import evidence, signature
from portal.applications.act_forms import AnswerForm, WithdrawForm
from portal.applications.choices import OTHER_PAPER
from portal.applications.conflict import Conflict
from portal.applications.filing_page import papers_of, signature_of
from portal.applications.models import Application
from portal.applications.parts import NotYours, allowed
from portal.applications.routes import bp, detail_page, me, seen
from portal.applications.states import Action, State, WrongState
from portal.applications.submit import Incomplete
from portal.applications.supplement import Answered, answer_supplement, open_request
from portal.applications.take_back import recall, withdraw
from portal.applications.take_in import issue_again
from portal.applications.typed import BadText
from portal.audit.views import note_view
from portal.database import write
from portal.web.htmx import redirect
from portal.web.uploads import takes_files

Refused = (WrongState, NotYours, Conflict)


@bp.post("/applications/<public_id>/recall", endpoint="recall")
@requires(Permission.FILE_APPLICATION)
def take_back(public_id: str) -> ResponseReturnValue:
    application = seen(public_id)
    try:
        with write():
            blobs = recall(application, by=me())
    except Refused as error:
        flash(str(error), "danger")
        return redirect(url_for("applications.detail", public_id=public_id))
    signature.drop(blobs)
    if application.state != State.DRAFT:
        flash("회수했습니다. 다시 처리할 수 있습니다.", "success")
        return redirect(url_for("applications.intake_item", public_id=public_id))
    flash("회수했습니다. 고친 뒤 다시 서명을 받아 신청해 주십시오.", "success")
    return redirect(url_for("applications.edit", public_id=public_id))


@bp.post("/applications/<public_id>/withdraw", endpoint="withdraw")
@requires(Permission.FILE_APPLICATION)
def give_up(public_id: str) -> ResponseReturnValue:
    application, form = seen(public_id), WithdrawForm()
    if not form.validate():
        return detail_page(application, 422, withdraw_form=form)
    try:
        with write():
            withdraw(application, by=me(), text=form.text.data or "")
    except Refused as error:
        flash(str(error), "danger")
    else:
        flash("신청을 취하했습니다.", "success")
    return redirect(url_for("applications.detail", public_id=public_id))


@bp.get("/applications/<public_id>/supplement")
@requires(Permission.FILE_APPLICATION)
def supplement(public_id: str) -> ResponseReturnValue:
    application = seen(public_id)
    if Action.SUPPLEMENT not in allowed(application, me()):
        return redirect(url_for("applications.detail", public_id=public_id))
    note_view(me(), on=application)
    return _answer_page(application, AnswerForm.about(application))


@bp.post("/applications/<public_id>/supplement", endpoint="answer")
@requires(Permission.FILE_APPLICATION)
@takes_files
def answer(public_id: str) -> ResponseReturnValue:
    application = seen(public_id)
    form = AnswerForm.about(application, sent=True)
    form.validate()
    papers = [] if form.has_errors else papers_of(form, (("evidence", OTHER_PAPER),))
    signed = signature_of(form) if form.corrects and not form.has_errors else None
    stored = [*papers, *([signed] if signed else [])]
    try:
        if form.has_errors:
            return _answer_page(application, form, 422)
        done = _answered(application, form, papers, signed)
    except (BadText, Incomplete, evidence.BadFile) as error:
        _mark(form, error)
        return _answer_page(seen(public_id), form, 422)
    except Refused as error:
        flash(str(error), "danger")
        return redirect(url_for("applications.detail", public_id=public_id))
    finally:
        evidence.forget_unused(stored)
    signature.drop(done.replaced)
    if done.prints_anew:
        issue_again(application, by=me(), why="보완")
    flash("보완한 내용을 냈습니다. 담당자가 이어서 처리합니다.", "success")
    return redirect(url_for("applications.detail", public_id=public_id))


def _answered(
    application: Application,
    form: AnswerForm,
    papers: list[evidence.CheckedFile],
    signed: evidence.CheckedFile | None,
) -> Answered:
    with write():
        return answer_supplement(
            application,
            by=me(),
            text=form.text.data or "",
            papers=papers,
            choice=form.choice(),
            facts=form.facts(),
            signature=signed,
        )


def _mark(form: AnswerForm, error: BadText | Incomplete | evidence.BadFile) -> None:
    """Beside the fields what the verb found wrong."""
    if isinstance(error, Incomplete):
        for one in error.errors:
            form.refuse(one.field, one.message)
    else:
        form.refuse(getattr(error, "field", "evidence"), str(error))


def _answer_page(application: Application, form: AnswerForm, status: int = 200) -> Response:
    html = render_template(
        "applications/supplement.html",
        application=application,
        form=form,
        request_=open_request(application),
        files=evidence.evidence_of(application),
    )
    return make_response(html, status)
