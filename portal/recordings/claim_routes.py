"""공용 전화 통화: claiming a call of a shared line, and confirming what others claim."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flask import abort, flash, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from portal import clock
from portal.access import Permission, requires
from portal.audit.views import note_view
from portal.database import write
from portal.extensions import db
from portal.recordings import claim as verbs
from portal.recordings.blueprint import bp
from portal.recordings.models import CallClaim, Recording
from portal.recordings.parties import shared_calls
from portal.web.htmx import redirect, render
from portal.web.login import me
from portal.web.paging import paginate
from portal.words import worded


@bp.get("/calls/shared")
@requires(Permission.SEE_OWN_CALLS)
def shared() -> ResponseReturnValue:
    note_view(me(), on=me().person)
    found = paginate(shared_calls(me().person))
    return render(
        "recordings/shared_calls.html",
        "recordings/_shared_calls.html",
        found=found,
        state_of=_states(found.rows),
        days_left=lambda row: (row.delete_on - clock.today()).days,
    )


@bp.post("/calls/<public_id>/claim")
@requires(Permission.SEE_OWN_CALLS)
def claim(public_id: str) -> ResponseReturnValue:
    row = db.session.scalar(select(Recording).where(Recording.public_id == public_id))
    if row is None:
        abort(404)
    try:
        with write():
            verbs.claim(row, by=me())
    except verbs.NotYourLine:
        abort(404)
    except verbs.ClaimRefused as refused:
        flash(str(refused), "warning")
    else:
        flash(
            worded(
                "본인 통화로 신고했습니다. {titles.team_leader:이나/나} "
                "{titles.custodian:이/가} 확인하면 적용됩니다."
            ),
            "success",
        )
    return redirect(url_for("recordings.shared"))


@bp.get("/claims")
@requires(Permission.CONFIRM_CLAIMS)
def claims() -> ResponseReturnValue:
    found = paginate(verbs.waiting_claims())
    mine = verbs.answerable(found.rows, me())
    return render(
        "recordings/claims.html",
        "recordings/_claims.html",
        found=found,
        may_answer=lambda row: row.id in mine,
    )


@bp.post("/claims/<public_id>/<any(confirm, decline):answer>")
@requires(Permission.CONFIRM_CLAIMS)
def answer_claim(public_id: str, answer: str) -> ResponseReturnValue:
    row = db.session.scalar(select(CallClaim).where(CallClaim.public_id == public_id))
    if row is None:
        abort(404)
    try:
        with write():
            verbs.answer(row, confirmed=answer == "confirm", by=me())
    except verbs.ClaimRefused as refused:
        flash(str(refused), "warning")
    else:
        word = "확인했습니다" if answer == "confirm" else "거절했습니다"
        flash(f"공용 전화의 통화를 {word}.", "success")
    return redirect(url_for("recordings.claims"))


def _states(rows: Sequence[Recording]) -> Callable[[Recording], str]:
    """Whose each call is, as a word for the template: free, asked, mine, others_asked, others."""
    person_id = me().person_id
    words: dict[int, str] = {}
    for row in verbs.standing_claims(rows):
        own = row.person_id == person_id
        word = ("mine" if own else "others") if row.confirmed else None
        words[row.recording_id] = word or ("asked" if own else "others_asked")
    return lambda recording: words.get(recording.id, "free")
