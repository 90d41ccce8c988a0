"""How `reconcile` looks: at rows as they are this moment, at files with a grace."""

from __future__ import annotations

import time
from typing import TypeVar

from sqlalchemy import Select

from portal.extensions import db

T = TypeVar("T")


def read(statement: Select[T]) -> list[T]:
    """In a transaction of its own, so that each look sees what was committed before it."""
    db.session.rollback()
    return list(db.session.scalars(statement))


def is_settled(modified_at: float | None, grace_s: float) -> bool:
    """Whether a file was written long enough ago that its row must be there by now."""
    return modified_at is not None and modified_at <= time.time() - grace_s
