"""The states of an application, and one table of what leads from one to the next and who may.

Guards, buttons and tests all read `TRANSITIONS`; there is no second list.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from portal.words import worded


class State(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    RECEIVED = "received"
    SUPPLEMENT_REQUESTED = "supplement_requested"
    REVIEWED = "reviewed"
    APPROVED = "approved"
    HANDED_OVER = "handed_over"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    NOT_FOUND = "not_found"
    REFUSED = "refused"
    EXPIRED = "expired"


class Action(StrEnum):
    SUBMIT = "submit"
    #: A 공문 is received as it is: grounds 3–5 need no Form 1 (제7조② 단서).
    REGISTER = "register"
    RECEIVE = "receive"
    REQUEST_SUPPLEMENT = "request_supplement"
    SUPPLEMENT = "supplement"
    FORWARD = "forward"
    REVIEW = "review"
    APPROVE = "approve"
    RETURN = "return"
    REFUSE = "refuse"
    RECALL = "recall"
    WITHDRAW = "withdraw"
    NOT_FOUND = "not_found"
    HAND_OVER = "hand_over"
    CLOSE = "close"
    EXPIRE = "expire"


class Part(StrEnum):
    """What somebody is to one application when they act on it; `parts.py` says who is what."""

    #: The employee who applies for themselves.
    APPLICANT = "applicant"
    #: Who typed it: the employee, the counter officer, or the custodian for a 공문.
    ENTERER = "enterer"
    CUSTODIAN = "custodian"
    #: Whose step of the 결재 is due.
    APPROVER = "approver"
    #: 인계자: the officer named in the approval, or else any custodian.
    TRANSFEROR = "transferor"
    #: Who may listen: the employee, or the officer who sits in.
    LISTENER = "listener"
    PORTAL = "portal"


STATE_TITLES: dict[State, str] = {
    State.DRAFT: "작성중",
    State.SUBMITTED: "신청",
    State.RECEIVED: "접수",
    State.SUPPLEMENT_REQUESTED: "보완요구",
    State.REVIEWED: "검토",
    State.APPROVED: "승인",
    State.HANDED_OVER: "인계·인수",
    State.CLOSED: "완료",
    State.WITHDRAWN: "취하",
    State.NOT_FOUND: "해당 {recording} 없음",
    State.REFUSED: "거절",
    State.EXPIRED: "기간만료",
}

ACTION_TITLES: dict[Action, str] = {
    Action.SUBMIT: "신청",
    Action.REGISTER: "공문 접수",
    Action.RECEIVE: "접수",
    Action.REQUEST_SUPPLEMENT: "보완요구",
    Action.SUPPLEMENT: "보완",
    Action.FORWARD: "결재 올림",
    Action.REVIEW: "검토",
    Action.APPROVE: "승인",
    Action.RETURN: "반려",
    Action.REFUSE: "거절",
    Action.RECALL: "회수",
    Action.WITHDRAW: "취하",
    Action.NOT_FOUND: "해당 {recording} 없음",
    Action.HAND_OVER: "인계·인수",
    Action.CLOSE: "열람종료",
    Action.EXPIRE: "기간만료",
}


def state_title(state: State) -> str:
    """The state in the institution's words."""
    return worded(STATE_TITLES[state])


def action_title(action: Action) -> str:
    """The action in the institution's words."""
    return worded(ACTION_TITLES[action])


@dataclass(frozen=True)
class Way:
    """Where an action leads and whose it is; None where a condition says nothing.

    `forwarded`: only while the application lies with the approvers (True) or not (False).
    `last`: only at the step that decides (True), or at one before it (False).
    """

    to: State
    by: frozenset[Part]
    forwarded: bool | None = None
    last: bool | None = None


def _way(to: State, *by: Part, forwarded: bool | None = None, last: bool | None = None) -> Way:
    return Way(to, frozenset(by), forwarded, last)


_FILERS = (Part.APPLICANT, Part.ENTERER)

