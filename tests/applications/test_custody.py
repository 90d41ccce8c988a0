"""담당자의 직무대리: who handles applications where no custodian can."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

import factories
from applications.intake import asked_call, custodian, from_citizen, received, refuses
from client import PageClient
from portal import clock
from portal.accounts.acting import Assignment, end_acting, name_acting
from portal.accounts.models import Account, ActingAssignment
from portal.accounts.refusals import BadAssignment, MayNot
from portal.applications.conflict import Conflict
from portal.applications.custody import NotCustodian, custody_of
from portal.applications.forward import forward
from portal.applications.inbox import InboxFilter, inbox
from portal.applications.match import match
from portal.applications.models import Application
from portal.applications.receive import receive
from portal.applications.states import Action, State
from portal.applications.visibility import may_see, may_see_evidence
from portal.approvals.standing import Standing
from portal.database import write
from portal.extensions import db
from portal.handover.transferor import NotTransferor, is_transferor, require_transferor, waiting_for
from portal.notices.people import free_custodians
from portal.roles import Role

CUSTODIAN = Role.CUSTODIAN
DAY = timedelta(days=1)


def waiting(account: Account) -> set[str]:
    return {a.public_id for a in db.session.scalars(inbox(InboxFilter(), account)).unique()}


def of_the_custodian(holder: Account) -> Application:
    """A citizen's application about a call on the custodian's own telephone."""
    application = from_citizen()
    line = factories.extension("0316441234", holder.person)
    asked_call(application, line=line, caller_number="01012345678", callee_number="0316441234")
    return application


@pytest.mark.parametrize("named", ["ready", "away"])
@pytest.mark.parametrize("concerned", [False, True])
@pytest.mark.parametrize("days", [0, 1])
def test_the_acting_custodian_takes_in_where_no_custodian_can_and_only_then(
    app: Flask, named: str, concerned: bool, days: int
) -> None:
    holder, substitute = custodian(), factories.account(name="김대신")
    application = of_the_custodian(holder) if concerned else from_citizen()
    first = clock.today() + days * DAY
    away = holder if named == "away" else None
    factories.acting(substitute, CUSTODIAN, in_place_of=away, from_on=first, last_on=first)

    needed = days == 0 and (named == "away" or concerned)
    assert (application.public_id in waiting(substitute)) == needed
    assert may_see(application, substitute) == needed
    if not needed:
        refuses(NotCustodian, receive, application, by=substitute)
        return
    assert free_custodians(application) == [substitute]
    received(application, substitute)

    done = application.transitions[-1]
    assert (done.action, done.by, done.capacity) == (
        Action.RECEIVE,
        substitute,
        "시스템 관리자 직무대리",
    )
    assert may_see_evidence(application, substitute)


def test_a_custodian_who_is_there_is_named_to_the_acting_one(app: Flask) -> None:
    custodian(name="정관리")
    substitute, application = factories.account(), from_citizen()
    factories.acting(substitute, CUSTODIAN)

    assert custody_of(application, substitute) is Standing.NOT_NEEDED
    refuses(NotCustodian, receive, application, by=substitute, says="정관리님이")


def test_the_acting_custodian_keeps_their_hands_off_their_own_calls(app: Flask) -> None:
    substitute = factories.account()
    factories.acting(substitute, CUSTODIAN, in_place_of=custodian())
    application = of_the_custodian(substitute)

    refuses(Conflict, receive, application, by=substitute, says="'직무대리' 화면에서")


def test_a_conflict_says_who_can_instead_or_what_to_do(app: Flask) -> None:
    holder = custodian()
    application = of_the_custodian(holder)
    refuses(Conflict, receive, application, by=holder, says="과장이 '직무대리' 화면에서")

    factories.acting(factories.account(name="김대신"), CUSTODIAN)

    refuses(Conflict, receive, application, by=holder, says="김대신님에게 넘겨 주십시오")


def test_the_whole_of_a_custodians_work_is_done_in_their_place(app: Flask) -> None:
    holder, substitute = custodian(), factories.account()
    application = from_citizen()
    call = asked_call(application, caller_number="01012345678", callee_number="0316441234")
    factories.acting(substitute, CUSTODIAN, in_place_of=holder)
    received(application, substitute)

    with write():
        match(application, call, by=substitute)
        forward(application, by=substitute, checked=True)
        application.state = State.APPROVED

    assert application.transitions[-1].capacity == "시스템 관리자 직무대리"
    assert is_transferor(application, substitute)
    assert list(db.session.scalars(waiting_for(substitute))) == [application]
    with clock.at(clock.now() + 2 * DAY):  # the holder is back
        with pytest.raises(NotTransferor):
            require_transferor(application, substitute)
        require_transferor(application, holder)


def named_by(by: Account, account: Account, role: Role = CUSTODIAN) -> ActingAssignment:
    today = clock.today()
    wanted = Assignment(role=role, from_on=today, last_on=today, reason="교육")
    with write():
        return name_acting(account, wanted, by=by)


def test_the_head_names_for_custodians_alone_and_nobody_below_does(app: Flask) -> None:
    head, leader = factories.account(Role.DIVISION_HEAD), factories.account(Role.TEAM_LEADER)

    assert named_by(head, factories.account()).role == CUSTODIAN
    for by, role in ((head, Role.TEAM_LEADER), (leader, CUSTODIAN)):
        with pytest.raises(MayNot):
            named_by(by, factories.account(), role)
    with pytest.raises(BadAssignment, match="승인하는 사람"):
        named_by(head, factories.account(Role.DIVISION_HEAD))


def test_whom_an_application_with_the_custodians_concerns_does_not_end_its_acting(
    app: Flask,
) -> None:
    head = factories.account(Role.DIVISION_HEAD)
    row = factories.acting(factories.account(), CUSTODIAN, in_place_of=custodian())
    application = from_citizen()
    call = factories.recording(factories.extension("0316445555", head.person))
    with write():
        application.asked_recording = call

    with pytest.raises(BadAssignment, match="본인과 관련된"), write():
        end_acting(row, by=head)
    another = factories.account(Role.DIVISION_HEAD)
    with write():
        end_acting(row, by=another)


def test_the_head_names_on_the_page_and_the_acting_custodian_works_there(
    client: PageClient,
) -> None:
    holder = custodian(name="정관리")
    head, substitute = factories.account(Role.DIVISION_HEAD), factories.account(name="김대신")
    application, today = from_citizen(), clock.today().isoformat()
    intake = f"/intake/{application.public_id}"
    client.log_in(substitute).get("/intake", status=403)

    other = PageClient(client.http.application).log_in(head)
    html = other.get("/accounts/acting").text
    assert 'value="custodian"' in html and 'value="team_leader"' not in html
    form = {"role": CUSTODIAN, "substitute": substitute.login, "in_place_of": holder.public_id}
    form |= {"from_on": today, "last_on": today, "reason": "연가"}
    assert other.post("/accounts/acting", form).status_code == 303
    row = db.session.scalars(select(ActingAssignment)).one()
    leader = PageClient(client.http.application).log_in(factories.account(Role.TEAM_LEADER))
    leader.get("/accounts/changes")
    leader.post(f"/accounts/changes/{row.change.public_id}/confirm")

    assert intake in client.get("/intake").text
    client.get(intake)
    client.post(f"{intake}/receive")
    db.session.expire_all()
    assert application.state == State.RECEIVED
    assert "시스템 관리자 직무대리" in client.get(intake).text
    for closed in ("/accounts", "/organisation/extensions", "/ledger", "/restrictions"):
        client.get(closed, status=403)
    other.post(f"/accounts/acting/{row.public_id}/end")
    client.get("/intake", status=403)
