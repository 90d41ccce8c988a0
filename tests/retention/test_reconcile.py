"""Database, keys and disk compared: each kind of difference is found, and only where it is."""

from __future__ import annotations

import json
import os
import time
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask

import factories
from playback.hearing import own
from portal import clock
from portal.applications.models import ApplicationFile
from portal.cli.retention import reconcile as reconcile_command
from portal.cli.retention import retention
from portal.config import Config
from portal.database import write
from portal.documents.models import IssuedDocument
from portal.extensions import db
from portal.ids import public_id
from portal.recordings.models import QuarantineItem, Recording
from portal.retention import purge
from portal.retention.reconcile import reconcile
from portal.runtime import vault
from retention.days import at_the_end_of, quarantined, recording, today_and


@pytest.fixture
def day(app: Flask) -> date:
    """Tomorrow, with a recording and a quarantined item that agree with everything."""
    recording(day := today_and(1))
    quarantined(day)
    return day


def test_what_agrees_is_no_difference_neither_before_nor_after_the_purge(day: date) -> None:
    assert reconcile(0) == []

    with clock.at(at_the_end_of(day)):
        purge.run()
        assert reconcile(0) == []


def test_a_living_row_without_its_file_is_named(day: date) -> None:
    row, item = db.session.query(Recording).one(), db.session.query(QuarantineItem).one()
    vault().recordings.remove(day, row.public_id)
    vault().recordings.remove(day, item.public_id)

    assert _found() == [
        ("recording_without_file", row.public_id),
        ("quarantine_without_file", item.public_id),
    ]


def test_a_living_row_without_its_key_is_named(day: date, data: Path) -> None:
    (data / f"keys/days/{day}.age").unlink()

    assert _found() == [("recording_without_key", str(day))]


def test_a_file_without_a_row_is_named_after_its_grace_and_removed_on_request(day: date) -> None:
    orphan = public_id()
    vault().recordings.put(day, orphan, BytesIO(b"sound"))

    fresh = reconcile(600)
    named = reconcile(0)
    with_repair = reconcile(0, repair=True)

    assert fresh == []
    assert [(d.kind, d.id, d.repaired) for d in named] == [
        ("file_without_row", f"{day}/{orphan}", False)
    ]
    assert [d.repaired for d in with_repair] == [True]
    assert reconcile(0) == []
    assert len(vault().recordings.blobs(day)) == 2


def test_repair_leaves_what_is_younger_than_its_grace(day: date, data: Path) -> None:
    young, old = public_id(), public_id()
    for orphan in (young, old):
        vault().recordings.put(day, orphan, BytesIO(b"sound"))
    an_hour_ago = time.time() - 3600
    os.utime(data / f"vault/days/{day}/{old}.age", (an_hour_ago, an_hour_ago))

    found = reconcile(600, repair=True)

    assert [d.id for d in found] == [f"{day}/{old}"]
    assert young in vault().recordings.blobs(day)


def test_a_file_under_the_wrong_day_is_an_orphan_there(day: date) -> None:
    row = db.session.query(Recording).one()
    vault().recordings.put(today_and(2), row.public_id, BytesIO(b"sound"))

    assert _found() == [("file_without_row", f"{today_and(2)}/{row.public_id}")]


def test_past_days_that_were_not_destroyed_are_named_after_the_grace(day: date) -> None:
    rows = [db.session.query(Recording).one(), db.session.query(QuarantineItem).one()]
    end = at_the_end_of(day)

    with clock.at(end + timedelta(minutes=5)):
        early = reconcile(600)
    with clock.at(end + timedelta(minutes=11)):
        late = _found(600)

    assert early == []
    assert late == [
        *(("row_not_destroyed", row.public_id) for row in rows),
        ("key_not_destroyed", str(day)),
        ("files_not_removed", str(day)),
    ]


def test_a_key_or_files_that_came_back_to_a_destroyed_day_are_named(day: date, data: Path) -> None:
    key, folder = data / f"keys/days/{day}.age", data / f"vault/days/{day}"
    copy = key.read_bytes()
    with clock.at(at_the_end_of(day)):
        purge.run()
        key.write_bytes(copy)
        folder.mkdir()
        (folder / f"{public_id()}.age").write_bytes(b"put back")

        assert _found(600) == [("key_not_destroyed", str(day)), ("files_not_removed", str(day))]


