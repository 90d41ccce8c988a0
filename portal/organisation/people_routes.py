"""직원: one person's name, postings, extensions, and the day the account closes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import abort, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal import audit
from portal.access import Permission, requires
from portal.accounts.close_account import set_closing
from portal.accounts.history import history_of
from portal.accounts.models import Account, Department, ExtensionHolding, Person
from portal.accounts.open_account import departments_today
from portal.accounts.refusals import AccountRefused
from portal.audit.views import note_view
from portal.database import write
from portal.extensions import db
from portal.organisation import forms
from portal.organisation import people as verbs
from portal.organisation.blueprint import bp
from portal.organisation.csv_file import LineRefused, TakenMeanwhile
from portal.organisation.extensions import number_of, put_holding
from portal.web.htmx import redirect, render
from portal.web.login import me
from portal.web.paging import paginate

_LONGEST_TEXT = 50


@bp.get("/organisation/people")
@requires(Permission.MANAGE_ORGANISATION)
def people() -> ResponseReturnValue:
    text = request.args.get("q", "").strip()[:_LONGEST_TEXT]
    if text:
        audit.record_alone("accounts.search", by=me())
    found = paginate(verbs.people(text))
    return render("organisation/people.html", "organisation/_people.html", found=found, q=text)


@bp.get("/organisation/people/<public_id>")
@requires(Permission.MANAGE_ORGANISATION)
def person(public_id: str) -> ResponseReturnValue:
    found = _person(public_id)
    note_view(me(), on=found)
    return _page(found)


@bp.post("/organisation/people/<public_id>/name")
@requires(Permission.MANAGE_ORGANISATION)
def rename(public_id: str) -> ResponseReturnValue:
    found, form = _person(public_id), forms.NameForm()

    def work() -> str:
        verbs.rename(found, form.name.data, by=me())
        return "이름을 저장했습니다. 이미 발급한 문서의 이름은 바뀌지 않습니다."

    return _done(found, form, work, name_form=form)


@bp.post("/organisation/people/<public_id>/move")
@requires(Permission.MANAGE_ORGANISATION)
def move(public_id: str) -> ResponseReturnValue:
    found, form = _person(public_id), forms.PostingForm().offer(departments_today())

    def work() -> str:
        chosen = select(Department).where(Department.public_id == form.department.data)
        department = db.session.scalar(chosen)
        if department is None:
            raise LineRefused("목록에 있는 부서를 골라 주십시오.")
        given = (form.rank.data or "", form.from_on.day, form.last_on.data)
        return verbs.move(found, department, *given, by=me()) + ". 반영했습니다."

    return _done(found, form, work, posting_form=form)


@bp.post("/organisation/people/<public_id>/hold")
@requires(Permission.MANAGE_ORGANISATION)
def hold(public_id: str) -> ResponseReturnValue:
    found, form = _person(public_id), forms.OwnHoldingForm()

    def work() -> str:
        days = (form.holds_from.day, form.holds_last.data)
        number, kind = number_of(form.number.data), form.kind.data or ""
        return put_holding(number, kind, found, *days, by=me())[1] + ". 반영했습니다."

    return _done(found, form, work, holding_form=form)


@bp.post("/organisation/people/<public_id>/closing")
@requires(Permission.MANAGE_ORGANISATION)
def closing(public_id: str) -> ResponseReturnValue:
    found, form = _person(public_id), forms.ClosingForm()
    account = _account_of(found) or abort(404)

    def work() -> str:
        set_closing(account, form.closes_after.data, by=me())
        if form.closes_after.data is None:
            return "닫을 날을 지웠습니다. 계정은 계속 열려 있습니다."
        return "닫을 날을 정했습니다. 그날이 지나면 계정이 스스로 닫힙니다."

    return _done(found, form, work, closing_form=form)


def _done(
    found: Person, form: FlaskForm, work: Callable[[], str], **shown: FlaskForm
) -> ResponseReturnValue:
    """Carry it out, or show the page again with what was typed and why it was refused."""
    status = 422
    if form.validate():
        try:
            with write():
                said = work()
        except (LineRefused, AccountRefused) as refused:
            form.form_errors.append(str(refused))
            status = 409 if isinstance(refused, TakenMeanwhile) else 422
        else:
            flash(said, "success")
            return redirect(url_for("organisation.person", public_id=found.public_id))
    return _page(found, **shown), status


def _page(found: Person, **typed: Any) -> str:
    account = _account_of(found)
    last = found.postings[-1] if found.postings else None
    posting_form = forms.PostingForm(
        formdata=None, department=last and last.department.public_id, rank=last and last.rank
    )
    closing_form = forms.ClosingForm(formdata=None, closes_after=account and account.last_on)
    values: dict[str, Any] = {
        "name_form": forms.NameForm(formdata=None, name=found.name),
        "posting_form": posting_form.offer(departments_today()),
        "holding_form": forms.OwnHoldingForm(formdata=None),
        "closing_form": closing_form,
        **typed,
    }
    return render_template(
        "organisation/person.html",
        person=found,
        account=account,
        holdings=_holdings(found),
        history=history_of(account) if account else [],
        is_self=found.id == me().person_id,
        refused=next(iter(typed.values()), None),
        **values,
    )


def _holdings(found: Person) -> list[ExtensionHolding]:
    held = select(ExtensionHolding).where(ExtensionHolding.person_id == found.id)
    newest = held.order_by(ExtensionHolding.from_on.desc(), ExtensionHolding.id)
    return list(db.session.scalars(newest.options(joinedload(ExtensionHolding.extension))))


def _account_of(found: Person) -> Account | None:
    return db.session.scalar(select(Account).where(Account.person_id == found.id))


def _person(public_id: str) -> Person:
    found = db.session.scalar(select(Person).where(Person.public_id == public_id))
    return found or abort(404)
