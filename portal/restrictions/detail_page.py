"""The page of one restriction, with the forms that this person can use on it."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from portal.accounts.models import Account
from portal.documents.restriction_notice import period
from portal.restrictions.authority import may_decide
from portal.restrictions.decide import can_be_lifted
from portal.restrictions.forms import DecideForm, LiftForm, ServeForm
from portal.restrictions.grounds import WAYS, scope_words
from portal.restrictions.models import UseRestriction
from portal.roles import Role
from portal.runtime import settings


def detail_page(
    row: UseRestriction,
    account: Account,
    *,
    decide: DecideForm | None = None,
    serve: ServeForm | None = None,
    lift: LiftForm | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    """What was drafted, decided, served, lifted; a form that was refused keeps what was typed."""
    decides, custodian = may_decide(row, account), Role.CUSTODIAN in account.roles
    unserved = row.state == "approved" and row.served_at is None and can_be_lifted(row)
    page = render_template(
        "restrictions/item.html",
        row=row,
        ground=settings().restriction_grounds.text(row.ground),
        scope=", ".join(
            scope_words(portal_use=row.portal_use, phone_recording=row.phone_recording)
        ),
        period=period(row.from_on, row.last_on),
        ways=WAYS,
        decide=(decide or DecideForm(formdata=None))
        if decides and row.state == "drafted"
        else None,
        serve=(serve or ServeForm.now()) if custodian and unserved else None,
        lift=(lift or LiftForm(formdata=None)) if decides and can_be_lifted(row) else None,
        refused=[error for form in (decide, serve, lift) if form for error in form.form_errors],
        may_withdraw=row.state == "drafted" and row.drafted_by_id == account.id,
    )
    return page, status
