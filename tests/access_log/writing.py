"""Events for tests, written at a moment."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from portal import audit, clock
from portal.accounts.models import Account
from portal.database import write


def log(action: str, by: Account | None, at: datetime, count: int = 1, **fields: Any) -> None:
    with clock.at(at), write():
        for _ in range(count):
            audit.record(action, by=by, **fields)


def seoul(text: str) -> datetime:
    """`2026-10-05 14:00` in Seoul."""
    return datetime.fromisoformat(text).replace(tzinfo=clock.SEOUL)
