"""Real portal processes, killed by strace at calls that a seed chooses; the long version is
`python -m bench.crash`."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest

from bench.crash.harness import Stage
from bench.crash.scenes import BY_NAME
from bench.crash.trace import Injection

KILLS = {
    "taking in": [Injection("unlink", 4)],
    "deleting": [Injection("link", 1)],
}


@pytest.mark.parametrize("name", sorted(KILLS))
def test_the_order_on_the_disk_and_what_a_kill_leaves(name: str, tmp_path: Path) -> None:
    assert shutil.which("strace"), "apt-get install strace"
    stage = Stage(BY_NAME[name], tmp_path)

    assert stage.whole.code in (0, 1), stage.whole.said
    assert stage.order_problems() == []
    for inject in KILLS[name]:
        assert stage.counts[inject.call] >= inject.number
        landed, problems = stage.disturbed(inject)
        assert (landed, problems) == (True, []), inject


def test_the_same_seed_chooses_the_same_moments() -> None:
    class Counted(Stage):
        def __init__(self) -> None:
            self.counts = {"fsync": 40, "unlink": 12}

    chosen = [list(Counted().moments(random.Random("1 x"), 5)) for _ in range(2)]
    assert chosen[0] == chosen[1]
    assert {one.call for one in chosen[0]} <= {"fsync", "unlink"}
