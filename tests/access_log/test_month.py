"""월 점검: what looks odd, who signs, who countersigns, and what nobody may do."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

import factories
from access_log.writing import log, seoul
from client import PageClient
from documents.reading import text_of
from portal import clock
from portal.access_log.findings import Finding, findings
from portal.access_log.months import Month, check_of, uncountersigned_months, unsigned_months
from portal.access_log.sign import CannotSign, countersign, sign
from portal.accounts.models import Account, RoleGrant
from portal.audit.models import AuditEvent
from portal.database import write
from portal.extensions import db
from portal.playback.models import ListeningSession
from portal.roles import Role

OCTOBER = Month(2026, 10)
NOVEMBER_5TH = seoul("2026-11-05 10:00")


def finding(key: str, month: Month = OCTOBER) -> Finding:
    return next(f for f in findings(month) if f.key == key)


def texts(key: str) -> list[str]:
    return [line.text for line in finding(key).lines]


@pytest.mark.parametrize(
    ("moment", "odd"),
    [
        ("2026-10-06 06:59", True),
        ("2026-10-06 07:00", False),
        ("2026-10-06 19:59", False),
        ("2026-10-06 20:00", True),
        ("2026-10-10 11:00", True),  # Saturday
        ("2026-10-09 11:00", True),  # 한글날
        ("2026-09-30 23:00", False),  # another month
        ("2026-11-01 02:00", False),
    ],
)
def test_off_hours_are_nights_weekends_and_holidays(app: Flask, moment: str, odd: bool) -> None:
    log("view", factories.account(), seoul(moment))

    assert finding("off_hours").total == int(odd)


def test_the_portals_own_work_at_night_is_nobodys_access(app: Flask) -> None:
    log("retention.destroy", None, seoul("2026-10-06 00:00"))
    assert finding("off_hours").total == 0


def test_a_day_far_above_ones_own_habit_is_named(app: Flask) -> None:
    busy, steady = factories.account(), factories.account()
    for day in (1, 2, 5, 6, 7):
        log("view", busy, seoul(f"2026-10-{day:02d} 10:00"), count=3)
        log("view", steady, seoul(f"2026-10-{day:02d} 10:00"), count=29)
    log("view", busy, seoul("2026-10-12 10:00"), count=31)
    log("view", steady, seoul("2026-10-12 10:00"), count=40)

    assert texts("many_views") == ["10월 12일 31건 조회 (평소 하루 3건)"]
    assert finding("many_views").lines[0].account == busy.public_id


def test_habit_reaches_back_before_the_month_and_few_views_are_never_many(app: Flask) -> None:
    regular, newcomer = factories.account(), factories.account()
    for day in range(1, 11):
        log("view", regular, seoul(f"2026-09-{day:02d} 10:00"), count=20)
    log("view", regular, seoul("2026-10-06 10:00"), count=35)
    log("view", newcomer, seoul("2026-10-06 10:00"), count=29)

    assert texts("many_views") == []


def test_many_looks_of_one_person_at_one_subject_are_named(app: Flask) -> None:
    curious, others = factories.account(), [factories.account() for _ in range(3)]
    application = factories.forwarded_application()
    log("view", curious, seoul("2026-10-06 10:00"), count=10, on=application)
    for other in others:
        log("view", other, seoul("2026-10-06 10:00"), count=9, on=application)

    assert texts("repeated") == ["같은 신청 하나를 10회 조회"]


def test_refusals_wrong_codes_locks_and_outputs_are_counted_by_person(app: Flask) -> None:
    one, moment = factories.account(), seoul("2026-10-06 10:00")
    log("access.refused", one, moment, count=2)
    log("login.refused", None, moment, count=3, on=one)
    log("login.refused", None, moment, on=one, locked=True)
    log("login.refused", None, moment)
    log("otp.refused", one, moment, on=one)
    log("ledger.print", one, moment)

    assert texts("refused") == ["권한 없는 화면 접근 2건"]
    assert texts("wrong") == [
        "틀린 비밀번호·인증번호 5회, 잠금 1회",
        "없는 아이디로 로그인 시도 1회",
    ]
    assert texts("output") == ["관리대장 인쇄 1건"]


def test_a_playback_without_purpose_or_receipt_would_be_seen(app: Flask) -> None:
    one, moment = factories.account(), seoul("2026-10-06 10:00")
    log("playback.play", one, moment, reason="민원 확인")
    assert finding("without_reason").total == finding("without_receipt").total == 0

    log("playback.play", one, moment)
    broken_session(one, opened_at=moment)
    assert finding("without_reason").total == finding("without_receipt").total == 1


def broken_session(one: Account, **fields: Any) -> None:
    """A row that only somebody who writes into the database by hand could make."""
    from portal.accounts.models import LoginSession

    application, now = factories.forwarded_application(), fields["opened_at"]
    with write() as session:
        login = LoginSession(
            token_hash="x", account_id=one.id, origin="x", started_at=now, seen_at=now
        )
        session.add(login)
        session.flush()
        session.add(
            ListeningSession(
                application_id=application.id,
                account_id=one.id,
                login_session_id=login.id,
                purpose="x",
                origin="x",
                expires_at=now + timedelta(hours=1),
                active_at=now,
                **fields,
            )
        )


def test_what_the_head_did_stands_apart(app: Flask) -> None:
    head, other = factories.account(Role.DIVISION_HEAD), factories.account()
    with write():
        for grant in db.session.scalars(select(RoleGrant)):
            grant.granted_at = seoul("2026-01-01 00:00")
    log("application.approve", head, seoul("2026-10-06 10:00"), count=2)
    log("view", other, seoul("2026-10-06 10:00"))

    assert texts("head") == ["승인 2건"]


# Signing


@pytest.fixture
def head(app: Flask) -> Account:
    return factories.account(Role.DIVISION_HEAD, name="윤서연")


@pytest.fixture
def auditor(app: Flask) -> Account:
    log("view", factories.account(), seoul("2026-09-15 10:00"))
    return factories.account(Role.AUDITOR, name="감사자")


def signed(head: Account, opinion: str = "이상 없음") -> None:
    with write():
        sign(OCTOBER, findings(OCTOBER), opinion, by=head)


def test_a_month_is_signed_once_and_keeps_what_was_found(head: Account, auditor: Account) -> None:
    log("ledger.print", auditor, seoul("2026-10-06 10:00"))
    with clock.at(NOVEMBER_5TH):
        signed(head)
        with pytest.raises(CannotSign, match="이미 서명"):
            signed(head)

    check = check_of(OCTOBER)
    assert check is not None and check.signed_by_id == head.id
    kept = [Finding.from_json(f) for f in check.findings]
    assert next(f for f in kept if f.key == "output").total == 1
    logged = select(AuditEvent).where(AuditEvent.action == "log.sign")
    assert db.session.scalars(logged).one().account == head.public_id


def test_nobody_but_the_head_signs_and_not_before_the_month_is_over(
    head: Account, auditor: Account
) -> None:
    with clock.at(NOVEMBER_5TH), pytest.raises(CannotSign, match="과장만"):
        signed(auditor)
    with clock.at(NOVEMBER_5TH), pytest.raises(CannotSign, match="의견"):
        signed(head, opinion="  ")
    with clock.at(seoul("2026-10-31 23:59")), pytest.raises(CannotSign, match="끝난 뒤"):
        signed(head)
    assert check_of(OCTOBER) is None


def test_the_auditor_countersigns_once_and_never_before_the_head(
    head: Account, auditor: Account
) -> None:
    with clock.at(NOVEMBER_5TH):
        with pytest.raises(CannotSign, match="아직 서명"), write():
            countersign(OCTOBER, "확인", by=auditor)
        signed(head)
        assert uncountersigned_months() == [OCTOBER]
        with pytest.raises(CannotSign, match="감사 담당자만"), write():
            countersign(OCTOBER, "확인", by=head)
        with write():
            countersign(OCTOBER, "이상 없음", by=auditor)
        assert uncountersigned_months() == []
        with pytest.raises(CannotSign, match="이미"), write():
            countersign(OCTOBER, "확인", by=auditor)


def test_nobody_countersigns_a_month_in_which_they_were_the_head(
    head: Account, auditor: Account
) -> None:
    both = factories.account(Role.DIVISION_HEAD, Role.AUDITOR)
    with write():
        for grant in db.session.scalars(select(RoleGrant)):
            grant.granted_at = seoul("2026-01-01 00:00")
    with clock.at(NOVEMBER_5TH):
        signed(head)
        with pytest.raises(CannotSign, match="다른 사람이 확인"), write():
            countersign(OCTOBER, "확인", by=both)


def test_unsigned_months_are_those_that_are_over_since_the_first_event(
    head: Account, auditor: Account
) -> None:
    with clock.at(NOVEMBER_5TH):
        assert unsigned_months() == [Month(2026, 9), OCTOBER]
        signed(head)
        assert unsigned_months() == [Month(2026, 9)]
    with clock.at(seoul("2026-09-30 23:59")):
        assert unsigned_months() == []


def test_a_year_turns(app: Flask) -> None:
    assert Month(2026, 12).after == Month(2027, 1)
    assert Month(2027, 1).before == Month(2026, 12)
    assert Month.parse("2026-13") is None and Month.parse("../x") is None


def test_head_signs_and_auditor_countersigns_over_the_pages(
    client: PageClient, head: Account, auditor: Account, app: Flask
) -> None:
    with clock.at(NOVEMBER_5TH):
        log("view", head, clock.now() - timedelta(days=20))
        client.log_in(head).get("/log/months/2026-10")
        refused = client.post("/log/months/2026-10/sign", {"opinion": ""})
        assert refused.status_code == 409 and "점검 의견을 입력해 주십시오" in refused.text
        assert client.post("/log/months/2026-10/sign", {"opinion": "이상 없음"}).status_code == 303
        again = client.post("/log/months/2026-10/sign", {"opinion": "다시"})
        assert again.status_code == 409 and "다시" in again.text

        other = PageClient(app).log_in(auditor)
        assert "윤서연" in other.get("/log/months/2026-10").text
        answer = other.post("/log/months/2026-10/countersign", {"opinion": "확인함"})
        assert answer.status_code == 303
        assert "교차 확인 전" not in other.get("/log/months").text
        other.get("/log/months/2020-01", status=404)

    check = check_of(OCTOBER)
    assert check is not None and check.countersigned_by_id == auditor.id


def test_a_signed_month_is_issued_as_paper_to_those_who_read_the_log(
    client: PageClient, head: Account, auditor: Account, app: Flask
) -> None:
    with clock.at(NOVEMBER_5TH):
        log("view", head, clock.now() - timedelta(days=20))
        client.log_in(head).get("/log/months/2026-10")
        client.post("/log/months/2026-10/paper", {"why": "보관"})
        assert "아직 서명되지 않았습니다" in client.get("/log/months/2026-10").text
        signed(head, "이상 없음")
        with write():
            countersign(OCTOBER, "확인함", by=auditor)
        client.get("/log/months/2026-10")
        client.post("/log/months/2026-10/paper", {"why": ""})
        assert "사유를" in client.get("/log/months/2026-10").text
        answer = client.post("/log/months/2026-10/paper", {"why": "보관"})

        text = text_of(client.get(answer.location).data)
        for said in ("2026년10월", head.name, auditor.name, "이상없음", "확인함", "문서확인번호"):
            assert said in text, said
        assert "점검표 (PDF)" in client.get("/log/months/2026-10").text
        custodian = PageClient(app).log_in(factories.account(Role.CUSTODIAN))
        custodian.get(answer.location, 404)
