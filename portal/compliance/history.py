"""What is asked of all recordings or of ten years: counted ahead where that takes long."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from sqlalchemy import Select, exists, func, select

from portal import clock
from portal.applications.models import Application, ApprovalStep
from portal.applications.states import State
from portal.compliance.check import number_of, numbers_by
from portal.documents.text import korean_datetime
from portal.extensions import db
from portal.figures.counted import Count, Figure
from portal.handover.models import HandoverReceipt
from portal.ledger.models import LedgerRow
from portal.recordings.models import Recording
from portal.retention.records_due import count_due

HANDED = (State.HANDED_OVER, State.CLOSED)


def _notices() -> dict[str, int]:
    kinds = (
        select(Recording.prior_notice, func.count())
        .where(Recording.is_alive)
        .group_by(Recording.prior_notice)
    )
    return numbers_by(kinds)


def _handed() -> Select[int]:
    return number_of(Application, Application.state.in_(HANDED))


def _undecided() -> Select[int]:
    """Applications handed over although a step of their 결재 is open."""
    waiting = select(ApprovalStep.application_id).where(ApprovalStep.decided_at.is_(None))
    return number_of(Application, Application.id.in_(waiting), Application.state.in_(HANDED))


def _decided_twice() -> Select[int]:
    """Applications of which one person filled two columns of the 결재."""
    twice = (
        select(ApprovalStep.application_id)
        .where(ApprovalStep.decided_by_id.is_not(None))
        .group_by(ApprovalStep.application_id, ApprovalStep.decided_by_id)
        .having(func.count() > 1)
        .subquery()
    )
    return select(func.count()).select_from(twice)


def _without_row() -> tuple[Select[int], Select[int]]:
    """Handovers that the ledger does not have, by the application and by the receipt."""
    entered = exists().where(LedgerRow.application_id == Application.id)
    missing = number_of(Application, Application.state.in_(HANDED), ~entered)
    entered = exists().where(LedgerRow.application_id == HandoverReceipt.application_id)
    handed_over = HandoverReceipt.handed_over_at.is_not(None)
    return missing, number_of(HandoverReceipt, handed_over, ~entered)


def _course(handed: int, twice: int, *without: int) -> dict[str, int]:
    return {"handed": handed, "twice": twice, "without_row": max(without)}


#: The numbers that a figure is made of, and how.
_MADE_OF: dict[str, tuple[Callable[[], Sequence[Select[int]]], Callable[..., Any]]] = {
    "compliance.course": (lambda: (_handed(), _decided_twice(), *_without_row()), _course),
    "compliance.undecided": (lambda: (_undecided(),), int),
    "compliance.records_due": (lambda: (count_due(),), int),
}


#: What the worker counted (`made_ahead`).
Made = Mapping[str, Figure]


class Sought:
    """One of these figures for a check: `asked` is what is left to ask where it is not counted
    ahead; the numbers that come of it are given to `told`."""

    def __init__(self, name: str, made: Made) -> None:
        numbers, self._make = _MADE_OF[name]
        self._ahead = made.get(name)
        self.asked = () if self._ahead else numbers()

    def told(self, numbers: Sequence[int]) -> Figure:
        return self._ahead or Figure(self._make(*numbers), None)


def _counted(name: str) -> Any:
    """For the worker."""
    numbers, make = _MADE_OF[name]
    return make(*db.session.execute(select(*(n.scalar_subquery() for n in numbers()))).one())


FIGURES: dict[str, Count] = {
    "compliance.notices": _notices,
    **{name: partial(_counted, name) for name in _MADE_OF},
}


def notices(made: Made) -> Figure:
    """How many living calls there are by what was said of the recording (제6조)."""
    return made.get("compliance.notices") or Figure(_notices(), None)


def as_of(shown: Figure) -> str:
    """` (2026. 11. 24. 14:00에 셈)` behind a figure that was counted ahead."""
    if shown.counted_at is None:
        return ""
    return f" ({korean_datetime(clock.seoul(shown.counted_at))}에 셈)"
