"""Sixteen people at once, on both databases: no error, nothing lost, no number twice."""

from __future__ import annotations

import os
import sys

from flask import Flask

from portal.extensions import db
from trust.people import work as working_day
from trust.people import wrong

#: `bench/people.py` asks for a minute.
_SECONDS = float(os.environ.get("PORTAL_PEOPLE_S", "4"))


def test_sixteen_people_at_once_lose_and_double_nothing(app: Flask) -> None:
    day = working_day(app, _SECONDS)
    sys.stdout.write(
        f"\nFIGURES {db.engine.dialect.name}: 16 people, {day.deeds} deeds in {day.seconds:.0f} s "
        f"({day.deeds / day.seconds:.0f}/s), {dict(day.done)}, came second {day.second}, "
        f"{len(day.errors)} errors\n"
    )
    assert wrong(day) == []
    assert day.done["file"] > 0
