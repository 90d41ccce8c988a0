"""Unlocking: who may, with what, and what stands in the log."""

from __future__ import annotations

import threading
from datetime import timedelta
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import event, func, select

import factories
from client import PageClient
from otp.devices import code_at
from playback.hearing import STEP, Listener, handed_over, own, sound_of, with_sound
from portal import clock
from portal.accounts.models import Account, LoginSession
from portal.applications.states import State
from portal.audit.models import AuditEvent
from portal.database import write
from portal.extensions import db
from portal.otp.codes import CodeRefused
from portal.playback.models import ListeningSession
from portal.playback.open_session import (
    IdentityNotChecked,
    PurposeMissing,
    open_session,
)
from portal.roles import Role


@pytest.fixture
def listener(app: Flask) -> Listener:
    return Listener.of(app, factories.account(name="김하늘"))


def test_the_page_shows_what_will_be_opened_and_until_when(listener: Listener) -> None:
    application = own(listener.account, with_sound(), with_sound())

    page = listener.client.get(f"/listening/{application.public_id}").text

    assert application.control_no in page
    assert "2개" in page
    assert "one-time-code" in page
    assert "신분 확인" not in page


def test_a_session_lasts_an_hour_and_never_past_the_window(listener: Listener) -> None:
    soon = clock.now() + timedelta(minutes=20)
    long, short = own(listener.account), own(listener.account, until=soon)

    with clock.at(now := clock.now()):
        listener.open(long)
    with clock.at(now + STEP):
        listener.open(short)

    by_application = {row.application_id: row for row in _sessions()}
    assert by_application[long.id].expires_at == now + timedelta(minutes=60)
    assert by_application[short.id].expires_at == soon


def test_a_session_never_outlives_the_first_deletion(listener: Listener) -> None:
    recording = with_sound(called_at=clock.now() - timedelta(days=29))
    midnight = recording.deleted_at

    with clock.at(midnight - timedelta(minutes=10)):
        late = listener.again()
        late.open(own(listener.account, recording, until=midnight + timedelta(days=1)))

    assert _sessions()[0].expires_at == midnight


def test_without_a_purpose_nothing_opens_and_no_code_is_used(listener: Listener) -> None:
    application = own(listener.account)

    refused = listener.unlock(application, purpose="   ")
    accepted = listener.unlock(application)

    assert refused.status_code == 422
    assert "열람 목적을 입력해" in refused.text
    assert accepted.status_code == 303


def test_a_resident_number_is_refused_in_the_purpose(listener: Listener) -> None:
    answer = listener.unlock(own(listener.account), purpose="800315-1234567 확인")

    assert answer.status_code == 422
    assert _sessions() == []


def test_a_wrong_code_opens_nothing_and_keeps_what_was_typed(listener: Listener) -> None:
    answer = listener.unlock(own(listener.account), code="12345")

    assert answer.status_code == 422
    assert "사실 확인" in answer.text
    assert _sessions() == []


def test_a_code_opens_once_also_for_another_application(listener: Listener) -> None:
    first, second = own(listener.account), own(listener.account)
    with clock.at(clock.now()):
        listener.open(first)

        again = listener.unlock(second)

    assert again.status_code == 422
    assert [row.application_id for row in _sessions()] == [first.id]


def test_opening_again_ends_the_session_before(listener: Listener) -> None:
    recording = with_sound()
    application = own(listener.account, recording)
    with clock.at(now := clock.now()):
        first = listener.open(application)
    with clock.at(now + STEP):
        second = listener.open(application)

        before = listener.ask(sound_of(first, recording))
        after = listener.ask(sound_of(second, recording))

    assert (before.status_code, before.json["code"]) == (410, "replaced")
    assert after.status_code == 206


def test_the_same_code_sent_twice_at_once_opens_one_session(app: Flask, listener: Listener) -> None:
    application_id = own(listener.account).id
    account_id = listener.account.id
    login_id = db.session.scalars(select(LoginSession.id)).one()
    with clock.at(clock.now()):
        code = listener.code()
        outcomes = _at_once(app, 4, lambda: _open(application_id, account_id, login_id, code))

    assert sorted(outcomes) == ["CodeRefused"] * 3 + ["opened"]
    assert len([row for row in _sessions() if row.ended_at is None]) == 1


