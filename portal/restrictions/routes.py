"""사용 제한: the list, drafts, decisions, service, lifting, and one's own notice (제9조)."""

from __future__ import annotations

from flask import Blueprint, abort, flash, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import select
from werkzeug.wrappers import Response

from portal import audit, clock
from portal.access import Permission, may, requires
from portal.accounts.models import Person
from portal.audit.views import note_view
from portal.database import write
from portal.documents import issue
from portal.documents.errors import DocumentError
from portal.extensions import db
from portal.recordings.models import Recording
from portal.restrictions import candidates as without_notice
from portal.restrictions import decide as decisions
from portal.restrictions import draft as drafts
from portal.restrictions.authority import may_read_notice, may_see
from portal.restrictions.detail_page import detail_page
from portal.restrictions.forms import DecideForm, DraftForm, LiftForm, ServeForm
from portal.restrictions.grounds import NO_PRIOR_NOTICE
from portal.restrictions.in_force import restriction_of, served_on
from portal.restrictions.lift_paper import issue_lift_notice
from portal.restrictions.listing import FILTERS, STANDINGS, listed, person_named, standing_of
from portal.restrictions.models import UseRestriction
from portal.restrictions.refusals import RestrictionRefused
from portal.restrictions.serve_page import record_service
from portal.runtime import vault
from portal.web.htmx import redirect, render
from portal.web.login import me
from portal.web.open_work import is_restricted
from portal.web.paging import paginate
from portal.web.turned import on_turned_screen
from portal.web.uploads import takes_files

bp = Blueprint("restrictions", __name__)


@bp.app_context_processor
def _own() -> dict[str, object]:
    """Asked by the pages that show it, so that no other page pays for the query."""
    return {
        "own_restriction": _own_restriction,
        "own_notices": lambda: served_on(me()),
        "standing_of": standing_of,
        "standings": STANDINGS,
    }


def _own_restriction() -> UseRestriction | None:
    there = current_user.is_authenticated and is_restricted(me())
    return restriction_of(me()) if there else None


@bp.get("/restrictions")
@requires(Permission.SEE_RESTRICTIONS)
def rows() -> ResponseReturnValue:
    wanted = request.args.get("state", "")
    found = paginate(listed(wanted, me()))
    return render(
        "restrictions/rows.html",
        "restrictions/_rows.html",
        found=found,
        wanted=wanted,
        filters=FILTERS,
        may_draft=may(me().roles, Permission.DRAFT_RESTRICTION),
    )


@bp.get("/restrictions/candidates")
@requires(Permission.DRAFT_RESTRICTION)
def candidates() -> ResponseReturnValue:
    """사전고지 없음 통화 (제6조): who may have a case of 제2호; no number of the other party."""
    audit.record_alone("restriction.candidates", by=me())
    found = paginate(without_notice.without_notice())
    return render(
        "restrictions/candidates.html",
        "restrictions/_candidates.html",
        found=found,
        unknown=without_notice.count_unknown(),
        holders=without_notice.holders_of(found.rows),
        days_left=lambda call: (call.delete_on - clock.today()).days,
    )


@bp.route("/restrictions/new", methods=["GET", "POST"])
@requires(Permission.DRAFT_RESTRICTION)
def new() -> ResponseReturnValue:
    form = DraftForm()
    if form.validate_on_submit():
        try:
            row = _draft(form)
        except RestrictionRefused as refused:
            form.refuse(refused)
        else:
            if row is not None:
                flash("기안했습니다. 결재자가 결정하면 통지서가 발급됩니다.", "success")
                return redirect(url_for("restrictions.item", public_id=row.public_id))
            form.who.errors = ["그런 사번이나 아이디의 직원이 없습니다. 다시 확인해 주십시오."]
    elif not form.is_submitted():
        form = _prefilled()
    return render_template("restrictions/new.html", form=form), 422 if form.is_submitted() else 200


@bp.get("/restrictions/<public_id>")
@requires(Permission.SEE_RESTRICTIONS)
def item(public_id: str) -> ResponseReturnValue:
    row = restriction_named(public_id)
    note_view(me(), on=row)
    return detail_page(row, me())


@bp.post("/restrictions/<public_id>/<any(approve, refuse):answer>")
@requires(Permission.DECIDE_RESTRICTION)
def decide(public_id: str, answer: str) -> ResponseReturnValue:
    row, form = restriction_named(public_id), DecideForm()
    try:
        if answer == "approve":
            notice = decisions.make_notice(row, me())
            with write():
                decisions.approve(row, notice, by=me(), opinion=form.opinion.data or "")
        else:
            with write():
                decisions.refuse(row, by=me(), opinion=form.opinion.data or "")
    except RestrictionRefused as refused:
        form.refuse(refused)
        return detail_page(row, me(), decide=form, status=409)
    except DocumentError as error:
        form.form_errors.append(str(error))
        return detail_page(row, me(), decide=form, status=409)
    flash(
        "결정하고 통지서를 발급했습니다. 통지한 날부터 제한됩니다."
        if answer == "approve"
        else "받아들이지 않기로 결정했습니다.",
        "success",
    )
    return redirect(url_for("restrictions.item", public_id=public_id))


