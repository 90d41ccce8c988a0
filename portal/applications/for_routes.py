"""Filing for an employee who cannot: find them, then their Form 1."""

from __future__ import annotations

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from portal import audit, ids
from portal.access import Permission, requires
from portal.accounts.models import Department, Person
from portal.applications import filing_page
from portal.applications.draft import CannotApply
from portal.applications.file_for import (
    counters,
    employees_named,
    guard_filing_for,
    new_draft_for,
)
from portal.applications.filing_routes import filing_page_of, posted
from portal.applications.for_form import ForForm
from portal.applications.models import Application
from portal.applications.routes import bp, me
from portal.applications.wording import line
from portal.extensions import db
from portal.web.uploads import takes_files


@bp.get("/applications/new/employee")
@requires(Permission.FILE_FOR_EMPLOYEE)
def choose_employee() -> ResponseReturnValue:
    """Only those who cannot file by themselves are found."""
    name = line(request.args.get("q"))[:50]
    if name:  # who is found may be restricted (제9조)
        audit.record_alone("accounts.search", by=me())
    found = [person for person in employees_named(name) if person.id != me().person_id]
    return render_template("applications/choose_employee.html", name=name, found=found)


@bp.route("/applications/new/employee/<person_id>", methods=["GET", "POST"])
@requires(Permission.FILE_FOR_EMPLOYEE)
@takes_files
def new_for_employee(person_id: str) -> ResponseReturnValue:
    person = db.session.scalar(select(Person).where(Person.public_id == person_id)) or abort(404)
    try:
        guard_filing_for(person, me())
    except CannotApply:
        abort(404)
    if request.method == "POST":
        form = ForForm().prepare()
        return posted(form, begin_for(person_id, form), None)
    here = me().person.department_name
    office = next((o.public_id for o in counters() if o.name == here), "")
    form = ForForm(formdata=None, draft=ids.public_id(), person=person_id, office=office)
    return filing_page_of(form.prepare(), None, None)


def begin_for(person_id: str, form: ForForm) -> filing_page.Begin:
    """A new draft for the employee with this public id, at the counter chosen in the form."""

    def begin(public_id: str) -> Application:
        person = db.session.scalar(select(Person).where(Person.public_id == person_id))
        office = db.session.scalar(
            select(Department).where(Department.public_id == (form.office.data or ""))
        )
        if person is None:
            abort(404)
        if office is None:
            raise CannotApply("열람할 창구를 골라 주십시오.")
        return new_draft_for(person, by=me(), office=office, public_id=public_id)

    return begin
