"""The whole road as people walk it: a call comes in, is applied for, approved, handed over, heard
with TOTP, stands in the ledger, and is gone on its day.

The employee's road on PostgreSQL, the citizen's on SQLite; tests/stories walks all on both.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import expect
from sqlalchemy import select

import factories
from browser import road
from browser.visitor import Visitor
from portal import clock
from portal.applications.models import Application
from portal.applications.states import State
from portal.audit.verify import verify
from portal.database import write
from portal.extensions import db
from portal.recordings.delivery import Outcome
from portal.recordings.intake import Intake
from portal.recordings.models import Recording
from portal.retention import purge
from portal.retention.models import Tombstone
from portal.retention.reconcile import reconcile
from portal.roles import Role
from portal.runtime import config, vault

Visit = Callable[..., Visitor]


def staff() -> None:
    """Six people as the demo has them."""
    employee = factories.account(name="김하늘", login="employee", department_name="도시개발과")
    factories.extension("0316442101", employee.person)
    factories.account(Role.COUNTER, name="박서연", login="counter", department_name="민원봉사과")
    factories.account(Role.COUNTER, name="한지우", login="counter2", department_name="민원봉사과")
    for login, name, role in (
        ("custodian", "최민준", Role.CUSTODIAN),
        ("leader", "정수빈", Role.TEAM_LEADER),
        ("head", "강지훈", Role.DIVISION_HEAD),
        ("auditor", "윤채원", Role.AUDITOR),
    ):
        factories.account(role, name=name, login=login, department_name="정보통신과")


def take_in() -> None:
    """What the worker does: rounds until the file is there, which takes seconds at most."""
    intake, rounds = Intake(), 0
    while intake.round().outcomes[Outcome.TAKEN] == 0:
        rounds += 1
        assert rounds < 50, "the dropped call did not arrive within five seconds"
        time.sleep(0.1)
    db.session.rollback()


def only_application() -> Application:
    db.session.rollback()
    return db.session.scalars(select(Application)).one()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_an_employees_own_call_from_the_drop_folder_to_the_ledger_and_out(
    app: Flask, visit: Visit
) -> None:
    """Walked in the last ten minutes of the recording's thirtieth day."""
    midnight = clock.midnight(clock.today() + timedelta(days=1))
    with clock.at(midnight - timedelta(minutes=10) - clock.now()):
        staff()
        dropped = road.drop_call(
            config().drop,
            "call-1",
            caller="01012345678",
            callee="0316442101",
            extension="0316442101",
            called_at=clock.now() - timedelta(days=30, hours=5),
        )
        take_in()
        recording = db.session.scalars(select(Recording)).one()
        with vault().recordings.open(recording.delete_on, recording.public_id) as sound:
            assert sound.read() == dropped
        assert recording.deleted_at == midnight

        employee = visit("employee")
        it_is_handed_over(employee, visit)
        employee.expected |= {403, 404, 410}  # what the open player is told from then on
        with clock.at(timedelta(minutes=10)):
            it_is_gone(employee, recording)
        assert verify().sound


def it_is_handed_over(employee: Visitor, visit: Visit) -> None:
    road.apply_from_call(employee)
    control_no = road.take_in_and_forward(custodian := visit("custodian"))
    road.decide(visit("leader"), control_no, "검토")
    road.decide(visit("head"), control_no, "승인")
    road.hand_over(custodian, control_no, "공무원증")
    application = only_application()
    assert application.state == State.HANDED_OVER

    secret = road.enrol(employee)
    with clock.at(timedelta(seconds=31)):  # the enrolment used up the code of its half minute
        road.unlock(employee, application.public_id, secret)
        assert road.play(employee) > 0.5

    auditor = visit("auditor")
    auditor.go("/ledger")
    auditor.picture("ledger")
    row = auditor.page.get_by_role("row").filter(has_text=control_no)
    expect(row).to_contain_text("김*늘")
    expect(row).to_contain_text("열람")
    source = sound_of(employee)
    assert employee.context.request.get(source, headers={"Range": "bytes=0-99"}).status == 206


def sound_of(listener: Visitor) -> str:
    source = listener.page.locator("[data-player-item]").first.get_attribute("data-src")
    assert source is not None
    return source


