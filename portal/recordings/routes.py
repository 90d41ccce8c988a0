"""내 통화 and 반입 보류함. Nothing is heard here (제8조④)."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import select

from portal import clock
from portal.access import Permission, requires
from portal.accounts.models import Account
from portal.audit.views import note_view
from portal.database import write
from portal.extensions import db
from portal.recordings import claim_routes, prior_notice
from portal.recordings.blueprint import bp
from portal.recordings.contents import masked_names
from portal.recordings.listing import Filter, calls_of
from portal.recordings.models import Recording
from portal.recordings.quarantine import waiting_items
from portal.web.htmx import redirect, render, trigger, wants_fragment
from portal.web.login import safe_next
from portal.web.paging import paginate

__all__ = ["bp", "claim_routes"]


@bp.get("/calls")
@requires(Permission.SEE_OWN_CALLS)
def own_calls() -> ResponseReturnValue:
    wanted = Filter.of(request.args)
    note_view(_me(), on=_me().person)
    found = paginate(calls_of(_me().person, wanted), sorts=(Recording.id, select(Recording)))
    return render(
        "recordings/own_calls.html",
        "recordings/_own_calls.html",
        found=found,
        wanted=wanted,
        **_about_calls(),
    )


@bp.post("/calls/<public_id>/notice")
@requires(Permission.SEE_OWN_CALLS)
def state_notice(public_id: str) -> ResponseReturnValue:
    row = db.session.scalar(select(Recording).where(Recording.public_id == public_id))
    kind = request.form.get("notice", "")
    if row is None or kind not in prior_notice.STATEMENTS:
        abort(404 if row is None else 400)
    try:
        with write():
            prior_notice.state(row, kind, by=_me())
    except prior_notice.NotYourCall:
        abort(404)
    except prior_notice.NoticeStands as stands:
        return _answer(row, str(stands), 409)
    return _answer(row, f"사전고지 여부를 기록했습니다: {prior_notice.STATEMENTS[kind]}")


@bp.get("/quarantine")
@requires(Permission.SEE_QUARANTINE)
def quarantine() -> ResponseReturnValue:
    found = paginate(waiting_items())
    return render(
        "recordings/quarantine.html",
        "recordings/_quarantine.html",
        found=found,
        names={item.id: masked_names(item) for item in found.rows},
        days_left=lambda item: (item.delete_on - clock.today()).days,
    )


def _answer(row: Recording, message: str, status: int = 200) -> ResponseReturnValue:
    """The cell in place, or back to the list where there are no scripts."""
    tone = "success" if status == 200 else "warning"
    if not wants_fragment():
        flash(message, tone)
        return redirect(safe_next(request.form.get("next")) or url_for("recordings.own_calls"))
    cell = render_template("recordings/_notice.html", row=row, **_about_calls())
    response = make_response(cell, status)
    if status == 200:
        return trigger(response, "announce", {"message": message})
    return trigger(response, "message", {"tone": tone, "title": message, "text": ""})


def _about_calls() -> dict[str, Any]:
    """What the template asks of each row without a query."""
    account = _me()
    return {
        "notice_words": prior_notice.WORDS,
        "statements": prior_notice.STATEMENTS,
        "may_state": lambda row: prior_notice.may_state(row, account),
        "source_of": lambda row: prior_notice.source_of(row, account),
        "days_left": lambda row: (row.delete_on - clock.today()).days,
    }


def _me() -> Account:
    """The account behind this request, itself and no proxy."""
    account: Account = current_user._get_current_object()
    return account
