"""Which figures the worker counts ahead."""

from __future__ import annotations

from portal.compliance import history
from portal.dashboard import recordings
from portal.figures.counted import Count, count_ahead

FIGURES: dict[str, Count] = {**recordings.FIGURES, **history.FIGURES}


def count_figures() -> None:
    count_ahead(FIGURES)
