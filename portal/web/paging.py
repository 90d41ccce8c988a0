"""One page of a list: counted once, capped where counting would cost more than it tells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from flask import request, url_for
from sqlalchemy import Select, func, literal, select

from portal.extensions import db

SIZES = (10, 20, 50)
#: Above this, the interface says "10,000건 이상" and does not count on.
CAP = 10_000
T = TypeVar("T")


@dataclass(frozen=True)
class Page(Generic[T]):
    """Rows of one page, and what `list_head` and `pagination` in tables.html ask for."""

    rows: Sequence[T]
    total: int
    capped: bool
    number: int
    per_page: int

    @property
    def pages(self) -> int:
        return max(-(-self.total // self.per_page), 1)

    def url(self, number: int, per_page: int) -> str:
        """The address of another page with the same filters."""
        arguments: dict[str, Any] = {**(request.view_args or {}), **request.args.to_dict()}
        arguments |= {"page": number, "per_page": per_page}
        return url_for(str(request.endpoint), **arguments)


def paginate(statement: Select[Any], *following: Select[Any], default_size: int = 20) -> Page[Any]:
    """The page that the address asks for (`page`, `per_page`); odd values count as the first page.

    Two queries: one count (of at most `CAP` rows) and one for the rows themselves. `following` are
    lists of the same rows that come after it, each in its own order: so no index is needed that
    has the order of the whole. A page on which one ends and the next begins takes a query more.
    """
    per_page = request.args.get("per_page", default_size, type=int)
    per_page = per_page if per_page in SIZES else default_size
    counts = _counts([statement, *following])
    total = sum(counts)
    capped = total > CAP
    last = max(-(-min(total, CAP) // per_page), 1)
    number = min(max(request.args.get("page", 1, type=int), 1), last)
    rows: list[Any] = []
    skipped = (number - 1) * per_page
    for part, count in zip([statement, *following], counts, strict=True):
        if following and (skipped >= count or len(rows) == per_page):
            skipped = max(skipped - count, 0)
            continue
        found = part.limit(per_page - len(rows)).offset(skipped)
        rows += db.session.scalars(found).unique().all()
        skipped = 0
    return Page(rows, min(total, CAP), capped, number, per_page)


def _counts(parts: Sequence[Select[Any]]) -> list[int]:
    """How many rows each has, at most `CAP` + 1; one query."""
    counted = [
        part.order_by(None)
        .limit(CAP + 1)
        .with_only_columns(literal(1), maintain_column_froms=True)
        .subquery()
        for part in parts
    ]
    numbers = [select(func.count()).select_from(part).scalar_subquery() for part in counted]
    return list(db.session.execute(select(*numbers)).one())
