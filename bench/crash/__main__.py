"""Kill, freeze and starve real portal processes, by the hundred.

    python -m bench.crash [--seed 1] [--kills 24] [--others 2] [--scene "taking in"]

Prints a line a scene: kills that landed, what else was tried and felt (`bench/crash/trials.py`).
Exit 1 where something was lost, doubled, left or out of order, or where no kill landed. The same
seed does the same again.
"""

from __future__ import annotations

import argparse
import sys
from concurrent.futures import ProcessPoolExecutor
from functools import partial

from bench.crash.harness import Result, torment
from bench.crash.scenes import BY_NAME, SCENES
from bench.crash.trials import TRIALS, can_mount


def one(name: str, *, kills: int, others: int, seed: int) -> Result:
    most = {"key file": 3, "read-only": 1, "no database": 1, "two at once": 1}
    numbers = {kind: min(others, 1) * most.get(kind, others) for kind in TRIALS}
    return torment(BY_NAME[name], kills=kills, others=numbers, seed=seed)


def told(result: Result) -> str:
    """`taking in  316 calls  24/24 kills  frozen 2/2 …  0 problems  63 s`: felt of tried."""
    others = (f"{kind} {result.felt[kind]}/{n}" for kind, n in result.trials.items())
    return (
        f"{result.scene:13} {result.calls:4} calls  {', '.join(others)}  "
        f"{len(result.problems)} problems  {result.seconds:.0f} s"
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kills", type=int, default=24)
    parser.add_argument("--others", type=int, default=2)
    parser.add_argument("--scene", choices=sorted(BY_NAME))
    asked = parser.parse_args()
    names = [asked.scene] if asked.scene else [scene.name for scene in SCENES]
    work = partial(one, kills=asked.kills, others=asked.others, seed=asked.seed)
    results = []
    with ProcessPoolExecutor(2) as pool:
        for result in pool.map(work, names):
            print(told(result), flush=True)
            for problem in result.problems:
                print(f"    {problem}", flush=True)
            results.append(result)
    return summed_up(results)


def summed_up(results: list[Result]) -> int:
    runs = sum(result.trials.total() for result in results)
    landed = sum(result.felt["kill"] for result in results)
    at = sum((result.killed_at for result in results), results[0].killed_at.__class__())
    problems = sum(len(result.problems) for result in results)
    disks = "real" if can_mount() else "by failing calls"
    print(
        f"FIGURES {runs} runs, {landed} kills landed of "
        f"{sum(result.trials['kill'] for result in results)} "
        f"({', '.join(f'{call} {n}' for call, n in at.most_common())}), disks {disks}, "
        f"{problems} problems"
    )
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
