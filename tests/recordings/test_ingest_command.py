"""`portal ingest run` and `portal worker --once`, as somebody at a terminal uses them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from portal.cli.ingest import ingest
from portal.cli.worker import worker
from portal.recordings.models import Recording
from recordings.dropping import count, drop, drop_call, left


@pytest.fixture
def environment(data: Path, database_url: str, monkeypatch: pytest.MonkeyPatch, app: Flask) -> None:
    monkeypatch.setenv("PORTAL_DATA", str(data))
    monkeypatch.setenv("PORTAL_DATABASE_URL", database_url)


def ran(*arguments: str) -> Result:
    return CliRunner().invoke(ingest, ["run", *arguments])


@pytest.mark.usefixtures("environment")
def test_what_was_laid_there_this_moment_is_taken_in_too(app: Flask) -> None:
    drop_call()

    result = ran("--json")

    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout) == {
        "taken": 1,
        "recognised": 0,
        "quarantined": 0,
        "destroyed": 0,
        "waiting": 0,
        "failed": 0,
    }
    assert (count(Recording), left()) == (1, [])


@pytest.mark.usefixtures("environment")
def test_it_ends_with_one_when_something_was_set_aside(app: Flask) -> None:
    drop("bad", b"no sound", b"no sidecar")

    result = ran()

    assert result.exit_code == 1
    assert "보류 1" in result.stdout


@pytest.mark.usefixtures("environment")
def test_the_worker_does_each_task_once_and_ends(app: Flask) -> None:
    drop()

    result = CliRunner().invoke(worker, ["--once"])

    assert result.exit_code == 0, result.output
