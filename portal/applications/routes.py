"""Pages of applications: the lists and the one application. Filing is in `filing_routes`."""

from __future__ import annotations

from flask import Blueprint, Response, abort, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import Select
from sqlalchemy.orm.interfaces import ORMOption

from portal.access import Permission, allows, requires
from portal.accounts.models import Account
from portal.applications import due, evidence, filing_page, listing, progress
from portal.applications.act_forms import WithdrawForm
from portal.applications.custody import handles
from portal.applications.form1_data import requested_call, shown_birth
from portal.applications.loading import WHOLE
from portal.applications.models import Application
from portal.applications.parts import allowed
from portal.applications.states import State
from portal.applications.supplement import open_request
from portal.applications.visibility import may_see, may_see_evidence
from portal.audit.views import note_view
from portal.handover.prepare import receipt_of
from portal.roles import Role
from portal.web.htmx import redirect, render
from portal.web.navigation import stand_under_somebody_elses
from portal.web.paging import paginate

bp = Blueprint("applications", __name__)


@bp.get("/applications")
@requires(Permission.FILE_APPLICATION)
def own() -> ResponseReturnValue:
    wanted = listing.Filter.of(request.args)
    return _list("own", listing.own_applications(me(), wanted), wanted)


@bp.get("/applications/counter")
@requires(Permission.ENTER_FOR_CITIZEN)
def at_counter() -> ResponseReturnValue:
    wanted = listing.Filter.of(request.args)
    return _list("at_counter", listing.counter_applications(me(), wanted), wanted)


@bp.get("/applications/<public_id>")
@requires(Permission.FILE_APPLICATION)
def detail(public_id: str) -> ResponseReturnValue:
    application = seen(public_id, *WHOLE)
    if application.state == State.DRAFT:
        return redirect(url_for("applications.edit", public_id=public_id))
    note_view(me(), on=application)
    return detail_page(application)


def detail_page(
    application: Application, status: int = 200, *, withdraw_form: WithdrawForm | None = None
) -> Response:
    """The page of one application, with what this person may do with it now."""
    return render(
        "applications/detail.html",
        "applications/_detail.html",
        status,
        can=allowed(application, me()),
        withdraw_form=withdraw_form or WithdrawForm(formdata=None),
        outcome=progress.outcome_of(application),
        asked=open_request(application),
        application=application,
        call=requested_call(application),
        birth=shown_birth(application.birth_or_business_no),
        steps=progress.steps_of(application),
        events=progress.events_of(application),
        next_words=progress.next_words(application),
        days=progress.days_left(application),
        delete_on=due.first_deletion(application),
        files=evidence.evidence_of(application),
        shows_evidence=shows_evidence(application),
        to_sign=_waits_for_own_signature(application),
        **_relations(application),
    )


def _waits_for_own_signature(application: Application) -> bool:
    """Whether the receipt lies there for this person, as 인수자, to sign on their own screen."""
    if application.state != State.APPROVED or application.applicant_id != me().person_id:
        return False
    receipt = receipt_of(application)
    return receipt is not None and receipt.transferee_signature is None


def me() -> Account:
    """The account behind this request, itself and no proxy."""
    account: Account = current_user._get_current_object()
    return account


def seen(public_id: str, *loaded: ORMOption) -> Application:
    """An application this person may see; 404 otherwise, whether it exists or not."""
    application = filing_page.find(public_id, *loaded)
    if application is None or not may_see(application, me()):
        abort(404)
    if application.applicant_id != me().person_id:
        stand_under_somebody_elses()
    return application


def shows_evidence(application: Application) -> bool:
    """Whether the person may look at the evidence, by permission and relation."""
    allowed = allows(me(), Permission.SEE_EVIDENCE)
    return allowed and may_see_evidence(application, me())


def _relations(application: Application) -> dict[str, bool]:
    """What the page offers this person: to listen, to sit in, to take the application in."""
    account = me()
    open_for_intake = application.state in (State.SUBMITTED, State.RECEIVED)
    return {
        "is_own": application.applicant_id == account.person_id,
        "is_theirs": application.party_id == account.person_id,
        "sits_in": application.applicant_id is None and Role.COUNTER in account.roles,
        "takes_in": open_for_intake and handles(application, account),
    }


def _list(name: str, chosen: Select[Application], wanted: listing.Filter) -> ResponseReturnValue:
    return render(
        f"applications/{name}.html",
        f"applications/_{name}_list.html",
        found=paginate(chosen),
        wanted=wanted,
        states=list(State),
        days_left=progress.days_left,
    )


# These register their views on `bp`.
from portal.applications import (  # noqa: E402
    act_routes,  # noqa: F401
    destroy_routes,  # noqa: F401
    filing_routes,  # noqa: F401
    for_routes,  # noqa: F401
    intake_act_routes,  # noqa: F401
    intake_routes,  # noqa: F401
    official_routes,  # noqa: F401
    paper_routes,  # noqa: F401
    screen_routes,  # noqa: F401
)
