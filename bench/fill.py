"""Fill an empty folder with the volumes of a larger city, to look at it or to measure it.

    python bench/fill.py FOLDER [--of 1.0] [--database-url ADDRESS] [--seed 1]

Then `PORTAL_DATA=FOLDER portal serve`. The logins are those of the demo, without sound.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from volume.fill import Volume, make


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--of", type=float, default=1.0)
    parser.add_argument("--database-url")
    parser.add_argument("--seed", type=int, default=1)
    wanted = parser.parse_args()
    started = time.perf_counter()
    volume = Volume().of(wanted.of)
    make(wanted.folder, wanted.database_url, volume, wanted.seed)
    print(f"{volume} in {time.perf_counter() - started:.0f} s")


if __name__ == "__main__":
    main()
