"""The rule for a whole page of applications says the same as the rule for one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select

import factories
from portal import clock
from portal.applications.conflict import conflict_of, parties_to
from portal.applications.models import Application
from portal.applications.states import State
from portal.approvals.conflicts import conflicts_among, is_barred
from portal.approvals.lines import lines_for
from portal.extensions import db
from portal.recordings.models import CallLeg
from portal.retention import purge
from portal.retention.rows import FORGOTTEN
from portal.roles import Role


def test_the_page_and_the_single_rule_agree_on_every_relation(app: Flask) -> None:
    me, other = factories.account(Role.TEAM_LEADER), factories.account()
    today = clock.today()
    own = factories.extension("0316441111", me.person)
    shared = factories.extension("0316442222", me.person, other.person)
    former = factories.extension("0316443333", me.person, until_on=today)
    coming = factories.extension("0316444444", me.person, from_on=today + timedelta(days=1))
    foreign = factories.extension("0316445555", other.person)
    noon = clock.midnight(today) + timedelta(minutes=1)
    calls = [factories.recording(line, called_at=noon) for line in (own, shared, former, coming)]
    calls += [factories.recording(foreign), factories.recording()]
    yesterday = factories.recording(former, called_at=noon - timedelta(minutes=2))
    given: list[dict[str, Any]] = [
        {"applicant_id": me.person_id, "applicant_kind": "employee"},
        {"entered_by": me},
        {"asked_recording_id": calls[0].id},
        {"filed_for_id": me.person_id},
        {"entered_by": me, "ground": 4},  # in the agency's name
        {},
    ]
    applications = [factories.forwarded_application(c) for c in [*calls, yesterday]]
    applications += [factories.forwarded_application(calls[4], calls[1])]
    applications += [factories.forwarded_application(calls[4], **g) for g in given]

    single = {a.id for a in applications if conflict_of(a, me)}
    parties = {a.id for a in applications if conflict_of(a, me, parties_to(a))}
    listed = lines_for(me)([a.id for a in applications])
    barred = db.session.scalars(select(Application.id).where(is_barred(me)))

    assert len(single) == 8
    assert parties == single == set(conflicts_among(applications, me)) == set(barred)
    assert single == {line.of_it.id for line in listed if line.conflict}


def test_who_filled_an_earlier_column_is_named_too(app: Flask) -> None:
    both = factories.account(Role.TEAM_LEADER, Role.DIVISION_HEAD)
    application = factories.forwarded_application(state=State.REVIEWED, leader=both)

    (line,) = lines_for(both)([application.id])
    assert line.conflict == "앞 단계 결재자"


def test_a_call_after_midnight_in_seoul_counts_as_the_next_day(app: Flask) -> None:
    me = factories.account(Role.TEAM_LEADER)
    first = datetime(2026, 11, 24, tzinfo=clock.SEOUL).date()
    line = factories.extension("0316441234", me.person, from_on=first)
    before = factories.recording(line, called_at=datetime(2026, 11, 23, 14, 59, tzinfo=UTC))
    after = factories.recording(line, called_at=datetime(2026, 11, 23, 15, 0, tzinfo=UTC))
    applications = [factories.forwarded_application(call) for call in (before, after)]

    assert set(conflicts_among(applications, me)) == {applications[1].id}


def test_a_party_keeps_their_hands_off_after_one_of_several_calls_died(app: Flask) -> None:
    me, today = factories.account(Role.TEAM_LEADER), clock.today()
    line = factories.extension("0316441111", me.person)
    gone = factories.recording(line, delete_on=today + timedelta(days=1))
    left = factories.recording(delete_on=today + timedelta(days=9))
    application = factories.forwarded_application(gone, left)
    with clock.at(timedelta(days=2)):
        purge.run()

        assert conflict_of(application, me) and conflicts_among([application], me)
        assert conflict_of(application, factories.account(Role.TEAM_LEADER)) is None
    numbers = list(db.session.scalars(select(CallLeg.number)))
    assert numbers == [FORGOTTEN], "the number itself is gone"
    with clock.at(timedelta(days=10)):
        purge.run()

        assert application.state == State.EXPIRED
    assert list(db.session.scalars(select(CallLeg))) == [], "nobody needs to know any more"
