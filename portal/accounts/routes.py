"""Pages of logging in and of one's own account."""

from __future__ import annotations

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.access import Permission, public, requires
from portal.accounts import acting_routes, manage_routes, session_routes
from portal.accounts.blueprint import bp
from portal.accounts.change_password import change_password
from portal.accounts.forms import LoginForm, PasswordForm
from portal.accounts.history import history_of
from portal.accounts.log_in import LoginRefused, log_in
from portal.accounts.passwords import WeakPassword
from portal.otp.enrol import enrolment_of
from portal.roles import Role
from portal.web import login as web_login
from portal.web.htmx import redirect

__all__ = ["acting_routes", "bp", "manage_routes", "session_routes"]

#: Where the work of each role waits; the first that fits.
_FIRST_PLACE = (
    (Role.DIVISION_HEAD, "approvals.queue"),
    (Role.TEAM_LEADER, "approvals.queue"),
    (Role.CUSTODIAN, "applications.intake"),
    (Role.COUNTER, "applications.at_counter"),
    (Role.AUDITOR, "ledger.rows"),
    (Role.EMPLOYEE, "recordings.own_calls"),
)


@bp.get("/")
@public
def home() -> ResponseReturnValue:
    if not current_user.is_authenticated:
        return redirect(url_for("accounts.login"))
    places = (place for role, place in _FIRST_PLACE if role in current_user.roles)
    return redirect(url_for(next(places, "accounts.own")))


@bp.route("/login", methods=["GET", "POST"])
@public
def login() -> ResponseReturnValue:
    target = web_login.safe_next(request.args.get("next"))
    form, status = LoginForm(), 200
    if form.validate_on_submit():
        try:
            account, token = log_in(form.login.data, form.password.data)
        except LoginRefused as refused:
            form.form_errors.append(str(refused))
        else:
            web_login.remember(account, token)
            return redirect(target or url_for("accounts.home"))
    elif current_user.is_authenticated:
        return redirect(target or url_for("accounts.home"))
    status = 422 if form.is_submitted() else 200
    return render_template("accounts/login.html", form=form, target=target), status


@bp.post("/logout")
@requires(Permission.USE_ACCOUNT)
def logout() -> ResponseReturnValue:
    web_login.log_out()
    flash("로그아웃했습니다.", "success")
    return redirect(url_for("accounts.login"))


@bp.get("/account")
@requires(Permission.USE_ACCOUNT)
def own() -> ResponseReturnValue:
    return render_template(
        "accounts/own.html",
        account=current_user,
        otp=enrolment_of(current_user),
        history=history_of(web_login.me()),
    )


@bp.route("/account/password", methods=["GET", "POST"])
@requires(Permission.USE_ACCOUNT)
def password() -> ResponseReturnValue:
    form = PasswordForm()
    if form.validate_on_submit():
        account = web_login.me()
        try:
            token = change_password(account, form.present.data, form.new.data)
        except LoginRefused as refused:
            form.present.errors = [str(refused)]
        except WeakPassword as weak:
            form.new.errors = [str(weak)]
        else:
            web_login.remember(account, token)
            flash("비밀번호를 바꾸었습니다. 다른 곳의 로그인은 모두 끝났습니다.", "success")
            return redirect(url_for("accounts.own"))
    status = 422 if form.is_submitted() else 200
    return render_template("accounts/password.html", form=form), status
