"""What else happens to a process than being killed: frozen past its lease, two at once, a full or
read-only disk, a key file or a database that is not there.

Each yields, for every try, whether it was felt and what is wrong after all was put right again.
Full and read-only disks are real ones, mounted in a namespace of the process's own; where that is
not allowed, the calls are made to fail instead.
"""

from __future__ import annotations

import random
import shutil
import subprocess
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

from bench.crash.harness import Stage
from bench.crash.scenes import config_of
from bench.crash.trace import WRITES, Injection, start
from portal.vault.master import MasterKey

Trial = Callable[[Stage, random.Random, int], Iterator[tuple[bool, list[str]]]]
_LONGEST_S = 120
#: Between nothing left and room for most of a scene's work.
_ROOM_KB = 700


def frozen(stage: Stage, chooser: random.Random, number: int) -> Iterator[tuple[bool, list[str]]]:
    """Stopped at a chosen call; its leases end, another does the work; then it goes on."""
    for inject in stage.moments(chooser, number):
        stage.fresh()
        first = start(stage.scene.command, stage.environment, _stopping(inject))
        was_frozen = first.is_stopped(_LONGEST_S)
        stage.scene.time_passes(config_of(stage.folder / "copy"))
        stage.run_plainly()  # may be told that the database is locked, or be refused
        first.go_on()
        first.wait(_LONGEST_S)
        yield was_frozen, [f"{inject}: {one}" for one in stage.done_again()]


def _stopping(inject: Injection) -> Injection:
    return Injection(inject.call, inject.number, "signal=STOP")


def at_once(stage: Stage, _chooser: random.Random, number: int) -> Iterator[tuple[bool, list[str]]]:
    """Two of them begin together."""
    for _ in range(number):
        stage.fresh()
        both = [start(stage.scene.command, stage.environment) for _ in range(2)]
        codes = [one.wait(_LONGEST_S) for one in both]
        yield len(codes) == 2, stage.done_again()


def full_disk(
    stage: Stage, chooser: random.Random, number: int
) -> Iterator[tuple[bool, list[str]]]:
    """The disk has so many kilobytes left when the work begins."""
    for _ in range(number):
        copy = stage.fresh()
        room = chooser.randint(0, _ROOM_KB)
        if can_mount():
            felt = _on_a_small_disk(stage, copy, room)
        else:
            kind = chooser.choice([name for name in WRITES if stage.counts[name]])
            call = Injection(kind, chooser.randint(1, stage.counts[kind]), "error=ENOSPC", True)
            felt = stage.run(call).code not in stage.scene.codes
        yield felt, [f"{room} KB left: {one}" for one in stage.done_again()]


def _on_a_small_disk(stage: Stage, copy: Path, room: int) -> bool:
    """Whether it ended otherwise, or filled the disk; what it left is what the copy is then."""
    sizes = [path.stat().st_size for path in copy.rglob("*")]
    size, after = sum(one // 1024 + 4 for one in sizes) + room, stage.folder / "after"
    script = (
        f"cp -a {copy} {copy}.kept && mount -t tmpfs -o size={size}k tmpfs {copy} && "
        f'cp -a {copy}.kept/. {copy}/ && "$@"; code=$?; '
        f"left=$(df -k --output=avail {copy} | tail -1); cp -a {copy} {after}; "
        f"rm -rf {copy}.kept; [ $left -lt 8 ] && exit 99; exit $code"
    )
    ran = stage.run_plainly("unshare", "-m", "sh", "-c", script, "sh")
    shutil.rmtree(copy)
    after.rename(copy)
    return ran.code not in stage.scene.codes


def read_only(
    stage: Stage, _chooser: random.Random, number: int
) -> Iterator[tuple[bool, list[str]]]:
    """Nothing can be written; nothing may be changed, and it must say so by its end."""
    for _ in range(number):
        copy = stage.fresh()
        if not can_mount():
            return
        script = f'mount --bind {copy} {copy} && mount -o remount,ro,bind {copy} && exec "$@"'
        before = _names(copy)
        ran = stage.run_plainly("unshare", "-m", "sh", "-c", script, "sh")
        problems = ["something was written"] if _names(copy) != before else []
        yield ran.code != 0, [*problems, *stage.done_again()]


def without_key(
    stage: Stage, _chooser: random.Random, number: int
) -> Iterator[tuple[bool, list[str]]]:
    """The key file is gone, empty, or another's: refused, and nothing is changed."""
    for how in ("gone", "empty", "another's")[:number]:
        copy = stage.fresh()
        key = config_of(copy).master_key_file
        kept = key.with_name("master.kept")
        key.rename(kept)
        if how == "empty":
            key.touch(0o600)
        elif how == "another's":
            MasterKey.create(key)
        before = _names(copy)
        ran = stage.run_plainly()
        problems = [] if _names(copy) == before else [f"files were changed: {ran.said[-200:]}"]
        if ran.code == 0:
            problems.append("it was not refused")
        kept.replace(key)
        problems += stage.done_again()
        yield ran.code != 0, [f"{how}: {one}" for one in problems]


def without_database(
    stage: Stage, _chooser: random.Random, number: int
) -> Iterator[tuple[bool, list[str]]]:
    """The database is gone: nothing is taken in or destroyed meanwhile; then it is back."""
    for _ in range(number):
        copy = stage.fresh()
        for path in copy.glob("portal.db*"):
            path.rename(copy / f"kept-{path.name}")
        before = _names(copy)
        ran = stage.run_plainly()
        problems = [] if _names(copy) == before else ["files were changed"]
        for path in copy.glob("portal.db*"):
            path.unlink()
        for path in copy.glob("kept-portal.db*"):
            path.rename(copy / path.name.removeprefix("kept-"))
        yield ran.code != 0, [*problems, *stage.done_again()]


def _names(copy: Path) -> list[str]:
    """What is there of sounds, papers, keys and sources."""
    found = (path for part in ("vault", "keys", "drop") for path in (copy / part).rglob("*"))
    return sorted(f"{path.relative_to(copy)} {path.stat().st_size}" for path in found)


@cache
def can_mount() -> bool:
    """Whether a process may have mounts of its own here (as root on Linux)."""
    unshare = shutil.which("unshare")
    if not unshare:
        return False
    script = "mount -t tmpfs -o size=64k tmpfs /mnt"
    return subprocess.run([unshare, "-m", "sh", "-c", script], capture_output=True).returncode == 0


TRIALS: dict[str, Trial] = {
    "frozen": frozen,
    "two at once": at_once,
    "full disk": full_disk,
    "read-only": read_only,
    "key file": without_key,
    "no database": without_database,
}
