"""제8조①: what was packed dies with the first of its recordings, whoever is killed when."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from packages.provision import Provision, dying_on, provided
from portal import clock
from portal.database import write
from portal.packages.ask import ask
from portal.packages.build import build_next
from portal.packages.offer import offer_again
from portal.retention import purge
from portal.retention.reconcile import reconcile
from portal.runtime import vault
from portal.vault import DayKeyDestroyed

ONE, NINE = timedelta(days=1), timedelta(days=9)


@pytest.fixture
def two(app: Flask) -> Provision:
    """Two recordings, of which the first dies tomorrow."""
    return provided(dying_on(clock.today() + ONE), dying_on(clock.today() + NINE))


def test_the_purge_takes_file_and_row_with_the_day(two: Provision) -> None:
    two.built()
    day, blob = two.package.delete_on, two.package.blob
    assert day
    assert blob

    with clock.at(ONE):
        report = purge.run()

        assert report.packages_ended == 1
        assert (two.package.state, two.package.end_reason) == ("void", "deleted")
        with pytest.raises(DayKeyDestroyed):
            vault().recordings.open(day, blob)
        assert vault().recordings.blobs(day) == []
        assert reconcile(grace_s=0) == []
        assert purge.run().packages_ended == 0


def test_what_is_left_can_be_handed_out_again(two: Provision) -> None:
    two.built()
    with clock.at(ONE):
        purge.run()
        offer_again(two.application, by=two.custodian, reason="첫 녹취 삭제 뒤 다시 제공")
        two.built()

        assert two.package.delete_on == two.recordings[1].delete_on


def test_a_sealed_password_dies_with_its_day_though_nobody_built(two: Provision) -> None:
    ask(two.application, by=two.employee)
    day = two.package.delete_on
    assert day

    with clock.at(ONE):
        purge.run()
        assert vault().recordings.blobs(day) == []
        assert build_next("test")
        assert two.package.state == "void"


def test_a_build_that_finds_the_key_gone_ends_the_package(two: Provision) -> None:
    ask(two.application, by=two.employee)
    vault().day_keys.destroy(clock.today() + ONE)

    build_next("test")

    assert (two.package.state, two.package.end_reason) == ("void", "deleted")


def test_reconcile_explains_packages_and_sealed_passwords(two: Provision) -> None:
    ask(two.application, by=two.employee)
    assert reconcile(grace_s=0) == []
    build_next("test")
    assert reconcile(grace_s=0) == []


def test_reconcile_finds_a_package_without_its_file_and_a_file_of_none(two: Provision) -> None:
    two.built()
    day, blob = two.package.delete_on, two.package.blob
    assert day
    assert blob
    vault().recordings.remove(day, blob)
    assert [found.kind for found in reconcile(grace_s=0)] == ["package_without_file"]

    with write():
        two.package.state, two.package.ended_at = "void", clock.now()
    with write():
        two.package.end_reason = "closed"
    assert reconcile(grace_s=0) == []


def test_reconcile_finds_a_package_past_its_day(two: Provision) -> None:
    two.built()

    with clock.at(ONE + timedelta(hours=1)):
        kinds = {found.kind for found in reconcile(grace_s=0)}

    assert "package_not_ended" in kinds
