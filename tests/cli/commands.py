"""A process with the command's modules imported, which forks itself for each command it reads.

What runs is a process of its own with its own environment, output and exit code, as from a shell;
only the second that importing takes is spent once. One JSON object a line on stdin:
`arguments`, `environment`, `out`, `err` (files to write); the exit code on a line of stdout.
"""

from __future__ import annotations

import atexit
import json
import os
import sys
import traceback

from portal import wiring  # noqa: F401  (imported before the forks)
from portal.cli import main


def become(order: dict[str, object]) -> int:
    """The child's part: what `python -m portal.cli` does; its exit code."""
    os.environ.clear()
    os.environ.update(order["environment"])  # type: ignore[call-overload]
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    for number, name in ((1, "out"), (2, "err")):
        os.dup2(os.open(str(order[name]), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), number)
    sys.argv = ["portal", *order["arguments"]]  # type: ignore[misc]
    code = 1
    try:
        main(prog_name="portal")
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except BaseException:
        traceback.print_exc()
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    return code


if __name__ == "__main__":
    for line in sys.stdin:
        if child := os.fork():
            _, status = os.waitpid(child, 0)
            sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
            sys.stdout.flush()
        else:
            os._exit(become(json.loads(line)))
