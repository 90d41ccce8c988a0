"""When a restriction holds: from the day in the notice, not before service, to its end (제9조)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

import factories
from portal import clock
from portal.database import write
from portal.extensions import db
from portal.restrictions.in_force import Restricted, refuse_restricted, restriction_of
from portal.restrictions.models import UseRestriction
from portal.restrictions.refusals import BadEntry, Changed, MayNot
from portal.restrictions.serve import serve
from portal.retention.reconcile import reconcile
from portal.roles import Role
from restrictions.cases import Case, by_letter, in_person, signature

DAY = timedelta(days=1)


def test_it_is_not_in_force_before_it_was_served(app: Flask) -> None:
    case = Case()

    row = case.approved()

    assert not row.is_in_force
    refuse_restricted(case.person)
    with write():
        serve(row, by_letter(), by=case.custodian)
    with pytest.raises(Restricted):
        refuse_restricted(case.person)


def test_it_is_not_in_force_before_the_day_in_the_notice(app: Flask) -> None:
    case = Case()
    begins = clock.today() + 2 * DAY

    case.served(from_on=begins, last_on=begins)

    refuse_restricted(case.person)
    with clock.at(clock.midnight(begins) - timedelta(seconds=1)):
        refuse_restricted(case.person)
    with clock.at(clock.midnight(begins)), pytest.raises(Restricted):
        refuse_restricted(case.person)


def test_it_ends_at_the_midnight_of_its_last_day(app: Flask) -> None:
    case = Case()
    row = case.served()
    assert row.last_on is not None
    end = clock.midnight(row.last_on + DAY)

    with clock.at(end - timedelta(seconds=1)), pytest.raises(Restricted):
        refuse_restricted(case.person)
    with clock.at(end):
        refuse_restricted(case.person)


def test_an_open_one_holds_until_it_is_lifted(app: Flask) -> None:
    case = Case()

    case.served(last_on=None)

    with clock.at(timedelta(days=4000)), pytest.raises(Restricted, match="해제될 때까지"):
        refuse_restricted(case.person)


def test_a_restriction_of_the_phone_alone_leaves_the_portal_open(app: Flask) -> None:
    case = Case()

    case.served(portal_use=False)

    refuse_restricted(case.person)


def test_of_several_the_longest_is_named_and_others_are_untouched(app: Flask) -> None:
    case = Case()
    case.served()
    longest = case.served(last_on=None)

    assert restriction_of(case.person) == longest
    refuse_restricted(case.custodian)


@pytest.mark.both_databases
@pytest.mark.parametrize("days", [-1, 0, 1, 29, 30])
def test_python_and_the_database_agree_on_what_is_in_force(app: Flask, days: int) -> None:
    case = Case()
    row = case.served(from_on=clock.today() + DAY, last_on=clock.today() + 29 * DAY)

    with clock.at(days * DAY):
        found = db.session.scalars(select(UseRestriction).where(UseRestriction.is_in_force)).all()
        assert bool(found) == row.is_in_force == (1 <= days <= 29)


def test_a_signature_or_its_refusal_is_recorded_when_handed_over_in_person(app: Flask) -> None:
    case = Case()
    signed, refused = case.approved(), case.approved()
    blob = signature()

    with write():
        serve(signed, in_person(signature=blob), by=case.custodian)
        serve(refused, in_person(refused_to_sign=True, note="읽고 돌려줌"), by=case.custodian)

    assert (signed.signature, signed.refused_to_sign) == (blob, False)
    assert (refused.signature, refused.refused_to_sign) == (None, True)
    assert refused.is_in_force
    assert reconcile(grace_s=0) == []  # the signature's blob is known


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("signature_scan", {}),
        ("note", {"refused_to_sign": True}),
        ("refused_to_sign", {"refused_to_sign": True, "signature": "0" * 32}),
        ("how", {"how": "by_pigeon"}),
        ("how", {"how": "registered_mail", "signature": "0" * 32}),
        ("note", {"how": "official_document"}),
        ("note", {"how": "registered_mail", "note": "800101-1234567"}),
    ],
)
def test_a_service_without_its_receipt_is_refused(
    app: Flask, field: str, changes: dict[str, object]
) -> None:
    case = Case()
    row = case.approved()

    with pytest.raises(BadEntry) as refused, write():
        serve(row, in_person(**changes), by=case.custodian)

    assert refused.value.field == field
    assert row.served_at is None


def test_a_service_is_neither_in_the_future_nor_before_the_decision(app: Flask) -> None:
    case = Case()
    row = case.approved()

    for moved in (timedelta(minutes=5), -timedelta(minutes=5)):
        receipt = in_person(served_at=clock.now() + moved, refused_to_sign=True, note="거부")
        with pytest.raises(BadEntry), write():
            serve(row, receipt, by=case.custodian)


def test_only_what_was_approved_is_served_and_only_once(app: Flask) -> None:
    case = Case()

    for row in (case.drafted(), case.served()):
        with pytest.raises(Changed), write():
            serve(row, by_letter(), by=case.custodian)


def test_a_custodian_serves_and_never_the_notice_to_themselves(app: Flask) -> None:
    second = factories.account(Role.CUSTODIAN)
    row = Case(person=second).approved()

    for by in (second, factories.account(), factories.account(Role.DIVISION_HEAD)):
        with pytest.raises(MayNot), write():
            serve(row, by_letter(), by=by)
