"""What happened is said once, inside the change, and heard just before the commit.

Whoever changes something says so and knows nobody who listens; notices are one listener. Said
things are told when the change is complete, so that a listener sees what will be committed, and
nothing is told of a change that is rolled back.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from portal.database import seals, writing

_SAID = "portal_announcements"


@dataclass(frozen=True)
class Announcement:
    """`what` as in the log (`application.approve`), `on` the row; `by` is None for the portal."""

    what: str
    on: Any
    by: Any


#: Called for each announcement inside the open `write()`.
listeners: list[Callable[[Announcement], None]] = []


def announce(what: str, on: Any, by: Any = None) -> None:
    """Say that something happened; the listeners hear it before the open `write()` commits."""
    _said(writing()).append(Announcement(what, on, by))


def tell(session: Session) -> None:
    """Let the listeners hear what was said in this transaction."""
    said = _said(session)
    for announcement in said:
        for listener in listeners:
            listener(announcement)
    session.info.pop(_SAID, None)
    if said:
        session.flush()


def _said(session: Session) -> list[Announcement]:
    """What was said in this very transaction; what one before it said and rolled back is gone."""
    kept = session.info.get(_SAID)
    if kept is None or kept[0] is not session.get_transaction():
        kept = session.info[_SAID] = (session.get_transaction(), [])
    found: list[Announcement] = kept[1]
    return found


# Before the log is sealed: its head is locked last (decision 5).
seals.insert(0, tell)
