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
DEEP = 1_000
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
    deep: Whole | None = None,
    sorts: Whole | None = None,
) -> Page[Any]:
    """The page that the address asks for (`page`, `per_page`); odd values count as the first page.

    One query for the rows and, unless they are the last and so tell the list's length, one for the
    count (of at most `CAP` rows). `following` are lists of the same rows that come after it, each
    in its own order: so no index is needed that has the order of the whole. They are counted first,
    and a page on which one ends and the next begins takes a query more.

    `cap`: a lower one where counting is dear. `whole`: where a list has to be sorted, only
    the ids are, and the rows of the page are loaded by them; that takes a query more. `lines`: the
    same for a list that shows plain values, read by whatever `Lines` says. `counted`: what has as
    many rows as `statement` and takes less to count. `deep`: as `whole`, but only where more than
    `DEEP` rows are skipped, whose columns would all be read. `sorts`: as `whole`, for a list that
    is short and sorted as a whole: what is found for that is counted in the same query.
    """
    per_page = request.args.get("per_page", default_size, type=int)
    per_page = per_page if per_page in SIZES else default_size
    number = max(request.args.get("page", 1, type=int), 1)
    skipped = (number - 1) * per_page
    whole = deep if deep and skipped > DEEP else whole
    parts = [statement, *following]
    rows: Sequence[Any] = []
    total: int | None = None
    if sorts and skipped < cap:
        rows, total = _sorted(statement, per_page, skipped, sorts)
    elif not following and skipped < cap:
        rows = _read(statement, per_page, skipped, whole, lines)
        total = skipped + len(rows) if len(rows) < per_page and (rows or not skipped) else None
    if total is None:
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


def paginate_ids(
    ids: Select[int], read: Callable[[Sequence[int]], Sequence[Any]], cap: int = CAP
) -> Page[Any]:
    """The same where counting looks at every row anyway: the ids of all, at most `cap` and one
    more, are asked for in their order, and no count. `read`: as in `Lines`."""
    per_page = request.args.get("per_page", 20, type=int)
    per_page = per_page if per_page in SIZES else 20
    found = db.session.scalars(ids.limit(cap + 1)).all()
    total = min(len(found), cap)
    number = min(max(request.args.get("page", 1, type=int), 1), max(-(-total // per_page), 1))
    rows = read(found[:total][(number - 1) * per_page : number * per_page])
    return Page(rows, total, len(found) > cap, number, per_page)


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
        return _loaded(_ids(found, key), key, rows)
    return db.session.scalars(found).unique().all()


def _loaded(
    ids: Sequence[int], key: InstrumentedAttribute[int], rows: Select[Any]
) -> Sequence[Any]:
    place = {one: number for number, one in enumerate(ids)}
    loaded = db.session.scalars(rows.where(key.in_(ids))).unique()
    return sorted(loaded, key=lambda row: place[getattr(row, key.key)])


def _sorted(
    part: Select[Any], most: int, skipped: int, whole: Whole
) -> tuple[Sequence[Any], int | None]:
    """The rows, and how many there are in all; None where the page lies behind the last."""
    key, rows = whole
    counted = part.with_only_columns(key, func.count().over(), maintain_column_froms=True)
    ids = db.session.execute(counted.limit(most).offset(skipped)).all()
    if not ids:
        return [], None if skipped else 0
    return _loaded([one for one, _ in ids], key, rows), ids[0][1]


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
