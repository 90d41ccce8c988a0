"""The page on a screen turned to whoever signs (`turned.py`, `templates/base_turned.html`)."""

from __future__ import annotations

from dataclasses import dataclass

from flask import make_response, render_template
from werkzeug.wrappers import Response
from wtforms import Field

from portal import audit
from portal.accounts.log_in import LoginRefused, authenticate
from portal.accounts.models import Account
from portal.audit.record import Subject
from portal.database import write
from portal.web import turned
from portal.web.back_form import BackForm
from portal.web.forms import PortalForm


@dataclass(frozen=True, kw_only=True)
class Signing:
    """What one signs on a turned screen, and where the signature goes."""

    template: str
    signer: str  # whose name stands on top
    label: str  # of the button
    sign_url: str
    back_url: str
    may_sign: bool
    signed: bool
    #: The hidden field that says what was read, and its value; none where that cannot change.
    read: tuple[str, str] = ("", "")


def show(
    signing: Signing,
    form: PortalForm,
    pad: Field,
    back: BackForm | None = None,
    **shown: object,
) -> Response:
    """The page; 422 where the form or the password is refused."""
    back = back or BackForm(formdata=None)
    html = render_template(
        signing.template,
        signer=signing.signer,
        sign_label=signing.label,
        sign_url=signing.sign_url,
        back_url=signing.back_url,
        read=signing.read,
        may_sign=signing.may_sign,
        signed=signing.signed,
        form=form,
        pad=pad,
        back=back,
        **shown,
    )
    return make_response(html, 422 if form.errors or back.errors else 200)


def gave_back(form: BackForm, officer: Account, on: Subject) -> bool:
    """The officer's password, throttled as at the login, gives the portal back; else the form
    says why not."""
    try:
        authenticate(officer.login, form.password.data or "")
    except LoginRefused as refused:
        form.password.errors = [str(refused)]
        return False
    with write():
        turned.turn_back()
        audit.record("screen.back", by=officer, on=on)
    return True
