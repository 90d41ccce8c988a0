"""대결: who may fill a step in the holder's place, and when."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

import factories
from client import PageClient
from portal import clock, runtime
from portal.accounts.acting import end_acting, shorten_acting
from portal.accounts.close_account import close_account
from portal.accounts.models import Account
from portal.accounts.refusals import BadAssignment
from portal.applications.conflict import Conflict
from portal.applications.models import Application
from portal.applications.states import State
from portal.applications.visibility import may_see, may_see_evidence
from portal.approvals import decide, queue
from portal.approvals.refusals import NotYourStep
from portal.approvals.standing import ACTING, Standing, standing_of
from portal.database import write
from portal.extensions import db
from portal.ledger.write_row import write_row
from portal.notices.people import approvers_at
from portal.roles import Role

LEADER, HEAD = Role.TEAM_LEADER, Role.DIVISION_HEAD
DAY = timedelta(days=1)


def a_call_of(*people: Account) -> Application:
    """An application at the leader about a call in which these took part."""
    recordings = []
    for person in people:
        line = factories.extension(f"03164{person.id:05d}", person.person)
        recordings.append(factories.recording(line))
    return factories.forwarded_application(*recordings)


def waiting(account: Account) -> set[str]:
    found = db.session.scalars(queue.statement(account, queue.Wanted())).unique()
    return {application.public_id for application in found}


@pytest.mark.parametrize("substitute_concerned", [False, True])
@pytest.mark.parametrize("days", [-1, 0, 1])
@pytest.mark.parametrize("assigned", ["ready", "away", "nobody"])
@pytest.mark.parametrize("holder_concerned", [False, True])
def test_the_acting_person_decides_where_no_holder_can_and_only_then(
    app: Flask, holder_concerned: bool, assigned: str, days: int, substitute_concerned: bool
) -> None:
    holder, substitute = factories.account(LEADER), factories.account()
    concerned = [holder] * holder_concerned + [substitute] * substitute_concerned
    application = a_call_of(*concerned)
    if assigned != "nobody":
        factories.acting(
            substitute,
            LEADER,
            in_place_of=holder if assigned == "away" else None,
            from_on=clock.today() + days * DAY,
            last_on=clock.today() + (days if days >= 0 else 0) * DAY,
        )
    now = clock.now() + (DAY if days < 0 else timedelta())

    with clock.at(now):
        in_force = assigned != "nobody" and days == 0
        needed = in_force and (assigned == "away" or holder_concerned)
        assert (application.public_id in waiting(substitute)) == needed
        if needed and not substitute_concerned:
            with write():
                done = decide.review(application, by=substitute)
            assert done.capacity == "팀장 대결"
            assert application.steps[0].capacity == ACTING
            return
        with pytest.raises(Conflict if needed else NotYourStep), write():
            decide.review(application, by=substitute)
    db.session.expire_all()
    assert application.state == State.RECEIVED


def test_the_holder_who_came_back_early_decides_as_holder(app: Flask) -> None:
    holder, substitute = factories.account(LEADER), factories.account()
    application = factories.forwarded_application()
    factories.acting(substitute, LEADER, in_place_of=holder)

    with write():
        done = decide.review(application, by=holder)

    assert done.capacity == "팀장" and application.steps[0].capacity == "팀장"


def test_while_another_holder_is_there_nobody_acts_for_the_one_who_is_away(app: Flask) -> None:
    away, there, substitute = factories.account(LEADER), factories.account(LEADER), None
    substitute = factories.account()
    application = factories.forwarded_application()
    factories.acting(substitute, LEADER, in_place_of=away)

    assert standing_of(substitute, application.steps[0]) is Standing.NOT_NEEDED
    with pytest.raises(NotYourStep, match=there.name), write():
        decide.review(application, by=substitute)
    factories.acting(substitute, LEADER, in_place_of=there)
    assert standing_of(substitute, application.steps[0]) is Standing.ACTING


def test_one_person_never_fills_two_columns_even_when_acting_for_the_second(app: Flask) -> None:
    leader, head = factories.account(LEADER), factories.account(HEAD)
    application = factories.forwarded_application(state=State.REVIEWED, leader=leader)
    factories.acting(leader, HEAD, in_place_of=head)

    with pytest.raises(Conflict, match="앞 단계"), write():
        decide.approve(application, by=leader)


def test_a_holder_who_decided_the_step_before_makes_room_for_the_acting_person(
    app: Flask,
) -> None:
    both = factories.account(LEADER, HEAD)
    substitute = factories.account()
    application = factories.forwarded_application(state=State.REVIEWED, leader=both)
    factories.acting(substitute, HEAD)

    assert application.public_id in waiting(substitute)
    with write():
        decide.approve(application, by=substitute)

    assert application.state == State.APPROVED


def test_an_assignment_that_ended_or_whose_account_closed_gives_nothing(app: Flask) -> None:
    holder, custodian = factories.account(LEADER), factories.account(Role.CUSTODIAN)
    ended, closed = factories.account(), factories.account()
    application = factories.forwarded_application()
    row = factories.acting(ended, LEADER, in_place_of=holder)
    factories.acting(closed, LEADER, in_place_of=holder)

    with write():
        end_acting(row, by=custodian)
        close_account(closed, by=custodian)

    for account in (ended, closed):
        assert waiting(account) == set()
        with pytest.raises(NotYourStep), write():
            decide.review(application, by=account)


def test_acting_for_one_step_opens_no_other(app: Flask) -> None:
    head, substitute = factories.account(HEAD), factories.account()
    application = factories.forwarded_application()
    factories.acting(substitute, HEAD, in_place_of=head)

    assert not may_see(application, substitute)
    with pytest.raises(NotYourStep), write():
        decide.review(application, by=substitute)


def test_a_return_in_the_holders_place_says_so_in_the_history(app: Flask) -> None:
    holder, substitute = factories.account(LEADER), factories.account()
    application = factories.forwarded_application()
    factories.acting(substitute, LEADER, in_place_of=holder)

    with write():
        done = decide.return_(application, by=substitute, opinion="시각을 확인해 주십시오.")

    assert done.capacity == "팀장 대결"


def test_the_ledger_names_who_decided_in_the_holders_place(app: Flask) -> None:
    holder, substitute = factories.account(LEADER), factories.account(name="김대신")
    head = factories.account(HEAD, name="박과장")
    application = factories.forwarded_application()
    factories.acting(substitute, LEADER, in_place_of=holder)

    with write():
        decide.review(application, by=substitute)
        decide.approve(application, by=head)
        row = write_row(
            application,
            basis="제7조제1항제2호",
            transferor_name="가",
            transferee_name="나",
            affiliation="다",
        )

    assert row.approvals_text == "팀장 김대신 (대결)\n과장 박과장"


def test_the_acting_person_finds_the_application_in_the_queue_and_decides_there(
    client: PageClient,
) -> None:
    holder, substitute = factories.account(LEADER), factories.account(name="김대신")
    application = factories.forwarded_application()
    client.log_in(substitute).get("/approvals", status=403)
    factories.acting(substitute, LEADER, in_place_of=holder)

    html = client.get("/approvals").text
    assert f"row-{application.public_id}" in html and 'href="/approvals"' in html
    html = client.get(f"/approvals/{application.public_id}").text
    assert "대결로 처리하시는 신청입니다" in html and application.reason in html
    assert may_see_evidence(application, substitute)
    client.post(f"/approvals/{application.public_id}/review", {"seen": "3"})

    db.session.refresh(application)
    assert application.state == State.REVIEWED
    html = client.get(f"/approvals/{application.public_id}").text
    assert "팀장 대결" in html and "김대신" in html


def test_the_acting_person_gets_into_nothing_else_of_the_approvers(client: PageClient) -> None:
    substitute = factories.account()
    factories.acting(substitute, HEAD)
    client.log_in(substitute)

    client.get("/approvals")
    client.get("/ledger", status=403)
    client.get("/accounts/changes", status=403)


@pytest.mark.parametrize("relation", ["applicant", "enterer", "party", "decided", "none"])
def test_the_queue_asks_the_database_the_same_question_as_the_verb(
    app: Flask, relation: str
) -> None:
    holder, substitute = factories.account(LEADER), factories.account()
    fields = {
        "applicant": {"applicant_id": holder.person_id},
        "enterer": {"entered_by": holder},
    }.get(relation, {})
    calls = []
    if relation == "party":
        calls = [factories.recording(factories.extension("0316440001", holder.person))]
    application = factories.forwarded_application(*calls, **fields)
    if relation == "decided":
        with write():
            application.steps[1].decided_by_id = holder.id
    factories.acting(substitute, LEADER)

    acts = standing_of(substitute, application.steps[0]) is Standing.ACTING

    assert acts == (relation != "none")
    assert (application.public_id in waiting(substitute)) == acts


def ranked(rank: str) -> Account:
    account = factories.account()
    with write():
        account.person.postings[0].rank = rank
    return account


def set_order(app: Flask, *ranks: str) -> None:
    installed = runtime.config()
    approval = installed.settings.approval.model_copy(update={"acting_order": ranks})
    rules = installed.settings.model_copy(update={"approval": approval})
    runtime.install(app, replace(installed, settings=rules), runtime.vault())


@pytest.mark.parametrize(
    ("order", "concerned", "expected"),
    [
        ((), None, "주무관"),  # who was named first
        (("팀장", "주무관"), None, "팀장"),
        (("팀장", "주무관"), "팀장", "주무관"),
        (("팀장",), "팀장", "주무관"),
        (("주무관",), "주무관", "팀장"),
    ],
)
def test_of_several_acting_persons_the_first_who_is_free_decides(
    app: Flask, order: tuple[str, ...], concerned: str | None, expected: str
) -> None:
    away = factories.account(LEADER)
    people = {rank: ranked(rank) for rank in ("주무관", "팀장")}
    for person in people.values():
        factories.acting(person, LEADER, in_place_of=away)
    set_order(app, *order)
    application = a_call_of(*([people[concerned]] if concerned else []))
    step = application.current_step
    assert step is not None

    asked = {rank for rank, person in people.items() if application.public_id in waiting(person)}
    told = [account.id for account in approvers_at(step)]
    other = next(person for rank, person in people.items() if rank != expected)
    with pytest.raises((NotYourStep, Conflict)), write():
        decide.review(application, by=other)
    with write():
        decide.review(application, by=people[expected])

    assert told == [people[expected].id]
    assert expected in asked and asked <= {expected, concerned}
    assert step.capacity == ACTING


def test_whom_an_application_at_the_step_concerns_does_not_end_its_acting(app: Flask) -> None:
    holder, substitute = factories.account(LEADER), factories.account()
    party, free = factories.account(Role.CUSTODIAN), factories.account(Role.CUSTODIAN)
    last_on = clock.today() + 2 * DAY
    row = factories.acting(substitute, LEADER, in_place_of=holder, last_on=last_on)
    a_call_of(party)

    with pytest.raises(BadAssignment, match="본인과 관련된"), write():
        end_acting(row, by=party)
    with pytest.raises(BadAssignment, match="본인과 관련된"), write():
        shorten_acting(row, clock.today(), by=party)
    with write():
        shorten_acting(row, last_on - DAY, by=free)
        end_acting(row, by=free)

    assert row.ended_by_id == free.id
