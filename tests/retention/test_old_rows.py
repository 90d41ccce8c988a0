"""Rows that have served their time go, and nothing that belongs to a record goes with them."""

from __future__ import annotations

import json
from datetime import timedelta

from flask import Flask
from sqlalchemy import select

import factories
from portal import clock
from portal.accounts.models import Account, LoginSession
from portal.audit.models import AuditEvent
from portal.audit.verify import verify
from portal.database import write
from portal.extensions import db
from portal.jobs.models import Job
from portal.notices.kinds import Kind
from portal.notices.models import Mail, Notice
from portal.notices.tell import tell
from portal.playback.models import ListeningSession
from portal.retention import old_rows
from portal.retention.old_rows import remove_old_jobs, remove_old_logins, remove_old_notices

YEAR, TWO_YEARS = timedelta(days=365), timedelta(days=730)
MINUTE = timedelta(minutes=1)


def logged(action: str) -> list[int]:
    found = db.session.scalars(select(AuditEvent.detail).where(AuditEvent.action == action))
    return [json.loads(detail)["count"] for detail in found]


def notice_with_mail(account: Account) -> None:
    with write() as session:
        tell(account, Kind.CLOSED)
        session.flush()
        (latest,) = session.scalars(select(Notice.id).order_by(Notice.id.desc()).limit(1))
        session.add(Mail(notice_id=latest))


def test_old_notices_go_with_their_mails_and_young_ones_stay(app: Flask) -> None:
    account = factories.account()
    for _ in range(3):
        notice_with_mail(account)
    with clock.at(YEAR):
        notice_with_mail(account)

    with clock.at(YEAR - MINUTE):
        assert remove_old_notices() == 0
    with clock.at(YEAR + MINUTE):
        assert remove_old_notices() == 3
        assert remove_old_notices() == 0

    assert len(db.session.scalars(select(Notice)).all()) == 1
    assert len(db.session.scalars(select(Mail)).all()) == 1
    assert logged("notices.pruned") == [3]
    assert verify().sound


def test_many_go_in_batches(app: Flask, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(old_rows, "BATCH", 2)
    account = factories.account()
    for _ in range(5):
        notice_with_mail(account)

    with clock.at(YEAR + MINUTE):
        assert remove_old_notices() == 5

    assert logged("notices.pruned") == [2, 2, 1]


def login(account: Account, ended: bool = True) -> LoginSession:
    now = clock.now()
    with write() as session:
        row = LoginSession(
            token_hash=f"{now.timestamp()}{account.id}{ended}",
            account_id=account.id,
            origin="10.0.0.1",
            started_at=now,
            seen_at=now,
            ended_at=now if ended else None,
        )
        session.add(row)
    return row


def test_old_logins_go_but_not_the_one_in_which_somebody_listened(app: Flask) -> None:
    account, other = factories.account(), factories.account()
    heard, _idle, _open = login(account), login(other), login(other, ended=False)
    application, now = factories.forwarded_application(), clock.now()
    with write() as session:
        session.add(
            ListeningSession(
                application_id=application.id,
                account_id=account.id,
                login_session_id=heard.id,
                purpose="확인",
                origin="10.0.0.1",
                opened_at=now,
                expires_at=now,
                active_at=now,
                ended_at=now,
            )
        )

    with clock.at(TWO_YEARS - MINUTE):
        assert remove_old_logins() == 0
    with clock.at(TWO_YEARS + MINUTE):
        assert remove_old_logins() == 1

    assert len(db.session.scalars(select(LoginSession)).all()) == 2
    assert logged("logins.pruned") == [1]


def test_work_that_is_done_goes_and_recurring_tasks_stay(app: Flask) -> None:
    now = clock.now()
    with write() as session:
        session.add(Job(kind="recurring", recurring="mail", state="done", finished_at=now))
        session.add(Job(kind="package", state="done", finished_at=now))
        session.add(Job(kind="package", state="waiting"))
        session.add(Job(kind="ledger_print", state="done", finished_at=now, expires_at=now + YEAR))

    with clock.at(timedelta(days=89)):
        assert remove_old_jobs() == 0
    with clock.at(timedelta(days=91)):
        assert remove_old_jobs() == 1

    assert len(db.session.scalars(select(Job)).all()) == 3
