"""결재대기함: the list, the application that is open beside it, and the decision."""

from __future__ import annotations

from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    flash,
    make_response,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal import audit
from portal.access import Permission, polling, requires
from portal.accounts.models import Account
from portal.applications.conflict import Conflict
from portal.applications.models import Application
from portal.applications.states import Action, WrongState, action_title
from portal.approvals import decide as verbs
from portal.approvals import page
from portal.approvals.detail import detail_of, find
from portal.approvals.forms import DecisionForm, kept
from portal.approvals.lines import Place, place_of
from portal.approvals.refusals import (
    AlreadyDecided,
    BadOpinion,
    NoSuchTransferor,
    NothingLeft,
    NotYourStep,
)
from portal.audit.views import note_view
from portal.database import write
from portal.web.htmx import redirect, render, trigger, wants_fragment

bp = Blueprint("approvals", __name__)

_REFUSALS = (AlreadyDecided, Conflict, NothingLeft, NotYourStep, WrongState)


@bp.get("/approvals")
@requires(Permission.SEE_APPROVALS)
def queue() -> ResponseReturnValue:
    return render("approvals/queue.html", "approvals/_list.html", **page.list_context(me()))


@bp.get("/approvals/<public_id>")
@requires(Permission.SEE_APPROVALS)
def item(public_id: str) -> ResponseReturnValue:
    application = _found(public_id)
    detail = detail_of(application, me())
    if detail.reads:
        note_view(me(), on=application)
    panel = page.panel_context(application, me(), detail)
    if not wants_fragment():
        context = page.list_context(me()) | panel
        return render("approvals/queue.html", "approvals/_decided.html", **context)
    answer = render("", "approvals/_panel.html", **panel)
    return trigger(answer, "announce", {"message": f"{application.control_no} 신청을 열었습니다."})


@bp.get("/approvals/poll")
@requires(Permission.SEE_APPROVALS)
@polling
def poll() -> ResponseReturnValue:
    context = page.list_context(me())
    changed = page.change_of_open(request.args.get("open", ""), me())
    if changed is None and context["version"] == request.args.get("version"):
        return "", 204
    context["opened"] = request.args.get("open", "").partition(".")[0]
    return render_template("approvals/_news.html", changed=changed, **context)


@bp.post("/approvals/<public_id>/<any(review, approve, return, refuse):action>")
@requires(Permission.DECIDE)
def decide(public_id: str, action: str) -> ResponseReturnValue:
    application, form = _found(public_id), DecisionForm()
    if form.seen.data is None:
        abort(400)
    place = place_of(application)
    try:
        _carry_out(application, Action(action), form)
    except (BadOpinion, NoSuchTransferor) as wrong:
        return _ask_again(public_id, action, form, wrong)
    except _REFUSALS as refusal:
        return _refused(public_id, action, form, refusal)
    return _done(application, Action(action), place)


def me() -> Account:
    """The account behind this request, itself and no proxy."""
    account: Account = current_user._get_current_object()
    return account


def _found(public_id: str) -> Application:
    application = find(public_id, me())
    if application is None:
        abort(404)
    return application


def _whole(application: Application, status: int = 200, **more: Any) -> Response:
    context = page.list_context(me()) | page.panel_context(application, me()) | more
    return render("approvals/queue.html", "approvals/_decided.html", status=status, **context)


def _carry_out(application: Application, action: Action, form: DecisionForm) -> None:
    given: dict[str, Any] = {"opinion": form.opinion.data or "", "seen": form.seen.data}
    with write():
        if action is Action.APPROVE:
            verbs.approve(
                application, by=me(), transferor=page.named(form.transferor.data), **given
            )
        else:
            _VERBS[action](application, by=me(), **given)


_VERBS = {
    Action.REVIEW: verbs.review,
    Action.RETURN: verbs.return_,
    Action.REFUSE: verbs.refuse,
}


def _ask_again(
    public_id: str, action: str, form: DecisionForm, wrong: BadOpinion | NoSuchTransferor
) -> Response:
    """The same dialog with what was typed and what is wrong with it."""
    field = form.opinion if isinstance(wrong, BadOpinion) else form.transferor
    field.errors = [str(wrong)]
    application = _found(public_id)
    if not wants_fragment():
        return _whole(application, 422, filled=form, filled_action=action)
    form.prepare(action, detail_of(application, me()).transferors)
    html = render_template("approvals/_fields.html", action=action, form=form)
    answer = make_response(html, 422)
    answer.headers["HX-Retarget"] = f"#{action}-fields"
    answer.headers["HX-Reswap"] = "outerHTML"
    return answer


def _refused(public_id: str, action: str, form: DecisionForm, refusal: Exception) -> Response:
    """Who won, or why one may not; the opinion is shown so that it is not lost."""
    application = _found(public_id)
    audit.record_alone(
        "approval.refused", by=me(), on=application, asked=action, why=type(refusal).__name__
    )
    typed = form.opinion.data or ""
    answer = _whole(_found(public_id), 409, refusal=str(refusal), typed=typed)
    return trigger(trigger(answer, "close-dialog"), "announce", {"message": str(refusal)})


def _done(application: Application, action: Action, place: Place) -> Response:
    """The row is gone, the next one has the focus; without scripts, the list with a message."""
    text = f"{application.control_no} 신청을 '{action_title(action)}' 처리했습니다."
    address = url_for("approvals.queue", **kept(request.args))
    if not wants_fragment():
        flash(text, "success")
        return redirect(address)
    context = page.list_context(me(), after=place)
    answer = render("", "approvals/_decided.html", result=text, **context)
    answer.headers["HX-Push-Url"] = address
    return trigger(trigger(answer, "close-dialog"), "announce", {"message": text})
