"""Real portal processes, killed and frozen by strace at calls that a seed chooses; the long version
is `python -m bench.crash`."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest

from bench.crash.harness import Stage, torment
from bench.crash.scenes import BY_NAME, Scene
from bench.crash.trace import Injection
from bench.crash.trials import frozen

KILLS = {
    "taking in": [Injection("unlink", 4)],
    "deleting": [Injection("link", 1)],
}


@pytest.mark.parametrize("name", sorted(KILLS))
def test_the_order_on_the_disk_and_what_a_kill_leaves(name: str, tmp_path: Path) -> None:
    assert shutil.which("strace"), "apt-get install strace"
    stage = Stage(BY_NAME[name], tmp_path)

    assert stage.problems_undisturbed() == []
    for inject in KILLS[name]:
        assert stage.counts[inject.call] >= inject.number
        landed, problems = stage.disturbed(inject)
        assert (landed, problems) == (True, []), inject


def test_a_worker_frozen_past_its_lease_does_nothing_twice_when_it_goes_on(tmp_path: Path) -> None:
    class AtTheRename(Stage):
        def moments(self, chooser: random.Random, number: int):  # type: ignore[no-untyped-def]
            return iter([Injection("rename", 1)])

    stage = AtTheRename(BY_NAME["packaging"], tmp_path)

    assert list(frozen(stage, random.Random(1), 1)) == [(True, [])]


def test_a_scene_in_which_nothing_can_be_killed_is_a_failure() -> None:
    idle = Scene(
        "idle", ["portal.cli", "--help"], lambda _: None, lambda _: iter(()), lambda *_: []
    )

    result = torment(idle, kills=1, others={}, seed=1)

    assert any("no moment to kill" in problem for problem in result.problems)


def test_the_same_seed_chooses_the_same_moments() -> None:
    class Counted(Stage):
        def __init__(self) -> None:
            self.counts = {"fsync": 40, "unlink": 12}

    chosen = [list(Counted().moments(random.Random("1 x"), 5)) for _ in range(2)]
    assert chosen[0] == chosen[1]
    assert {one.call for one in chosen[0]} <= {"fsync", "unlink"}
