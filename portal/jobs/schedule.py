"""What the worker does again and again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from portal.jobs.clean_sessions import clean_sessions
from portal.recordings.intake import Intake
from portal.retention import purge

#: Asked between two pieces of work: true when the worker is to stop.
Stop = Callable[[], bool]
_INTAKE_BUDGET_S = 5.0


@dataclass(frozen=True)
class Task:
    """`run(stop)` every `every_s` seconds, and where so marked right after each Seoul midnight.

    It answers true when work is left that cannot wait for the next turn.
    """

    name: str
    every_s: float
    run: Callable[[Stop], bool]
    at_midnight: bool = False


def tasks() -> list[Task]:
    """The tasks of one worker, most urgent first."""
    return [
        Task("retention", 30, _purge, at_midnight=True),
        Task("intake", 2, _intake()),
        Task("sessions", 60, _clean),
    ]


def _intake() -> Callable[[Stop], bool]:
    intake = Intake()

    # A budget: deletion must not wait behind ten thousand files.
    def take_in(stop: Stop) -> bool:
        return intake.round(_INTAKE_BUDGET_S, stop).unfinished

    return take_in


def _purge(_stop: Stop) -> bool:
    """Raises `RuntimeError` for a day that could not be finished, so that the job shows it."""
    if failed := purge.run().failed:
        raise RuntimeError(f"{len(failed)} days were not destroyed to the end")
    return False


def _clean(_stop: Stop) -> bool:
    clean_sessions()
    return False
