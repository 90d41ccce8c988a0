"""Every benchmark after the other, and one table of what came of it.

    python bench/every.py [--of 1.0] [--folder FOLDER]

`--of` is the share of the volume; the sizes of the benches that write files follow it. Each prints
its own figures first; the table says whether its targets were met, how long it took and the most
memory that it and its children held. Exit 1 where one missed.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).parent


def commands(share: float, folder: Path | None) -> dict[str, list[str]]:
    """By what the table calls it: the script and its arguments."""
    place = ["--folder", str(folder)] if folder else []
    kept = ["--keep", str(folder / "volume")] if folder else []
    of = ["--of", str(share)]
    return {
        "pages, SQLite": ["pages.py", *of, *kept],
        "pages, PostgreSQL": ["pages.py", *of, "--postgresql", *kept],
        "taking in": ["taking_in.py", *place],
        "deleting": ["deleting.py", "--recordings", str(int(33_000 * share)), *place],
        "playing": ["playing.py", *place],
        "printing": ["print_and_pages.py", "--rows", str(int(10_000 * share))],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--of", type=float, default=1.0)
    parser.add_argument("--folder", type=Path, help="on the disk that is to be measured")
    wanted = parser.parse_args()
    lines, missed = [], 0
    for name, (script, *arguments) in commands(wanted.of, wanted.folder).items():
        print(f"\n## {name}\n", flush=True)
        started = time.perf_counter()
        done = subprocess.run([sys.executable, HERE / script, *arguments], check=False)
        took = time.perf_counter() - started
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        missed += done.returncode != 0
        result = "met" if done.returncode == 0 else "missed"
        lines.append(f"| {name} | {result} | {took:.0f} | {peak:.0f} |")
    print("\n| bench | targets | seconds | peak MB so far |\n| --- | --- | --: | --: |")
    print("\n".join(lines))
    sys.exit(1 if missed else 0)


if __name__ == "__main__":
    main()