def it_is_gone(listener: Visitor, recording: Recording) -> None:
    """제8조①: from the midnight on nothing plays; the run destroys what is left."""
    refused = listener.context.request.get(sound_of(listener), headers={"Range": "bytes=0-99"})
    assert refused.status in (403, 404, 410)
    db.session.rollback()
    day, blob = recording.delete_on, recording.public_id
    db.session.rollback()

    purge.run()

    assert vault().day_keys.is_destroyed(day)
    assert blob not in vault().recordings.blobs(day)
    db.session.rollback()
    stone = db.session.scalars(select(Tombstone).where(Tombstone.delete_on == day)).one()
    assert stone.recordings == 1
    left = db.session.scalars(select(Recording)).one()
    assert (left.caller_number, left.callee_number) == (None, None)
    assert reconcile() == []


def test_a_citizen_applies_at_the_counter_and_hears_beside_an_officer(
    app: Flask, visit: Visit
) -> None:
    staff()
    road.drop_call(
        config().drop,
        "call-2",
        caller="01098765432",
        callee="0316442101",
        extension="0316442101",
        codec="GSM610",
    )
    take_in()

    counter = visit("counter")
    enter_for_citizen(counter)
    control_no = road.take_in_and_forward(custodian := visit("custodian"))
    road.decide(visit("leader"), control_no, "검토")
    road.decide(visit("head"), control_no, "승인")
    road.hand_over(custodian, control_no, "주민등록증")

    application = only_application()
    officer = visit("counter2")
    secret = road.enrol(officer)
    with clock.at(timedelta(seconds=31)):
        road.unlock(officer, application.public_id, secret, identity="주민등록증")
        assert road.play(officer) > 0.5
    officer.page.get_by_role("button", name="모두 들었습니다").click()
    officer.page.locator("dialog[open]").get_by_role("button", name="신청 완료").click()
    officer.page.wait_for_load_state()

    assert only_application().state == State.CLOSED


def enter_for_citizen(counter: Visitor) -> None:
    """민원인 신청 입력, with a paper and a signature."""
    page = counter.go("/applications/new/citizen")
    began = clock.seoul(clock.now() - timedelta(minutes=40)).strftime("%Y-%m-%dT%H:%M")
    page.locator("[name=applicant_name]").fill("남궁민수")
    page.locator("[name=birth_date]").fill("1981-06-21")
    page.locator("[name=contact]").fill("010-9876-5432")
    page.locator("[name=address]").fill("이천시 증신로 153")
    page.locator("[name=relation_to_subject]").fill("본인")
    page.locator("[name=identity_document]").select_option("주민등록증")
    page.locator("[name=party_check]").select_option("통신사 가입사실확인서")
    page.locator("[name=caller_number]").fill("010-9876-5432")
    page.locator("[name=callee_number]").fill("031-644-2101")
    page.locator("[name=asked_from]").fill(began)
    page.locator("[name=asked_until]").fill(
        clock.seoul(clock.now() - timedelta(minutes=1)).strftime("%Y-%m-%dT%H:%M")
    )
    page.locator("[name=purpose]").fill("민원 처리 내용 확인")
    page.locator("[name=reason]").fill("안내받은 내용을 다시 확인하려 합니다.")
    page.locator("[name=evidence]").set_input_files(
        {"name": "가입사실확인서.png", "mimeType": "image/png", "buffer": factories.paper()}
    )
    page.locator("[name=masked]").first.check()
    road.draw(counter, page.locator("[data-signature-pad]"))
    counter.picture("citizen-filing")
    page.get_by_role("button", name="신청", exact=True).click()
    page.wait_for_url("**/applications/*")
    assert only_application().state == State.SUBMITTED


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_of_two_approvers_at_once_one_wins_and_the_other_is_told(app: Flask, visit: Visit) -> None:
    staff()
    factories.account(
        Role.TEAM_LEADER, name="오팀장", login="leader2", department_name="정보통신과"
    )
    application = factories.forwarded_application()
    with write():
        application.control_no = "2026-0042"
    first, second = visit("leader"), visit("leader2")
    for leader in (first, second):
        leader.go("/approvals").get_by_role("link", name="2026-0042").click()
        expect(leader.page.locator("#panel-title")).to_contain_text("2026-0042")
    second.page.locator(".actions.scripted").get_by_role("button", name="검토").click()
    road.decide(first, "2026-0042", "검토")

    second.expected |= {409, 422}
    second.page.locator("dialog[open]").get_by_role("button", name="검토", exact=True).click()

    expect(second.page.locator("#panel")).to_contain_text("정수빈")
    assert only_application().state == State.REVIEWED
