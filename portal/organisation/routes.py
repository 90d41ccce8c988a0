"""부서·내선: what custodians keep of the organisation. Nothing here is ever deleted."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from portal import phones
from portal.access import Permission, requires
from portal.accounts.models import Department, Extension, ExtensionHolding, Person
from portal.database import write
from portal.extensions import db
from portal.organisation import import_routes, people_routes
from portal.organisation.blueprint import bp
from portal.organisation.csv_file import LineRefused, TakenMeanwhile
from portal.organisation.departments import end_department as end_department_on
from portal.organisation.departments import put_department
from portal.organisation.extensions import end_holding as end_holding_on
from portal.organisation.extensions import number_of, put_holding
from portal.organisation.forms import DepartmentForm, EndForm, HoldingForm
from portal.organisation.people import accounts_to_close
from portal.recordings.unknown import unknown_numbers
from portal.web.htmx import redirect, render
from portal.web.login import me
from portal.web.paging import paginate

__all__ = ["bp", "import_routes", "people_routes"]


@bp.route("/organisation", methods=["GET", "POST"])
@requires(Permission.MANAGE_ORGANISATION)
def departments() -> ResponseReturnValue:
    form = DepartmentForm().offer()
    if form.validate_on_submit():
        given = (form.name.data, form.kind.data or "", form.from_on.day, None)
        try:
            with write():
                _effect, text = put_department(*given, by=me())
        except LineRefused as refused:
            form.form_errors.append(str(refused))
        else:
            flash(f"{text}. 반영했습니다.", "success")
            return redirect(url_for("organisation.departments"))
    ordered = select(Department).order_by(Department.until_on.is_not(None), Department.name)
    found = paginate(ordered.order_by(Department.id))
    page = render_template(
        "organisation/departments.html", form=form, end_form=EndForm(formdata=None), found=found
    )
    return page, 422 if form.is_submitted() else 200


@bp.post("/organisation/departments/<public_id>/end")
@requires(Permission.MANAGE_ORGANISATION)
def end_department(public_id: str) -> ResponseReturnValue:
    row = _found(Department, public_id)
    _end(lambda day: end_department_on(row, day, by=me()))
    return redirect(url_for("organisation.departments"))


@bp.route("/organisation/extensions", methods=["GET", "POST"])
@requires(Permission.MANAGE_ORGANISATION)
def extensions() -> ResponseReturnValue:
    form = HoldingForm(number=request.args.get("number"))
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit() and (status := _hold(form)) == 200:
        return redirect(url_for("organisation.extensions"))
    wanted = phones.digits(request.args.get("q", ""))
    holders = selectinload(Extension.holdings).joinedload(ExtensionHolding.person)
    ordered = select(Extension).options(holders, joinedload(Extension.department))
    if wanted:
        ordered = ordered.where(
            Extension.number.startswith(wanted) | Extension.number.endswith(wanted)
        )
    return render(
        "organisation/extensions.html",
        "organisation/_extensions.html",
        status=status,
        form=form,
        wanted=request.args.get("q", ""),
        found=paginate(ordered.order_by(Extension.number)),
    )


@bp.get("/organisation/extensions/<public_id>")
@requires(Permission.MANAGE_ORGANISATION)
def extension(public_id: str) -> ResponseReturnValue:
    row = _found(Extension, public_id)
    return render_template(
        "organisation/extension.html", extension=row, end_form=EndForm(formdata=None)
    )


@bp.post("/organisation/holdings/<public_id>/end")
@requires(Permission.MANAGE_ORGANISATION)
def end_holding(public_id: str) -> ResponseReturnValue:
    row = _found(ExtensionHolding, public_id)
    address = url_for("organisation.extension", public_id=row.extension.public_id)
    _end(lambda day: end_holding_on(row, day, by=me()))
    return redirect(address)


@bp.get("/organisation/unknown")
@requires(Permission.MANAGE_ORGANISATION)
def unknown() -> ResponseReturnValue:
    return render_template("organisation/unknown.html", numbers=unknown_numbers())


@bp.get("/organisation/leavers")
@requires(Permission.MANAGE_ORGANISATION)
def leavers() -> ResponseReturnValue:
    return render_template("organisation/leavers.html", found=paginate(accounts_to_close()))


def _found(model: Any, public_id: str) -> Any:
    row = db.session.scalar(select(model).where(model.public_id == public_id))
    if row is None:
        abort(404)
    return row


def _end(end: Any) -> None:
    """Carry out `end(day)` with the day that was typed; say what came of it."""
    form = EndForm()
    if not form.validate():
        flash(" ".join(form.last_on.errors) or "마지막 날을 입력해 주십시오.", "danger")
        return
    try:
        with write():
            end(form.last_on.data)
    except LineRefused as refused:
        flash(str(refused), "danger")
    else:
        flash("마지막 날을 정했습니다. 그 전의 기록은 그대로 남습니다.", "success")


def _hold(form: HoldingForm) -> int:
    """200 where it was done; otherwise the form says why not."""
    try:
        with write() as session:
            known = select(Person).where(Person.employee_no == form.employee_no.data)
            person = session.scalar(known)
            if person is None:
                raise LineRefused("그 사번의 직원이 없습니다. 직원을 먼저 등록해 주십시오.")
            number, kind = number_of(form.number.data), form.kind.data or ""
            days = (form.from_on.day, form.last_on.data)
            _effect, text = put_holding(number, kind, person, *days, by=me())
    except LineRefused as refused:
        form.form_errors.append(str(refused))
        return 409 if isinstance(refused, TakenMeanwhile) else 422
    flash(f"{text}. 반영했습니다.", "success")
    return 200
