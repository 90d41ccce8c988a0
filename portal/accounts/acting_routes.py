"""The page on which custodians, and the head for them, name who acts (직무대리), with who acted."""

from __future__ import annotations

from flask import abort, flash, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.access import Permission, allows, requires
from portal.accounts import acting as verbs
from portal.accounts.blueprint import bp
from portal.accounts.forms import ActingForm, ShortenForm
from portal.accounts.models import Account, ActingAssignment, Person, Posting, RoleGrant
from portal.accounts.refusals import AccountRefused, BadAssignment
from portal.database import write
from portal.extensions import db
from portal.roles import Role
from portal.web.htmx import redirect
from portal.web.login import me
from portal.web.paging import paginate


@bp.route("/accounts/acting", methods=["GET", "POST"])
@requires(Permission.NAME_ACTING)
def acting() -> ResponseReturnValue:
    roles = verbs.roles_named_by(me())
    form = ActingForm().offer(roles, _holders(roles))
    if form.validate_on_submit():
        try:
            _name(form)
        except AccountRefused as refused:
            form.form_errors.append(str(refused))
        else:
            flash("지정을 요청했습니다. 다른 사람이 확인하면 정한 기간에 시행됩니다.", "info")
            return redirect(url_for("accounts.acting"))
    found = paginate(verbs.assignments())
    page = render_template(
        "accounts/acting.html",
        form=form,
        found=found,
        state_of=verbs.state_of,
        named=roles,
        sees_accounts=allows(me(), Permission.MANAGE_ACCOUNTS),
    )
    return page, 422 if form.is_submitted() else 200


@bp.post("/accounts/acting/<public_id>/end")
@requires(Permission.NAME_ACTING)
def end_acting(public_id: str) -> ResponseReturnValue:
    chosen = select(ActingAssignment).where(ActingAssignment.public_id == public_id)
    row = db.session.scalar(chosen)
    if row is None:
        abort(404)
    try:
        with write():
            verbs.end_acting(row, by=me())
    except AccountRefused as refused:
        flash(str(refused), "danger")
    else:
        flash("직무대리를 끝냈습니다. 그동안의 결재는 그대로 남습니다.", "success")
    return redirect(url_for("accounts.acting"))


@bp.post("/accounts/acting/<public_id>/shorten")
@requires(Permission.NAME_ACTING)
def shorten_acting(public_id: str) -> ResponseReturnValue:
    row = db.session.scalar(
        select(ActingAssignment).where(ActingAssignment.public_id == public_id)
    ) or abort(404)
    form = ShortenForm()
    try:
        if not form.validate():
            raise BadAssignment(" ".join(form.last_on.errors))
        with write():
            verbs.shorten_acting(row, form.last_on.day, by=me())
    except AccountRefused as refused:
        flash(str(refused), "danger")
    else:
        flash("직무대리의 마지막 날을 바꾸고 관계된 사람에게 알렸습니다.", "success")
    return redirect(url_for("accounts.acting"))


def _holders(roles: list[Role]) -> list[Account]:
    """Who can be away: the holders of one of these roles."""
    held = Account.grants.any(RoleGrant.role.in_(roles) & RoleGrant.revoked_at.is_(None))
    there = select(Account).where(Account.are_open(), held)
    postings = joinedload(Account.person).selectinload(Person.postings)
    office = postings.joinedload(Posting.department)
    return list(db.session.scalars(there.options(office)))


def _name(form: ActingForm) -> None:
    role = form.role.data
    with write() as session:
        substitute = session.scalar(select(Account).where(Account.login == form.substitute.data))
        if substitute is None:
            raise BadAssignment("그 아이디의 계정이 없습니다. 계정 관리에서 확인해 주십시오.")
        away = select(Account).where(Account.public_id == form.in_place_of.data)
        wanted = verbs.Assignment(
            role=Role(role) if role in set(Role) else Role.EMPLOYEE,
            from_on=form.from_on.day,
            last_on=form.last_on.day,
            reason=form.reason.data,
            in_place_of=session.scalar(away) if form.in_place_of.data else None,
        )
        verbs.name_acting(substitute, wanted, by=me())
