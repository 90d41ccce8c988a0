"""Every way of reading a page shows the same rows, the same number and the same total."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

import factories
from portal.accounts.models import Department
from portal.extensions import db
from portal.web.paging import paginate

_BY_ID = (Department.id, select(Department))
WAYS: list[dict[str, Any]] = [{}, {"whole": _BY_ID}, {"sorts": _BY_ID}]


@pytest.mark.parametrize("rows", [0, 9, 10, 11, 20])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_page_is_the_same_however_it_is_read(app: Flask, rows: int) -> None:
    there = set(db.session.scalars(select(Department.id)))
    for n in range(rows):
        factories.department(f"부서 {n}")
    new = Department.id.not_in(there)
    statement = select(Department).where(new).order_by(Department.id.desc())
    all_ids = list(db.session.scalars(statement.with_only_columns(Department.id)))
    halves = [statement.where(Department.id % 2 == half) for half in (0, 1)]
    in_halves = [id_ for half in (0, 1) for id_ in all_ids if id_ % 2 == half]

    for asked in ("1", "2", "3", "1000000", "0", "x"):
        last = max(-(-rows // 10), 1)
        number = min(max(int(asked) if asked.isdigit() else 1, 1), last)
        shown = slice((number - 1) * 10, number * 10)
        with app.test_request_context(f"/?page={asked}&per_page=10"):
            for way in WAYS:
                page = paginate(statement, **way)
                found = [row.id for row in page.rows]
                assert (found, page.total, page.number) == (all_ids[shown], rows, number)
            page = paginate(*halves)
            assert ([row.id for row in page.rows], page.total) == (in_halves[shown], rows)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_nothing_behind_the_cap_is_shown(app: Flask, way: dict[str, Any]) -> None:
    for n in range(31):
        factories.department(f"부서 {n}")
    statement = select(Department).order_by(Department.id)

    with app.test_request_context("/?page=3&per_page=10"):
        page = paginate(statement, cap=20, **way)

    assert (page.number, page.total, page.capped, len(page.rows)) == (2, 20, True, 10)
