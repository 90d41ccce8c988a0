"""Form 1 signed at the counter, on the screen turned to the applicant, as Form 2 is (제7조②).

The officer turns it once everything but the signature is there; the applicant reads what they put
their name to and signs; the officer's password gives the portal back.
"""

from __future__ import annotations

from hashlib import sha256

from flask import flash, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response
from wtforms import HiddenField

from portal import audit
from portal.access import Permission, requires
from portal.applications import evidence, signature
from portal.applications.draft import CannotApply
from portal.applications.evidence import BadFile
from portal.applications.form1_data import requested_call, shown_birth
from portal.applications.models import Application
from portal.applications.routes import bp, me, seen
from portal.applications.signed_text import signed_text
from portal.applications.states import State
from portal.database import lock, write
from portal.documents.wording import Wording
from portal.runtime import settings
from portal.web import turned
from portal.web.back_form import BackForm
from portal.web.forms import PortalForm
from portal.web.htmx import redirect
from portal.web.turned import on_turned_screen
from portal.web.turned_page import Signing, gave_back, show


class ScreenForm(PortalForm):
    #: What stood on the screen, so that nobody signs what was changed behind it.
    shown = HiddenField()
    signature = HiddenField("신청인 서명")


def turn_screen(draft: Application) -> Response:
    """Give the screen to the applicant of a complete draft; a signature there was is given anew."""
    replaced: list[str] = []
    with write():
        if signature.signature_of(draft):
            replaced = signature.unsign(draft, by=me())
        turned.turn(draft.public_id)
        audit.record("screen.turned", by=me(), on=draft)
    signature.drop(replaced)
    return redirect(url_for("applications.screen", public_id=draft.public_id))


@bp.get("/applications/<public_id>/screen")
@requires(Permission.FILE_APPLICATION)
@on_turned_screen
def screen(public_id: str) -> ResponseReturnValue:
    """What the applicant sees; nothing while the screen is not turned."""
    if turned.turned_to() != public_id:
        return redirect(url_for("applications.detail", public_id=public_id))
    return _page(seen(public_id), ScreenForm(formdata=None))


@bp.post("/applications/<public_id>/screen")
@requires(Permission.FILE_APPLICATION)
@on_turned_screen
def screen_signed(public_id: str) -> ResponseReturnValue:
    """Take the applicant's signature; the officer submits."""
    if turned.turned_to() != public_id:
        return redirect(url_for("applications.detail", public_id=public_id))
    draft, form = seen(public_id), ScreenForm()
    try:
        _sign(draft, form)
    except BadFile as error:
        form.signature.errors = [str(error)]
        return _page(draft, form)
    except CannotApply as error:
        flash(str(error), "danger")
    return redirect(url_for("applications.screen", public_id=public_id))


@bp.post("/applications/<public_id>/turn-back")
@requires(Permission.FILE_APPLICATION)
@on_turned_screen
def turn_back(public_id: str) -> ResponseReturnValue:
    """The officer's password, throttled as at the login, gives the portal back."""
    application, back = seen(public_id), BackForm()
    if not gave_back(back, me(), application):
        return _page(application, ScreenForm(formdata=None), back)
    # A draft opens where it is filled in.
    return redirect(url_for("applications.detail", public_id=public_id))


def _sign(draft: Application, form: ScreenForm) -> None:
    file = signature.keep(signature.from_pad(form.signature.data or ""))
    replaced: list[str] = []
    try:
        with write():
            lock(draft)
            if form.shown.data != _digest(draft):
                raise CannotApply("그사이 신청서의 내용이 바뀌었습니다. 다시 읽고 서명해 주십시오.")
            replaced = signature.sign(draft, file, by=me())
    finally:
        evidence.forget_unused([file])
    signature.drop(replaced)


def _digest(application: Application) -> str:
    return sha256(repr(signed_text(application)).encode()).hexdigest()


def _page(application: Application, form: ScreenForm, back: BackForm | None = None) -> Response:
    signed = signature.signature_of(application) is not None
    draft = application.state == State.DRAFT and application.applicant_id is None
    signing = Signing(
        template="applications/screen.html",
        signer=application.representative_name or application.applicant_name,
        label="위 내용으로 신청하며 서명합니다",
        sign_url=url_for("applications.screen_signed", public_id=application.public_id),
        back_url=url_for("applications.turn_back", public_id=application.public_id),
        read=("shown", _digest(application)),
        may_sign=draft and not signed,
        signed=signed,
    )
    return show(
        signing,
        form,
        form.signature,
        back,
        application=application,
        call=requested_call(application),
        birth=shown_birth(application.birth_or_business_no),
        wording=Wording.of(settings()),
    )
