"""The child that renders papers for a web worker: `python -m portal.documents.press_child FD`.

It knows neither the database nor the vault: what a paper says comes through the pipe, and its
bytes go back.
"""

from __future__ import annotations

import resource
import sys
from importlib import import_module
from multiprocessing.connection import Connection

_RESTS_S = 600  # without a paper, then its memory goes
_MOST_MEMORY = 2 * 1024**3  # of addresses; a form takes some 200 MB of them


def main() -> None:
    """Render until nobody asks any more."""
    resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))
    pipe = Connection(int(sys.argv[1]))
    while pipe.poll(_RESTS_S):
        try:
            module, given, named = pipe.recv()
        except EOFError:  # the worker is gone
            return
        _answer(pipe, module, given, named)


def _answer(
    pipe: Connection, module: str, given: tuple[object, ...], named: dict[str, object]
) -> None:
    """Send the paper, or the exception that there is none."""
    try:
        answer = import_module(module).render(*given, **named)
    except Exception as error:
        answer = error
    try:
        pipe.send(answer)
    except Exception as error:  # an exception that cannot be sent
        pipe.send(RuntimeError(f"{type(answer).__name__}, {type(error).__name__}"))


if __name__ == "__main__":
    main()
