"""Personal columns: text outside, ciphertexts inside that belong to one column of one row.

Whoever may write the database but has no key could otherwise move a ciphertext: give their own
address to somebody else's account, or one person's one-time secret to another. So a value is bound
to its row when it is written, and compared with the row when an object is loaded. Only whole
objects are compared; a query for the bare column is not, and a test forbids it.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Dialect, String, event
from sqlalchemy.orm import Mapper
from sqlalchemy.types import TypeDecorator

from portal.ids import public_id
from portal.runtime import vault
from portal.vault.columns import ColumnCipherError


class _Bound(str):
    """A text that knows its row. What leaves a form does not; the flush binds it."""

    __slots__ = ("row",)
    row: str

    def __new__(cls, text: str, row: str) -> _Bound:
        bound = super().__new__(cls, text)
        bound.row = row
        return bound

    def __reduce__(self) -> tuple[type[str], tuple[str]]:
        """Another process gets the text alone: it has no row to bind it to."""
        return str, (str(self),)


class Encrypted(TypeDecorator[str]):
    """A personal column; `context` is its place, `table.column`.

    Set on an object and flushed: an `insert()` or `update()` with values has no row to bind to and
    raises `ValueError`.
    """

    impl = String
    cache_ok = True

    def __init__(self, context: str) -> None:
        super().__init__()
        self.context = context

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        if value is None:
            return None
        if not isinstance(value, _Bound):
            raise ValueError(f"{self.context}: a personal value is written through its object")
        return vault().columns.encrypt(str(value), self.context, value.row)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        if value is None:
            return None
        opened = vault().columns.decrypt(value, self.context)
        return _Bound(opened.text, opened.row)


@event.listens_for(Mapper, "after_mapper_constructed")
def _watch(mapper: Mapper[Any], class_: type[Any]) -> None:
    names = [key for key, column in mapper.columns.items() if isinstance(column.type, Encrypted)]
    if not names:
        return

    def bind(_mapper: Mapper[Any], _connection: Any, target: Any) -> None:
        if mapper.has_property("public_id") and target.public_id is None:
            target.public_id = public_id()  # before the column's default, which comes too late
        row = _row_of(mapper, target)
        for name in names:
            value = target.__dict__.get(name)
            if value is not None and getattr(value, "row", None) != row:
                setattr(target, name, _Bound(value, row))

    def check(target: Any, *_: Any) -> None:
        row = None
        for name in names:
            value = target.__dict__.get(name)
            if isinstance(value, _Bound):
                row = row or _row_of(mapper, target)
                if value.row != row:
                    raise ColumnCipherError(
                        "다른 행의 암호화된 값이 옮겨져 있습니다. (value of another row)"
                    )

    event.listen(class_, "before_insert", bind)
    event.listen(class_, "before_update", bind)
    event.listen(class_, "load", check)
    event.listen(class_, "refresh", check)


def _row_of(mapper: Mapper[Any], target: Any) -> str:
    """What names the row in its ciphertexts: the public id, or else the primary key."""
    if mapper.has_property("public_id"):
        return str(target.public_id)
    return "-".join(str(part) for part in mapper.primary_key_from_instance(target))
