"""What lay in an approver's queue and left it without them: nobody loses sight of it."""

from __future__ import annotations

from sqlalchemy import Select, and_, exists, func, or_, select

from portal.accounts.models import Account
from portal.applications.models import Application, ApprovalStep, Transition
from portal.applications.states import Action, State
from portal.approvals.decide import DECISIONS, WAITING

#: By what the list can be narrowed: how it ended, or where it lies instead.
STATES = (
    State.EXPIRED,
    State.WITHDRAWN,
    State.RECEIVED,
    State.REFUSED,
    State.APPROVED,
    State.HANDED_OVER,
    State.CLOSED,
)
_LEFT_BY = (Action.RECALL, Action.WITHDRAW, Action.EXPIRE, *DECISIONS)


def past(account: Account, waiting: Select[Application]) -> Select[Application]:
    """Expired, withdrawn, recalled, or returned or decided by another one; the newest first.

    `waiting` is what waits for the account now. An application came to a step when the steps before
    it were reviewed; what it then decided itself stands in its own list.
    """
    of_it = Transition.application_id == Application.id
    reviews = (
        select(func.count())
        .where(of_it, Transition.action == Action.REVIEW)
        .correlate(Application)
        .scalar_subquery()
    )
    came_to_them = exists().where(
        ApprovalStep.application_id == Application.id,
        ApprovalStep.role.in_(account.roles),
        ApprovalStep.position <= reviews + 1,
    )
    # Said once more so that an index finds them: steps of theirs which they did not fill.
    left_to_others = select(ApprovalStep.application_id).where(
        ApprovalStep.role.in_(account.roles),
        ApprovalStep.decided_by_id.is_distinct_from(account.id),
    )
    forwarded = exists().where(of_it, Transition.action == Action.FORWARD)
    decided = exists().where(
        of_it, Transition.by_id == account.id, Transition.action.in_(DECISIONS)
    )
    lies_there = and_(Application.forwarded_at.is_not(None), Application.state.in_(WAITING))
    theirs = Application.id.in_(waiting.with_only_columns(Application.id).order_by(None))
    return (
        select(Application)
        .where(Application.id.in_(left_to_others))
        .where(forwarded, came_to_them, ~decided, or_(~lies_there, ~theirs))
        .order_by(Application.id.desc())
    )


def left_by(application: Application) -> Transition | None:
    """What took it out of the queue."""
    return next((t for t in reversed(application.transitions) if t.action in _LEFT_BY), None)
