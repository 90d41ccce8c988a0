"""The alarm: what stands still is told to custodians once a day."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

import factories
from client import PageClient
from notices.conftest import kinds_of
from portal import clock
from portal.accounts.models import Account
from portal.announcements import announce
from portal.clock import SEOUL
from portal.database import write
from portal.jobs.lease import acquire, finish
from portal.jobs.watched import WATCHED_S
from portal.notices import reading
from portal.notices.kinds import Kind
from portal.notices.watch import watch
from portal.recordings.models import QuarantineItem
from portal.roles import Role


@pytest.fixture
def custodian(app: Flask) -> Account:
    return factories.account(Role.CUSTODIAN)


def alive(*tasks: str) -> None:
    for task in tasks:
        assert acquire(task, "elsewhere:1:00")


def test_all_is_well(custodian: Account) -> None:
    alive("intake", "retention")

    assert watch(WATCHED_S) == []
    assert kinds_of(custodian) == []


def test_no_worker_at_all_is_told_once_a_day(custodian: Account) -> None:
    alive("intake", "retention")

    for hours in (1, 2, 25):
        with clock.at(timedelta(hours=hours)):
            assert watch(WATCHED_S) == [Kind.WORKER_STANDS]

    assert kinds_of(custodian) == [Kind.WORKER_STANDS] * 2


def test_a_task_that_nobody_takes_up_stands(custodian: Account) -> None:
    alive("intake")
    with clock.at(timedelta(minutes=31)):
        alive("retention")
        watch(WATCHED_S)

    assert kinds_of(custodian) == [Kind.INTAKE_STANDS]


def test_a_task_that_fails_for_too_long_stands_and_one_that_failed_once_does_not(
    custodian: Account,
) -> None:
    lease = acquire("retention", "elsewhere:1:00")
    assert lease
    finish(lease, "OSError")
    assert watch(WATCHED_S) == []

    for _ in range(60):
        finish(lease, "OSError")

    assert watch(WATCHED_S) == [Kind.DELETION_STANDS]
    assert kinds_of(custodian) == [Kind.DELETION_STANDS]


def test_something_past_its_day_is_an_alarm_whatever_the_tasks_say(custodian: Account) -> None:
    noon = clock.seoul(clock.now()).replace(hour=12, tzinfo=SEOUL)
    with clock.at(noon):
        alive("intake", "retention")
        factories.recording(delete_on=clock.today())

        assert watch(WATCHED_S) == [Kind.DELETION_STANDS]


def test_the_custodians_page_says_so_even_when_no_worker_can(
    client: PageClient, custodian: Account
) -> None:
    says = "자동으로 하는 일이 멈추어 있습니다"
    assert says in client.log_in(custodian).get("/notices").text
    alive("intake")
    assert says not in client.get("/notices").text


def quarantined(number: int) -> None:
    with write() as session:
        item = QuarantineItem(
            reason="no_sidecar",
            message="…",
            sha256=f"{number:064x}",
            size=1,
            has_sound=True,
            has_sidecar=False,
            delete_on=clock.today() + timedelta(days=31),
        )
        session.add(item)
        session.flush()
        announce("recording.quarantined", item)


def test_a_flood_in_quarantine_is_one_notice_until_it_is_read(custodian: Account) -> None:
    for number in range(3):
        quarantined(number)
    assert kinds_of(custodian) == [Kind.QUARANTINED]

    with write():
        reading.mark_all_read(custodian)
    quarantined(4)

    assert kinds_of(custodian) == [Kind.QUARANTINED] * 2
