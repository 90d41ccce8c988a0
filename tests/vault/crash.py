"""Real children that are killed, or raced, around their touches of the disk."""

import os
import signal
import sys
import traceback
from collections.abc import Callable

# What Python reports just before it opens, links, renames or removes a file or folder.
_TOUCHES = {"open", "os.link", "os.rename", "os.remove", "os.mkdir", "os.rmdir"}


def survives_kill_before_touch(number: int, action: Callable[[], object]) -> bool:
    """Run `action` in a child killed with SIGKILL just before its `number`-th touch of the disk.

    True once the action ends with fewer touches than that, so that a test can go through them all.
    """
    child = start(_armed(number, action))
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return False
    assert os.WEXITSTATUS(status) == 0
    return True


def start(action: Callable[[], object]) -> int:
    """Run `action` in a child; returns its process id. It exits with 0, or 1 if it raised."""
    child = os.fork()
    if child:
        return child
    status = 1
    try:
        action()
        status = 0
    except BaseException:
        traceback.print_exc(file=sys.stderr)
    finally:
        os._exit(status)


def wait_for(children: list[int]) -> None:
    for child in children:
        _, status = os.waitpid(child, 0)
        assert status == 0


def _armed(number: int, action: Callable[[], object]) -> Callable[[], object]:
    def run() -> None:
        left = number

        def kill_when_due(event: str, _arguments: tuple[object, ...]) -> None:
            nonlocal left
            if event in _TOUCHES:
                left -= 1
                if left == 0:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(kill_when_due)
        action()

    return run
