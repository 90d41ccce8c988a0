"""`portal organisation import`: the same import from the machine itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import select

from portal.accounts.models import Department
from portal.cli.organisation import organisation
from portal.config import Config
from portal.extensions import db

CSV = "부서명,구분,시작일\n도시과,본청,2020-01-01\n"


@pytest.fixture(autouse=True)
def _environment(app: Flask, config: Config, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("PORTAL_DATA", str(config.data))
    monkeypatch.setenv("PORTAL_DATABASE_URL", config.database_url)
    yield


def run(tmp_path: Path, content: bytes, *options: str) -> Result:
    file = tmp_path / "목록.csv"
    file.write_bytes(content)
    arguments = ["import", str(file), "--kind", "departments", *options]
    return CliRunner().invoke(organisation, arguments)


def names() -> set[str]:
    db.session.rollback()
    return set(db.session.scalars(select(Department.name)))


def test_a_dry_run_tells_and_the_import_writes(app: Flask, tmp_path: Path) -> None:
    looked = run(tmp_path, CSV.encode("cp949"), "--dry-run")
    assert looked.exit_code == 0 and "2번째 줄 [추가] 새 부서: 도시과" in looked.output
    assert "아무것도 바꾸지 않았습니다" in looked.output and names() == set()

    assert run(tmp_path, CSV.encode("cp949")).exit_code == 0
    assert names() == {"도시과"}


def test_a_wrong_line_ends_with_one_and_no_table_with_two(app: Flask, tmp_path: Path) -> None:
    wrong = run(tmp_path, (CSV + "새과,달나라,2020-01-01\n").encode())
    assert wrong.exit_code == 1 and "3번째 줄 [오류]" in wrong.output

    assert run(tmp_path, b"\x00").exit_code == 2
    assert names() == set()
