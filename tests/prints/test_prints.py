"""Long prints: asked for, made by a child process, picked up by whoever asked, gone in time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

import factories
from client import PageClient
from documents.reading import images_of, text_of
from ledger.sheets import rows_of
from ledger.test_pages import entered
from portal import clock
from portal.accounts.models import Account
from portal.audit.models import AuditEvent
from portal.database import write
from portal.documents import issue
from portal.documents.models import IssuedDocument
from portal.extensions import db
from portal.jobs.models import Job
from portal.jobs.queue import enqueue
from portal.prints import start
from portal.prints.ask import Kind, NoReason, TooManyWaiting, Wish, ask
from portal.prints.make import Superseded, make
from portal.prints.start import Prints, claim, put_back, remove_expired
from portal.retention.reconcile_records import compare_records
from portal.roles import Role
from portal.runtime import settings, vault
from portal.words import worded


@pytest.fixture
def auditor(app: Flask) -> Account:
    return factories.account(Role.AUDITOR)


def wanted(kind: Kind, by: Account, reason: str = "연말 정리", unmasked: bool = False) -> Job:
    with write():
        wish = Wish(year=clock.today().year, reason=reason, unmasked=unmasked)
        return ask(kind, wish, by=by)


def made(kind: Kind, by: Account) -> Job:
    job = wanted(kind, by)
    claimed = claim()
    assert claimed
    make(*claimed)
    return fresh(job)


def fresh(job: Job) -> Job:
    db.session.rollback()
    db.session.refresh(job)
    return job


def test_the_worker_has_a_child_process_make_it_and_does_not_wait(
    app: Flask, auditor: Account
) -> None:
    entered(), entered()
    job, prints = wanted("ledger_print", auditor), Prints()

    prints.turn()
    assert fresh(job).state == "running"
    prints.turn()  # looks after the child and starts nothing
    prints.wait(60)
    prints.turn()

    assert (fresh(job).state, job.progress, job.epoch) == ("done", 100, 1)
    paper = db.session.scalars(select(IssuedDocument)).one()
    text = text_of(issue.read(paper))
    assert (paper.kind, paper.why, paper.issued_by_id) == ("form3", "연말 정리", auditor.id)
    assert f"문서확인번호{paper.verification_no}" in text and "이하빈칸" in text
    assert images_of(issue.read(paper)) == 1


def test_a_child_that_dies_is_tried_again_and_given_up_in_the_end(
    app: Flask, auditor: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    job, prints = wanted("ledger_print", auditor), Prints()
    monkeypatch.setattr(start.sys, "executable", "/bin/false")

    for _ in range(start._MOST_ATTEMPTS + 1):
        prints.turn()
        prints.wait(10)

    assert (fresh(job).state, job.error) == ("failed", worded(start.GAVE_UP))
    assert job.expires_at


def test_a_job_left_behind_is_taken_over_and_the_first_process_stops(
    app: Flask, auditor: Account
) -> None:
    entered()
    job, first = wanted("ledger_print", auditor), claim()
    assert first and claim() is None
    with write() as session:
        late = clock.now() - timedelta(seconds=1)
        session.execute(update(Job).where(Job.id == job.id).values(leased_until=late))

    second = claim()
    assert second and second[1] == first[1] + 1
    with pytest.raises(Superseded):
        make(*first)
    put_back(*first)
    assert fresh(job).state == "running"
    make(*second)

    assert fresh(job).state == "done"
    assert len(db.session.scalars(select(IssuedDocument)).all()) == 1


def test_only_who_asked_sees_and_downloads_it_and_that_is_in_the_log(
    client: PageClient, auditor: Account
) -> None:
    entered()
    job = made("ledger_export", auditor)
    client.log_in(auditor)

    assert "2026년 관리대장 엑셀 파일" in client.get("/prints").text.replace(
        str(clock.today().year), "2026"
    )
    answer = client.get(f"/prints/{job.public_id}/file")

    assert len(rows_of(answer.data)) == 2
    assert answer.headers["Content-Disposition"].endswith('.xlsx"')
    logged = select(AuditEvent).where(AuditEvent.action == "print.download")
    assert db.session.scalars(logged).one().account == auditor.public_id
    other = PageClient(client.http.application).log_in(factories.account(Role.AUDITOR))
    other.get(f"/prints/{job.public_id}/file", status=404)
    assert job.public_id not in other.get("/prints").text


def test_the_list_polls_only_while_something_is_made(client: PageClient, auditor: Account) -> None:
    client.log_in(auditor)
    assert "/prints/poll" not in client.get("/prints").text

    job = wanted("ledger_export", auditor)
    assert "/prints/poll" in client.get("/prints").text
    client.get(f"/prints/{job.public_id}/file", status=404)
    polled = client.get("/prints/poll", headers={"HX-Request": "true"}).text
    assert "대기" in polled and "<h1" not in polled


def test_what_expired_is_gone_and_an_issued_print_is_kept(app: Flask, auditor: Account) -> None:
    entered()
    export, paper = made("ledger_export", auditor), made("ledger_print", auditor)
    ids = {export.public_id, paper.public_id}
    assert ids <= set(vault().records.blobs())
    assert list(compare_records(0, repair=False)) == []

    with clock.at(clock.now() + timedelta(days=settings().papers.kept_days, seconds=1)):
        assert remove_expired() == 2

    kept = db.session.scalars(select(IssuedDocument.public_id)).all()
    assert ids & set(vault().records.blobs()) == set(kept) != set()
    assert db.session.scalars(select(Job)).all() == []
    assert list(compare_records(0, repair=False)) == []


def test_nothing_is_made_without_a_reason_and_not_too_much_at_once(
    app: Flask, auditor: Account
) -> None:
    for reason in ("", "  ", "가" * 201):
        with pytest.raises(NoReason):
            wanted("ledger_print", auditor, reason)
    for _ in range(5):
        wanted("ledger_print", auditor)
    with pytest.raises(TooManyWaiting):
        wanted("ledger_export", auditor)
    wanted("ledger_export", factories.account(Role.AUDITOR))


def test_packages_that_are_built_keep_nobody_from_printing(app: Flask, auditor: Account) -> None:
    for _ in range(5):
        with write():
            enqueue("package", by=auditor, package="0" * 32)

    assert wanted("ledger_print", auditor).state == "waiting"


def test_what_cannot_be_printed_says_why(
    app: Flask, auditor: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    entered(reason="글꼴에 없는 글자 𒀀")

    job = made("ledger_print", auditor)

    assert job.state == "failed" and job.error and "글꼴에 없는 글자" in job.error
