"""Where papers are rendered: in a web server in a child of its own, elsewhere right here.

What renders (xhtml2pdf, reportlab, pypdf) holds some 60 MB and may be made to take much more by a
text nobody thought of; a web worker neither holds it nor falls with it (decision 19). The child is
started with the first paper, ends when nothing was printed for a while or the worker is gone, and
is replaced when it dies. It renders one paper after the other, as xhtml2pdf does in any case.
"""

from __future__ import annotations

import functools
import subprocess
import sys
import threading
from collections.abc import Callable
from multiprocessing import Pipe
from typing import ParamSpec, cast

import structlog

from portal.documents.errors import DocumentError

_MOST_SECONDS = 30.0
_MOST_WAITING_S = 20.0  # for the papers before
_BUSY = "지금 다른 문서를 만들고 있습니다. 잠시 뒤에 다시 눌러 주십시오."
_FAILED = "문서를 만들지 못했습니다. 다시 눌러 주시고, 되풀이되면 시스템 담당자에게 알려 주십시오."
_log = structlog.get_logger()
_Given = ParamSpec("_Given")
#: A module's name, and what its `render` is given.
_Wanted = tuple[str, tuple[object, ...], dict[str, object]]


class Press:
    """A child that renders, for the threads of one process."""

    def __init__(self, most_seconds: float = _MOST_SECONDS) -> None:
        self.most_seconds = most_seconds
        self._turn = threading.Lock()
        self._child: _Child | None = None

    def render(self, module: str, *given: object, **named: object) -> bytes:
        """What `module.render(…)` returns, or raises: whatever it raises there.

        `DocumentError` also where the child took too long or died of this paper twice.
        """
        if not self._turn.acquire(timeout=_MOST_WAITING_S):
            raise DocumentError(_BUSY)
        try:
            return self._answer((module, given, named))
        finally:
            self._turn.release()

    @property
    def pid(self) -> int | None:
        """The child's, while there is one."""
        return self._child.process.pid if self._child else None

    def close(self) -> None:
        """End the child."""
        if self._child is not None:
            self._child.end()
            self._child = None

    def _answer(self, wanted: _Wanted) -> bytes:
        for _ in range(2):  # one may have been killed for what others did
            if self._child is None or self._child.process.poll() is not None:
                self.close()
                self._child = _Child()
            try:
                answer = self._child.ask(wanted, self.most_seconds)
            except TimeoutError as error:
                self._give_up("late", wanted)
                raise DocumentError(_FAILED) from error
            except (EOFError, OSError):
                self._give_up("died", wanted)
                continue
            if isinstance(answer, Exception):
                raise answer
            return answer
        raise DocumentError(_FAILED)

    def _give_up(self, why: str, wanted: _Wanted) -> None:
        _log.warning("press", why=why, paper=wanted[0].rpartition(".")[2])
        self.close()


class _Child:
    """The process, and our end of the pipe to it."""

    def __init__(self) -> None:
        self._pipe, theirs = Pipe()
        command = [sys.executable, "-m", "portal.documents.press_child", str(theirs.fileno())]
        # Of a session of its own: a signal to the server lets it finish what is being printed.
        self.process = subprocess.Popen(  # noqa: S603  (our own program)
            command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, start_new_session=True
        )
        theirs.close()

    def ask(self, wanted: _Wanted, seconds: float) -> bytes | Exception:
        self._pipe.send(wanted)
        if not self._pipe.poll(seconds):
            raise TimeoutError
        return cast("bytes | Exception", self._pipe.recv())

    def end(self) -> None:
        self._pipe.close()
        self.process.kill()
        self.process.wait()


_press: Press | None = None


def use_child() -> None:
    """From now on papers of this process are rendered in a child: for web servers."""
    global _press
    _press = _press or Press()


def pressed(draw: Callable[_Given, bytes]) -> Callable[_Given, bytes]:
    """For a module's `render`: here, or in the child where there is one."""

    @functools.wraps(draw)
    def printed(*given: _Given.args, **named: _Given.kwargs) -> bytes:
        if _press is None:
            return draw(*given, **named)
        return _press.render(draw.__module__, *given, **named)

    return printed
