"""Random people at random times: what the guideline promises holds after every step.

`HYPOTHESIS_PROFILE=long` walks for hundreds of stories; the suite walks the same few each time.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from conftest import _database
from portal.documents import render
from stories import filing
from stories.installation import LINES, Install, on_postgresql, on_sqlite
from stories.walk import Walk

_COMMON = {"deadline": None, "suppress_health_check": list(HealthCheck)}
PROFILES = {
    "suite": settings(
        max_examples=10, stateful_step_count=25, derandomize=True, database=None, **_COMMON
    ),
    "long": settings(max_examples=400, stateful_step_count=50, print_blob=True, **_COMMON),
    #: As long, but the first story that fails is told as it was, without searching a shorter one.
    "hunt": settings(max_examples=400, stateful_step_count=50, phases=(Phase.generate,), **_COMMON),
}
PROFILE = PROFILES[os.environ.get("HYPOTHESIS_PROFILE", "suite")]


@pytest.fixture(autouse=True)
def plain_papers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Papers are filled in and stored as always, but not typeset: that is tested elsewhere, and
    takes longer than everything else of a story."""
    monkeypatch.setattr(render, "_convert", lambda html: b"%PDF-1.7\n" + html.encode())
    monkeypatch.setattr(render, "check_pdf", lambda *_args: None)


def walk(install: Install, profile: settings) -> None:
    class Here(Walk):
        pass

    Here.install = staticmethod(install)  # type: ignore[assignment]
    run_state_machine_as_test(Here, settings=profile)


def test_whoever_tries_whatever_the_promises_hold(template: Path, tmp_path: Path) -> None:
    walk(on_sqlite(template, tmp_path), PROFILE)


def test_the_same_holds_on_postgresql(template: Path, tmp_path: Path, postgresql: str) -> None:
    few = settings(PROFILE, max_examples=2, stateful_step_count=20)
    walk(on_postgresql(template, tmp_path, postgresql, _database), few)


@pytest.mark.parametrize(
    ("kind", "kind_of", "line"), [("citizen", "inspection", 10), ("employee", "provision", 2)]
)
def test_everybody_tries_each_step_before_the_right_person_takes_it(
    template: Path, tmp_path: Path, kind: str, kind_of: str, line: int
) -> None:
    """Not at random: the whole road once, and before each step the whole cast at its door."""
    Walk.install = staticmethod(on_sqlite(template, tmp_path))  # type: ignore[assignment]
    story = Walk()
    try:
        story.begin(LINES[1], [])
        call = story.town.record([story.town.lines[line]], 5)
        able = [w for w in story.town.cast if filing.may_file_it([], kind, kind_of, call, w)]
        filing.file_it(story, kind, kind_of, call, able[0])
        matter = story.matters[0]
        while matter.state != "handed_over":
            story.at_the_door(matter)
        story.at_the_door(matter)
        story.everything_holds()
    finally:
        story.teardown()
