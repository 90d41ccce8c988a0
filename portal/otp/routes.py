"""Enrolling an authenticator: password, QR code, first code, recovery codes."""

from __future__ import annotations

from typing import Any

import pyotp
import segno
from flask import Blueprint, flash, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from portal import clock
from portal.access import Permission, requires
from portal.accounts.log_in import LoginRefused, authenticate
from portal.otp import enrol as enrolment
from portal.otp.codes import CodeRefused
from portal.otp.forms import FirstCodeForm, PasswordAgainForm, RecoveryForm
from portal.runtime import settings
from portal.web.htmx import redirect
from portal.web.login import me, safe_next

bp = Blueprint("otp", __name__)
#: When this browser gave the password for the enrolment that is going on.
_BEGUN = "portal_otp_begun"
_MAY_TAKE_S = 600


@bp.route("/otp/enrol", methods=["GET", "POST"])
@requires(Permission.USE_ACCOUNT)
def enrol() -> ResponseReturnValue:
    form = PasswordAgainForm()
    if form.validate_on_submit():
        try:
            authenticate(me().login, form.password.data)
            return _show_secret(enrolment.begin(me()))
        except LoginRefused as refused:
            form.password.errors = [str(refused)]
        except enrolment.AlreadyEnrolled as refused:
            form.form_errors.append(str(refused))
    return _page("otp/enrol.html", form=form, state=enrolment.enrolment_of(me()))


@bp.post("/otp/enrol/code")
@requires(Permission.USE_ACCOUNT)
def confirm() -> ResponseReturnValue:
    form, secret = FirstCodeForm(), enrolment.pending_secret(me())
    if secret is None or not 0 <= _now() - session.get(_BEGUN, 0) <= _MAY_TAKE_S:
        flash("등록하는 시간이 지났습니다. 처음부터 다시 해 주십시오.", "warning")
        return redirect(url_for("otp.enrol"))
    if form.validate_on_submit():
        try:
            codes = enrolment.confirm(me(), form.code.data)
        except CodeRefused as refused:
            form.code.errors = [str(refused)]
        else:
            session.pop(_BEGUN)
            return render_template("otp/recovery_codes.html", codes=codes, target=_target())
    return _secret_page(form, secret)


@bp.route("/otp/recover", methods=["GET", "POST"])
@requires(Permission.USE_ACCOUNT)
def recover() -> ResponseReturnValue:
    form = RecoveryForm()
    if form.validate_on_submit():
        try:
            authenticate(me().login, form.password.data)
            return _show_secret(enrolment.recover(me(), form.recovery_code.data))
        except LoginRefused as refused:
            form.password.errors = [str(refused)]
        except CodeRefused as refused:
            form.recovery_code.errors = [str(refused)]
    return _page("otp/recover.html", form=form)


def _show_secret(secret: str) -> ResponseReturnValue:
    session[_BEGUN] = _now()
    return _secret_page(FirstCodeForm(formdata=None), secret)


def _secret_page(form: FirstCodeForm, secret: str) -> ResponseReturnValue:
    """The QR code and the same as text. Only ever the answer to a POST: GET shows no secret."""
    issuer = settings().institution.portal_name
    address = pyotp.TOTP(secret).provisioning_uri(name=me().login, issuer_name=issuer)
    picture = segno.make(address, error="m", micro=False).png_data_uri(scale=5)
    groups = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
    return _page("otp/secret.html", form=form, picture=picture, secret=groups)


def _page(template: str, form: Any, **context: Any) -> ResponseReturnValue:
    page = render_template(template, form=form, target=_target(), **context)
    return page, 422 if form.errors else 200


def _target() -> str | None:
    """Where the person was going when the authenticator turned out to be missing."""
    return safe_next(request.args.get("next"))


def _now() -> int:
    return int(clock.now().timestamp())
