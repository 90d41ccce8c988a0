"""제10조제3호: the holder confirms destruction; who does not answer is marked 미회신."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

import factories
from documents.reading import text_of
from packages.provision import Provision, dying_on, provided
from portal import clock
from portal.applications.states import State, WrongState
from portal.audit.verify import verify
from portal.database import write
from portal.destruction.confirm import CannotConfirm, NotTheirs, confirm, destruction_of
from portal.destruction.models import Destruction
from portal.destruction.pending import (
    close_never_taken,
    mark_unanswered,
    pending,
    shown_to,
)
from portal.documents import issue, papers
from portal.extensions import db
from portal.packages import send
from portal.retention import purge
from portal.roles import Role

LATE = timedelta(days=91)


def taken(provision: Provision) -> Provision:
    """Downloaded to the last byte."""
    provision.built()
    download, login = provision.opened()
    ticket = send.ticket(download.public_id, provision.carrier, login)
    for _piece in send.pieces(ticket, 0, ticket.size):
        pass
    return provision


def row(provision: Provision) -> Destruction:
    found = destruction_of(provision.application)
    assert found is not None
    return found


def test_the_employee_confirms_in_the_portal_and_that_closes_it(provision: Provision) -> None:
    taken(provision)

    confirm(provision.application, by=provision.employee, destroyed_on=clock.today())

    application = provision.application
    assert (application.state, application.closed_at is not None) == (State.CLOSED, True)
    assert (row(provision).state, row(provision).told_how) == ("confirmed", "portal")
    assert "파기확인" in application.transitions[-1].opinion
    assert verify().sound


def test_for_a_citizen_the_officer_records_how_they_told(citizens: Provision) -> None:
    taken(citizens)

    confirm(
        citizens.application,
        by=citizens.custodian,
        destroyed_on=clock.today(),
        told_how="telephone",
        note="통화로 확인함",
    )

    found = row(citizens)
    assert (found.state, found.told_how, found.note) == ("confirmed", "telephone", "통화로 확인함")
    assert found.recorded_by_id == citizens.custodian.id


@pytest.mark.parametrize("told_how", ["", "portal", "rumour"])
def test_for_a_citizen_it_must_be_said_how(citizens: Provision, told_how: str) -> None:
    taken(citizens)

    with pytest.raises(CannotConfirm, match="알려"):
        confirm(
            citizens.application,
            by=citizens.custodian,
            destroyed_on=clock.today(),
            told_how=told_how,
        )


def test_nobody_confirms_for_an_employee(provision: Provision) -> None:
    taken(provision)

    for who in (provision.custodian, factories.account(*Role)):
        with pytest.raises(NotTheirs):
            confirm(provision.application, by=who, destroyed_on=clock.today())


def test_a_party_does_not_record_for_a_citizen(app: Flask) -> None:
    citizens = taken(provided(citizen=True))
    enterer = factories.account(Role.CUSTODIAN)
    with write():
        citizens.application.entered_by_id = enterer.id

    with pytest.raises(NotTheirs):
        confirm(citizens.application, by=enterer, destroyed_on=clock.today(), told_how="telephone")


def test_it_is_confirmed_once(provision: Provision) -> None:
    taken(provision)
    confirm(provision.application, by=provision.employee, destroyed_on=clock.today())

    with pytest.raises(WrongState):
        confirm(provision.application, by=provision.employee, destroyed_on=clock.today())


@pytest.mark.parametrize("days", [-1, 1])
def test_the_day_lies_between_the_handover_and_today(provision: Provision, days: int) -> None:
    taken(provision)

    with pytest.raises(CannotConfirm, match="날"):
        confirm(
            provision.application,
            by=provision.employee,
            destroyed_on=clock.today() + timedelta(days=days),
        )


def test_what_was_never_taken_needs_no_destruction(provision: Provision) -> None:
    provision.built()

    with pytest.raises(CannotConfirm, match="받지 않아"):
        confirm(provision.application, by=provision.employee, destroyed_on=clock.today())
    assert db.session.scalars(pending()).all() == []


def test_an_interrupted_download_counts_as_taken(provision: Provision) -> None:
    provision.built()
    download, login = provision.opened()
    ticket = send.ticket(download.public_id, provision.carrier, login)
    stream = send.pieces(ticket, 0, ticket.size)
    next(stream)
    stream.close()

    assert [found.application_id for found in db.session.scalars(pending())] == [
        provision.application.id
    ]


def test_an_outsider_who_does_not_answer_is_marked_and_may_still_answer(
    citizens: Provision,
) -> None:
    taken(citizens)

    assert mark_unanswered() == 0
    with clock.at(LATE):
        assert mark_unanswered() == 1
        assert mark_unanswered() == 0
        assert row(citizens).state == "unanswered"
        assert [found.state for found in db.session.scalars(pending())] == ["unanswered"]
        confirm(
            citizens.application,
            by=citizens.custodian,
            destroyed_on=clock.today(),
            told_how="paper",
        )
    assert row(citizens).state == "confirmed"


def test_an_employee_is_not_marked(provision: Provision) -> None:
    taken(provision)

    with clock.at(LATE):
        assert mark_unanswered() == 0


def test_each_sees_what_they_confirm(provision: Provision, citizens: Provision) -> None:
    taken(provision)
    taken(citizens)

    def seen(account: object) -> list[int]:
        return [found.application_id for found in db.session.scalars(shown_to(account))]

    assert seen(provision.employee) == [provision.application.id]
    assert seen(citizens.custodian) == [citizens.application.id]
    assert seen(factories.account(Role.COUNTER, Role.DIVISION_HEAD)) == []


def test_what_nobody_took_ends_with_its_recordings(app: Flask) -> None:
    provision = provided(dying_on(clock.today() + timedelta(days=1)))
    provision.built()

    with clock.at(timedelta(days=1)):
        purge.run()
        assert close_never_taken() == 1
        assert close_never_taken() == 0

    assert provision.application.state == State.CLOSED
    assert provision.application.transitions[-1].by_id is None
    assert db.session.scalars(select(Destruction.state)).all() == ["moot"]


def test_what_was_taken_waits_though_its_recordings_died(provision: Provision) -> None:
    taken(provision)

    with clock.at(timedelta(days=40)):
        purge.run()
        assert close_never_taken() == 0
        confirm(provision.application, by=provision.employee, destroyed_on=clock.today())
    assert provision.application.state == State.CLOSED


def test_the_paper_is_to_be_signed_by_hand_until_it_was_confirmed(citizens: Provision) -> None:
    taken(citizens)
    by = citizens.custodian
    open_paper = papers.issue_paper(
        citizens.application, "destruction_paper", by=by, why="서명 요청"
    )
    confirm(
        citizens.application, by=by, destroyed_on=clock.today(), told_how="paper", note="파쇄함"
    )
    done = papers.issue_paper(citizens.application, "destruction_paper", by=by, why="보관")

    first, second = text_of(issue.read(open_paper)), text_of(issue.read(done))
    number = citizens.application.control_no
    assert number and number in first and number in second
    assert "(서명또는인)" in first and "완전삭제" in first
    assert "파기확인서제출" in second and "파쇄함" in second and "(서명또는인)" not in second
    assert open_paper.verification_no in first and done.verification_no in second


def test_an_inspection_has_no_paper_of_destruction(provision: Provision) -> None:
    assert "destruction_paper" in papers.papers_of(provision.application)
    with write():
        provision.application.disclosure_type = "inspection"

    assert "destruction_paper" not in papers.papers_of(provision.application)
