"""What is asked of all recordings or of ten years: counted ahead where that takes long."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from sqlalchemy import Select, exists, func, literal_column, select, union_all

from portal import clock
from portal.applications.models import Application, ApprovalStep
from portal.applications.states import State
from portal.compliance.check import number_of, numbers_by
from portal.documents.text import korean_datetime
from portal.extensions import db
from portal.figures.counted import Count, Figure
from portal.handover.models import HandoverReceipt
from portal.ledger.models import LedgerRow
from portal.ledger.write_row import SERIES
from portal.numbers import SerialCounter
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


def _late() -> Select[int]:
    """Recordings past their day of which a row is left. Their keys and files are looked at anew."""
    return number_of(
        Recording, Recording.delete_on <= clock.today(), Recording.destroyed_at.is_(None)
    )


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


def _course(rows: int, handed: int, undecided: int, twice: int, *without: int) -> dict[str, int]:
    return {
        "rows": rows,
        "handed": handed,
        "undecided": undecided,
        "twice": twice,
        "without_row": max(without),
    }


def _gaps() -> list[int]:
    """Years whose rows are not numbered 1 to the last number drawn."""
    rows: Any = select(
        LedgerRow.year, func.count(), func.max(LedgerRow.serial), literal_column("0")
    )
    last = SerialCounter.last
    drawn: Any = select(SerialCounter.year, last, last, literal_column("1"))
    both = union_all(rows.group_by(LedgerRow.year), drawn.where(SerialCounter.series == SERIES))
    found: dict[int, tuple[int, int]] = {}
    expected: dict[int, tuple[int, int]] = {}
    for year, number, highest, is_drawn in db.session.execute(both):
        (expected if is_drawn else found)[year] = number, highest
    years = sorted(found.keys() | expected.keys())
    return [year for year in years if found.get(year, (0, 0)) != expected.get(year, (0, 0))]


#: The numbers that a figure is made of, and how.
_MADE_OF: dict[str, tuple[Callable[[], Sequence[Select[int]]], Callable[..., Any]]] = {
    "compliance.handed": (
        lambda: (
            number_of(LedgerRow),
            _handed(),
            _undecided(),
            _decided_twice(),
            *_without_row(),
        ),
        _course,
    ),
    "compliance.late": (lambda: (_late(),), int),
    "compliance.records_due": (lambda: (count_due(),), int),
}


#: What the worker counted (`made_ahead`).
Made = Mapping[str, Figure]


class Sought:
    """One of these figures for a check: `asked` is what is left to ask where it is not counted
    ahead; the numbers that come of it are given to `told`."""

    def __init__(self, name: str, made: Made) -> None:
        self._numbers, self._make = _MADE_OF[name]
        self._ahead = made.get(name)

    def asked(self) -> Sequence[Select[int]]:
        return () if self._ahead else self._numbers()

    def told(self, numbers: Sequence[int]) -> Figure:
        return self._ahead or Figure(self._make(*numbers), None)


def _counted(name: str) -> Any:
    """For the worker."""
    numbers, make = _MADE_OF[name]
    return make(*db.session.execute(select(*(n.scalar_subquery() for n in numbers()))).one())


FIGURES: dict[str, Count] = {
    "compliance.notices": _notices,
    "compliance.gaps": _gaps,
    **{name: partial(_counted, name) for name in _MADE_OF},
}


def notices(made: Made) -> Figure:
    """How many living calls there are by what was said of the recording (제6조)."""
    return made.get("compliance.notices") or Figure(_notices(), None)


def years_with_gaps(made: Made) -> Figure:
    """Years whose rows of the ledger are not numbered 1 to the last number drawn (제7조④)."""
    return made.get("compliance.gaps") or Figure(_gaps(), None)


def as_of(shown: Figure) -> str:
    """` (2026. 11. 24. 14:00에 셈)` behind a figure that was counted ahead."""
    if shown.counted_at is None:
        return ""
    return f" ({korean_datetime(clock.seoul(shown.counted_at))}에 셈)"
