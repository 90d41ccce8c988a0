"""A new installation from nothing, by the commands an official types."""

from __future__ import annotations

import json
import sqlite3
import stat
from pathlib import Path

from cli.conftest import Done, Run, start
from portal.vault.master import MasterKey


def test_init_makes_an_installation_that_is_whole(
    portal: Run, installed: Path, first: tuple[Path, Done]
) -> None:
    made = first[1]
    assert made.returncode == 0, made.stderr
    accounts = json.loads(made.stdout)["accounts"]
    assert [a["role"] for a in accounts] == ["custodian", "division_head"]
    assert portal("audit", "verify").returncode == 0
    assert portal("reconcile").returncode == 0
    assert portal("upgrade").returncode == 0


def test_init_shows_its_secrets_to_nobody_else(first: tuple[Path, Done]) -> None:
    data, _ = first
    assert stat.S_IMODE((data / "keys/master.key").stat().st_mode) == 0o600
    assert stat.S_IMODE(data.stat().st_mode) == 0o700


def test_init_never_touches_what_is_there(portal: Run, installed: Path) -> None:
    before = {p: p.read_bytes() for p in installed.rglob("*.key")}

    again = portal("init")

    assert again.returncode == 2
    assert "덮어쓰지 않" in again.stderr
    assert {p: p.read_bytes() for p in before} == before


def test_a_demo_is_never_made_of_real_data(portal: Run, installed: Path) -> None:
    refused = portal("demo")

    assert refused.returncode == 2
    assert "실제 자료" in refused.stderr
    assert portal("demo", "code", "custodian").returncode == 2


def test_a_demo_leaves_alone_whatever_it_did_not_make(portal: Run, tmp_path: Path) -> None:
    kept = tmp_path / "data/vault/days/2026-12-20/0123456789abcdef.age"
    kept.parent.mkdir(parents=True)
    kept.write_bytes(b"a recording")

    for arguments in (["demo"], ["demo", "--reset"]):
        refused = portal(*arguments)
        assert refused.returncode == 2, refused.stdout

    assert kept.read_bytes() == b"a recording"
    assert not (tmp_path / "data/DEMO").exists()


def test_a_demo_writes_into_no_other_database_and_uses_no_other_key(
    portal: Run, tmp_path: Path
) -> None:
    elsewhere = {
        "PORTAL_DATABASE_URL": f"sqlite:///{tmp_path / 'real.db'}",
        "PORTAL_MASTER_KEY_FILE": str(tmp_path / "real.key"),
    }
    for name, value in elsewhere.items():
        refused = portal("demo", **{name: value})
        assert refused.returncode == 2, name
    assert not (tmp_path / "real.db").exists()
    assert not (tmp_path / "data").exists()


def test_an_init_with_a_bad_login_leaves_an_installation_that_can_be_finished(
    portal: Run, tmp_path: Path
) -> None:
    refused = portal("init", "--head", "Kim")
    assert refused.returncode == 2
    assert "Traceback" not in refused.stderr

    made = portal("init", "--head", "kim", "--json")

    assert made.returncode == 0, made.stderr
    assert [a["login"] for a in json.loads(made.stdout)["accounts"]] == ["custodian", "kim"]


def test_nothing_runs_without_the_master_key(portal: Run, installed: Path) -> None:
    key = installed / "keys/master.key"
    kept = key.rename(installed.with_name("kept"))

    for command in (["serve"], ["worker", "--once"], ["retention", "run"], ["audit", "verify"]):
        refused = portal(*command)
        assert refused.returncode == 2, (command, refused.stdout, refused.stderr)
        assert "Traceback" not in refused.stderr

    MasterKey.create(key)  # another's: what it took in, the right one would not open
    for command in (["serve"], ["ingest", "run"], ["key", "change-master"]):
        refused = portal(*command)
        assert refused.returncode == 2, (command, refused.stdout, refused.stderr)
        assert "이 자료를 만든 마스터 키가 아니" in refused.stderr

    kept.replace(key)
    verified = portal("audit", "verify")
    assert verified.returncode == 0, verified.stderr


def test_nothing_runs_on_another_schema(portal: Run, installed: Path) -> None:
    with sqlite3.connect(installed / "portal.db") as database:
        database.execute("UPDATE alembic_version SET version_num = 'older'")

    refused = portal("serve")

    assert refused.returncode == 2
    assert "portal upgrade" in refused.stderr


def test_a_setting_that_does_not_fit_is_named(portal: Run, tmp_path: Path) -> None:
    settings = tmp_path / "city.toml"
    settings.write_text("[retention]\ndays = 'thirty'\n", "utf-8")

    refused = portal("init", PORTAL_SETTINGS=str(settings))

    assert refused.returncode == 2
    assert "retention.days" in refused.stderr


def test_a_changed_log_makes_verify_exit_with_one_and_name_the_event(
    portal: Run, installed: Path
) -> None:
    with sqlite3.connect(installed / "portal.db") as database:
        database.execute("DROP TRIGGER audit_event_no_update")
        database.execute("UPDATE audit_event SET action = 'other' WHERE seq = 1")

    found = portal("audit", "verify", "--json")

    assert found.returncode == 1
    assert json.loads(found.stdout)["first_bad"] == 1


def test_misuse_ends_with_two(portal: Run, tmp_path: Path) -> None:
    assert start(tmp_path / "data", "nonsense").returncode == 2
    assert portal("retention", "run").returncode == 2  # nothing is installed here
