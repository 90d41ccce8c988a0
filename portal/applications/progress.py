"""Where an application stands, in words: steps, history, and what happens next."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Protocol

from portal import clock
from portal.applications.models import Application, Transition
from portal.applications.states import (
    FINAL,
    STOPPED,
    Action,
    State,
    action_title,
    state_title,
)
from portal.documents.text import korean_date, korean_datetime
from portal.runtime import settings
from portal.words import worded

Item = dict[str, Any]


class Dated(Protocol):
    """An application, or what a list has read of it."""

    @property
    def due_on(self) -> date | None: ...
    @property
    def state(self) -> str: ...


_NEXT = {
    State.DRAFT: "작성을 마치고 신청하십시오. 신청하기 전에는 아무에게도 보이지 않습니다.",
    State.SUBMITTED: (
        "{department}의 담당자가 접수하여 신분과 증명서류를 확인하고 {recording:을/를} 찾습니다."
    ),
    State.RECEIVED: "담당자가 해당 {recording:을/를} 찾아 결재에 올립니다.",
    State.SUPPLEMENT_REQUESTED: "보완을 요구받았습니다. 아래 내용을 보고 기한까지 보완하십시오.",
    State.APPROVED: "인계·인수증({forms.receipt})을 작성하고 양쪽이 서명하면 들을 수 있습니다.",
    State.HANDED_OVER: "정해진 기간 안에 {information:을/를} 들을 수 있습니다.",
    State.CLOSED: (
        "열람이 끝났습니다. 알게 된 내용은 신청한 목적에만 쓸 수 있습니다 ({articles.recipient})."
    ),
    State.WITHDRAWN: "신청을 취하하여 처리가 끝났습니다. 필요하면 다시 신청할 수 있습니다.",
    State.NOT_FOUND: "신청한 통화의 {information:을/를} 찾지 못하여 처리가 끝났습니다.",
    State.REFUSED: "신청이 거절되었습니다.",
    State.EXPIRED: "인계하기 전에 보관기간이 끝나 {information:이/가} 자동 삭제되었습니다.",
}
#: 제공: a file is taken away, and ends with its destruction (제10조).
_NEXT_OF_PROVISION = {
    State.APPROVED: "인계·인수증({forms.receipt})을 작성하고 양쪽이 서명하면 받을 수 있습니다.",
    State.HANDED_OVER: (
        "제공 파일을 받고, 목적을 이루면 파기한 뒤 파기확인을 합니다 ({articles.recipient})."
    ),
    State.CLOSED: (
        "제공이 끝났습니다. 알게 된 내용은 신청한 목적에만 쓸 수 있습니다 ({articles.recipient})."
    ),
}


def next_words(application: Application) -> str:
    """One sentence on what happens next, and by whom."""
    step = application.current_step
    if step is not None:
        return f"{step.title}의 결재를 기다립니다."
    state = State(application.state)
    if application.disclosure_type == "provision" and state in _NEXT_OF_PROVISION:
        return worded(_NEXT_OF_PROVISION[state])
    return worded(_NEXT.get(state, "결재를 기다립니다."))


def outcome_of(application: Application) -> Transition | None:
    """What ended it without a recording for the applicant, with the reason as its opinion."""
    ended = application.state in STOPPED and application.transitions
    return application.transitions[-1] if ended else None


def days_left(application: Dated) -> int | None:
    """Whole days until the due date (negative: past); None for drafts and what is finished.

    Nor while the applicant is to answer a 보완요구: that time does not count.
    """
    if application.due_on is None or application.state in FINAL:
        return None
    if application.state in (State.HANDED_OVER, State.SUPPLEMENT_REQUESTED):
        return None
    return (application.due_on - clock.today()).days


def steps_of(application: Application) -> list[Item]:
    """The way from filing to the end as `steps()` of the components takes it."""
    labels = ["신청", "접수", *approval_titles(application), "인계·인수", "완료"]
    state = State(application.state)
    stopped = state in STOPPED
    reached = _reached(application, len(labels))
    items = []
    for position, label in enumerate(labels):
        mark = "done" if position < reached else "todo"
        if position == reached and state != State.CLOSED:
            mark = "stopped" if stopped else "current"
        detail = state_title(state) if mark == "stopped" else _when(application, position)
        items.append({"label": label, "detail": detail, "state": mark})
    return items


def approval_titles(application: Application) -> list[str]:
    """What the columns of the 결재 are called: of this application, else as the settings stand."""
    if application.steps:
        titles = [step.title for step in application.steps]
    else:
        snapshot: dict[str, Any] = application.settings_snapshot or {}
        asked = snapshot.get("approval", {}).get("steps", [])
        titles = [step["title"] for step in asked]
    titles = titles or [step.title for step in settings().approval.steps]
    return [*(f"{title} 검토" for title in titles[:-1]), f"{titles[-1]} 승인"]


def events_of(application: Application, *, facts: bool = True) -> list[Item]:
    """The history, oldest first, as `timeline()` of the components takes it.

    `facts`: with what was corrected, for those who may read the application itself.
    """
    return [_event(transition, facts) for transition in application.transitions]


def _event(transition: Transition, facts: bool) -> Item:
    tones = {
        Action.REFUSE: "danger",
        Action.EXPIRE: "danger",
        Action.RETURN: "warning",
        Action.REQUEST_SUPPLEMENT: "warning",
    }
    return {
        "at": korean_datetime(transition.at),
        "title": _title(transition),
        "who": transition.by.name if transition.by else "자동 처리",
        "capacity": transition.capacity,
        "opinion": transition.opinion,
        "changes": (transition.changes or []) if facts else [],
        "tone": tones.get(Action(transition.action), ""),
    }


def _title(transition: Transition) -> str:
    provision = transition.application.disclosure_type == "provision"
    if provision and transition.action == Action.CLOSE:
        return "제공 종료"  # the opinion says by what: 파기확인, or deleted before anybody took it
    return action_title(Action(transition.action))


def _reached(application: Application, count: int) -> int:
    """The position of the step that is due now."""
    decided = sum(step.decided_at is not None for step in application.steps)
    state = State(application.state)
    if state in STOPPED:
        return _stopped_at(application, decided)
    if application.is_with_approvers:
        return 2 + decided
    return {
        State.DRAFT: 0,
        State.SUBMITTED: 1,
        State.RECEIVED: 1,
        State.SUPPLEMENT_REQUESTED: 1,
        State.REVIEWED: 2 + decided,
        State.APPROVED: count - 2,
        State.HANDED_OVER: count - 1,
        State.CLOSED: count,
    }[state]


def _stopped_at(application: Application, decided: int) -> int:
    if application.decided_at and application.state == State.EXPIRED:
        return 2 + len(application.steps)
    if application.state == State.REFUSED:
        return 2 + max(decided - 1, 0)
    return 2 + decided if application.forwarded_at else 1


def _when(application: Application, position: int) -> str:
    ends = (State.HANDED_OVER, State.CLOSED)
    moments = [
        application.submitted_at,
        application.received_at,
        *(step.decided_at for step in application.steps),
        *(_came_to(application, state) for state in ends if application.steps),
    ]
    moment = moments[position] if position < len(moments) else None
    return korean_date(moment) if moment else ""


def _came_to(application: Application, state: State) -> datetime | None:
    return next((t.at for t in application.transitions if t.to_state == state), None)
