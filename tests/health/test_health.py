"""`/healthz` and `/readyz`: each thing that can break, broken."""

from __future__ import annotations

import os
import re
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

import factories
from notices.conftest import kinds_of, set_mail
from portal import clock, create_app, disk
from portal.config import Config, from_environment
from portal.database import write
from portal.extensions import db
from portal.jobs.lease import acquire, finish
from portal.jobs.watched import WATCHED_S
from portal.notices.kinds import Kind
from portal.notices.models import Mail
from portal.notices.watch import watch
from portal.roles import Role
from portal.vault.key_replica import KeyReplica

_TOKEN = re.compile(r"X-CSRFToken[^}]*")
_OUTSIDE = {"REMOTE_ADDR": "192.0.2.7"}


def works() -> None:
    for task in WATCHED_S:
        assert acquire(task, "elsewhere:1:00")


def failing(app: Flask) -> list[str]:
    answer = app.test_client().get("/readyz")
    assert answer.status_code == (503 if answer.json["failing"] else 200)
    assert answer.json["ready"] is not bool(answer.json["failing"])
    return list(answer.json["failing"])


def test_where_all_is_well_it_is_ready(app: Flask) -> None:
    works()
    assert failing(app) == []


def test_health_tells_nothing_and_asks_nothing(app: Flask) -> None:
    db.session.remove()
    db.engine.dispose()
    answer = app.test_client().get("/healthz", environ_overrides=_OUTSIDE)
    assert answer.json == {"up": True}
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "asked",
    [
        {"environ_overrides": _OUTSIDE},
        {"headers": {"X-Forwarded-For": "127.0.0.1"}},
        {"environ_overrides": _OUTSIDE, "headers": {"X-Forwarded-For": "127.0.0.1"}},
    ],
)
def test_from_outside_there_is_no_such_address(app: Flask, asked: dict[str, object]) -> None:
    there, not_there = (app.test_client().get(to, **asked) for to in ("/readyz", "/readyy"))
    assert there.status_code == not_there.status_code == 404
    assert _TOKEN.sub("", there.text) == _TOKEN.sub("", not_there.text)


def test_a_named_machine_may_ask_also_through_the_proxies_that_are_named(config: Config) -> None:
    named = from_environment({"PORTAL_MONITORING": "192.0.2.7 192.0.2.8", "PORTAL_DATA": "/tmp"})  # noqa: S108
    assert named.monitoring == {"192.0.2.7", "192.0.2.8"}
    proxied = create_app(
        Config(
            data=config.data,
            database_url=config.database_url,
            master_key_file=config.master_key_file,
            monitoring=named.monitoring,
            trusted_proxies=1,
        )
    )
    client = proxied.test_client()
    for address, status in (("192.0.2.7", 503), ("192.0.2.9", 404)):
        answer = client.get("/readyz", headers={"X-Forwarded-For": address})
        assert answer.status_code == status
    with proxied.app_context():
        db.engine.dispose()


def test_without_a_worker_it_is_not_ready(app: Flask) -> None:
    assert failing(app) == ["worker"]


def test_a_task_that_keeps_failing_is_named(app: Flask) -> None:
    works()
    for _ in range(70):
        lease = acquire("retention", "elsewhere:1:00")
        assert lease
        finish(lease, "OSError")
    assert failing(app) == ["deletion"]


def test_what_is_past_its_day_is_named_whatever_the_tasks_say(app: Flask) -> None:
    factories.recording(delete_on=clock.today() - timedelta(days=1))
    noon = clock.midnight(clock.today()) + timedelta(hours=12)
    with clock.at(noon):
        works()
        assert failing(app) == ["deletion"]


def test_a_key_file_that_is_gone_another_or_open_to_others_is_named(
    app: Flask, config: Config
) -> None:
    works()
    key = config.master_key_file
    kept = key.read_bytes()
    key.chmod(0o644)
    assert failing(app) == ["keys"]
    key.unlink()
    assert failing(app) == ["keys"]
    type(app.extensions["portal"].vault.master).create(key)
    assert failing(app) == ["keys"]
    key.write_bytes(kept)
    assert failing(app) == []


def test_a_replica_that_is_not_mounted_is_named(app: Flask, tmp_path: Path) -> None:
    works()
    app.extensions["portal"].vault.day_keys.replica = KeyReplica(tmp_path / "away")
    assert failing(app) == ["keys"]


def test_a_disk_that_is_nearly_full_is_named_and_told_by_mail(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_mail(app, 1)
    custodian = factories.account(Role.CUSTODIAN)
    with write():
        custodian.email = "custodian@city.example"
    works()
    real = os.statvfs(app.extensions["portal"].config.data)
    little = list(real)
    little[4] = 99 * 1024 * 1024 // real.f_frsize  # f_bavail
    monkeypatch.setattr(disk.os, "statvfs", lambda _path: os.statvfs_result(little))
    assert failing(app) == ["disk"]
    assert watch(WATCHED_S) == watch(WATCHED_S) == [Kind.DISK_LOW]
    assert kinds_of(custodian) == [Kind.DISK_LOW]
    assert db.session.query(Mail).count() == 1


def test_a_database_of_another_version_is_named(app: Flask) -> None:
    works()
    with write() as session:
        session.execute(text("UPDATE alembic_version SET version_num = 'older'"))
    assert failing(app) == ["database"]


def test_a_database_that_is_gone_is_named(config: Config) -> None:
    gone = Config(
        data=config.data,
        database_url="postgresql+psycopg://nobody@127.0.0.1:9/none",
        master_key_file=config.master_key_file,
    )
    assert failing(create_app(gone)) == ["database"]
