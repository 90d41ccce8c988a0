"""인계·인수: the list of what waits, the receipt, and the page on which one signs."""

from __future__ import annotations

from flask import Blueprint, abort, flash, make_response, render_template, request, url_for
from flask_login import current_user
from sqlalchemy import select
from werkzeug.wrappers import Response

from portal.access import Permission, requires
from portal.applications.conflict import Conflict, conflict_of
from portal.applications.models import Application
from portal.applications.states import State, WrongState
from portal.audit.views import note_view
from portal.database import write
from portal.documents.errors import DocumentError
from portal.documents.wording import Wording
from portal.extensions import db
from portal.handover import prepare as preparing
from portal.handover.blobs import blobs_of, drop_unused
from portal.handover.dead import remarks_of_dead
from portal.handover.form2_data import living_recordings
from portal.handover.forms import PrepareForm, SignForm
from portal.handover.hand_over import hand_over
from portal.handover.lines import waiting_lines
from portal.handover.models import HandoverReceipt
from portal.handover.prepare import CannotHandOver, receipt_of
from portal.handover.reply import may_reply
from portal.handover.sign import Side, is_signed, sign
from portal.handover.signatures import EMPLOYEE, OFFICER, given_signatures, stored_signatures
from portal.handover.transferor import (
    NotTransferor,
    handed_over_by,
    handed_over_rows,
    is_transferor,
)
from portal.runtime import settings, vault
from portal.web.htmx import redirect
from portal.web.login import me
from portal.web.paging import paginate
from portal.web.turned import on_turned_screen
from portal.web.uploads import takes_files

bp = Blueprint("handover", __name__)

Refused = (CannotHandOver, NotTransferor, Conflict, WrongState, DocumentError)


@bp.get("/handover")
@requires(Permission.HAND_OVER)
def waiting() -> str:
    """Approved applications that this person hands over; under `tab=done` what they handed over."""
    if request.args.get("tab") == "done":
        done = paginate(handed_over_by(me()), whole=handed_over_rows())
        return render_template("handover/done.html", found=done)
    return render_template("handover/waiting.html", rows=waiting_lines(me()))


@bp.get("/handover/<public_id>")
@requires(Permission.HAND_OVER)
def receipt(public_id: str) -> str:
    """Form 2 of one application: prepare it, look at it, open the signing screen."""
    application = application_named(public_id)
    if not is_transferor(application, current_user):
        abort(404)
    note_view(current_user, on=application)
    return _receipt_page(application, PrepareForm())


@bp.post("/handover/<public_id>")
@requires(Permission.HAND_OVER)
def prepare(public_id: str) -> Response | str:
    """Make the unsigned document, or make it anew."""
    application, form = application_named(public_id), PrepareForm()
    if not is_transferor(application, current_user):
        abort(404)
    if not form.validate():
        return _receipt_page(application, form)
    try:
        _prepare(application, form.identity_document.data)
    except Refused as error:
        flash(str(error), "danger")
    return redirect(url_for("handover.receipt", public_id=public_id))


@bp.get("/handover/<public_id>/sign")
@requires(Permission.LISTEN)
def signing(public_id: str) -> str:
    """Where the 인계자 signs, and the 인수자 who is an employee on their own screen."""
    application, found = _to_sign(public_id)
    note_view(current_user, on=application)
    return _signing_page(application, found, SignForm(sha256=found.unsigned_sha256))


@bp.post("/handover/<public_id>/sign")
@requires(Permission.LISTEN)
@takes_files
def signed(public_id: str) -> Response | str:
    """Take the signatures; the second one completes the handover."""
    application, found = _to_sign(public_id)
    form = SignForm()
    given = given_signatures(form, OFFICER if is_transferor(application, me()) else EMPLOYEE)
    if form.errors or not given:
        return _signing_page(application, found, form)
    try:
        sign_all(found, given, form.sha256.data or "")
        if is_signed(found):
            hand_over(found, by=current_user)
    except Refused as error:
        flash(str(error), "danger")
        return _signing_page(application, found, form)
    return _after_signing(application, found)


