"""The signing screen turned to the 인수자: large, what concerns them, and locked to the officer."""

from __future__ import annotations

from flask import abort, flash, url_for
from werkzeug.wrappers import Response

from portal import audit
from portal.access import Permission, requires
from portal.applications.models import Application
from portal.applications.states import State
from portal.database import write
from portal.documents.wording import Wording
from portal.handover.form2_data import living_recordings
from portal.handover.forms import SignForm
from portal.handover.hand_over import hand_over
from portal.handover.prepare import receipt_of
from portal.handover.routes import Refused, application_named, bp, sign_all
from portal.handover.sign import is_signed
from portal.handover.signatures import TURNED, given_signatures
from portal.handover.transferor import is_transferor
from portal.runtime import settings
from portal.turned_screens import address_of
from portal.web import turned
from portal.web.back_form import BackForm
from portal.web.htmx import redirect
from portal.web.login import me
from portal.web.turned import on_turned_screen
from portal.web.turned_page import Signing, gave_back, show


@bp.post("/handover/<public_id>/turn")
@requires(Permission.HAND_OVER)
def turn(public_id: str) -> Response:
    """Give the screen to the 인수자; it comes back by the officer's password alone."""
    application = application_named(public_id)
    if not is_transferor(application, me()) or receipt_of(application) is None:
        abort(404)
    with write():
        turned.turn(application.public_id)
        audit.record("screen.turned", by=me(), on=application)
    return redirect(url_for("handover.screen", public_id=public_id))


@bp.get("/handover/<public_id>/screen")
@requires(Permission.HAND_OVER)
@on_turned_screen
def screen(public_id: str) -> Response:
    """What the 인수자 sees; nothing while the screen is not turned."""
    if turned.turned_to() != public_id:
        return redirect(url_for("handover.receipt", public_id=public_id))
    application = application_named(public_id)
    if receipt_of(application) is None:  # turned for the signature of Form 1
        return redirect(address_of(public_id))
    return _page(application, SignForm(formdata=None))


@bp.post("/handover/<public_id>/screen")
@requires(Permission.HAND_OVER)
@on_turned_screen
def screen_signed(public_id: str) -> Response:
    """Take the 인수자's signature; where the officer has signed before, that is the handover."""
    if turned.turned_to() != public_id:
        return redirect(url_for("handover.receipt", public_id=public_id))
    application, form = application_named(public_id), SignForm()
    given = given_signatures(form, TURNED)
    if form.errors or not given:
        return _page(application, form)
    found = receipt_of(application) or abort(404)
    try:
        sign_all(found, given, form.sha256.data or "")
        if is_signed(found):
            hand_over(found, by=me())
    except Refused as error:
        flash(str(error), "danger")
    return redirect(url_for("handover.screen", public_id=public_id))


@bp.post("/handover/<public_id>/turn-back")
@requires(Permission.HAND_OVER)
@on_turned_screen
def turn_back(public_id: str) -> Response:
    """The officer's password, throttled as at the login, gives the portal back."""
    if turned.turned_to() != public_id:
        return redirect(url_for("handover.receipt", public_id=public_id))
    application, back = application_named(public_id), BackForm()
    if not gave_back(back, me(), application):
        return _page(application, SignForm(formdata=None), back)
    return redirect(url_for(_next_page(application), public_id=public_id))


def _next_page(application: Application) -> str:
    """Where the officer's own signature is missing, they sign next; then come the files."""
    if application.state == State.HANDED_OVER and application.disclosure_type == "provision":
        return "packages.show"
    found = receipt_of(application)
    waits = found and found.transferee_signature and not found.transferor_signature
    return "handover.signing" if waits else "handover.receipt"


def _page(application: Application, form: SignForm, back: BackForm | None = None) -> Response:
    found = receipt_of(application)
    signed = bool(found and found.transferee_signature)
    signing = Signing(
        template="handover/screen.html",
        signer=found.transferee_name if found else "",
        label="위 내용을 확인하고 서명합니다",
        sign_url=url_for("handover.screen_signed", public_id=application.public_id),
        back_url=url_for("handover.turn_back", public_id=application.public_id),
        read=("sha256", found.unsigned_sha256 if found else ""),
        may_sign=found is not None and application.state == State.APPROVED and not signed,
        signed=signed,
    )
    return show(
        signing,
        form,
        form.transferee,
        back,
        application=application,
        receipt=found,
        recordings=living_recordings(application),
        wording=Wording.of(settings()),
    )
