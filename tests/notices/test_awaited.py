"""What is awaited besides the 처리기한: whom, when, once each, and who stands above."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

import factories
from access_log.writing import log
from destruction.test_confirm import row as destruction_of
from destruction.test_confirm import taken
from notices.conftest import kinds_of
from notices.test_reminders import days, moment
from packages.provision import provided
from portal import clock
from portal.access_log.months import Month
from portal.access_log.sign import countersign, sign
from portal.accounts.models import Account
from portal.applications.models import Application, Transition
from portal.applications.states import Action, State
from portal.database import write
from portal.destruction.confirm import confirm
from portal.destruction.pending import mark_unanswered
from portal.extensions import db
from portal.notices.awaited import remind_of_awaited
from portal.notices.call_tasks import finish
from portal.notices.kinds import Kind
from portal.notices.models import CallTask, Notice
from portal.roles import Role

ASKED = date(2026, 11, 2)  # a Monday
ANSWER_BY = date(2026, 11, 12)  # the Thursday of the week after
NOVEMBER = Month(2026, 11)


def on(*those: date) -> None:
    for day in those:
        with clock.at(moment(day)):
            remind_of_awaited(day)
            remind_of_awaited(day)  # a second run tells nothing twice


def calls() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(CallTask.kind).order_by(CallTask.id)))


def asked_of(applicant: Account | None, asked: date = ASKED, **fields: object) -> Application:
    """An application whose 보완요구 is open until `ANSWER_BY`."""
    with clock.at(moment(asked)):
        if applicant:
            fields |= {
                "entered_by": applicant,
                "applicant_kind": "employee",
                "applicant_id": applicant.person_id,
            }
        application = factories.forwarded_application(**fields)  # type: ignore[arg-type]
        with write():
            application.state, application.forwarded_at = State.SUPPLEMENT_REQUESTED, None
            application.supplement_due_on = ANSWER_BY
            application.transitions.append(
                Transition(
                    action=Action.REQUEST_SUPPLEMENT,
                    from_state=State.RECEIVED,
                    to_state=State.SUPPLEMENT_REQUESTED,
                    by_id=application.received_by_id,
                )
            )
    return application


def numbers(account: Account) -> Iterable[int | None]:
    mine = select(Notice.number).where(Notice.account_id == account.id).order_by(Notice.id)
    return db.session.scalars(mine).all()


def test_the_applicant_is_reminded_before_a_supplement_runs_out_and_then_the_custodian(
    app: Flask,
) -> None:
    applicant = factories.account()
    application = asked_of(applicant)

    on(*days(ASKED, ANSWER_BY))
    assert kinds_of(applicant) == [Kind.REMIND_SUPPLEMENT] * 4
    assert numbers(applicant) == [5, 2, 1, 0]
    custodian = application.received_by
    assert custodian and kinds_of(custodian) == []

    on(*days(ANSWER_BY + timedelta(days=1), ANSWER_BY + timedelta(days=6)))
    assert kinds_of(custodian) == [Kind.SUPPLEMENT_LATE]
    assert len(kinds_of(applicant)) == 4


def test_who_has_just_been_asked_is_not_reminded_the_next_morning(app: Flask) -> None:
    applicant = factories.account()
    asked_of(applicant, asked=date(2026, 11, 10))  # two working days to go

    on(*days(date(2026, 11, 10), ANSWER_BY))

    assert numbers(applicant) == [1, 0]


def test_a_citizen_is_called_once_before_a_supplement_runs_out(app: Flask) -> None:
    officer = factories.account(Role.COUNTER)
    asked_of(None, entered_by=officer)

    on(*days(ASKED, ANSWER_BY))

    assert calls() == ["supplement.remind"]
    assert kinds_of(officer) == [Kind.TO_CALL]


def test_nobody_is_reminded_of_what_was_answered(app: Flask) -> None:
    applicant = factories.account()
    application = asked_of(applicant)
    with write():
        application.state = State.RECEIVED

    on(*days(ASKED, ANSWER_BY))

    assert kinds_of(applicant) == []


def provision_answered_by(day: date, *, citizen: bool = False):  # type: ignore[no-untyped-def]
    provision = taken(provided(citizen=citizen))
    with write():
        destruction_of(provision).answer_by = day
        for notice in db.session.scalars(select(Notice)):
            db.session.delete(notice)
    return provision


@pytest.fixture
def answer_by(app: Flask) -> date:
    """A Thursday to come, more than a week away."""
    day = clock.today() + timedelta(days=14)
    return day + timedelta(days=(3 - day.weekday()) % 7)


def test_an_employee_is_reminded_of_the_destruction_until_they_confirm(answer_by: date) -> None:
    provision = provision_answered_by(answer_by)
    employee = provision.employee
    custodian = factories.account(Role.CUSTODIAN)

    on(*days(answer_by - timedelta(days=10), answer_by))
    assert kinds_of(employee) == [Kind.REMIND_DESTRUCTION] * 4
    assert kinds_of(custodian) == []

    on(*days(answer_by + timedelta(days=1), answer_by + timedelta(days=14)))
    assert kinds_of(employee)[4:] == [Kind.DESTRUCTION_LATE] * 3
    assert kinds_of(custodian) == [Kind.DESTRUCTION_UNANSWERED]

    with clock.at(moment(answer_by + timedelta(days=14))):
        confirm(provision.application, by=employee, destroyed_on=clock.today())
    told = len(kinds_of(employee))
    on(*days(answer_by + timedelta(days=15), answer_by + timedelta(days=30)))
    assert len(kinds_of(employee)) == told


def test_for_a_citizen_the_counter_calls_twice_and_the_custodian_hears_of_no_answer(
    answer_by: date,
) -> None:
    provision = provision_answered_by(answer_by, citizen=True)
    custodian = factories.account(Role.CUSTODIAN)
    entered = provision.application.entered_by

    on(*days(answer_by - timedelta(days=10), answer_by - timedelta(days=1)))
    assert calls() == ["destruction.remind"]
    task = db.session.scalars(select(CallTask)).one()
    with write():
        finish(task, "told", "", by=entered)
    on(answer_by)
    assert calls() == ["destruction.remind"] * 2

    with clock.at(moment(answer_by + timedelta(days=1))):
        assert mark_unanswered() == 1
    assert kinds_of(custodian) == [Kind.DESTRUCTION_UNANSWERED]
    waiting = select(CallTask).where(CallTask.done_at.is_(None))
    assert db.session.scalars(waiting).all(), "the call is still to be made"


def heads_month() -> tuple[Account, Account]:
    head, auditor = factories.account(Role.DIVISION_HEAD), factories.account(Role.AUDITOR)
    log("view", factories.account(), moment(date(2026, 11, 5)))
    return head, auditor


def test_an_unsigned_month_is_the_heads_and_after_ten_days_the_auditors_too(app: Flask) -> None:
    head, auditor = heads_month()

    on(*days(date(2026, 11, 20), date(2026, 12, 10)))
    assert kinds_of(head) == [Kind.MONTH_TO_SIGN]
    assert kinds_of(auditor) == []

    on(*days(date(2026, 12, 11), date(2026, 12, 20)))
    assert kinds_of(head) == [Kind.MONTH_TO_SIGN] * 2
    assert kinds_of(auditor) == [Kind.MONTH_UNSIGNED]


def test_without_a_head_the_auditor_is_told_at_once(app: Flask) -> None:
    auditor = factories.account(Role.AUDITOR)
    log("view", factories.account(), moment(date(2026, 11, 5)))

    on(date(2026, 12, 1))

    assert kinds_of(auditor) == [Kind.MONTH_UNSIGNED]


def test_the_signature_calls_the_auditor_and_ten_days_later_the_head_hears_of_it(
    app: Flask,
) -> None:
    head, auditor = heads_month()
    on(date(2026, 12, 1))
    with clock.at(moment(date(2026, 12, 2))), write():
        sign(NOVEMBER, [], "이상 없음", by=head)
    assert kinds_of(auditor) == [Kind.MONTH_TO_COUNTERSIGN]
    read = select(Notice.read_at).where(Notice.account_id == head.id)
    assert db.session.scalars(read).one() is not None, "what was asked for is done"

    on(*days(date(2026, 12, 3), date(2026, 12, 20)))
    assert kinds_of(auditor) == [Kind.MONTH_TO_COUNTERSIGN] * 2
    assert kinds_of(head) == [Kind.MONTH_TO_SIGN, Kind.MONTH_UNCOUNTERSIGNED]

    with clock.at(moment(date(2026, 12, 21))), write():
        countersign(NOVEMBER, "이상 없음", by=auditor)
    db.session.expire_all()
    assert db.session.scalars(select(Notice).where(Notice.read_at.is_(None))).all() == []


def test_who_was_the_head_in_the_month_is_not_called_to_countersign_it(app: Flask) -> None:
    head, auditor = heads_month()
    both = factories.account(Role.AUDITOR, Role.DIVISION_HEAD)

    with clock.at(moment(date(2026, 12, 2))), write():
        sign(NOVEMBER, [], "이상 없음", by=head)

    assert kinds_of(both) == []
    assert kinds_of(auditor) == [Kind.MONTH_TO_COUNTERSIGN]


def test_the_natural_end_of_a_substitution_is_told_on_the_next_working_day(app: Flask) -> None:
    away, substitute = factories.account(Role.DIVISION_HEAD), factories.account()
    with clock.at(moment(ASKED)):
        factories.acting(
            substitute, Role.DIVISION_HEAD, in_place_of=away, last_on=ASKED + timedelta(days=4)
        )

    on(*days(ASKED, ASKED + timedelta(days=6)))
    assert Kind.ACTING_ENDED not in kinds_of(substitute)

    on(*days(ASKED + timedelta(days=7), ASKED + timedelta(days=30)))
    assert kinds_of(substitute).count(Kind.ACTING_ENDED) == 1
    assert kinds_of(away).count(Kind.ACTING_ENDED) == 1


def test_on_a_day_off_nothing_is_told(app: Flask) -> None:
    heads_month()
    sunday = date(2026, 12, 6)
    with clock.at(moment(sunday)):
        assert remind_of_awaited(sunday) == 0
