"""What lay in an approver's queue and left it without them: nobody loses sight of it."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, exists, func, or_, select, text
from sqlalchemy.orm import aliased

from portal.applications.models import A_DECISION, Application, ApprovalStep, Transition
from portal.applications.states import Action, State
from portal.approvals.decide import DECISIONS
from portal.roles import Role

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
#: What takes an application out of a queue.
LEFT_BY = (Action.RECALL, Action.WITHDRAW, Action.EXPIRE, *DECISIONS)
#: Others have no step of the 결재; without them an index gives the newest first.
_WITH_STEPS = frozenset({Role.CUSTODIAN, Role.TEAM_LEADER, Role.DIVISION_HEAD})


def past(
    account_id: int, roles: frozenset[Role], waiting: Select[Application]
) -> Select[Application]:
    """Expired, withdrawn, recalled, or returned or decided by another one; the newest first.

    `waiting` is what waits for the account now.
    """
    left = (
        select(Application)
        .join(ApprovalStep)
        .where(*_came_and_left(account_id, roles & _WITH_STEPS, waiting))
    )
    return left.order_by(ApprovalStep.application_id.desc())


def past_ids(account_id: int, roles: frozenset[Role], waiting: Select[Application]) -> Select[int]:
    """Of the same, in the same order."""
    left = _came_and_left(account_id, roles & _WITH_STEPS, waiting)
    step = ApprovalStep.application_id
    return select(step).where(*left).order_by(step.desc())


def _came_and_left(
    account_id: int, roles: frozenset[Role], waiting: Select[Application]
) -> list[ColumnElement[bool]]:
    """An application came to a step when the steps before it were reviewed; what it then decided
    itself stands in its own list."""
    step, earlier = ApprovalStep, aliased(ApprovalStep)
    of_it = Transition.application_id == step.application_id
    reviews = select(func.count()).where(of_it, Transition.action == Action.REVIEW)
    forwarded = exists().where(of_it, Transition.action == Action.FORWARD)
    decided = exists().where(of_it, Transition.by_id == account_id, text(A_DECISION))
    earlier_one = exists().where(
        earlier.application_id == step.application_id,
        earlier.position < step.position,
        earlier.role.in_(roles),
    )
    theirs = waiting.with_only_columns(Application.id).order_by(None).correlate(None)
    return [
        step.role.in_(roles),
        # What they filled they have decided. Said once more: the index has this.
        step.decided_by_id.is_distinct_from(account_id),
        # First what says no to most: to a later step most that is at an end never came.
        or_(step.position == 1, step.position <= reviews.correlate(step).scalar_subquery() + 1),
        ~decided.correlate(step),
        forwarded.correlate(step),
        # Of several steps of theirs the first is looked at: it came there before the others.
        or_(step.position == 1, ~earlier_one.correlate(step)),
        step.application_id.not_in(theirs),
    ]