def test_two_codes_at_once_leave_one_open_session(app: Flask, listener: Listener) -> None:
    application_id, account_id = own(listener.account).id, listener.account.id
    login_id = db.session.scalars(select(LoginSession.id)).one()
    with clock.at(now := clock.now()):
        codes = [code_at(listener.device, now + STEP * n) for n in (-1, 0, 1)]
        _at_once(app, 3, lambda: _open(application_id, account_id, login_id, codes.pop()))

    assert len([row for row in _sessions() if row.ended_at is None]) == 1


def test_an_open_session_is_offered_again_only_in_its_own_login(listener: Listener) -> None:
    application = own(listener.account)
    session = listener.open(application)
    page = f"/listening/{application.public_id}"

    assert session in listener.client.get(page).text
    assert session not in listener.again().client.get(page).text
    listener.client.post(f"{session}/end")
    assert session not in listener.client.get(page).text


def test_somebody_without_an_authenticator_is_shown_where_to_enrol(app: Flask) -> None:
    account = factories.account()
    application = own(account)

    page = PageClient(app).log_in(account).get(f"/listening/{application.public_id}")

    assert "/otp/enrol?next=" in page.text


def test_a_range_request_asks_the_database_a_bounded_number_of_times(listener: Listener) -> None:
    recordings = [with_sound() for _ in range(4)]
    one, many = own(listener.account, recordings[0]), own(listener.account, *recordings)
    with clock.at(now := clock.now()):
        first = listener.open(one)
    with clock.at(now + STEP):
        second = listener.open(many)

        counts = [
            _queries(partial(listener.ask, sound_of(session, recordings[0]), Range="bytes=0-9"))
            for session in (first, second)
        ]

    assert counts[1] <= counts[0] <= 30


@pytest.mark.parametrize("role", list(Role))
def test_no_role_opens_what_belongs_to_somebody_else(app: Flask, role: Role) -> None:
    somebody = factories.account()
    application = own(somebody)
    stranger = factories.account(role)
    client = PageClient(app).log_in(stranger)

    client.get(f"/listening/{application.public_id}", status=404)
    answer = client.post(f"/listening/{application.public_id}", {"purpose": "x", "code": "1"})
    finish = client.post(f"/listening/{application.public_id}/finish")

    assert (answer.status_code, finish.status_code) == (404, 404)
    assert application.state == State.HANDED_OVER


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"state": State.APPROVED}, 403),
        ({"disclosure_type": "provision"}, 403),
        ({"state": State.CLOSED}, 410),
        ({"state": State.EXPIRED}, 410),
        ({"state": State.REFUSED}, 403),
    ],
)
def test_only_a_handed_over_inspection_can_be_unlocked(
    listener: Listener, change: dict[str, str], status: int
) -> None:
    application = own(listener.account)
    with write():
        for name, value in change.items():
            setattr(application, name, value)

    listener.client.get(f"/listening/{application.public_id}", status=status)


def test_an_unsigned_receipt_opens_nothing(app: Flask, listener: Listener) -> None:
    from portal.handover.models import HandoverReceipt

    application = own(listener.account)
    with write() as session:
        session.scalars(select(HandoverReceipt)).one().handed_over_at = None

    listener.client.get(f"/listening/{application.public_id}", status=403)


def test_before_the_window_is_over_one_may_come_back_and_after_it_not(listener: Listener) -> None:
    application = own(listener.account)
    with clock.at(timedelta(days=6)):
        listener.again().client.get(f"/listening/{application.public_id}")
    with clock.at(timedelta(days=7, seconds=1)):
        listener.again().client.get(f"/listening/{application.public_id}", status=410)


