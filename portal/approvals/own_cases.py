"""Whether what lies at a step of the 결재, or with the custodians, concerns somebody: they leave
who acts there alone."""

from __future__ import annotations

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import joinedload, selectinload

from portal.accounts.models import Account
from portal.applications.models import Application, ApplicationRecording, ApprovalStep
from portal.applications.states import State
from portal.approvals.conflicts import conflicts_among
from portal.extensions import db
from portal.roles import Role


def has_case_at(account: Account, role: str) -> bool:
    """An application of theirs, entered by them, or about a call of theirs waits for the role."""
    if role == Role.CUSTODIAN:
        at_it = list(db.session.scalars(_with_custodians()))
    else:
        found = db.session.scalars(_undecided(role))
        at_it = [a for a in found if a.current_step is not None and a.current_step.role == role]
    return bool(conflicts_among(at_it, account))


def _undecided(role: str) -> Select[Application]:
    step = Application.steps.any((ApprovalStep.role == role) & ApprovalStep.decided_at.is_(None))
    return _loaded().where(
        Application.forwarded_at.is_not(None),
        Application.state.in_((State.RECEIVED, State.REVIEWED)),
        step,
    )


def _with_custodians() -> Select[Application]:
    """To be received, in hand, or to be handed over."""
    states = (State.SUBMITTED, State.SUPPLEMENT_REQUESTED, State.APPROVED)
    in_hand = (Application.state == State.RECEIVED) & Application.forwarded_at.is_(None)
    return _loaded().where(or_(Application.state.in_(states), in_hand))


def _loaded() -> Select[Application]:
    return select(Application).options(
        selectinload(Application.steps),
        joinedload(Application.asked_recording),
        selectinload(Application.matches).joinedload(ApplicationRecording.recording),
    )
