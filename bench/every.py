"""Every benchmark after the other, and one table of what came of it.

    python bench/every.py [--of 1.0] [--folder FOLDER]

`--of` is the share of the volume; the sizes of the benches that write files follow it. Each prints
its own figures first; the table then holds each figure beside its target, and how long each bench
took with the most memory that it or a child of it held. Exit 1 where one missed.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import time
from pathlib import Path

from figures import MARK

HERE = Path(__file__).parent


def commands(share: float, folder: Path | None) -> dict[str, list[str]]:
    """By what the table calls it: the script and its arguments."""
    place = ["--folder", str(folder)] if folder else []
    kept = ["--keep", str(folder / "volume")] if folder else []
    of = ["--of", str(share)]
    return {
        "pages, SQLite": ["pages.py", *of, *kept],
        "pages, PostgreSQL": ["pages.py", *of, "--postgresql", *kept],
        "taking in": ["taking_in.py", "--seconds", str(max(int(60 * share), 15)), *place],
        "deleting": ["deleting.py", "--recordings", str(int(33_000 * share)), *place],
        "playing": ["playing.py", *place],
        "printing": ["print_and_pages.py", "--rows", str(int(10_000 * share))],
        "serving": ["serving.py"],
        "the log": ["audit_chain.py", "--events", str(int(1_000_000 * share))],
    }


def passed_on(command: list[str], name: str, figures: list[str]) -> int:
    """Run it, pass on what it prints and keep its figures; what it returns."""
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        for line in process.stdout or ():
            print(line, end="", flush=True)
            if line.startswith(MARK):
                figures.append(f"| {name} | {line.removeprefix(MARK).rstrip()} |")
    return process.returncode


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--of", type=float, default=1.0)
    parser.add_argument("--folder", type=Path, help="on the disk that is to be measured")
    wanted = parser.parse_args()
    figures: list[str] = []
    lines, missed = [], 0
    for name, (script, *arguments) in commands(wanted.of, wanted.folder).items():
        print(f"\n## {name}\n", flush=True)
        started = time.perf_counter()
        returned = passed_on([sys.executable, str(HERE / script), *arguments], name, figures)
        took = time.perf_counter() - started
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        missed += returned != 0
        result = "met" if returned == 0 else "missed"
        lines.append(f"| {name} | {result} | {took:.0f} | {peak:.0f} |")
    print("\n| bench | figure | found | target | |\n| --- | --- | --: | --: | --- |")
    print("\n".join(figures))
    print("\n| bench | targets | seconds | peak MB so far |\n| --- | --- | --: | --: |")
    print("\n".join(lines))
    sys.exit(1 if missed else 0)


if __name__ == "__main__":
    main()
