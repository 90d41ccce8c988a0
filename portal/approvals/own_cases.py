"""Whether what lies at a step of the 결재 concerns somebody: they leave its acting person alone."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from portal.accounts.models import Account
from portal.applications.models import Application, ApplicationRecording, ApprovalStep
from portal.applications.states import State
from portal.approvals.conflicts import conflicts_among
from portal.extensions import db


def has_case_at(account: Account, role: str) -> bool:
    """An application of theirs, entered by them, or about a call of theirs waits for the role."""
    undecided = Application.steps.any(
        (ApprovalStep.role == role) & ApprovalStep.decided_at.is_(None)
    )
    waiting = (
        select(Application)
        .where(
            Application.forwarded_at.is_not(None),
            Application.state.in_((State.RECEIVED, State.REVIEWED)),
            undecided,
        )
        .options(
            selectinload(Application.steps),
            joinedload(Application.asked_recording),
            selectinload(Application.matches).joinedload(ApplicationRecording.recording),
        )
    )
    found = db.session.scalars(waiting).all()
    at_it = [a for a in found if a.current_step is not None and a.current_step.role == role]
    return bool(conflicts_among(at_it, account, deciding=False))
