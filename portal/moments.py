"""Moments that a statement asks for when it is executed, so that it can be made once and kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BindParameter, bindparam
from sqlalchemy.sql import visitors
from sqlalchemy.sql.elements import ClauseElement

from portal import clock
from portal.database import UtcDateTime


def moment(when: Callable[[], datetime]) -> BindParameter[datetime]:
    """What `when` says at each execution."""
    return bindparam(None, callable_=when, type_=UtcDateTime(), unique=True)


def ago(time: timedelta = timedelta()) -> BindParameter[datetime]:
    """So long before the execution."""
    return moment(lambda: clock.now() - time)


def stands_still(statement: ClauseElement) -> bool:
    """Whether a moment is written into it as it was when it was made: such a one is not kept."""
    return any(_is_moment(part) for part in visitors.iterate(statement))


def _is_moment(part: Any) -> bool:
    return (
        isinstance(part, BindParameter)
        and part.callable is None
        and isinstance(part.value, datetime)
    )
