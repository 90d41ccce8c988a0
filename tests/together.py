"""Which tests stay on one worker: those that share something slow to build."""

from __future__ import annotations

from xdist.scheduler import LoadScopeScheduling

_TOGETHER = (
    "tests/browser/articles/",
    "tests/browser/test_every_page.py",
    "tests/cli/",
    "tests/second_city/",
    "tests/trust/",
)


class Together(LoadScopeScheduling):
    """A group at a time, the large ones first; every other test by itself.

    Not `--dist loadgroup`: pytest 9.2 changed what a test's id is, and with it pytest-xdist 3.8
    overlooks its own mark in silence.
    """

    def _split_scope(self, nodeid: str) -> str:
        return next((group for group in _TOGETHER if nodeid.startswith(group)), nodeid)
