"""접수: the custodian's list, and the page on which one application is worked on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response, abort, flash, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.interfaces import ORMOption

from portal import clock
from portal.access import Permission, requires
from portal.applications import filing_page
from portal.applications.choose import propose, take_off
from portal.applications.conflict import Conflict
from portal.applications.custody import NotCustodian, handles
from portal.applications.forward import CannotForward, NotChecked, forward
from portal.applications.inbox import TAB_TITLES, Tab, counts, finished, inbox
from portal.applications.inbox_lines import lines
from portal.applications.intake_forms import ForwardForm, SearchForm, inbox_filter
from portal.applications.intake_page import page_of
from portal.applications.loading import WHOLE
from portal.applications.match import CannotMatch, OutsideBounds, match, unmatch
from portal.applications.models import Application
from portal.applications.receive import AlreadyReceived, NotInHand
from portal.applications.routes import bp, me
from portal.applications.search import CannotSearch, Found, search
from portal.applications.states import State, WrongState
from portal.applications.take_in import TakenInMeanwhile, take_in
from portal.audit.views import note_view
from portal.database import write
from portal.documents.errors import DocumentError
from portal.extensions import db
from portal.recordings.models import Recording
from portal.web.htmx import VARY, redirect, render, trigger, wants_fragment
from portal.web.paging import paginate
from portal.words import worded

Refused = (
    NotCustodian,
    AlreadyReceived,
    NotInHand,
    Conflict,
    WrongState,
    CannotMatch,
    CannotForward,
)


@bp.get("/intake")
@requires(Permission.RECEIVE_APPLICATION)
def intake() -> ResponseReturnValue:
    wanted = inbox_filter(request.args)
    return render(
        "applications/intake.html",
        "applications/_intake_list.html",
        wanted=wanted,
        page=paginate(inbox(wanted, me()), *finished(wanted, me()), lines=lines()),
        tabs=TAB_TITLES,
        counts=counts(me()),
        shows_states=wanted.tab == Tab.ALL,
        states=[state for state in State if state != State.DRAFT],
        today=clock.today(),
        account=me(),
    )


@bp.get("/intake/<public_id>")
@requires(Permission.RECEIVE_APPLICATION)
def intake_item(public_id: str) -> ResponseReturnValue:
    candidates = joinedload(Application.candidates)
    application = intake_application(public_id, *WHOLE, candidates)
    note_view(me(), on=application)
    return intake_page(application)


@bp.post("/intake/<public_id>/receive", endpoint="receive")
@requires(Permission.RECEIVE_APPLICATION)
def receive_one(public_id: str) -> ResponseReturnValue:
    application = intake_application(public_id)
    try:
        take_in(application, by=me())
    except (*Refused, TakenInMeanwhile, DocumentError) as error:
        flash(str(error), "danger")
    else:
        flash(f"접수했습니다. 관리번호는 {application.control_no}입니다.", "success")
    return redirect(url_for("applications.intake_item", public_id=public_id))


@bp.post("/intake/<public_id>/search", endpoint="search")
@requires(Permission.RECEIVE_APPLICATION)
def search_calls(public_id: str) -> ResponseReturnValue:
    application = intake_application(public_id)
    note_view(me(), on=application)
    form = SearchForm()
    try:
        found = _found(application, form)
    except Refused as error:
        return _refused(application, error, "_intake_search.html")
    return render(
        "applications/intake_item.html",
        "applications/_intake_search.html",
        200 if found else 422,
        **page_of(application, me(), search_form=form, found=found),
    )


@bp.post("/intake/<public_id>/recordings/<recording_id>/match", endpoint="match")
@requires(Permission.RECEIVE_APPLICATION)
def match_recording(public_id: str, recording_id: str) -> ResponseReturnValue:
    return _change(public_id, recording_id, match, worded("{recording:을/를} 연결했습니다."))


@bp.post("/intake/<public_id>/recordings/<recording_id>/unmatch", endpoint="unmatch")
@requires(Permission.RECEIVE_APPLICATION)
def unmatch_recording(public_id: str, recording_id: str) -> ResponseReturnValue:
    return _change(public_id, recording_id, unmatch, worded("{recording}의 연결을 풀었습니다."))


@bp.post("/intake/<public_id>/recordings/<recording_id>/candidate", endpoint="propose")
@requires(Permission.RECEIVE_APPLICATION)
def propose_recording(public_id: str, recording_id: str) -> ResponseReturnValue:
    return _change(public_id, recording_id, propose, "신청인에게 보일 후보에 넣었습니다.")


@bp.post("/intake/<public_id>/recordings/<recording_id>/candidate/off", endpoint="take_off")
@requires(Permission.RECEIVE_APPLICATION)
def take_off_recording(public_id: str, recording_id: str) -> ResponseReturnValue:
    return _change(public_id, recording_id, take_off, "신청인에게 보일 후보에서 뺐습니다.")


@bp.post("/intake/<public_id>/forward", endpoint="forward")
@requires(Permission.RECEIVE_APPLICATION)
def forward_to_approvers(public_id: str) -> ResponseReturnValue:
    application, form = intake_application(public_id), ForwardForm()
    try:
        with write():
            forward(application, by=me(), checked=form.validate() and form.checked.data)
    except NotChecked:
        return intake_page(application, 422, forward_form=form)
    except Refused as error:
        flash(str(error), "danger")
        return redirect(url_for("applications.intake_item", public_id=public_id))
    flash(f"{application.control_no}을(를) 결재에 올렸습니다.", "success")
    return redirect(url_for("applications.intake", tab=Tab.IN_HAND))


def intake_application(public_id: str, *loaded: ORMOption) -> Application:
    """Any application but a draft, which is nobody's business yet; for who acts as custodian those
    that are theirs. 404 otherwise."""
    application = filing_page.find(public_id, *loaded)
    if application is None or application.state == State.DRAFT or not handles(application, me()):
        abort(404)
    return application


def intake_page(application: Application, status: int = 200, **more: Any) -> ResponseReturnValue:
    context = page_of(application, me(), **more)
    return make_response(render_template("applications/intake_item.html", **context), status)


def _found(application: Application, form: SearchForm) -> Found | None:
    """What the search finds; None where the form says what is wrong with it."""
    if not form.validate():
        return None
    try:
        with write():
            return search(
                application,
                by=me(),
                number=form.number.data or "",
                from_=form.since.moment,
                until=form.until.moment,
            )
    except CannotSearch as error:
        form.refuse(error.field, str(error))
        return None


def _change(
    public_id: str, recording_id: str, verb: Callable[..., Any], done: str
) -> ResponseReturnValue:
    """Match or unmatch, put among the candidates or take off; show how it is now, in place or on
    the whole page."""
    application = intake_application(public_id)
    recording = db.session.scalar(select(Recording).where(Recording.public_id == recording_id))
    try:
        with write():
            verb(application, recording or abort(404), by=me())
    except OutsideBounds:
        abort(404)
    except Refused as error:
        return _refused(application, error, "_intake_changed.html", changed=recording_id)
    if not wants_fragment():
        flash(done, "success")
        return redirect(url_for("applications.intake_item", public_id=public_id))
    answer = _fragment(application, "_intake_changed.html", 200, changed=recording_id)
    return trigger(answer, "announce", {"message": done})


def _refused(
    application: Application, error: Exception, template: str, **more: Any
) -> ResponseReturnValue:
    """Say why in the place one works in, or on top of the page as it stands now."""
    if wants_fragment():
        return _fragment(application, template, 409, refusal=str(error), **more)
    flash(str(error), "danger")
    return redirect(url_for("applications.intake_item", public_id=application.public_id))


def _fragment(application: Application, template: str, status: int, **more: Any) -> Response:
    context = page_of(application, me())
    html = render_template(f"applications/{template}", **context, **more)
    answer = make_response(html, status)
    answer.vary.update(VARY)
    return answer
