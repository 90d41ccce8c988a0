"""What is asked of all recordings or of ten years: counted ahead where that takes long."""

from __future__ import annotations

from sqlalchemy import exists, func, select

from portal import clock
from portal.applications.models import Application, ApprovalStep
from portal.applications.states import State
from portal.compliance.check import count, number_of, numbers_by
from portal.documents.text import korean_datetime
from portal.figures.counted import Count, Figure, figure
from portal.handover.models import HandoverReceipt
from portal.ledger.models import LedgerRow
from portal.recordings.models import Recording
from portal.retention.records_due import number_due

HANDED = (State.HANDED_OVER, State.CLOSED)


def _notices() -> dict[str, int]:
    kinds = (
        select(Recording.prior_notice, func.count())
        .where(Recording.is_alive)
        .group_by(Recording.prior_notice)
    )
    return numbers_by(kinds)


def _handed() -> int:
    return count(number_of(Application, Application.state.in_(HANDED)))


def _undecided() -> int:
    """Applications handed over although a step of their 결재 is open."""
    waiting = select(ApprovalStep.application_id).where(ApprovalStep.decided_at.is_(None))
    return count(number_of(Application, Application.id.in_(waiting), Application.state.in_(HANDED)))


def _decided_twice() -> int:
    """Applications of which one person filled two columns of the 결재."""
    twice = (
        select(ApprovalStep.application_id)
        .where(ApprovalStep.decided_by_id.is_not(None))
        .group_by(ApprovalStep.application_id, ApprovalStep.decided_by_id)
        .having(func.count() > 1)
        .subquery()
    )
    return count(select(func.count()).select_from(twice))


def _without_row() -> int:
    """Handovers that the ledger does not have, by the application or by the receipt."""
    entered = exists().where(LedgerRow.application_id == Application.id)
    missing = count(number_of(Application, Application.state.in_(HANDED), ~entered))
    entered = exists().where(LedgerRow.application_id == HandoverReceipt.application_id)
    handed_over = HandoverReceipt.handed_over_at.is_not(None)
    return max(missing, count(number_of(HandoverReceipt, handed_over, ~entered)))


def _course() -> dict[str, int]:
    return {"handed": _handed(), "twice": _decided_twice(), "without_row": _without_row()}


FIGURES: dict[str, Count] = {
    "compliance.notices": _notices,
    "compliance.course": _course,
    "compliance.undecided": _undecided,
    "compliance.records_due": number_due,
}


def told(name: str) -> Figure:
    """One of `FIGURES`."""
    return figure(name, FIGURES[name])


def as_of(shown: Figure) -> str:
    """` (2026. 11. 24. 14:00에 셈)` behind a figure that was counted ahead."""
    if shown.counted_at is None:
        return ""
    return f" ({korean_datetime(clock.seoul(shown.counted_at))}에 셈)"
