"""The states of an application and every way from one to the next, as one table.

Guards, buttons and tests all read `TRANSITIONS`; there is no second list.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    RECEIVED = "received"
    REVIEWED = "reviewed"
    APPROVED = "approved"
    HANDED_OVER = "handed_over"
    CLOSED = "closed"
    REFUSED = "refused"
    EXPIRED = "expired"


class Action(StrEnum):
    SUBMIT = "submit"
    RECEIVE = "receive"
    FORWARD = "forward"
    REVIEW = "review"
    APPROVE = "approve"
    RETURN = "return"
    REFUSE = "refuse"
    HAND_OVER = "hand_over"
    CLOSE = "close"
    EXPIRE = "expire"


STATE_TITLES: dict[State, str] = {
    State.DRAFT: "작성중",
    State.SUBMITTED: "신청",
    State.RECEIVED: "접수",
    State.REVIEWED: "검토",
    State.APPROVED: "승인",
    State.HANDED_OVER: "인계·인수",
    State.CLOSED: "완료",
    State.REFUSED: "거절",
    State.EXPIRED: "기간만료",
}

ACTION_TITLES: dict[Action, str] = {
    Action.SUBMIT: "신청",
    Action.RECEIVE: "접수",
    Action.FORWARD: "결재 올림",
    Action.REVIEW: "검토",
    Action.APPROVE: "승인",
    Action.RETURN: "반려",
    Action.REFUSE: "거절",
    Action.HAND_OVER: "인계·인수",
    Action.CLOSE: "열람종료",
    Action.EXPIRE: "기간만료",
}

#: (from, action) → to.
TRANSITIONS: dict[tuple[State, Action], State] = {
    (State.DRAFT, Action.SUBMIT): State.SUBMITTED,
    (State.SUBMITTED, Action.RECEIVE): State.RECEIVED,
    (State.RECEIVED, Action.FORWARD): State.RECEIVED,
    (State.RECEIVED, Action.REVIEW): State.REVIEWED,
    (State.RECEIVED, Action.APPROVE): State.APPROVED,
    (State.RECEIVED, Action.RETURN): State.RECEIVED,
    (State.RECEIVED, Action.REFUSE): State.REFUSED,
    (State.REVIEWED, Action.REVIEW): State.REVIEWED,
    (State.REVIEWED, Action.APPROVE): State.APPROVED,
    (State.REVIEWED, Action.RETURN): State.RECEIVED,
    (State.REVIEWED, Action.REFUSE): State.REFUSED,
    (State.APPROVED, Action.HAND_OVER): State.HANDED_OVER,
    (State.HANDED_OVER, Action.CLOSE): State.CLOSED,
    (State.SUBMITTED, Action.EXPIRE): State.EXPIRED,
    (State.RECEIVED, Action.EXPIRE): State.EXPIRED,
    (State.REVIEWED, Action.EXPIRE): State.EXPIRED,
    (State.APPROVED, Action.EXPIRE): State.EXPIRED,
}

#: Nothing more happens to an application in one of these.
FINAL = frozenset({State.CLOSED, State.REFUSED, State.EXPIRED})


@dataclass
class WrongState(Exception):
    """The action does not exist in the application's state; often somebody else was faster."""

    state: State
    action: Action

    def __str__(self) -> str:
        return (
            f"'{STATE_TITLES[self.state]}' 상태에서는 '{ACTION_TITLES[self.action]}' 처리를 "
            "할 수 없습니다. "
            "다른 사람이 먼저 처리했을 수 있으니 현재 상태를 확인해 주십시오."
        )


def next_state(state: State, action: Action) -> State:
    """Where the action leads; raises `WrongState` where the table has no such way."""
    try:
        return TRANSITIONS[state, action]
    except KeyError:
        raise WrongState(state, action) from None
