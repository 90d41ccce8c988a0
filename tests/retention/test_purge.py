"""제8조①: what is past its day is destroyed, and nothing else."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

import factories
from playback.hearing import Listener, own
from portal import clock
from portal.applications.models import Application
from portal.applications.states import State
from portal.audit.models import AuditEvent
from portal.audit.verify import verify
from portal.database import write
from portal.extensions import db
from portal.playback.models import ListeningSession
from portal.recordings.models import CallLeg, QuarantineItem, Recording
from portal.retention import purge, rows
from portal.retention.models import Tombstone
from portal.runtime import vault
from portal.vault import DayKeyDestroyed
from retention.days import (
    at_the_end_of,
    count,
    nothing_left,
    quarantined,
    recording,
    today_and,
    tombstone_hashes,
)


def test_a_day_goes_whole_at_its_midnight_in_seoul_and_not_a_second_before(app: Flask) -> None:
    day = today_and(1)
    row, other = recording(day), recording(today_and(2))
    sha256, kept = row.sha256, other.public_id
    end = at_the_end_of(day)

    with clock.at(end - timedelta(seconds=1)):
        before = purge.run()
    with clock.at(end):
        after = purge.run()

    assert (before.recordings, before.keys, before.files, before.days) == (0, 0, 0, [])
    assert (after.recordings, after.keys, after.files, after.days) == (1, 1, 1, [day])
    assert nothing_left(day)
    assert tombstone_hashes() == [sha256]
    assert list(db.session.scalars(select(Recording.public_id))) == [kept]
    assert vault().recordings.blobs(today_and(2)) == [kept]


def test_the_day_is_counted_in_seoul_not_in_utc(app: Flask) -> None:
    day = today_and(1)
    end = at_the_end_of(day)

    assert end.hour == 15  # UTC
    assert clock.seoul(end).date() == day


def test_the_tombstone_says_how_many_which_when_and_by_what(app: Flask) -> None:
    day = today_and(1)
    expected = sorted([recording(day).sha256, recording(day).sha256, quarantined(day).sha256])

    with clock.at(end := at_the_end_of(day)):
        purge.run()

    stone = db.session.scalars(select(Tombstone)).one()
    assert (stone.delete_on, stone.recordings, stone.quarantined) == (day, 2, 1)
    assert (stone.destroyed_at, stone.by, stone.cause) == (end, "cli", "retention")
    assert tombstone_hashes() == expected
    event = db.session.scalars(
        select(AuditEvent).where(AuditEvent.action == "retention.destroy")
    ).one()
    assert event.subject == stone.public_id
    assert verify().sound


def test_a_matched_recording_keeps_what_the_ledger_needs_and_loses_its_numbers(app: Flask) -> None:
    day = today_and(1)
    line = factories.extension("0316442101", factories.account().person)
    row = recording(day, line=line, source_id="out-01099998888-call-77")
    factories.forwarded_application(row)
    called_at = row.called_at

    with clock.at(end := at_the_end_of(day)):
        purge.run()

    assert (row.called_at, row.destroyed_at) == (called_at, end)
    numbers = (row.caller_number, row.callee_number, row.caller_reversed, row.callee_reversed)
    assert numbers == (None,) * 4
    assert "0109999" not in row.source_id
    assert count(CallLeg) == 0


def test_a_quarantined_item_stays_as_a_line_that_says_it_was_destroyed(app: Flask) -> None:
    row = quarantined(day := today_and(1))

    with clock.at(end := at_the_end_of(day)):
        purge.run()

    assert db.session.get_one(QuarantineItem, row.id).destroyed_at == end
    assert nothing_left(day)


def test_a_recording_somebody_asked_for_without_a_match_is_reduced_too(app: Flask) -> None:
    row = recording(day := today_and(1))
    application = factories.forwarded_application(recording(day), asked_recording_id=row.id)

    with clock.at(at_the_end_of(day)):
        purge.run()

    assert db.session.get_one(Recording, row.id).destroyed_at is not None
    assert db.session.get_one(Application, application.id).state == State.EXPIRED


def test_running_again_destroys_nothing_twice(app: Flask) -> None:
    recording(day := today_and(1))

    with clock.at(at_the_end_of(day)):
        purge.run()
        again = purge.run()

    assert (again.recordings, again.keys, again.files, again.days) == (0, 0, 0, [])
    assert count(Tombstone) == 1


def test_several_days_that_were_missed_are_made_up_for(app: Flask) -> None:
    days = [today_and(n) for n in (1, 2, 5)]
    for day in days:
        recording(day)

    with clock.at(at_the_end_of(today_and(9))):
        report = purge.run()

    assert report.days == days
    assert all(nothing_left(day) for day in days)
    assert count(Tombstone) == 3


def test_a_day_with_a_key_only_or_with_files_only_goes_too(app: Flask) -> None:
    day = today_and(1)
    vault().day_keys.recipient(day)
    row = recording(today_and(2))
    with write() as session:
        session.delete(row)

    with clock.at(at_the_end_of(today_and(2))):
        report = purge.run()

    assert (report.keys, report.files) == (2, 1)
    assert nothing_left(day)
    assert nothing_left(today_and(2))


def test_a_late_arrival_never_gets_a_new_key_for_a_destroyed_day(app: Flask) -> None:
    recording(day := today_and(1))
    with clock.at(at_the_end_of(day)):
        purge.run()

    with pytest.raises(DayKeyDestroyed):
        recording(day)
    with pytest.raises(DayKeyDestroyed):
        vault().day_keys.recipient(day)

    assert vault().recordings.blobs(day) == []


def test_a_key_put_back_from_a_copy_is_destroyed_again(app: Flask) -> None:
    recording(day := today_and(1))
    key = app.extensions["portal"].config.data / f"keys/days/{day}.age"
    copy = key.read_bytes()
    with clock.at(at_the_end_of(day)):
        purge.run()
        key.write_bytes(copy)

        report = purge.run()

    assert report.keys == 1
    assert nothing_left(day)


def test_more_rows_than_one_transaction_takes_make_one_tombstone(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows, "BATCH", 3)
    day = today_and(1)
    expected = sorted(recording(day).sha256 for _ in range(8))

    with clock.at(at_the_end_of(day)):
        report = purge.run()

    assert report.recordings == 8
    assert tombstone_hashes() == expected
    assert db.session.scalars(select(Tombstone)).one().recordings == 8


def test_two_purges_at_once_destroy_everything_once(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows, "BATCH", 2)
    day = today_and(1)
    expected = sorted(recording(day).sha256 for _ in range(9))
    failures: list[BaseException] = []

    def run() -> None:
        with app.app_context():
            try:
                purge.run()
            except BaseException as error:
                failures.append(error)
            finally:
                db.session.remove()

    with clock.at(at_the_end_of(day)):
        threads = [threading.Thread(target=run) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert failures == []
    assert nothing_left(day)
    assert tombstone_hashes() == expected


def test_what_is_being_listened_to_ends_and_the_application_closes(app: Flask) -> None:
    from playback.hearing import with_sound

    row = with_sound(called_at=clock.now() - timedelta(days=29))
    with clock.at(row.deleted_at - timedelta(minutes=5)):
        listener = Listener.of(app, factories.account())
        application = own(listener.account, row, until=row.deleted_at)
        listener.open(application)

    with clock.at(row.deleted_at):
        report = purge.run()

    assert (report.sessions_ended, report.applications_closed) == (1, 1)
    assert db.session.scalars(select(ListeningSession)).one().end_reason == "deleted"
    assert application.state == State.CLOSED


def test_a_day_that_cannot_be_finished_holds_up_no_other_and_is_taken_up_again(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    stuck, fine = today_and(1), today_and(2)
    recording(stuck), recording(fine)
    original = vault().recordings.remove_day

    def remove_day(day):  # type: ignore[no-untyped-def]
        if day == stuck:
            raise PermissionError(day)
        return original(day)

    with clock.at(at_the_end_of(fine)):
        with monkeypatch.context() as broken:
            broken.setattr(vault().recordings, "remove_day", remove_day)
            first = purge.run()
        assert (first.failed, first.days) == ([stuck], [fine])
        assert vault().day_keys.is_destroyed(stuck)
        second = purge.run()

    assert (second.failed, second.days) == ([], [stuck])
    assert nothing_left(stuck)
