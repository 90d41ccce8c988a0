"""The row of the ledger: copied at the handover, numbered without gaps, never changed."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

import factories
from portal import clock
from portal.applications.models import Application
from portal.applications.states import State
from portal.database import NotWriting, write
from portal.extensions import db
from portal.ledger.models import LedgerRow
from portal.ledger.write_row import NothingToEnter, write_row
from portal.roles import Role

GIVEN = {
    "basis": "제7조제1항제2호",
    "transferor_name": "이보안",
    "transferee_name": "홍길동",
    "affiliation": "경기도 이천시 부악로 40",
}


def approved(**fields: object) -> Application:
    leader = factories.account(Role.TEAM_LEADER, name="박정호")
    head = factories.account(Role.DIVISION_HEAD, name="윤서연")
    return factories.forwarded_application(state=State.APPROVED, leader=leader, head=head, **fields)


def test_the_row_copies_what_the_application_and_its_recordings_say(app: Flask) -> None:
    calls = [
        factories.recording(called_at=datetime.now(UTC).replace(hour=5, minute=5)),
        factories.recording(caller="2201", callee="021230100"),
        factories.recording(delete_on=clock.today()),  # died before the handover
    ]
    with write():
        calls[1].callee_number = None
    leader = factories.account(Role.TEAM_LEADER, name="박정호")
    head = factories.account(Role.DIVISION_HEAD, name="윤서연")
    application = factories.forwarded_application(
        *calls, state=State.APPROVED, leader=leader, head=head, disclosure_type="provision"
    )

    with write():
        row = write_row(application, **GIVEN, remarks="일부 기간만료")

    first, second = (clock.seoul(call.called_at) for call in calls[:2])
    assert (row.year, row.serial) == (clock.today().year, 1)
    assert (row.control_no, row.disclosure_type) == (application.control_no, "provision")
    assert (row.applicant_name, row.reason) == ("홍길동", application.reason)
    assert row.called_at_text.splitlines() == [
        f"{day.year}. {day.month}. {day.day}. {day:%H:%M}" for day in (first, second)
    ]
    assert row.numbers_text.splitlines() == ["010-1234-5678 → 031-644-1234", "2201 → 모름"]
    assert row.approvals_text.splitlines() == ["팀장 박정호", "과장 윤서연"]
    assert (row.basis, row.affiliation) == (GIVEN["basis"], GIVEN["affiliation"])
    assert (row.transferor_name, row.transferee_name) == ("이보안", "홍길동")
    assert row.remarks == "일부 기간만료"


def test_the_affiliation_is_not_readable_in_the_database(app: Flask) -> None:
    application = approved()
    with write():
        write_row(application, **GIVEN)

    stored = db.session.connection().exec_driver_sql("SELECT affiliation FROM ledger_row").scalar()

    assert "이천시" not in stored


def test_the_row_stays_when_the_numbers_of_the_recording_are_erased(app: Flask) -> None:
    call = factories.recording()
    application = factories.forwarded_application(call, state=State.APPROVED)
    with write():
        row = write_row(application, **GIVEN)
    with write():
        call.caller_number = call.callee_number = None

    assert row.numbers_text == "010-1234-5678 → 031-644-1234"


def test_the_year_is_that_of_seoul_and_each_year_begins_with_one(app: Flask) -> None:
    new_year = datetime(2027, 1, 1, tzinfo=clock.SEOUL)
    serials = []
    for moment in (
        new_year - timedelta(seconds=1),  # 2026-12-31 14:59:59 UTC
        new_year,  # still 2026 in UTC
        new_year + timedelta(hours=12),
    ):
        with clock.at(moment):
            application = approved()
            with write():
                row = write_row(application, **GIVEN)
            serials.append((row.year, row.serial))

    assert serials == [(2026, 1), (2027, 1), (2027, 2)]


@pytest.mark.parametrize("why", ["no control number", "no living recording"])
def test_without_a_handover_there_is_no_row(app: Flask, why: str) -> None:
    dead = why == "no living recording"
    call = factories.recording(delete_on=clock.today()) if dead else factories.recording()
    fields = {} if dead else {"control_no": None}
    application = factories.forwarded_application(call, state=State.APPROVED, **fields)

    with pytest.raises(NothingToEnter), write():
        write_row(application, **GIVEN)


def test_a_row_outside_of_write_is_refused(app: Flask) -> None:
    application = approved()

    with pytest.raises(NotWriting):
        write_row(application, **GIVEN)


def test_one_application_has_one_row(app: Flask) -> None:
    application = approved()
    with write():
        write_row(application, **GIVEN)

    with pytest.raises(Exception, match=r"(?i)unique"), write():
        write_row(application, **GIVEN)
    other = approved()
    with write():
        row = write_row(other, **GIVEN)

    assert row.serial == 2, "the failure drew a number"


def test_threads_and_failures_in_between_leave_no_gap_and_no_double(app: Flask) -> None:
    ids = [factories.forwarded_application(state=State.APPROVED).id for _ in range(12)]

    def enter(application_id: int, fails_first: bool) -> None:
        with app.app_context():
            for fails in (True, False) if fails_first else (False,):
                application = db.session.get_one(Application, application_id)
                try:
                    with write():
                        write_row(application, **GIVEN)
                        if fails:
                            raise ConnectionAbortedError
                except ConnectionAbortedError:
                    continue
            db.session.remove()

    threads = [
        threading.Thread(target=enter, args=(application_id, n % 2 == 0))
        for n, application_id in enumerate(ids)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.rollback()

    rows = db.session.scalars(select(LedgerRow).order_by(LedgerRow.serial)).all()
    assert [row.serial for row in rows] == list(range(1, 13))
    assert {row.application_id for row in rows} == set(ids)


@pytest.mark.parametrize(
    "statement",
    ["UPDATE ledger_row SET reason = 'x'", "DELETE FROM ledger_row"],
)
def test_the_database_itself_refuses_to_change_the_ledger(app: Flask, statement: str) -> None:
    application = approved()
    with write():
        write_row(application, **GIVEN)

    with pytest.raises(Exception, match="never changed"), write() as session:
        session.connection().exec_driver_sql(statement)

    assert db.session.scalar(select(LedgerRow.reason)) == application.reason
