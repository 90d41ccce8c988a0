"""Where a received application cannot go on as it is: 보완요구 and 해당 녹취 없음."""

from __future__ import annotations

from flask import flash, url_for
from flask.typing import ResponseReturnValue

from portal.access import Permission, requires
from portal.applications.act_forms import NotFoundForm, SupplementRequestForm
from portal.applications.inbox import Tab
from portal.applications.intake_routes import Refused, intake_application, intake_page
from portal.applications.not_found import NotSearched, StillMatched, close_as_not_found
from portal.applications.routes import bp, me
from portal.applications.states import State, state_title
from portal.applications.supplement import request_supplement
from portal.applications.typed import BadText
from portal.database import write
from portal.web.htmx import redirect


@bp.post("/intake/<public_id>/supplement", endpoint="request_supplement")
@requires(Permission.RECEIVE_APPLICATION)
def ask(public_id: str) -> ResponseReturnValue:
    application, form = intake_application(public_id), SupplementRequestForm()
    if not form.validate():
        return intake_page(application, 422, request_form=form)
    try:
        with write():
            request_supplement(application, by=me(), text=form.text.data, until=form.until.data)
    except BadText as error:
        form.refuse(error.field, str(error))
        return intake_page(application, 422, request_form=form)
    except Refused as error:
        flash(str(error), "danger")
        return redirect(url_for("applications.intake_item", public_id=public_id))
    flash(f"{application.control_no} 신청의 보완을 요구했습니다.", "success")
    return redirect(url_for("applications.intake", tab=Tab.IN_HAND))


@bp.post("/intake/<public_id>/not-found", endpoint="not_found")
@requires(Permission.RECEIVE_APPLICATION)
def nothing_there(public_id: str) -> ResponseReturnValue:
    application, form = intake_application(public_id), NotFoundForm()
    if not form.validate():
        return intake_page(application, 422, not_found_form=form)
    try:
        with write():
            close_as_not_found(application, by=me(), text=form.text.data)
    except (BadText, NotSearched, StillMatched) as error:
        form.refuse("text", str(error))
        return intake_page(application, 422, not_found_form=form)
    except Refused as error:
        flash(str(error), "danger")
        return redirect(url_for("applications.intake_item", public_id=public_id))
    flash(
        f"{application.control_no} 신청을 '{state_title(State.NOT_FOUND)}'으로 마쳤습니다.",
        "success",
    )
    return redirect(url_for("applications.intake", tab=Tab.IN_HAND))
