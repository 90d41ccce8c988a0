"""Which figures the worker counts ahead."""

from __future__ import annotations

from portal.compliance import history
from portal.dashboard import cases, recordings
from portal.figures.counted import Count, count_ahead

FIGURES: dict[str, Count] = {**recordings.FIGURES, **cases.FIGURES, **history.FIGURES}


def count_figures() -> None:
    count_ahead(FIGURES)
