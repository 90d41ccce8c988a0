"""One kill: a fresh copy of a scene, the command killed at a chosen call, the same command again,
and what must be true. A seed chooses the calls, so a failing run is repeated by its seed."""

from __future__ import annotations

import random
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bench.crash.scenes import Scene, always, config_of, make
from bench.crash.trace import WRITES, Injection, Ran, run, run_plainly

_ROOT = Path(__file__).resolve().parents[2]
#: `upgrade` leaves rows that the tests' filler made up: there is nothing to reconcile.
_MADE_UP = {"upgrade"}


@dataclass
class Result:
    """What a scene's kills found. `spread`: how many fell on which call."""

    scene: str
    kills: int = 0
    landed: int = 0
    full_disks: int = 0
    problems: list[str] = field(default_factory=list)
    calls: int = 0


class Stage:
    """A scene made once, copied for every kill."""

    def __init__(self, scene: Scene, folder: Path) -> None:
        self.scene = scene
        self._template = folder / "template"
        self._folder = folder
        make(scene, self._template)
        self.counts = {}
        self.whole = self._whole_run()
        self.counts = self.whole.counts()

    def order_problems(self) -> list[str]:
        """What is out of order in a run that nothing disturbs."""
        return [*self.scene.order(self.whole.calls, config_of(self._folder / "copy"))]

    def moments(self, chooser: random.Random, number: int) -> Iterator[Injection]:
        """Calls to be killed at, each kind of call as often as any other."""
        kinds = sorted(self.counts)
        for _ in range(number):
            kind = chooser.choice(kinds)
            yield Injection(kind, chooser.randint(1, self.counts[kind]))

    def full_disk(self, chooser: random.Random) -> Injection:
        """From a chosen write on, the disk is full."""
        kind = chooser.choice([name for name in WRITES if self.counts.get(name)])
        return Injection(kind, chooser.randint(1, self.counts[kind]), "error=ENOSPC")

    def disturbed(self, inject: Injection) -> tuple[bool, list[str]]:
        """Whether the process noticed, and what is wrong after the work was done again."""
        folder = self._fresh()
        first = self._run(folder, inject)
        self.scene.time_passes(config_of(folder))
        again = run_plainly(self.scene.command, self._environment(folder))
        found = [] if again.code in (0, 1) else [f"ended with {again.code}: {again.said[-300:]}"]
        config = config_of(folder)
        try:
            found += self.scene.holds(config)
            if self.scene.name not in _MADE_UP:
                found += always(config)
        except Exception as error:
            found.append(f"{type(error).__name__}: {error}")
        return first.was_killed or first.code != 0, found

    def _whole_run(self) -> Ran:
        return self._run(self._fresh())

    def _fresh(self) -> Path:
        folder = self._folder / "copy"
        if folder.exists():
            shutil.rmtree(folder)
        return Path(shutil.copytree(self._template, folder))

    def _run(self, folder: Path, inject: Injection | None = None) -> Ran:
        return run(self.scene.command, self._environment(folder), inject)

    @staticmethod
    def _environment(folder: Path) -> dict[str, str]:
        return {"PORTAL_DATA": str(folder), "PYTHONPATH": str(_ROOT)}


def torment(scene: Scene, *, kills: int, full_disks: int, seed: int) -> Result:
    """Everything that one seed does to one scene."""
    chooser = random.Random(f"{seed} {scene.name}")
    result = Result(scene.name)
    with tempfile.TemporaryDirectory(prefix="crash-") as folder:
        stage = Stage(scene, Path(folder))
        result.calls = sum(stage.counts.values())
        result.problems += stage.order_problems()
        injections = [*stage.moments(chooser, kills)]
        injections += [stage.full_disk(chooser) for _ in range(full_disks)]
        for inject in injections:
            landed, problems = stage.disturbed(inject)
            result.kills += inject.action == "signal=KILL"
            result.full_disks += inject.action != "signal=KILL"
            result.landed += landed
            result.problems += [f"{inject}: {problem}" for problem in problems]
    return result
