"""보관 기간표: the table, the worker, the settings, the docs and the tests say the same."""

from __future__ import annotations

import ast
from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest
from flask import Flask

import factories
from portal import clock
from portal.accounts.models import Account
from portal.applications.models import Application, ApplicationFile
from portal.database import write
from portal.extensions import db
from portal.institution import load_settings
from portal.jobs.schedule import tasks
from portal.jobs.worker import Worker
from portal.retention.table import TABLE, Kept, as_markdown
from portal.roles import Role

ROOT = Path(__file__).resolve().parents[2]
#: What the worker does besides: it makes, tells or ends something, but ends nobody's data.
DESTROYS_NOTHING = {
    "figures",
    "intake",
    "leavers",
    "mail",
    "notices",
    "packages",
    "provision",
    "restrictions",
}


@cache
def functions_of(path: Path) -> frozenset[str]:
    tree = ast.parse(path.read_text("utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))


def test_the_docs_show_the_table_as_it_is() -> None:
    assert as_markdown() in (ROOT / "docs/retention.md").read_text("utf-8")


def test_every_task_that_destroys_is_in_the_table_and_every_task_named_there_runs(
    app: Flask,
) -> None:
    running = {task.name for task in tasks()}

    assert {row.task for row in TABLE if row.task} == running - DESTROYS_NOTHING


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.what)
def test_each_row_has_a_setting_that_exists_and_a_test_that_exists(row: Kept) -> None:
    key = row.setting.partition(" ")[0]
    if "." in key:
        section, name = key.split(".")
        assert getattr(getattr(load_settings(), section), name) > 0
    path, _, test = row.test.partition("::")
    assert test in functions_of(ROOT / path), row.test
    assert row.task or row.how, "what nothing ends says why"


def test_no_copy_of_an_identity_paper_has_a_place(app: Flask) -> None:
    (kinds,) = (
        str(c.sqltext)  # type: ignore[attr-defined]
        for c in ApplicationFile.__table__.constraints  # type: ignore[attr-defined]
        if getattr(c, "name", "") and "known_kind" in str(c.name)
    )
    assert kinds == "kind in ('evidence','signature')"
    columns = {column.name for column in Application.__table__.columns}
    assert {c for c in columns if c.startswith("identity")} == {
        "identity_document",
        "identity_checked_by_id",
        "identity_checked_at",
    }


def test_records_outlive_every_job(app: Flask) -> None:
    custodian = factories.account(Role.CUSTODIAN)
    application_id = factories.forwarded_application(received_by=custodian).id
    custodian_id = custodian.id
    with write() as session:
        session.add(
            ApplicationFile(
                application_id=application_id,
                kind="evidence",
                media_type="image/png",
                size=1,
                sha256="0" * 64,
                added_by_id=custodian_id,
            )
        )

    with clock.at(clock.now() + timedelta(days=3650)):
        Worker([task for task in tasks() if task.name not in ("packages", "prints")]).once()

    db.session.expire_all()
    kept = db.session.get_one(Application, application_id)
    assert (kept.applicant_name, len(kept.files)) == ("홍길동", 1)
    assert kept.files[0].destroyed_at is None
    assert db.session.get_one(Account, custodian_id).grants, "the rights' history stays"
