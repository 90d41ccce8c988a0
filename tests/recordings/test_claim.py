"""공용 전화: whose call it was, said by one and confirmed by another."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

import factories
from client import PageClient
from portal import clock
from portal.accounts.models import Account, Extension
from portal.applications.conflict import conflict_of
from portal.applications.draft import new_draft_from_call
from portal.approvals.conflicts import conflicts_among
from portal.audit.models import AuditEvent
from portal.database import write
from portal.extensions import db
from portal.recordings.claim import ClaimRefused, NotYourLine, answer, claim
from portal.recordings.models import CallClaim, CallLeg, Recording
from portal.recordings.parties import is_own_call, own_calls, party_ids, shared_calls
from portal.roles import Role

DAY = timedelta(days=1)


@pytest.fixture
def sharers(app: Flask) -> tuple[Account, Account]:
    return factories.account(), factories.account()


@pytest.fixture
def line(sharers: tuple[Account, Account]) -> Extension:
    return factories.extension("0316449000", *(a.person for a in sharers))


@pytest.fixture
def custodian(app: Flask) -> Account:
    return factories.account(Role.CUSTODIAN)


def claimed(call: Recording, by: Account, confirmed: bool | None, custodian: Account) -> CallClaim:
    with write():
        row = claim(call, by=by)
    if confirmed is not None:
        with write():
            answer(row, confirmed=confirmed, by=custodian)
    return row


def own_ids(account: Account) -> set[int]:
    return {r.id for r in db.session.scalars(own_calls(account.person))}


@pytest.mark.parametrize("confirmed", [None, False])
def test_until_it_is_confirmed_the_call_is_nobodys_and_concerns_all_who_share_the_line(
    sharers: tuple[Account, Account], line: Extension, custodian: Account, confirmed: bool | None
) -> None:
    call = factories.recording(line)

    claimed(call, sharers[0], confirmed, custodian)

    for sharer in sharers:
        assert not is_own_call(call, sharer.person) and own_ids(sharer) == set()
    assert party_ids([call]) == {s.person_id for s in sharers}


def test_once_confirmed_it_is_the_claimants_alone(
    sharers: tuple[Account, Account], line: Extension, custodian: Account
) -> None:
    call, other_call = factories.recording(line), factories.recording(line)
    mine, other = sharers
    application = factories.forwarded_application(call)

    claimed(call, mine, True, custodian)

    assert is_own_call(call, mine.person) and own_ids(mine) == {call.id}
    assert not is_own_call(call, other.person) and own_ids(other) == set()
    assert party_ids([call]) == {mine.person_id}
    assert party_ids([other_call]) == {mine.person_id, other.person_id}
    assert conflict_of(application, mine) and not conflict_of(application, other)
    assert application.id in conflicts_among([application], mine)
    assert application.id not in conflicts_among([application], other)
    with write():
        new_draft_from_call(call, by=mine)


def test_who_has_an_own_extension_in_the_same_call_stays_a_party(
    sharers: tuple[Account, Account], line: Extension, custodian: Account
) -> None:
    call, third = factories.recording(line), factories.account()
    own = factories.extension("0316449001", third.person)
    with write() as session:
        moment = call.called_at
        session.add(
            CallLeg(
                recording_id=call.id,
                number=own.number,
                extension_id=own.id,
                from_at=moment,
                until_at=moment,
            )
        )

    claimed(call, sharers[0], True, custodian)

    assert party_ids([call]) == {sharers[0].person_id, third.person_id}
    assert is_own_call(call, third.person)


def test_nobody_claims_what_was_not_on_a_line_they_shared_that_day(
    sharers: tuple[Account, Account], line: Extension
) -> None:
    outsider, former = factories.account(), factories.account()
    own = factories.extension("0316449002", outsider.person)
    left = factories.extension(
        "0316449003", former.person, sharers[0].person, until_on=clock.today() - DAY
    )
    dead = factories.recording(line, called_at=clock.now() - 40 * DAY)

    tries = [
        (factories.recording(line), outsider),
        (factories.recording(own), outsider),
        (factories.recording(left), former),
        (dead, sharers[0]),
    ]
    for call, by in tries:
        with pytest.raises(NotYourLine), write():
            claim(call, by=by)


def test_of_two_who_claim_the_same_call_the_second_is_refused(
    sharers: tuple[Account, Account], line: Extension, custodian: Account
) -> None:
    call = factories.recording(line)
    row = claimed(call, sharers[0], None, custodian)

    for by in sharers:
        with pytest.raises(ClaimRefused), write():
            claim(call, by=by)
    with write():
        answer(row, confirmed=False, by=custodian)
    claimed(call, sharers[1], True, custodian)

    assert is_own_call(call, sharers[1].person)


def test_nobody_confirms_for_themselves_for_their_own_line_or_without_the_role(
    sharers: tuple[Account, Account], line: Extension
) -> None:
    leader, sharing = factories.account(Role.TEAM_LEADER), factories.account(Role.CUSTODIAN)
    claimant = factories.account(Role.CUSTODIAN)
    shared = factories.extension("0316449004", claimant.person, sharing.person)
    row = claimed(factories.recording(shared), claimant, None, leader)

    without = factories.account(), factories.account(Role.DIVISION_HEAD)
    for by in (claimant, sharing, *without):
        with pytest.raises(ClaimRefused), write():
            answer(row, confirmed=True, by=by)
    db.session.expire_all()
    assert row.confirmed is None
    with write():
        answer(row, confirmed=True, by=leader)
    with pytest.raises(ClaimRefused), write():
        answer(row, confirmed=False, by=leader)
    assert row.confirmed is True


def test_what_is_past_its_day_is_not_confirmed(
    sharers: tuple[Account, Account], line: Extension, custodian: Account
) -> None:
    row = claimed(factories.recording(line), sharers[0], None, custodian)

    with (
        clock.at(clock.now() + 32 * DAY),
        pytest.raises(ClaimRefused, match="보관기간"),
        write(),
    ):
        answer(row, confirmed=True, by=custodian)


def test_each_step_is_logged(
    sharers: tuple[Account, Account], line: Extension, custodian: Account
) -> None:
    claimed(factories.recording(line), sharers[0], True, custodian)

    actions = list(db.session.scalars(select(AuditEvent.action)))
    assert [a for a in actions if a.startswith("claim.")] == ["claim.asked", "claim.confirmed"]


def test_the_pages_show_masked_calls_take_the_claim_and_its_confirmation(
    client: PageClient, sharers: tuple[Account, Account], line: Extension, custodian: Account
) -> None:
    call = factories.recording(line)
    html = client.log_in(sharers[0]).get("/calls/shared").text
    assert "010-****-5678" in html and "01012345678" not in html and "미확인" in html
    client.post(f"/calls/{call.public_id}/claim")
    assert "확인 대기" in client.get("/calls/shared").text

    other = PageClient(client.http.application)
    html = other.log_in(custodian).get("/claims").text
    assert sharers[0].name in html and "010-****-5678" in html
    row = db.session.scalars(select(CallClaim)).one()
    other.post(f"/claims/{row.public_id}/confirm")
    assert "확인할 통화가 없습니다" in other.get("/claims").text

    assert "내 통화" in client.get("/calls/shared").text
    assert f"call={call.public_id}" in client.get("/calls").text
    third = PageClient(client.http.application)
    assert "다른 사람의 통화" in third.log_in(sharers[1]).get("/calls/shared").text


def test_a_stranger_does_not_learn_that_the_call_exists(
    client: PageClient, line: Extension
) -> None:
    call = factories.recording(line)
    client.log_in(factories.account()).get("/calls/shared")

    answer = client.http.post(f"/calls/{call.public_id}/claim", data={"csrf_token": client.token})

    assert answer.status_code == 404
    assert db.session.scalars(select(CallClaim)).all() == []


def test_shared_calls_are_those_of_the_days_on_which_the_line_was_shared(
    sharers: tuple[Account, Account], line: Extension
) -> None:
    newcomer = factories.account()
    late = factories.extension(
        "0316449005", newcomer.person, sharers[0].person, from_on=clock.today()
    )
    before = factories.recording(late, called_at=clock.midnight(clock.today()) - DAY / 2)
    since = factories.recording(late)

    found = {r.id for r in db.session.scalars(shared_calls(newcomer.person))}

    assert found == {since.id} and before.id not in found
