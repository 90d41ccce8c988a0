"""Kill real portal processes at chosen calls, by the hundred.

    python -m bench.crash [--seed 1] [--kills 24] [--full-disks 4] [--scene "taking in"]

Prints a line a scene; exit 1 where something was lost, doubled, left or out of order. The same
seed does the same again.
"""

from __future__ import annotations

import argparse
import sys
from concurrent.futures import ProcessPoolExecutor
from functools import partial

from bench.crash.harness import Result, torment
from bench.crash.scenes import BY_NAME, SCENES


def one(name: str, *, kills: int, full_disks: int, seed: int) -> Result:
    return torment(BY_NAME[name], kills=kills, full_disks=full_disks, seed=seed)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kills", type=int, default=24)
    parser.add_argument("--full-disks", type=int, default=4)
    parser.add_argument("--scene", choices=sorted(BY_NAME))
    asked = parser.parse_args()
    names = [asked.scene] if asked.scene else [scene.name for scene in SCENES]
    work = partial(one, kills=asked.kills, full_disks=asked.full_disks, seed=asked.seed)
    bad = 0
    with ProcessPoolExecutor(2) as pool:
        for result in pool.map(work, names):
            print(
                f"{result.scene:14} {result.calls:4} calls  {result.kills:3} kills  "
                f"{result.full_disks:2} full disks  {result.landed:3} landed  "
                f"{len(result.problems)} problems",
                flush=True,
            )
            for problem in result.problems:
                print(f"    {problem}")
            bad += len(result.problems)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
