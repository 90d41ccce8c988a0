"""How the files of a deletion day's key are named."""

import re
from contextlib import suppress
from datetime import date
from pathlib import Path

_DAY_NAME = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def key_name(day: date) -> str:
    return f"{day:%Y-%m-%d}.age"


def marker_name(day: date) -> str:
    return f"{day:%Y-%m-%d}.destroyed"


def day_of_name(name: str) -> date | None:
    """The day a file or folder is named after, `2026-12-24`; None for any other name."""
    if _DAY_NAME.fullmatch(name):
        with suppress(ValueError):
            return date.fromisoformat(name)
    return None


def days_of(folder: Path, pattern: str) -> list[date]:
    """The days of the files in `folder` that match, in order; none if it is not there."""
    names = (path.stem for path in folder.glob(pattern))
    return sorted(day for name in names if (day := day_of_name(name)) is not None)
