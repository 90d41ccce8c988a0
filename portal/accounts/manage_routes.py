"""Pages on which custodians run accounts, and on which a second person confirms."""

from __future__ import annotations

from flask import abort, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from portal import audit
from portal.access import Permission, requires
from portal.accounts import changes as second_person
from portal.accounts.acts import Act, carry_out
from portal.accounts.authority import title_of
from portal.accounts.blueprint import bp
from portal.accounts.email import set_email
from portal.accounts.forms import GIVEN_ROLES, NewAccountForm
from portal.accounts.grant_role import ask_for_role
from portal.accounts.history import history_of, recent_logins
from portal.accounts.models import Account, AccountChange, Department
from portal.accounts.open_account import departments_today, open_account
from portal.accounts.refusals import AccountRefused, BadLogin, HasAccount, LoginTaken
from portal.accounts.search import statement, wanted_of
from portal.audit.views import note_view
from portal.database import write
from portal.extensions import db
from portal.otp.enrol import enrolment_of
from portal.web.htmx import redirect, render
from portal.web.login import me
from portal.web.paging import paginate


@bp.get("/accounts")
@requires(Permission.MANAGE_ACCOUNTS)
def accounts() -> ResponseReturnValue:
    wanted = wanted_of(request.args)
    if wanted.text:
        audit.record_alone("accounts.search", by=me())
    return render(
        "accounts/accounts.html",
        "accounts/_accounts.html",
        found=paginate(statement(wanted)),
        wanted=wanted,
        role_titles=[(role, title_of(role)) for role in GIVEN_ROLES],
    )


@bp.route("/accounts/new", methods=["GET", "POST"])
@requires(Permission.MANAGE_ACCOUNTS)
def new() -> ResponseReturnValue:
    form = NewAccountForm().offer(departments_today())
    if form.validate_on_submit():
        try:
            account, password, waiting = _open(form)
        except (BadLogin, LoginTaken) as refused:
            form.login.errors = [str(refused)]
        except HasAccount as refused:
            form.employee_no.errors = [str(refused)]
        else:
            return render_template(
                "accounts/shown_once.html", account=account, password=password, waiting=waiting
            )
    return render_template("accounts/new.html", form=form), 422 if form.is_submitted() else 200


@bp.get("/accounts/<public_id>")
@requires(Permission.MANAGE_ACCOUNTS)
def account(public_id: str) -> ResponseReturnValue:
    found = _account(public_id)
    note_view(me(), on=found)
    return _account_page(found)


@bp.post("/accounts/<public_id>/email")
@requires(Permission.MANAGE_ACCOUNTS)
def email(public_id: str) -> ResponseReturnValue:
    found, typed = _account(public_id), request.form.get("email", "")
    try:
        with write():
            set_email(found, typed, by=me())
    except AccountRefused as refused:
        return _account_page(found, typed_email=typed, email_error=str(refused)), 422
    flash("알림 메일 주소를 저장했습니다.", "success")
    return redirect(url_for("accounts.account", public_id=public_id))


def _account_page(
    found: Account, typed_email: str | None = None, email_error: str | None = None
) -> str:
    offered = [(role, title_of(role)) for role in GIVEN_ROLES if role not in found.roles]
    waiting = db.session.scalars(
        second_person.waiting().where(AccountChange.account_id == found.id)
    ).all()
    return render_template(
        "accounts/account.html",
        account=found,
        otp=enrolment_of(found),
        offered=offered,
        waiting=waiting,
        typed_email=typed_email,
        email_error=email_error,
        is_self=found.id == me().id,
        history=history_of(found),
        sessions=recent_logins(found),
    )


@bp.post("/accounts/<public_id>/<any(close, grant, revoke, reset_password, reset_otp):act>")
@requires(Permission.MANAGE_ACCOUNTS)
def act(public_id: str, act: str) -> ResponseReturnValue:
    found = _account(public_id)
    try:
        with write():
            done = carry_out(found, Act(act), request.form.get("role", ""), by=me())
    except AccountRefused as refused:
        flash(str(refused), "danger")
    else:
        if done.password:
            return render_template(
                "accounts/shown_once.html", account=found, password=done.password, waiting=[]
            )
        flash(done.message, "info" if done.waits else "success")
    return redirect(url_for("accounts.account", public_id=public_id))


@bp.get("/accounts/changes")
@requires(Permission.CONFIRM_CHANGES)
def changes() -> ResponseReturnValue:
    return _changes_page()


@bp.post("/accounts/changes/<public_id>/<any(confirm, decline):answer>")
@requires(Permission.CONFIRM_CHANGES)
def answer(public_id: str, answer: str) -> ResponseReturnValue:
    change = db.session.scalar(select(AccountChange).where(AccountChange.public_id == public_id))
    if change is None:
        abort(404)
    password = error = None
    try:
        with write():
            if answer == "confirm":
                password = second_person.confirm(change, by=me())
            else:
                second_person.decline(change, by=me())
    except AccountRefused as refused:
        error = str(refused)
    return _changes_page(change, password=password, error=error)


def _changes_page(
    answered: AccountChange | None = None, password: str | None = None, error: str | None = None
) -> ResponseReturnValue:
    """The queue; with the one just answered on top, or only that one where htmx asks."""
    found = paginate(second_person.waiting())
    return render(
        "accounts/changes.html",
        "accounts/_answered.html" if answered else "accounts/_changes.html",
        status=409 if error else 200,
        found=found,
        answered=answered,
        password=password,
        error=error,
        may_answer=lambda change: second_person.is_second_person(change, me()),
        title_of=title_of,
    )


def _account(public_id: str) -> Account:
    found = db.session.scalar(select(Account).where(Account.public_id == public_id))
    if found is None:
        abort(404)
    return found


def _open(form: NewAccountForm) -> tuple[Account, str, list[str]]:
    """The account, its password, and the titles of roles that wait for a second person."""
    with write() as session:
        chosen = select(Department).where(Department.public_id == form.department.data)
        opened, password = open_account(
            form.login.data,
            form.name.data,
            session.scalars(chosen).one(),
            by=me(),
            rank=form.rank.data,
            employee_no=form.employee_no.data,
        )
        asked = [role for role in form.roles.data if ask_for_role(opened, role, by=me())]
    return opened, password, [title_of(role) for role in asked]
