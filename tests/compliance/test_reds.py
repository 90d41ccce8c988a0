"""지침 이행 현황: a sound installation is green, and each red shows when its promise is broken."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, select, update

import factories
from access_log.test_month import broken_session
from access_log.writing import log, seoul
from audit.test_chain import UNLOCK
from portal import clock
from portal.access_log.findings import findings
from portal.access_log.months import Month
from portal.access_log.sign import countersign, sign
from portal.accounts.models import Account, Department, LoginSession, RoleGrant
from portal.applications.models import Application, ApplicationFile, ApprovalStep
from portal.applications.states import State
from portal.audit import checkpoint, upkeep
from portal.compliance.check import Check
from portal.compliance.note_recorder import note_recorder
from portal.compliance.now import checks
from portal.database import write
from portal.destruction.models import Destruction
from portal.extensions import db
from portal.jobs.models import Job
from portal.ledger.write_row import write_row
from portal.notices.kinds import Kind as NoticeKind
from portal.notices.models import Notice
from portal.notices.tell import tell
from portal.numbers import SerialCounter
from portal.packages.models import Package
from portal.recordings.models import Recording
from portal.restrictions.models import UseRestriction
from portal.retention import purge
from portal.retention.old_rows import remove_old_notices
from portal.roles import Role
from portal.runtime import vault

#: A Wednesday in working hours.
NOW = seoul("2026-11-25 10:00")


def red() -> list[Check]:
    db.session.expire_all()
    return [check for check in checks() if not check.holds]


def only_red(article: str, words: str) -> None:
    """Exactly this promise is broken, and the sentence says so."""
    found = red()
    assert [check.article for check in found] == [article], [c.problems for c in found]
    assert any(words in problem for problem in found[0].problems), found[0].problems


@pytest.fixture
def sound(app: Flask) -> None:
    """A city where everything is as it should be: people, a call of today, a worker that runs."""
    with clock.at(NOW):
        people = [Role.CUSTODIAN, Role.TEAM_LEADER, Role.DIVISION_HEAD, Role.AUDITOR]
        custodian, *_others = [factories.account(role) for role in people]
        factories.recording(called_at=NOW - timedelta(minutes=5), prior_notice="announcement")
        with write() as session:
            session.execute(update(Recording).values(arrived_at=NOW - timedelta(minutes=4)))
            note_recorder(clock.today(), True, "", by=custodian)
            session.add(
                Job(
                    kind="recurring",
                    recurring="retention",
                    state="done",
                    finished_at=NOW,
                    leased_until=NOW + timedelta(seconds=10),
                )
            )
        upkeep.keep_up()


@pytest.fixture(autouse=True)
def stopped_clock(sound: None) -> object:
    with clock.at(NOW):
        yield


def an_application(state: State = State.RECEIVED, signed: bool = True) -> Application:
    application = factories.forwarded_application(state=state)
    if signed:
        with write() as session:
            session.add(
                ApplicationFile(
                    application_id=application.id,
                    kind="signature",
                    media_type="image/png",
                    size=1,
                    sha256="0" * 64,
                    added_by_id=application.entered_by_id,
                )
            )
    with write() as session:
        session.execute(update(Recording).values(prior_notice="announcement"))
        # The factory makes a custodian for each application; two are the most there should be.
        session.execute(
            update(RoleGrant)
            .where(RoleGrant.account_id == application.received_by_id)
            .values(revoked_at=clock.now())
        )
    return application


def handed_over() -> Application:
    application = an_application(State.APPROVED)
    with write():
        write_row(
            application,
            basis="제7조제1항제2호",
            transferor_name="이보안",
            transferee_name="홍길동",
            affiliation="이천시",
        )
        application.state = State.HANDED_OVER
    return application


def test_a_sound_installation_is_green(app: Flask) -> None:
    handed_over()
    assert [check.problems for check in red()] == []
    articles = {check.article[:3].rstrip("제") for check in checks()}
    assert {"제2조", "제3조", "제4조", "제5조", "제6조", "제7조", "제8조", "제9조"} <= articles


# 제8조①


def test_red_when_a_recording_is_past_its_day(app: Flask) -> None:
    with write() as session:
        session.execute(update(Recording).values(delete_on=clock.today()))
    only_red("제8조제1항", "보관기간이 지난")
    purge.run()
    assert "보관기간이 지난" not in str([check.problems for check in red()])


def test_red_when_a_key_outlives_its_day(app: Flask) -> None:
    day = clock.today() - timedelta(days=1)
    vault().day_keys.recipient(day)
    only_red("제8조제1항", "열쇠가 1개")
    purge.run()
    assert red() == []


def test_red_when_a_file_outlives_its_day(app: Flask) -> None:
    from io import BytesIO

    day = clock.today()
    vault().recordings.put(day, "0" * 32, BytesIO(b"x"))
    vault().day_keys.destroy(day)
    only_red("제8조제1항", "폴더가 1개")


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"leased_until": NOW - timedelta(minutes=3)}, "작업기가 돌고 있지 않습니다"),
        ({"finished_at": NOW - timedelta(minutes=11)}, "10분 넘게"),
        ({"state": "failed"}, "실패했습니다"),
    ],
)
def test_red_when_the_deletion_does_not_run(
    app: Flask, values: dict[str, object], words: str
) -> None:
    with write() as session:
        session.execute(update(Job).values(**values))
    only_red("제8조제1항", words)


def test_red_when_the_worker_never_ran(app: Flask) -> None:
    with write() as session:
        session.execute(delete(Job))
    only_red("제8조제1항", "실행되지 않았습니다")


def test_red_when_another_task_fails_again_and_again(app: Flask) -> None:
    with write() as session:
        job = Job(kind="recurring", recurring="mail", state="failed", attempts=2)
        session.add(job)
    assert red() == []
    with write():
        job.attempts = 3
    only_red("제8조제1항", "거듭 실패하는 다른 작업이 1개")


@pytest.mark.parametrize(("days", "clean"), [(91, True), (0, False)])
def test_red_when_the_recorder_was_not_looked_at_or_keeps_old_calls(
    app: Flask, days: int, clean: bool
) -> None:
    custodian = factories.account(Role.CUSTODIAN)
    with write():
        note_recorder(clock.today() - timedelta(days=days), clean, "옛 통화", by=custodian)
    only_red("제8조제1항", "녹취장비")


def test_red_when_the_intake_is_silent_in_working_hours(app: Flask) -> None:
    with write() as session:
        session.execute(update(Recording).values(arrived_at=seoul("2026-11-24 14:30")))
    only_red("제2조제3호", "들어온 통화가 없습니다")


def test_a_silent_night_or_weekend_is_no_silence(app: Flask) -> None:
    with write() as session:
        session.execute(update(Recording).values(arrived_at=seoul("2026-11-24 17:30")))
    assert red() == []


def test_red_when_a_draft_outlives_its_time(app: Flask) -> None:
    application = an_application()
    with write():
        application.state, application.saved_at = State.DRAFT, NOW - timedelta(days=33)
    only_red("제8조제1항", "작성중 신청이 1건")


def test_red_when_the_log_was_not_pruned(app: Flask) -> None:
    with clock.at(NOW + timedelta(days=733)):
        log("view", None, NOW + timedelta(days=733))
        assert "접속기록이 정리되지" in str([check.problems for check in red()])
        checkpoint.prune()
        assert "접속기록이 정리되지" not in str([check.problems for check in red()])


def test_red_when_a_print_outlives_its_day(app: Flask) -> None:
    with write() as session:
        session.add(Job(kind="ledger_print", state="done", expires_at=NOW - timedelta(days=3)))
    only_red("제8조제1항", "인쇄·엑셀")


def test_red_when_a_notice_outlives_its_year(app: Flask) -> None:
    account = factories.account()
    with clock.at(NOW - timedelta(days=366)), write():
        tell(account, NoticeKind.CLOSED)
    assert red() == [], "the job has two days"
    with write() as session:
        session.execute(update(Notice).values(at=NOW - timedelta(days=368)))
    only_red("제8조제1항", "기한이 지난 알림")
    remove_old_notices()
    assert red() == []


# 제3조, 제5조, 제8조③, 제11조


def test_red_when_no_department_is_left(app: Flask) -> None:
    with write() as session:
        session.execute(update(Department).values(until_on=clock.today()))
    only_red("제3조", "부서가 없습니다")


@pytest.mark.parametrize("role", [Role.CUSTODIAN, Role.TEAM_LEADER, Role.DIVISION_HEAD])
def test_red_when_a_role_of_the_procedure_is_vacant(app: Flask, role: Role) -> None:
    with write() as session:
        grants = update(RoleGrant).where(RoleGrant.role == role)
        session.execute(grants.values(revoked_at=clock.now()))
    only_red("제5조", "지정되지 않은 역할")


def test_red_when_there_are_too_many_custodians(app: Flask) -> None:
    factories.account(Role.CUSTODIAN)
    assert red() == []
    factories.account(Role.CUSTODIAN)
    only_red("제8조제3항", "2명으로")


def test_red_when_a_sensitive_role_has_no_second_person(app: Flask) -> None:
    giver = factories.account()
    with write() as session:
        grants = update(RoleGrant).where(RoleGrant.role == Role.AUDITOR)
        session.execute(grants.values(granted_by_id=giver.id))
    only_red("제8조제3항", "두 번째 사람")


def test_red_when_a_closed_account_is_still_logged_in(app: Flask) -> None:
    gone = factories.account()
    with write() as session:
        gone.closed_at = clock.now()
        session.add(
            LoginSession(
                token_hash="x", account_id=gone.id, origin="x", started_at=NOW, seen_at=NOW
            )
        )
    only_red("제11조", "닫힌 계정의 접속")


# 제6조, 제8조②, 제9조, 제10조


def test_red_when_a_call_was_recorded_without_notice_until_it_is_taken_up(app: Flask) -> None:
    with write() as session:
        session.execute(update(Recording).values(prior_notice="none"))
    only_red("제6조", "고지 없이")
    a_restriction(call_id=db.session.scalars(select(Recording.public_id)).first())
    assert red() == []


def a_restriction(**fields: object) -> UseRestriction:
    drafter = db.session.scalars(select(Account)).first()
    assert drafter is not None
    values = {
        "number": "R-1",
        "person_id": factories.account().person_id,
        "ground": 2,
        "facts": "x",
        "portal_use": True,
        "phone_recording": False,
        "from_on": clock.today(),
        "drafted_by_id": drafter.id,
        **fields,
    }
    with write() as session:
        row = UseRestriction(**values)
        session.add(row)
    return row


def test_red_when_a_restriction_was_decided_and_not_served(app: Flask) -> None:
    restriction = a_restriction(state="approved")
    only_red("제9조", "통지서를 전달하지 않은")
    with write():
        restriction.served_at = clock.now()
    assert red() == []


def test_red_when_a_restricted_person_is_listening(app: Flask) -> None:
    person = factories.account()
    a_restriction(state="approved", served_at=NOW, person_id=person.person_id)
    listening(person)
    assert any(check.article == "제9조" for check in red())


def listening(person: Account) -> None:
    broken_session(person, opened_at=clock.now())


def test_red_when_a_password_outlives_the_building_of_its_package(app: Flask) -> None:
    a_package(state="ready", envelope="x")
    only_red("제8조제2항", "비밀번호가 아직")


def test_a_password_while_the_package_is_being_built_is_no_breach(app: Flask) -> None:
    a_package(state="building", envelope="x")
    assert red() == []


def a_package(**fields: object) -> None:
    application = handed_over()
    with write() as session:
        session.add(
            Package(
                application_id=application.id,
                number=1,
                offered_by_id=application.entered_by_id,
                **fields,
            )
        )


@pytest.mark.parametrize(
    ("state", "days", "late"),
    [
        ("awaited", 0, False),
        ("awaited", -1, True),
        ("unanswered", 5, True),
        ("confirmed", -1, False),
    ],
)
def test_red_when_a_destruction_is_not_confirmed_in_time(
    app: Flask, state: str, days: int, late: bool
) -> None:
    application, day = handed_over(), clock.today() + timedelta(days=days)
    with write() as session:
        session.add(Destruction(application_id=application.id, state=state, answer_by=day))
    if late:
        only_red("제10조", "기한이 지난")
    else:
        assert red() == []


# 제7조


def break_grounds(application: Application) -> None:
    steps = update(ApprovalStep).where(ApprovalStep.application_id == application.id)
    db.session.execute(steps.values(decided_by_id=None, decided_at=None))


def break_serials(application: Application) -> None:
    db.session.execute(update(SerialCounter).values(last=SerialCounter.last + 1))


def break_columns(application: Application) -> None:
    steps = update(ApprovalStep).where(ApprovalStep.application_id == application.id)
    db.session.execute(steps.values(decided_by_id=application.steps[0].decided_by_id))


def break_state(application: Application) -> None:
    application.state = State.APPROVED


@pytest.mark.parametrize(
    ("breaking", "article", "words"),
    [
        (break_grounds, "제7조제1항", "결재 없이"),
        (break_columns, "제7조제1항", "한 사람이 두 칸"),
        (break_serials, "제7조제4항", "번호가 비거나"),
        (break_state, "제7조제4항", "인계·인수하지 않은 신청"),
    ],
)
def test_red_when_what_was_handed_over_does_not_fit(
    app: Flask, breaking: Callable[[Application], None], article: str, words: str
) -> None:
    application = handed_over()
    assert red() == []
    with write():
        breaking(application)
    only_red(article, words)


def test_red_when_a_handover_is_missing_in_the_ledger(app: Flask) -> None:
    application = an_application(State.APPROVED)
    with write():
        application.state = State.HANDED_OVER
    only_red("제7조제4항", "관리대장에 없는")


def test_red_when_an_application_is_in_hand_without_signature(app: Flask) -> None:
    an_application(signed=False)
    only_red("제7조제2항", "서명 없이")


def test_red_when_an_official_letter_has_no_number(app: Flask) -> None:
    application = an_application(signed=False)
    with write():
        application.ground = 4
    only_red("제7조제2항", "문서번호 없이")


def test_red_when_somebody_listens_without_a_receipt(app: Flask) -> None:
    listening(factories.account())
    assert "인계·인수증 없이" in str([c.problems for c in red() if c.article == "제7조제3항"])


# 제8조④ and the log


def test_red_when_the_log_was_tampered_with(app: Flask) -> None:
    with write() as session:
        for statement in UNLOCK[session.get_bind().dialect.name]:
            session.connection().exec_driver_sql(statement)
        session.connection().exec_driver_sql("UPDATE audit_event SET action = 'x' WHERE seq = 1")
    upkeep.verify_and_keep()
    only_red("제8조제4항", "1번부터 맞지 않습니다")


def test_red_when_the_log_was_not_verified_for_a_day(app: Flask) -> None:
    from portal.audit.models import AuditVerification

    with write() as session:
        session.execute(update(AuditVerification).values(at=NOW - timedelta(hours=27)))
    only_red("제8조제4항", "하루 안에 검증되지")


def test_red_until_the_month_is_signed_and_countersigned(app: Flask) -> None:
    head, auditor = [
        db.session.scalars(select(Account).join(Account.grants).where(RoleGrant.role == role)).one()
        for role in (Role.DIVISION_HEAD, Role.AUDITOR)
    ]
    october = Month(2026, 10)
    log("view", head, seoul("2026-10-06 10:00"))
    only_red("제8조제3항", "2026년 10월")
    with write():
        sign(october, findings(october), "이상 없음", by=head)
    only_red("제8조제3항", "교차 확인을 기다리는")
    with write():
        countersign(october, "이상 없음", by=auditor)
    assert red() == []
