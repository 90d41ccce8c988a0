"""Searching by the beginning of a text: both databases walk an index instead of the table."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_
from sqlalchemy.orm import InstrumentedAttribute

from portal.extensions import db

#: What an `Index` needs for it: PostgreSQL's usual order is that of a language, not of characters.
BY_CHARACTER = "text_pattern_ops"
_LAST_CHARACTER = chr(0x10FFFF)


def begins(
    column: InstrumentedAttribute[str] | InstrumentedAttribute[str | None], text: str
) -> ColumnElement[bool]:
    """Whether a column begins with a text, in these letters; `%` and `_` mean themselves.

    SQLite does not use an index for LIKE, PostgreSQL not for a range in the order of a language.
    """
    if db.engine.dialect.name == "sqlite":
        return and_(column >= text, column < text + _LAST_CHARACTER)
    return column.startswith(text, autoescape=True)
