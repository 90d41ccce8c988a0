"""One box finds an application by what people remember of it."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

import factories
from portal.applications.models import Application
from portal.applications.wanted_text import says
from portal.extensions import db


@pytest.fixture
def two(app: Flask) -> tuple[Application, Application]:
    return (
        factories.forwarded_application(
            control_no="2026-0071",
            applicant_name="김하늘",
            caller_number="01012345678",
            callee_number="0316442107",
        ),
        factories.forwarded_application(
            control_no="2026-0172",
            applicant_name="박_바다",
            caller_number=None,
            callee_number="2199",
        ),
    )


@pytest.mark.both_databases
@pytest.mark.parametrize("typed", ["2026-0071", "2026-007", "0071", "김하", " 김하늘 "])
@pytest.mark.parametrize("number", ["", "010-1234-5678", "0101234", "5678", "031 644", "2107"])
def test_the_first_is_found_by_each_of_its_marks(
    two: tuple[Application, Application], typed: str, number: str
) -> None:
    condition = says(number or typed)
    assert condition is not None

    assert db.session.scalars(select(Application).where(condition)).all() == [two[0]]


@pytest.mark.both_databases
@pytest.mark.parametrize("typed", ["%", "_", "하늘", "234567", "64421", "71", "2025-0071", "'--"])
def test_nothing_else_is_found(two: tuple[Application, Application], typed: str) -> None:
    condition = says(typed)
    assert condition is not None

    assert db.session.scalars(select(Application).where(condition)).all() == []


def test_both_are_found_by_what_they_share(two: tuple[Application, Application]) -> None:
    condition = says("2026-")
    assert condition is not None

    assert set(db.session.scalars(select(Application).where(condition))) == set(two)


def test_an_empty_box_asks_for_nothing() -> None:
    assert says("  ") is None