#: (from, action) → where to, and by whom.
TRANSITIONS: dict[tuple[State, Action], Way] = {
    (State.DRAFT, Action.SUBMIT): _way(State.SUBMITTED, Part.ENTERER),
    (State.DRAFT, Action.WITHDRAW): _way(State.WITHDRAWN, Part.PORTAL),  # recalled, then left
    (State.DRAFT, Action.REGISTER): _way(State.RECEIVED, Part.CUSTODIAN),
    (State.SUBMITTED, Action.RECEIVE): _way(State.RECEIVED, Part.CUSTODIAN),
    (State.SUBMITTED, Action.RECALL): _way(State.DRAFT, *_FILERS),
    (State.SUBMITTED, Action.WITHDRAW): _way(State.WITHDRAWN, *_FILERS),
    (State.SUBMITTED, Action.EXPIRE): _way(State.EXPIRED, Part.PORTAL),
    (State.RECEIVED, Action.REQUEST_SUPPLEMENT): _way(
        State.SUPPLEMENT_REQUESTED, Part.CUSTODIAN, forwarded=False
    ),
    (State.RECEIVED, Action.NOT_FOUND): _way(State.NOT_FOUND, Part.CUSTODIAN, forwarded=False),
    (State.RECEIVED, Action.FORWARD): _way(State.RECEIVED, Part.CUSTODIAN, forwarded=False),
    (State.RECEIVED, Action.RECALL): _way(State.RECEIVED, Part.CUSTODIAN, forwarded=True),
    (State.RECEIVED, Action.REVIEW): _way(
        State.REVIEWED, Part.APPROVER, forwarded=True, last=False
    ),
    (State.RECEIVED, Action.APPROVE): _way(
        State.APPROVED, Part.APPROVER, forwarded=True, last=True
    ),
    (State.RECEIVED, Action.RETURN): _way(State.RECEIVED, Part.APPROVER, forwarded=True),
    (State.RECEIVED, Action.REFUSE): _way(State.REFUSED, Part.APPROVER, forwarded=True, last=True),
    (State.RECEIVED, Action.WITHDRAW): _way(State.WITHDRAWN, *_FILERS),
    (State.RECEIVED, Action.EXPIRE): _way(State.EXPIRED, Part.PORTAL),
    (State.SUPPLEMENT_REQUESTED, Action.SUPPLEMENT): _way(State.RECEIVED, *_FILERS),
    (State.SUPPLEMENT_REQUESTED, Action.RECALL): _way(State.RECEIVED, Part.CUSTODIAN),
    (State.SUPPLEMENT_REQUESTED, Action.WITHDRAW): _way(State.WITHDRAWN, *_FILERS),
    (State.SUPPLEMENT_REQUESTED, Action.EXPIRE): _way(State.EXPIRED, Part.PORTAL),
    (State.REVIEWED, Action.REVIEW): _way(
        State.REVIEWED, Part.APPROVER, forwarded=True, last=False
    ),
    (State.REVIEWED, Action.APPROVE): _way(
        State.APPROVED, Part.APPROVER, forwarded=True, last=True
    ),
    (State.REVIEWED, Action.RETURN): _way(State.RECEIVED, Part.APPROVER, forwarded=True),
    (State.REVIEWED, Action.REFUSE): _way(State.REFUSED, Part.APPROVER, forwarded=True, last=True),
    (State.REVIEWED, Action.WITHDRAW): _way(State.WITHDRAWN, *_FILERS),
    (State.REVIEWED, Action.EXPIRE): _way(State.EXPIRED, Part.PORTAL),
    (State.APPROVED, Action.HAND_OVER): _way(State.HANDED_OVER, Part.TRANSFEROR),
    (State.APPROVED, Action.EXPIRE): _way(State.EXPIRED, Part.PORTAL),
    (State.HANDED_OVER, Action.CLOSE): _way(State.CLOSED, Part.LISTENER, Part.PORTAL),
}

#: Nothing more happens to an application in one of these.
FINAL = frozenset({State.CLOSED, State.WITHDRAWN, State.NOT_FOUND, State.REFUSED, State.EXPIRED})
#: These end it without a recording for the applicant.
STOPPED = FINAL - {State.CLOSED}


@dataclass
class WrongState(Exception):
    """The action does not exist in the application's state; often somebody else was faster."""

    state: State
    action: Action

    def __str__(self) -> str:
        return (
            f"'{state_title(self.state)}' 상태에서는 '{action_title(self.action)}' 처리를 "
            "할 수 없습니다. "
            "다른 사람이 먼저 처리했을 수 있으니 현재 상태를 확인해 주십시오."
        )


def next_state(state: State, action: Action) -> State:
    """Where the action leads; raises `WrongState` where the table has no such way."""
    try:
        return TRANSITIONS[state, action].to
    except KeyError:
        raise WrongState(state, action) from None
