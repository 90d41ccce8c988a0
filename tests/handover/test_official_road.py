"""Grounds 3–5 as 제공, from the 공문 to 완료: answered by 회신 공문, or collected in person."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

import factories
from applications.intake import custodian
from applications.test_official import registered
from client import PageClient
from handover.conftest import drawn
from handover.test_reply import reply
from packages.provision import Provision, signed
from playback.hearing import with_sound
from portal import clock
from portal.accounts.models import Account
from portal.applications.forward import forward
from portal.applications.match import match
from portal.applications.models import Application
from portal.applications.search import search
from portal.applications.states import Action, State
from portal.approvals.decide import approve, review
from portal.database import write
from portal.destruction.confirm import confirm, destruction_of
from portal.extensions import db
from portal.handover.hand_over import hand_over
from portal.handover.reply import hand_over_by_reply
from portal.handover.transferor import handed_over_by
from portal.ledger.models import LedgerRow
from portal.packages import send
from portal.packages.ask import ask
from portal.packages.build import build_next
from portal.roles import Role


def approved_for(officer: Account, ground: int) -> Application:
    application = registered(officer, ground=ground, disclosure_type="provision")
    call = with_sound(called_at=application.asked_from, caller_number=application.caller_number)
    with write():
        assert search(application, by=officer).calls
        match(application, call, by=officer)
        forward(application, by=officer, checked=True)
    for role, verb in ((Role.TEAM_LEADER, review), (Role.DIVISION_HEAD, approve)):
        decider = factories.account(role)
        with write():
            verb(application, by=decider)
    return application


@pytest.mark.parametrize(
    ("ground", "way"), [(3, "in_person"), (4, "reply"), (5, "in_person"), (5, "reply")]
)
def test_the_road_of_an_official_letter_ends_with_the_destruction(
    app: Flask, ground: int, way: str
) -> None:
    officer = custodian()
    application = approved_for(officer, ground)
    if way == "reply":
        receipt = hand_over_by_reply(application, reply(), drawn(), by=officer)
    else:
        receipt = signed(application, officer)
        hand_over(receipt, by=officer)
    calls = [match.recording for match in application.matches]
    provision = Provision(application, calls, officer, officer, officer, receipt)

    ask(application, by=officer, told_how="telephone" if way == "reply" else "")
    assert build_next("test")
    download, login = provision.opened()
    ticket = send.ticket(download.public_id, officer, login)
    assert sum(len(piece) for piece in send.pieces(ticket, 0, ticket.size)) == ticket.size
    row = destruction_of(application)
    assert row and row.state == "awaited"
    confirm(application, by=officer, destroyed_on=clock.today(), told_how="mail")

    assert application.state == State.CLOSED and provision.package.state == "used"
    line = db.session.scalars(select(LedgerRow)).one()
    assert line.basis.startswith(f"제7조제1항제{ground}호") and "이천경찰서" in line.transferee_name
    assert [t.action for t in application.transitions] == [
        *(Action.REGISTER, Action.FORWARD, Action.REVIEW, Action.APPROVE),
        *(Action.HAND_OVER, Action.CLOSE),
    ]


def test_the_transferor_finds_again_what_they_handed_over(client: PageClient) -> None:
    officer = custodian()
    application = approved_for(officer, 4)
    number = application.control_no or "?"
    client.log_in(officer)
    assert number in client.get("/handover").text
    hand_over_by_reply(application, reply(), drawn(), by=officer)

    assert number not in client.get("/handover").text
    html = client.get("/handover?tab=done").text
    assert number in html and "공문 회신" in html
    assert f"/handover/{application.public_id}" in html
    other = PageClient(client.http.application).log_in(custodian())
    assert number not in other.get("/handover?tab=done").text
    assert len(list(db.session.scalars(handed_over_by(officer)))) == 1
