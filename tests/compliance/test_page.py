"""지침 이행 현황 over HTTP, and the custodian's note about the recorder."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select

import factories
from access_log.writing import seoul
from client import PageClient
from portal import audit, clock
from portal.audit.models import AuditEvent
from portal.compliance.check import number_of, told_together
from portal.compliance.deletion import working_time
from portal.compliance.models import RecorderCheck
from portal.compliance.note_recorder import CannotNote, note_recorder
from portal.database import write
from portal.extensions import db
from portal.moments import ago
from portal.roles import Role


@pytest.mark.parametrize("role", [Role.CUSTODIAN, Role.DIVISION_HEAD, Role.AUDITOR])
def test_the_page_shows_each_article_and_what_is_red(client: PageClient, role: Role) -> None:
    html = client.log_in(factories.account(role)).get("/compliance").text

    assert "제8조제1항" in html and "제11조" in html
    assert "작업기가 돌고 있지 않습니다" in html and "개 항목이 지켜지지 않고 있습니다" in html
    assert ('href="/log/months"' in html) == (role != Role.CUSTODIAN)


@pytest.mark.parametrize("role", [Role.EMPLOYEE, Role.COUNTER, Role.TEAM_LEADER])
def test_nobody_else_sees_it(client: PageClient, role: Role) -> None:
    client.log_in(factories.account(role)).get("/compliance", status=403)


def test_the_custodian_notes_the_recorder(client: PageClient) -> None:
    custodian = factories.account(Role.CUSTODIAN)
    client.log_in(custodian).get("/compliance")

    empty = client.post("/compliance/recorder", {})
    assert empty.status_code == 422 and "확인한 날을 골라 주십시오" in empty.text
    tomorrow = str(clock.today() + timedelta(days=1))
    refused = client.post("/compliance/recorder", {"checked_on": tomorrow, "clean": "yes"})
    assert refused.status_code == 409 and "지난 날이어야" in refused.text
    good = {"checked_on": str(clock.today()), "clean": "yes", "note": "보관 30일 설정 확인"}
    assert client.post("/compliance/recorder", good).status_code == 303

    row = db.session.scalars(select(RecorderCheck)).one()
    assert row.clean and row.checked_by_id == custodian.id
    logged = select(AuditEvent).where(AuditEvent.action == "compliance.recorder_check")
    assert db.session.scalars(logged).one().account == custodian.public_id


def test_only_the_custodian_notes_it_and_says_what_is_left(app: Flask) -> None:
    auditor, custodian = factories.account(Role.AUDITOR), factories.account(Role.CUSTODIAN)
    with pytest.raises(CannotNote, match="시스템 관리자만"), write():
        note_recorder(clock.today(), True, "", by=auditor)
    with pytest.raises(CannotNote, match="무엇이 남아"), write():
        note_recorder(clock.today(), False, " ", by=custodian)


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        ("2026-11-25 10:00", "2026-11-25 12:00", 2),
        ("2026-11-25 17:00", "2026-11-26 10:00", 2),
        ("2026-11-27 18:00", "2026-11-30 09:00", 0),  # Friday evening to Monday morning
        ("2026-11-27 17:30", "2026-11-30 09:30", 1),
        ("2026-10-08 18:00", "2026-10-12 09:00", 0),  # 한글날, a Friday, and the weekend
        ("2026-11-25 10:00", "2026-11-25 10:00", 0),
    ],
)
def test_only_working_hours_count(app: Flask, start: str, end: str, hours: float) -> None:
    assert working_time(seoul(start), seoul(end)) == timedelta(hours=hours)


def test_a_statement_that_is_kept_moves_with_the_clock(app: Flask) -> None:
    def one_with(moment: Any) -> Any:
        def check() -> Any:
            (number,) = yield lambda: (number_of(AuditEvent, AuditEvent.at < moment),)
            return number

        return check

    with pytest.raises(ValueError, match="a moment in a kept statement"):
        told_together([one_with(clock.now())], "still")
    with write():
        audit.record("log.search", by=None)
    hour = timedelta(hours=1)
    before = told_together([one_with(ago(hour))], "moving")
    with clock.at(clock.now() + 2 * hour):
        assert told_together([one_with(ago(hour))], "moving") != before


def test_the_page_takes_the_same_number_of_queries_whatever_there_is(client: PageClient) -> None:
    client.log_in(factories.account(Role.AUDITOR)).get("/compliance")
    counts = []
    for _ in range(2):
        statements: list[str] = []
        note = lambda *given: statements.append(given[2])  # noqa: B023,E731
        event.listen(db.engine, "before_cursor_execute", note)
        client.get("/compliance")
        event.remove(db.engine, "before_cursor_execute", note)
        counts.append(len(statements))
        for _ in range(4):
            factories.forwarded_application()
        db.session.expire_all()

    assert counts[0] == counts[1] < 80