class TestAtTheCounter:
    """입회: a citizen listens beside an officer of the office that took the application in."""

    @pytest.fixture
    def office(self, app: Flask) -> int:
        return factories.department("민원과").id

    def test_an_officer_of_the_office_sits_in_after_checking_the_identity_again(
        self, app: Flask, office: int
    ) -> None:
        recording = with_sound()
        application = handed_over(recording, office_id=office)
        officer = Listener.of(app, factories.account(Role.COUNTER))

        session = officer.open(application, identity_document="운전면허증")

        assert officer.ask(sound_of(session, recording)).status_code == 206
        row = _sessions()[0]
        assert (row.attended, row.identity_document) == (True, "운전면허증")
        event = db.session.scalars(
            select(AuditEvent).where(AuditEvent.action == "playback.open")
        ).one()
        assert '"attended":true' in event.detail
        assert event.subject == application.public_id

    def test_without_the_identity_checked_nothing_opens(self, app: Flask, office: int) -> None:
        application = handed_over(office_id=office)
        officer = Listener.of(app, factories.account(Role.COUNTER))

        answer = officer.unlock(application)

        assert answer.status_code == 422
        assert "신분" in answer.text
        assert _sessions() == []

    def test_an_officer_of_another_office_does_not(self, app: Flask, office: int) -> None:
        application = handed_over(office_id=office)
        elsewhere = factories.account(Role.COUNTER, department_name="부발읍")

        PageClient(app).log_in(elsewhere).get(f"/listening/{application.public_id}", status=404)

    def test_somebody_of_the_office_who_is_no_officer_does_not(
        self, app: Flask, office: int
    ) -> None:
        application = handed_over(office_id=office)

        client = PageClient(app).log_in(factories.account(Role.CUSTODIAN))

        client.get(f"/listening/{application.public_id}", status=404)

    def test_the_enterer_may_not_sit_in(self, app: Flask, office: int) -> None:
        enterer = factories.account(Role.COUNTER)
        application = handed_over(entered_by=enterer, office_id=office)

        client = PageClient(app).log_in(enterer)
        page = client.get(f"/listening/{application.public_id}", status=403)

        assert "입회할 수 없습니다" in page.text

    def test_a_party_to_the_call_may_not_sit_in(self, app: Flask, office: int) -> None:
        party = factories.account(Role.COUNTER)
        line = factories.extension("0316442101", party.person)
        application = handed_over(with_sound(line=line), office_id=office)

        client = PageClient(app).log_in(party)

        client.get(f"/listening/{application.public_id}", status=403)


def test_the_verb_itself_asks_for_purpose_and_identity(app: Flask) -> None:
    office = factories.department("민원과")
    application = handed_over(office_id=office.id)
    officer = Listener.of(app, factories.account(Role.COUNTER))
    login = db.session.scalars(select(LoginSession)).one()

    with pytest.raises(PurposeMissing):
        open_session(application, officer.account, login, " ", officer.code())
    with pytest.raises(IdentityNotChecked):
        open_session(application, officer.account, login, "확인", officer.code())

    assert db.session.scalar(select(func.count()).select_from(ListeningSession)) == 0


def _sessions() -> list[ListeningSession]:
    return list(db.session.scalars(select(ListeningSession).order_by(ListeningSession.id)))


def _queries(action) -> int:  # type: ignore[no-untyped-def]
    seen: list[str] = []

    def note(_c, _u, statement: str, *_: object) -> None:  # type: ignore[no-untyped-def]
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        assert action().status_code == 206
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return len(seen)


def _open(application_id: int, account_id: int, login_id: int, code: str) -> str:
    from portal.applications.models import Application

    session = db.session
    application = session.get_one(Application, application_id)
    account = session.get_one(Account, account_id)
    try:
        open_session(application, account, session.get_one(LoginSession, login_id), "확인", code)
    except CodeRefused as refused:
        return type(refused).__name__
    return "opened"


def _at_once(app: Flask, number: int, action) -> list[str]:  # type: ignore[no-untyped-def]
    outcomes: list[str] = []

    def run() -> None:
        with app.app_context():
            outcomes.append(action())
            db.session.remove()

    threads = [threading.Thread(target=run) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.rollback()
    return outcomes
