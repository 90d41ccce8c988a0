"""The demo that a newcomer gets: every state, real sound, and nothing that does not fit."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal import clock
from portal.accounts.models import Account, ActingAssignment
from portal.applications.models import Application
from portal.applications.states import State
from portal.audit.verify import verify
from portal.demo.access import accesses, code_of
from portal.demo.build import build
from portal.demo.calls import UNKNOWN_EXTENSION
from portal.destruction.pending import pending
from portal.extensions import db
from portal.otp.codes import consume_code
from portal.packages.models import Package
from portal.recordings.claim import waiting_claims
from portal.recordings.models import QuarantineItem, Recording
from portal.recordings.unknown import unknown_numbers
from portal.retention.models import Tombstone
from portal.retention.reconcile import reconcile
from portal.runtime import vault


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_demo_has_every_state_is_whole_and_shows_codes_that_are_accepted(app: Flask) -> None:
    build()
    db.session.rollback()

    states = set(db.session.scalars(select(Application.state)))
    assert states == set(State)

    called = db.session.scalars(select(Recording.called_at)).all()
    days_back = {(clock.today() - clock.seoul(moment).date()).days for moment in called}
    assert days_back >= {1, 29, 30}
    assert max(called) > clock.now() - timedelta(hours=2)  # yesterday's, just after midnight

    recording = db.session.scalars(select(Recording).where(Recording.is_alive)).first()
    assert recording is not None
    with vault().recordings.open(recording.delete_on, recording.public_id) as sound:
        assert sound.size == recording.size

    assert db.session.scalars(select(Tombstone)).first() is not None
    assert db.session.scalars(select(QuarantineItem)).first() is not None
    assert reconcile() == []
    assert verify().sound

    assert [number.number for number in unknown_numbers()] == [UNKNOWN_EXTENSION]
    assert len(db.session.scalars(waiting_claims()).unique().all()) == 1
    named = db.session.scalars(select(ActingAssignment)).one()
    assert named.confirmed_at and named.from_on > clock.today()

    packages = db.session.scalars(select(Package).order_by(Package.offered_at)).all()
    assert sorted(package.state for package in packages) == ["ready", "used"]
    assert len(db.session.scalars(pending()).all()) == 1

    people = accesses()
    assert {p.login for p in people} >= {
        *("employee", "employee2", "counter", "custodian", "leader", "head", "auditor")
    }
    assert all(p.totp_secret for p in people)
    code = code_of("employee")
    assert code is not None
    assert len(code) == 6
    assert code_of("nobody") is None

    code = code_of("head")
    assert code is not None
    consume_code(db.session.scalars(select(Account).where(Account.login == "head")).one(), code)
