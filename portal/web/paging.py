"""One page of a list: counted once, capped where counting would cost more than it tells."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Generic, TypeVar

from flask import request, url_for
from sqlalchemy import Select, func, literal, select
from sqlalchemy.orm import InstrumentedAttribute

from portal.extensions import db

SIZES = (10, 20, 50)
#: Above this, the interface says "10,000건 이상" and does not count on.
CAP = 10_000
T = TypeVar("T")
#: The rows' id, and a statement for the rows, without the list's conditions and order.
Whole = tuple[InstrumentedAttribute[int], Select[Any]]
#: The rows' id, and what a list shows of the rows with these ids, in this order.
Lines = tuple[InstrumentedAttribute[int], Callable[[Sequence[int]], Sequence[Any]]]


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


def paginate(
    statement: Select[Any],
    *following: Select[Any],
    default_size: int = 20,
    cap: int = CAP,
    whole: Whole | None = None,
    lines: Lines | None = None,
    counted: Select[Any] | None = None,
) -> Page[Any]:
    """The page that the address asks for (`page`, `per_page`); odd values count as the first page.

    One query for the rows and, unless they are the last and so tell the list's length, one for the
    count (of at most `CAP` rows). `following` are lists of the same rows that come after it, each
    in its own order: so no index is needed that has the order of the whole. They are counted first,
    and a page on which one ends and the next begins takes a query more.

    `cap`: a lower one where counting is dear. `whole`: where a list has to be sorted, only
    the ids are, and the rows of the page are loaded by them; that takes a query more. `lines`: the
    same for a list that shows plain values, read by whatever `Lines` says. `counted`: what has as
    many rows as `statement` and takes less to count.
    """
    per_page = request.args.get("per_page", default_size, type=int)
    per_page = per_page if per_page in SIZES else default_size
    number = max(request.args.get("page", 1, type=int), 1)
    skipped = (number - 1) * per_page
    parts = [statement, *following]
    rows: Sequence[Any] = []
    if not following and skipped < cap:
        rows = _read(statement, per_page, skipped, whole, lines)
    if not following and len(rows) < per_page and (rows or number == 1):
        total = skipped + len(rows)
    else:
        counts = _counts([statement if counted is None else counted, *following], cap)
        total = sum(counts)
        number = min(number, max(-(-min(total, cap) // per_page), 1))
        if not rows:
            cuts = _cuts(counts, (number - 1) * per_page, per_page)
            read = (_read(parts[n], most, left, whole, lines) for n, most, left in cuts)
            rows = list(chain.from_iterable(read))
    if lines:
        rows = lines[1](rows)
    return Page(rows, min(total, cap), total > cap, number, per_page)


def _cuts(counts: Sequence[int], skipped: int, wanted: int) -> Iterator[tuple[int, int, int]]:
    """Which of the parts a page shows, how many rows of it at most, and after how many."""
    for n, count in enumerate(counts):
        taken = min(max(count - skipped, 0), wanted)
        if taken:
            yield n, wanted, skipped
        skipped, wanted = max(skipped - count, 0), wanted - taken


def _read(
    part: Select[Any], most: int, skipped: int, whole: Whole | None, lines: Lines | None
) -> Sequence[Any]:
    found = part.limit(most).offset(skipped)
    return _ids(found, lines[0]) if lines else _rows(found, whole)


def _rows(found: Select[Any], whole: Whole | None) -> Sequence[Any]:
    if whole is not None:
        key, rows = whole
        ids = _ids(found, key)
        place = {one: number for number, one in enumerate(ids)}
        loaded = db.session.scalars(rows.where(key.in_(ids))).unique()
        return sorted(loaded, key=lambda row: place[getattr(row, key.key)])
    return db.session.scalars(found).unique().all()


def _ids(found: Select[Any], key: InstrumentedAttribute[int]) -> Sequence[int]:
    return db.session.scalars(found.with_only_columns(key, maintain_column_froms=True)).all()


def _counts(parts: Sequence[Select[Any]], cap: int) -> list[int]:
    """How many rows each has, at most `cap` + 1; one query."""
    counted = [
        part.order_by(None)
        .limit(cap + 1)
        .with_only_columns(literal(1), maintain_column_froms=True)
        .subquery()
        for part in parts
    ]
    numbers = [select(func.count()).select_from(part).scalar_subquery() for part in counted]
    return list(db.session.execute(select(*numbers)).one())