@bp.post("/restrictions/<public_id>/withdraw")
@requires(Permission.DRAFT_RESTRICTION)
def withdraw(public_id: str) -> ResponseReturnValue:
    row = restriction_named(public_id)
    try:
        with write():
            drafts.withdraw(row, by=me())
        flash("기안을 회수했습니다.", "success")
    except RestrictionRefused as refused:
        flash(str(refused), "danger")
    return redirect(url_for("restrictions.item", public_id=public_id))


@bp.post("/restrictions/<public_id>/serve")
@requires(Permission.DRAFT_RESTRICTION)
@takes_files
def serve(public_id: str) -> ResponseReturnValue:
    row, form = restriction_named(public_id), ServeForm()
    if not record_service(row, form, by=me()):
        return detail_page(row, me(), serve=form, status=422)
    flash("통지를 기록했습니다. 제한 기간이 시작되면 열람 중인 것도 바로 끝납니다.", "success")
    return redirect(url_for("restrictions.item", public_id=public_id))


@bp.post("/restrictions/<public_id>/lift")
@requires(Permission.DECIDE_RESTRICTION)
def lift(public_id: str) -> ResponseReturnValue:
    row, form = restriction_named(public_id), LiftForm()
    try:
        with write():
            decisions.lift(row, by=me(), reason=form.lift_reason.data or "")
    except RestrictionRefused as refused:
        form.refuse(refused)
        return detail_page(row, me(), lift=form, status=409)
    flash("사용 제한을 해제했습니다. 지금부터 다시 쓸 수 있습니다.", "success")
    return lift_paper(public_id)


@bp.post("/restrictions/<public_id>/lift-notice")
@requires(Permission.SEE_RESTRICTIONS)
def lift_paper(public_id: str) -> ResponseReturnValue:
    """해제 통지서: issued with the lifting; here where that failed."""
    try:
        issue_lift_notice(restriction_named(public_id), by=me())
    except (RestrictionRefused, DocumentError) as error:
        flash(str(error), "danger")
    return redirect(url_for("restrictions.item", public_id=public_id))


@bp.get("/restrictions/<public_id>/lift.pdf")
@requires(Permission.USE_ACCOUNT)
def lift_notice(public_id: str) -> Response:
    """The issued bytes, for those who may read the notice that it ends."""
    row = _found(public_id)
    if row is None or row.lift_notice is None or not may_read_notice(row, me()):
        abort(404)
    with write():
        audit.record("document.read", by=me(), on=row.lift_notice)
    return _file(issue.read(row.lift_notice), "application/pdf")


@bp.get("/restrictions/<public_id>/notice.pdf")
@requires(Permission.USE_ACCOUNT)
@on_turned_screen
def notice(public_id: str) -> Response:
    """The issued bytes: for those who handle the case, and for whom it concerns once served."""
    row = _found(public_id)
    if row is None or row.notice is None or not may_read_notice(row, me()):
        abort(404)
    with write():
        audit.record("document.read", by=me(), on=row.notice)
    return _file(issue.read(row.notice), "application/pdf")


@bp.get("/restrictions/<public_id>/signature.png")
@requires(Permission.SEE_RESTRICTIONS)
def signature(public_id: str) -> Response:
    """The signature on the receipt."""
    row = restriction_named(public_id)
    return _file(vault().records.get(row.signature or abort(404)), "image/png")


def _file(data: bytes, media_type: str) -> Response:
    answer = make_response(data)
    answer.mimetype = media_type
    return answer


def _found(public_id: str) -> UseRestriction | None:
    return db.session.scalar(select(UseRestriction).where(UseRestriction.public_id == public_id))


def restriction_named(public_id: str) -> UseRestriction:
    """A restriction that this person may see, or 404."""
    row = _found(public_id)
    if row is None or not may_see(row, me()):
        abort(404)
    return row


def _draft(form: DraftForm) -> UseRestriction | None:
    """The draft, or None where nobody is meant."""
    call = select(Recording).where(Recording.public_id == (form.call.data or ""))
    with write() as session:
        person = person_named(form.who.data)
        if person is None:
            return None
        return drafts.draft(person, form.entry(), by=me(), call=session.scalar(call))


def _prefilled() -> DraftForm:
    """The draft of a case of 제2호, from a call without notice and a holder of its extension."""
    call = db.session.scalar(
        without_notice.without_notice().where(Recording.public_id == request.args.get("call", ""))
    )
    person = db.session.scalar(
        select(Person).where(Person.public_id == request.args.get("person", ""))
    )
    if call is None or person is None:
        return DraftForm(formdata=None, from_on=clock.today())
    return DraftForm(
        formdata=None,
        who=without_notice.name_for_draft(person),
        ground=NO_PRIOR_NOTICE,
        facts=without_notice.suggested_facts(call),
        phone_recording=True,
        from_on=clock.today(),
        call=call.public_id,
    )


from portal.restrictions import screen_routes  # noqa: E402, F401  (registers views)