@bp.post("/handover/<public_id>/complete")
@requires(Permission.LISTEN)
def complete(public_id: str) -> Response:
    """Finish a handover whose last step did not happen after both had signed."""
    application, found = _to_sign(public_id)
    try:
        hand_over(found, by=current_user)
    except Refused as error:
        flash(str(error), "danger")
    return _after_signing(application, found)


@bp.get("/handover/<public_id>/unsigned.pdf")
@requires(Permission.LISTEN)
@on_turned_screen
def unsigned(public_id: str) -> Response:
    """The stored document that is being signed."""
    _found_application, found = _to_sign(public_id)
    answer = make_response(vault().records.get(found.unsigned_blob))
    answer.mimetype = "application/pdf"
    return answer


def _prepare(application: Application, identity: str) -> None:
    earlier = blobs_of(receipt_of(application))
    document = preparing.make_unsigned(application, current_user)
    try:
        with write():
            preparing.prepare(application, document, by=current_user, identity_document=identity)
    finally:
        drop_unused([document.blob, *earlier])


def sign_all(found: HandoverReceipt, given: dict[Side, bytes], sha256: str) -> None:
    """Keep the signatures and enter them, all or none. Raises what `sign` does."""
    blobs = stored_signatures(given)
    try:
        with write():
            for side, blob in blobs.items():
                sign(found, side, blob, sha256=sha256, by=current_user)
    finally:
        drop_unused(blobs.values())


def application_named(public_id: str) -> Application:
    """404 for a draft too: nobody but who enters it sees it."""
    named = (Application.public_id == public_id) & (Application.state != State.DRAFT)
    return db.session.scalar(select(Application).where(named)) or abort(404)


def _to_sign(public_id: str) -> tuple[Application, HandoverReceipt]:
    """An application with a prepared receipt that this person has to do with, or 404."""
    application = application_named(public_id)
    found = receipt_of(application)
    concerned = is_transferor(application, current_user) or (
        application.applicant_id == current_user.person_id
    )
    if (
        found is None
        or not concerned
        or application.state not in (State.APPROVED, State.HANDED_OVER)
    ):
        abort(404)
    return application, found


def _receipt_page(application: Application, form: PrepareForm) -> str:
    found = receipt_of(application)
    return render_template(
        "handover/receipt.html",
        application=application,
        receipt=found,
        signed=found is not None and is_signed(found),
        recordings=living_recordings(application),
        conflict=conflict_of(application, current_user),
        by_reply=may_reply(application),
        dead=remarks_of_dead(application),
        form=form,
    )


def _signing_page(application: Application, found: HandoverReceipt, form: SignForm) -> str:
    return render_template(
        "handover/sign.html",
        application=application,
        receipt=found,
        recordings=living_recordings(application),
        wording=Wording.of(settings()),
        transferor_here=is_transferor(application, current_user),
        form=form,
    )


def _after_signing(application: Application, found: HandoverReceipt) -> Response:
    if found.handed_over_at and application.disclosure_type == "provision":
        flash("인계·인수가 끝났습니다. 이어서 비밀번호를 확인하고 제공 파일을 받습니다.", "success")
        return redirect(url_for("packages.show", public_id=application.public_id))
    if found.handed_over_at:
        flash("인계·인수가 끝났습니다. 지금부터 열람할 수 있습니다.", "success")
    else:
        flash("서명을 받았습니다. 상대방이 서명하면 인계·인수가 끝납니다.", "success")
    if is_transferor(application, current_user):
        return redirect(url_for("handover.receipt", public_id=application.public_id))
    return redirect(url_for("applications.detail", public_id=application.public_id))


from portal.handover import reply_routes, screen_routes  # noqa: E402, F401  (register views)
