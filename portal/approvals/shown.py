"""The 결재란 and the facts of the open application, as the components take them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from portal import clock
from portal.applications.models import Application, ApprovalStep
from portal.applications.states import Action, action_title
from portal.approvals.decide import WAITING, is_last
from portal.approvals.standing import ACTING

APPLICANTS = {
    "employee": "직원",
    "citizen": "민원인",
    "organisation": "기관·단체",
    "proxy": "대리인",
    "legal_representative": "법정대리인",
}


def approval_line_of(application: Application) -> list[dict[str, str]]:
    """A column per step after the custodian's 접수: title, name, time, word, state, note."""
    received = application.received_by
    first = {
        "title": "담당",
        "name": received.name if received else "",
        "at": _short(application.received_at),
        "word": "접수",
        "state": "done",
    }
    return [first, *(_column(step, application) for step in application.steps)]


def _column(step: ApprovalStep, application: Application) -> dict[str, str]:
    if step.decided_by is not None:
        action = _action_of(step, application)
        return {
            "title": step.title,
            "name": step.decided_by.name,
            "at": _short(step.decided_at),
            "word": action_title(action),
            "state": "stopped" if action == Action.REFUSE else "done",
            "note": ", ".join(_notes(step)),
        }
    word = "결정" if is_last(step) else "검토"
    current = step is application.current_step and application.state in WAITING
    return {
        "title": step.title,
        "word": f"{word} 차례" if current else f"{word} 예정",
        "state": "current" if current else "todo",
    }


def _notes(step: ApprovalStep) -> list[str]:
    acting = [ACTING] if step.capacity == ACTING else []
    return [*acting, *(["의견"] if step.opinion else [])]


def _action_of(step: ApprovalStep, application: Application) -> Action:
    found = [t for t in application.transitions if t.by_id == step.decided_by_id]
    same = [t for t in found if t.at == step.decided_at]
    return Action((same or found)[-1].action) if found else Action.REVIEW


def calls_of(application: Application) -> list[dict[str, Any]]:
    """The matched recordings: their file number, the call, and days until the deletion."""
    today = clock.today()
    return [
        {
            "number": f"{application.control_no}-{match.position:02d}",
            "recording": match.recording,
            "days": (match.recording.delete_on - today).days,
        }
        for match in application.matches
    ]


def _short(moment: datetime | None) -> str:
    """`11. 22. 10:31`: a column of the 결재란 is narrow."""
    if moment is None:
        return ""
    local = clock.seoul(moment)
    return f"{local.month}. {local.day}. {local:%H:%M}"
