"""서면 통지 in person: read and signed for on the screen turned to the person (제9조)."""

from __future__ import annotations

from flask import flash, url_for
from werkzeug.wrappers import Response
from wtforms import HiddenField

from portal import audit, clock
from portal.access import Permission, requires
from portal.applications.evidence import BadFile
from portal.applications.signature import from_pad
from portal.database import lock, write
from portal.documents.restriction_notice import period
from portal.documents.wording import Wording
from portal.restrictions.decide import can_be_lifted
from portal.restrictions.grounds import IN_PERSON, scope_words
from portal.restrictions.models import UseRestriction
from portal.restrictions.refusals import RestrictionRefused
from portal.restrictions.routes import bp, restriction_named
from portal.restrictions.serve import Receipt, require_servable, serve, store_signature
from portal.runtime import settings
from portal.web import turned
from portal.web.back_form import BackForm
from portal.web.forms import PortalForm
from portal.web.htmx import redirect
from portal.web.login import me
from portal.web.turned import on_turned_screen
from portal.web.turned_page import Signing, gave_back, show


class ReceivedForm(PortalForm):
    signature = HiddenField("받은 사람 서명")


@bp.post("/restrictions/<public_id>/turn")
@requires(Permission.DRAFT_RESTRICTION)
def turn(public_id: str) -> Response:
    """Give the screen to the person; it comes back by the custodian's password alone."""
    row = restriction_named(public_id)
    try:
        with write():
            lock(row)
            require_servable(row, by=me())
            turned.turn(row.public_id)
            audit.record("screen.turned", by=me(), on=row)
    except RestrictionRefused as refused:
        flash(str(refused), "danger")
        return redirect(url_for("restrictions.item", public_id=public_id))
    return redirect(url_for("restrictions.screen", public_id=public_id))


@bp.get("/restrictions/<public_id>/screen")
@requires(Permission.DRAFT_RESTRICTION)
@on_turned_screen
def screen(public_id: str) -> Response:
    """What the person sees; nothing while the screen is not turned."""
    row = restriction_named(public_id)
    if turned.turned_to() != public_id:
        return redirect(url_for("restrictions.item", public_id=public_id))
    return _page(row, ReceivedForm(formdata=None))


@bp.post("/restrictions/<public_id>/screen")
@requires(Permission.DRAFT_RESTRICTION)
@on_turned_screen
def screen_signed(public_id: str) -> Response:
    """The signature for the notice: with it the notice is served, and in force (제9조)."""
    row, form = restriction_named(public_id), ReceivedForm()
    if turned.turned_to() != public_id:
        return redirect(url_for("restrictions.item", public_id=public_id))
    try:
        _receive(row, form)
    except BadFile as error:
        form.signature.errors = [str(error)]
        return _page(row, form)
    except RestrictionRefused as refused:
        flash(str(refused), "danger")
    return redirect(url_for("restrictions.screen", public_id=public_id))


@bp.post("/restrictions/<public_id>/turn-back")
@requires(Permission.DRAFT_RESTRICTION)
@on_turned_screen
def turn_back(public_id: str) -> Response:
    """The custodian's password, throttled as at the login, gives the portal back."""
    row, back = restriction_named(public_id), BackForm()
    if not gave_back(back, me(), row):
        return _page(row, ReceivedForm(formdata=None), back)
    return redirect(url_for("restrictions.item", public_id=public_id))


def _receive(row: UseRestriction, form: ReceivedForm) -> None:
    blob = store_signature(from_pad(form.signature.data or ""))
    receipt = Receipt(how=IN_PERSON, served_at=clock.now(), signature=blob)
    with write():
        serve(row, receipt, by=me())


def _page(row: UseRestriction, form: ReceivedForm, back: BackForm | None = None) -> Response:
    signing = Signing(
        template="restrictions/screen.html",
        signer=row.person.name,
        label="통지서를 받았습니다. 서명합니다",
        sign_url=url_for("restrictions.screen_signed", public_id=row.public_id),
        back_url=url_for("restrictions.turn_back", public_id=row.public_id),
        may_sign=row.state == "approved" and row.served_at is None and can_be_lifted(row),
        signed=row.signature is not None,
    )
    words = scope_words(portal_use=row.portal_use, phone_recording=row.phone_recording)
    return show(
        signing,
        form,
        form.signature,
        back,
        row=row,
        ground=settings().restriction_grounds.text(row.ground),
        scope=", ".join(words),
        period=period(row.from_on, row.last_on),
        wording=Wording.of(settings()),
    )