def test_numbers_left_in_a_destroyed_row_are_named(day: date) -> None:
    row = db.session.query(Recording).one()
    factories.forwarded_application(row)
    with clock.at(at_the_end_of(day)):
        purge.run()
        with write():
            row.caller_number = "01012345678"

        assert _found() == [("numbers_not_removed", row.public_id)]


def test_papers_and_evidence_are_compared_both_ways(app: Flask) -> None:
    account = factories.account()
    application = own(account)
    records = vault().records
    receipt_blob = _receipt_blob()
    records.put(receipt_blob, b"receipt")
    orphan = public_id()
    with write() as session:
        file = ApplicationFile(
            application_id=application.id,
            kind="evidence",
            media_type="image/png",
            size=4,
            sha256="0" * 64,
            added_by_id=account.id,
        )
        gone = ApplicationFile(
            application_id=application.id,
            kind="evidence",
            media_type="image/png",
            size=4,
            sha256="0" * 64,
            added_by_id=account.id,
            destroyed_at=clock.now(),
        )
        paper = IssuedDocument(
            kind="form2",
            application_id=application.id,
            verification_no="V-1",
            sha256="0" * 64,
            size=4,
            issued_by_id=account.id,
        )
        session.add_all([file, gone, paper])
    records.put(file.public_id, b"file")
    records.put(orphan, b"left")

    assert _found() == [
        ("row_without_record", paper.public_id),
        ("record_without_row", orphan),
    ]
    reconcile(0, repair=True)
    assert sorted(records.blobs()) == sorted([receipt_blob, file.public_id])


def test_leftovers_of_interrupted_writes_are_named_and_removed_on_request(
    day: date, data: Path
) -> None:
    leftover = data / f"vault/days/{day}/.{public_id()}.age.0011223344556677.tmp"
    leftover.write_bytes(b"half")

    assert _found(600) == []
    assert _found() == [("stale_temporary", leftover.name)]
    reconcile(0, repair=True)
    assert not leftover.exists()
    assert reconcile(0) == []


def test_the_commands_say_what_they_found_and_exit_accordingly(
    app: Flask, config: Config, day: date, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PORTAL_DATA", str(config.data))
    monkeypatch.setenv("PORTAL_DATABASE_URL", config.database_url)
    orphan = public_id()
    runner = CliRunner()

    fine = runner.invoke(reconcile_command, ["--json"])
    vault().recordings.put(day, orphan, BytesIO(b"sound"))
    found = runner.invoke(reconcile_command, ["--json", "--grace", "0"])
    lines = runner.invoke(reconcile_command, ["--grace", "0", "--repair"])
    misuse = runner.invoke(reconcile_command, ["--grace", "-1"])
    with clock.at(at_the_end_of(day)):
        destroyed = runner.invoke(retention, ["run", "--json"])

    assert (fine.exit_code, json.loads(fine.output)) == (0, [])
    assert (found.exit_code, misuse.exit_code) == (1, 2)
    assert json.loads(found.output) == [
        {"kind": "file_without_row", "id": f"{day}/{orphan}", "repaired": False}
    ]
    assert lines.exit_code == 1
    assert lines.output.splitlines()[0].startswith(f"file_without_row\t{day}/{orphan}\t")
    assert destroyed.exit_code == 0, destroyed.output
    assert json.loads(destroyed.output)["recordings"] == 1


def _found(grace_s: float = 0) -> list[tuple[str, str]]:
    db.session.rollback()
    return [(difference.kind, difference.id) for difference in reconcile(grace_s)]


def _receipt_blob() -> str:
    from portal.handover.models import HandoverReceipt

    return str(db.session.query(HandoverReceipt.unsigned_blob).scalar())


def test_what_a_recorder_left_in_the_drop_folder_is_named_after_a_day(
    day: date, config: Config
) -> None:
    left = config.drop / "old.wav.part"
    left.write_bytes(b"plain sound")
    assert reconcile() == []

    with clock.at(timedelta(hours=25)):
        found = [d.kind for d in reconcile()]

    assert "left_in_drop" in found
