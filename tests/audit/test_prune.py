"""Old events go up to a signed checkpoint; everything else stays as append-only as it was."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, insert, select
from sqlalchemy.exc import DBAPIError

from audit.test_chain import UNLOCK
from portal import audit, clock
from portal.audit import checkpoint, heads, upkeep
from portal.audit.models import AuditCheckpoint, AuditEvent, AuditHead, AuditVerification
from portal.audit.verify import verify
from portal.database import write
from portal.extensions import db

OLD, NEW = timedelta(days=-731), timedelta(days=-729)


def events(count: int, ago: timedelta = timedelta()) -> None:
    with clock.at(ago):
        for number in range(count):
            with write():
                audit.record("test.happened", by=None, number=number)


def sql(*statements: str) -> None:
    with write() as session:
        for statement in statements:
            session.connection().exec_driver_sql(statement)


def unlock() -> None:
    """An attacker who owns the database."""
    with write() as session:
        for statement in UNLOCK[session.get_bind().dialect.name]:
            session.connection().exec_driver_sql(statement)


def numbers() -> list[int]:
    return list(db.session.scalars(select(AuditEvent.seq).order_by(AuditEvent.seq)))


def test_what_is_older_than_two_years_goes_and_the_rest_still_verifies(app: Flask) -> None:
    events(5, OLD), events(3, NEW)

    pruned = checkpoint.prune()

    assert (pruned.events, pruned.upto) == (5, 5)
    assert numbers() == [6, 7, 8, 9]  # the pruning is an event itself
    verdict = verify()
    assert verdict.sound and (verdict.pruned, verdict.events) == (5, 4)


def test_pruning_again_removes_nothing_and_places_no_second_checkpoint(app: Flask) -> None:
    events(5, OLD), events(3, NEW)
    checkpoint.prune()

    assert checkpoint.prune().events == 0
    assert db.session.scalar(select(func.count()).select_from(AuditCheckpoint)) == 1


def test_a_later_pruning_goes_on_from_the_checkpoint_before(app: Flask) -> None:
    events(2, OLD), events(3, NEW)
    checkpoint.prune()
    with clock.at(timedelta(days=3)):
        assert checkpoint.prune().events == 3
        assert verify().sound


def test_a_young_log_is_left_alone(app: Flask) -> None:
    events(3, NEW)
    assert checkpoint.prune() == checkpoint.Pruned(0, None)
    assert numbers() == [1, 2, 3]


def test_a_run_killed_between_checkpoint_and_removal_is_finished_by_the_next(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    events(5, OLD)
    events(1, NEW)
    monkeypatch.setattr(checkpoint, "BATCH", 2)
    removal = checkpoint._remove_batch
    monkeypatch.setattr(checkpoint, "_remove_batch", lambda upto: 0)
    checkpoint.prune()
    assert verify().sound and len(numbers()) == 7

    monkeypatch.setattr(checkpoint, "_remove_batch", removal)
    assert checkpoint.prune().events == 5
    assert verify().sound


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM audit_event WHERE seq = 7",
        "DELETE FROM audit_event",
        "UPDATE audit_event SET action = 'x' WHERE seq = 1",
        "UPDATE audit_checkpoint SET seq = 100",
        "DELETE FROM audit_checkpoint",
    ],
)
def test_the_database_refuses_everything_but_removal_up_to_the_checkpoint(
    app: Flask, monkeypatch: pytest.MonkeyPatch, statement: str
) -> None:
    events(5, OLD), events(3, NEW)
    monkeypatch.setattr(checkpoint, "_remove_batch", lambda upto: 0)
    checkpoint.prune()

    with pytest.raises(DBAPIError):
        sql(statement)

    assert len(numbers()) == 9 and verify().sound


def test_a_checkpoint_that_nobody_signed_is_found(app: Flask) -> None:
    events(5)
    last = db.session.scalars(select(AuditEvent).order_by(AuditEvent.seq.desc())).first()
    assert last is not None
    key_id, _signature = checkpoint.sign(4, last.mac, clock.now(), what="checkpoint")
    forged = {"seq": 4, "mac": last.mac, "at": clock.now(), "key_id": key_id}
    with write() as session:
        session.execute(insert(AuditCheckpoint).values(signature="0" * 64, **forged))
        session.connection().exec_driver_sql("DELETE FROM audit_event WHERE seq <= 4")

    verdict = verify()
    assert verdict.first_bad == 4 and verdict.problem == "서명이 맞지 않는 정리 기준점"


def test_a_signed_head_does_not_pass_for_a_checkpoint(app: Flask) -> None:
    events(5)
    heads.note_head()
    head = list(heads.heads())[-1]
    assert head is not None
    values = {"seq": head.seq, "mac": head.mac, "at": head.at, "key_id": head.key_id}
    with write() as session:
        session.execute(insert(AuditCheckpoint).values(signature=head.signature, **values))

    assert verify().first_bad == 5


def test_a_cut_off_end_is_found_even_with_a_rewritten_head(app: Flask) -> None:
    events(10)
    heads.note_head()
    unlock()
    mac = db.session.scalar(select(AuditEvent.mac).where(AuditEvent.seq == 7))
    sql(
        "DELETE FROM audit_event WHERE seq > 7",
        f"UPDATE audit_head SET seq = 7, mac = '{mac}'",
    )

    verdict = verify()
    assert verdict.first_bad == 8 and verdict.problem == "끝이 잘린 기록"


def test_a_head_line_that_was_changed_is_found(app: Flask) -> None:
    events(10)
    heads.note_head()
    text = heads.path().read_text()
    heads.path().write_text(text.replace("10 ", "9 ", 1))

    assert not verify().sound


def test_a_line_that_the_power_cut_short_is_no_tampering_and_the_next_one_is_whole(
    app: Flask,
) -> None:
    events(3)
    heads.note_head()
    with heads.path().open("a") as file:
        file.write("4 abc")
    assert verify().sound

    events(1)
    with clock.at(timedelta(hours=2)):
        assert heads.note_head()
    assert [head and head.seq for head in heads.heads()] == [3, 4]
    assert verify().sound


def test_a_head_is_noted_once_an_hour_or_after_many_events(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    events(1)
    assert heads.note_head()
    events(1)
    assert not heads.note_head()
    with clock.at(timedelta(hours=1, seconds=1)):
        assert heads.note_head()
        assert not heads.note_head()  # nothing new
    monkeypatch.setattr(heads, "EVERY_EVENTS", 5)
    with clock.at(timedelta(hours=1, seconds=2)):
        events(5)
        assert heads.note_head()


def test_the_worker_verifies_once_a_day_and_keeps_what_it_found(app: Flask) -> None:
    events(3)
    upkeep.keep_up()
    upkeep.keep_up()
    count = select(func.count()).select_from(AuditVerification)
    assert db.session.scalar(count) == 1

    unlock()
    sql("UPDATE audit_event SET action = 'x' WHERE seq = 2")
    with clock.at(timedelta(days=1)):
        upkeep.keep_up()
    last = upkeep.last_verification()
    assert last is not None and last.first_bad == 2
    assert db.session.scalar(select(AuditHead.seq)) == 5  # both verifications are events
