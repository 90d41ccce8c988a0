"""One trial: a fresh copy of a scene, the command disturbed, the same command again, and what must
be true. A seed chooses the moments, so a failing run is repeated by its seed."""

from __future__ import annotations

import random
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bench.crash.scenes import Scene, always, config_of, make
from bench.crash.trace import Injection, Ran, run, run_plainly

ROOT = Path(__file__).resolve().parents[2]
#: `upgrade` leaves rows that the tests' filler made up: there is nothing to reconcile.
_MADE_UP = {"upgrade"}


@dataclass
class Result:
    """What came of a scene: trials and those that were felt, by kind; kills by call."""

    scene: str
    calls: int = 0
    trials: Counter[str] = field(default_factory=Counter)
    felt: Counter[str] = field(default_factory=Counter)
    killed_at: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)
    seconds: float = 0.0


class Stage:
    """A scene made once, copied for every trial."""

    def __init__(self, scene: Scene, folder: Path) -> None:
        self.scene = scene
        self._template = folder / "template"
        self.folder = folder
        make(scene, self._template)
        self.counts: Counter[str] = Counter()
        self.whole = self._whole_run()
        self.counts = self.whole.counts()

    def problems_undisturbed(self) -> list[str]:
        """What is wrong with a run that nothing disturbs, its order on the disk among it."""
        config = config_of(self.folder / "copy")
        found = self._ending(self.whole)
        if not self.counts:
            found.append("it makes nothing durable: there is no moment to kill it at")
        found += self.scene.order(self.whole.calls, config)
        return [*found, *self._untrue()]

    def moments(self, chooser: random.Random, number: int) -> Iterator[Injection]:
        """Calls to be killed at, each kind of call as often as any other."""
        kinds = sorted(self.counts)
        for _ in range(number):
            kind = chooser.choice(kinds)
            yield Injection(kind, chooser.randint(1, self.counts[kind]))

    def disturbed(self, inject: Injection) -> tuple[bool, list[str]]:
        """Whether the process was killed, and what is wrong after the work was done again."""
        self.fresh()
        first = self.run(inject)
        return first.was_killed, self.done_again()

    def done_again(self) -> list[str]:
        """The command once more, undisturbed, as the next round of the worker would; then what
        must be true."""
        self.scene.time_passes(config_of(self.folder / "copy"))
        return [*self._ending(self.run_plainly()), *self._untrue()]

    def fresh(self) -> Path:
        copy = self.folder / "copy"
        if copy.exists():
            shutil.rmtree(copy)
        return Path(shutil.copytree(self._template, copy))

    def run(self, inject: Injection | None = None) -> Ran:
        return run(self.scene.command, self.environment, inject)

    def run_plainly(self, *before: str) -> Ran:
        """Unwatched; `before` stands before the command (`unshare …`)."""
        return run_plainly(self.scene.command, self.environment, before)

    @property
    def environment(self) -> dict[str, str]:
        return {"PORTAL_DATA": str(self.folder / "copy"), "PYTHONPATH": str(ROOT)}

    def _whole_run(self) -> Ran:
        self.fresh()
        return self.run()

    def _ending(self, ran: Ran) -> list[str]:
        if ran.code in self.scene.codes and "Traceback" not in ran.said:
            return []
        return [f"ended with {ran.code}: {ran.said[-600:]}"]

    def _untrue(self) -> list[str]:
        config = config_of(self.folder / "copy")
        found = []
        try:
            found += self.scene.holds(config)
            if self.scene.name not in _MADE_UP:
                found += always(config)
        except Exception as error:
            found.append(f"{type(error).__name__}: {error}")
        return found


def torment(scene: Scene, *, kills: int, others: dict[str, int], seed: int) -> Result:
    """Everything that one seed does to one scene. A scene in which no kill landed is a failure."""
    from bench.crash.trials import TRIALS

    began = time.monotonic()
    chooser = random.Random(f"{seed} {scene.name}")
    result = Result(scene.name)
    with tempfile.TemporaryDirectory(prefix="crash-") as folder:
        stage = Stage(scene, Path(folder))
        result.calls = sum(stage.counts.values())
        result.problems += [f"undisturbed: {one}" for one in stage.problems_undisturbed()]
        if not stage.counts:
            return result
        for inject in stage.moments(chooser, kills):
            landed, problems = stage.disturbed(inject)
            result.trials["kill"] += 1
            result.felt["kill"] += landed
            result.killed_at[inject.call] += landed
            result.problems += [f"{inject}: {problem}" for problem in problems]
        for kind, number in others.items():
            for felt, problems in TRIALS[kind](stage, chooser, number):
                result.trials[kind] += 1
                result.felt[kind] += felt
                result.problems += [f"{kind}: {problem}" for problem in problems]
    if kills and not result.felt["kill"]:
        result.problems.append("no kill landed: nothing was tried")
    result.seconds = time.monotonic() - began
    return result
