"""Finding events: filters, paging, and what the page shows and logs."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import event, func, select

import factories
from access_log.writing import log, seoul
from client import PageClient
from portal import audit, clock
from portal.access_log import search
from portal.access_log.forms import wanted_of
from portal.accounts.models import Account
from portal.applications.models import Application
from portal.audit.models import AuditEvent
from portal.database import write
from portal.extensions import db
from portal.roles import Role


@pytest.fixture
def auditor(app: Flask) -> Account:
    return factories.account(Role.AUDITOR, name="감사자")


def found(**given: str) -> list[str]:
    return [event.action for event in search.find(wanted_of(given)).events]


def test_events_are_found_by_who_what_on_what_and_when(app: Flask) -> None:
    one, two = factories.account(name="홍길동", login="hong"), factories.account(name="김하나")
    application = factories.forwarded_application(control_no="2031-0007")
    log("view", one, seoul("2026-10-01 09:00"), on=application)
    log("ledger.print", two, seoul("2026-10-02 09:00"))
    log("login.success", one, seoul("2026-10-03 23:59"))

    assert found() == ["login.success", "ledger.print", "view"]
    assert found(who="홍길동") == ["login.success", "view"] == found(who="hong")
    assert found(who="없는사람") == [] and found(who="%") == []
    assert found(group="출력·내보내기") == ["ledger.print"]
    assert found(subject="2031-0007") == ["view"]
    assert found(subject="2031-0008") == []
    assert found(since="2026-10-02") == ["login.success", "ledger.print"]
    assert found(until="2026-10-02") == ["ledger.print", "view"]
    assert found(since="2026-10-02", until="2026-10-02") == ["ledger.print"]
    assert found(since="x", group="x", before="x", size="x") == found()


def test_papers_of_an_application_are_found_by_its_control_number(app: Flask) -> None:
    application = factories.forwarded_application(control_no="2031-0007")
    other = factories.forwarded_application(control_no="2031-0008")
    for n, row in enumerate((application, other)):
        with write() as session:
            from portal.applications.models import ApplicationFile

            paper = ApplicationFile(
                application_id=row.id,
                kind="evidence",
                media_type="image/png",
                size=1,
                sha256=str(n),
                added_by_id=row.entered_by_id,
            )
            session.add(paper)
            session.flush()
            audit.record("evidence.add", by=None, on=paper)

    assert found(subject="2031-0007") == ["evidence.add"]


def test_the_pages_hold_every_event_once_while_new_ones_arrive(app: Flask) -> None:
    one = factories.account()
    log("view", one, clock.now(), count=45)
    seen: list[int] = []
    before: int | None = None
    while True:
        given = {"before": str(before)} if before else {}
        page = search.find(wanted_of(given))
        seen += [e.seq for e in page.events]
        log("view", one, clock.now())
        before = page.following
        if before is None:
            break

    assert seen == list(range(45, 0, -1))


def test_the_count_stops_where_it_tells_nothing_more(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "CAP", 10)
    log("view", factories.account(), clock.now(), count=12)

    page = search.find(wanted_of({}))
    assert (page.total, page.capped) == (10, True)


def test_names_are_masked_and_the_control_number_stands_there(
    client: PageClient, auditor: Account
) -> None:
    application = factories.forwarded_application(control_no="2031-0007")
    log("view", factories.account(name="홍길동"), clock.now(), on=application)

    html = client.log_in(auditor).get("/log").text

    assert "홍*동" in html and "2031-0007" in html and "홍길동" not in html
    assert application.public_id not in html


def test_a_search_is_one_event_without_what_was_typed(client: PageClient, auditor: Account) -> None:
    client.log_in(auditor).get("/log?who=홍길동&subject=2031-0007")
    client.get("/log?who=홍길동&before=3")

    logged = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "log.search")).one()
    assert logged.account == auditor.public_id
    assert logged.detail == '{"by_account":true,"by_subject":true}'


def test_the_list_takes_the_same_number_of_queries_whatever_its_length(
    client: PageClient, auditor: Account
) -> None:
    log("view", auditor, clock.now(), on=factories.forwarded_application())
    client.log_in(auditor).get("/log")
    counts = []
    for _ in range(2):
        statements: list[str] = []
        note = lambda *given: statements.append(given[2])  # noqa: B023,E731
        event.listen(db.engine, "before_cursor_execute", note)
        client.get("/log?since=2020-01-01&until=2030-01-01")
        event.remove(db.engine, "before_cursor_execute", note)
        counts.append(len(statements))
        for _ in range(4):
            log("view", factories.account(), clock.now(), on=factories.forwarded_application())
        db.session.expire_all()

    assert counts[0] == counts[1]


@pytest.mark.parametrize("role", [Role.EMPLOYEE, Role.COUNTER, Role.CUSTODIAN, Role.TEAM_LEADER])
def test_only_auditor_and_head_read_the_log(client: PageClient, role: Role) -> None:
    client.log_in(factories.account(role)).get("/log", status=403)
    client.get(f"/log/months/{clock.today():%Y-%m}", status=403)


def test_a_period_finds_events_whose_number_came_a_little_late(app: Flask) -> None:
    """Numbers are given at the commit: neighbours may stand the other way round."""
    one, noon = factories.account(), seoul("2026-10-02 00:00")
    log("ledger.print", one, noon + timedelta(minutes=5))
    log("view", one, noon - timedelta(minutes=5))

    assert found(until="2026-10-01") == ["view"]
    assert found(since="2026-10-02") == ["ledger.print"]
    assert db.session.scalar(select(func.count()).select_from(Application)) == 0
