"""Mails that do not get through: seen by the custodian, tried again; killed and raced workers."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from flask import Flask
from sqlalchemy import select

import factories
from client import PageClient
from notices.conftest import SENDER, Server, kinds_of, listening, mails, set_mail, with_address
from notices.test_outbox import told
from portal import clock
from portal.accounts.models import Account
from portal.audit.models import AuditEvent
from portal.config import Config
from portal.database import write
from portal.extensions import db
from portal.notices.failed_mails import CannotRetry, failed_count, retry
from portal.notices.kinds import Kind
from portal.notices.outbox import CLAIM, claim, send_waiting
from portal.roles import Role


@pytest.fixture
def custodian(app: Flask) -> Account:
    return with_address(factories.account(Role.CUSTODIAN))


def given_up(server: Server, answer: str = "550 no such user") -> None:
    told()
    server.refuse = answer
    send_waiting()
    with clock.at(timedelta(days=6)):
        send_waiting()


def test_what_was_given_up_is_seen_told_once_and_sent_again(
    client: PageClient, mailing: Server, custodian: Account
) -> None:
    given_up(mailing)
    assert kinds_of(custodian) == [Kind.RETURNED, Kind.MAIL_FAILED]
    assert failed_count() == 1

    client.log_in(custodian)
    assert "보내지 못한 메일이 1건" in client.get("/notices").text
    page = client.get("/notices/mails").text
    assert "받는 서버가 거절했습니다 (550)" in page and custodian.name in page

    mailing.refuse = None
    (first, *_rest) = mails()
    client.post(f"/notices/mails/{first.public_id}/retry")
    assert send_waiting() >= 1
    assert first.public_id in str(mailing.kept[0]["Message-ID"])
    page = client.get("/notices/mails").text
    assert "받는 서버가 거절했습니다" not in page
    logged = select(AuditEvent).where(AuditEvent.action == "mail.retried")
    assert len(db.session.scalars(logged).all()) == 1


def test_a_server_that_is_away_shows_after_three_tries(app: Flask, custodian: Account) -> None:
    set_mail(app, 1)
    told()
    for tries in (0, 0, 1):
        with clock.at(mails()[0].next_at):
            send_waiting()
            assert failed_count() == tries


def test_only_what_failed_and_has_an_address_is_tried_again(
    mailing: Server, custodian: Account
) -> None:
    told()
    (mail,) = mails()
    with pytest.raises(CannotRetry), write():
        retry(mail, by=custodian)  # it waits for its first try
    assert send_waiting() == 1
    with pytest.raises(CannotRetry), write():
        retry(mail, by=custodian)  # it was sent

    given_up(mailing)
    (_sent, dropped, *_rest) = mails()
    with write():
        custodian.email = None
    with pytest.raises(CannotRetry, match="주소"), write():
        retry(dropped, by=custodian)


def test_what_a_worker_has_in_hand_is_not_given_to_a_second_one(
    app: Flask, custodian: Account
) -> None:
    set_mail(app, 1)
    told()
    for _ in range(3):
        with clock.at(mails()[0].next_at):
            send_waiting()
    (mail,) = mails()
    with clock.at(mail.next_at):
        assert claim(mail.id)
        with pytest.raises(CannotRetry), write():
            retry(mail, by=custodian)


def test_four_workers_at_once_send_each_mail_once(
    app: Flask, mailing: Server, custodian: Account
) -> None:
    for _ in range(12):
        told()

    def work() -> None:
        with app.app_context():
            send_waiting()
            db.session.remove()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert Counter(m["Message-ID"] for m in mailing.kept).most_common(1)[0][1] == 1
    assert len(mailing.kept) == 12
    assert {mail.state for mail in mails()} == {"sent"}


class Killing(Server):
    """Keeps the message and kills its sender before answering."""

    victim: subprocess.Popen[bytes] | None = None

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        answer = await super().handle_DATA(server, session, envelope)
        if self.victim is not None:
            self.victim.send_signal(signal.SIGKILL)
            self.victim = None
        return answer


def test_a_worker_killed_between_the_sending_and_the_mark_repeats_that_mail_and_loses_none(
    app: Flask, config: Config, custodian: Account, tmp_path: Path
) -> None:
    kept = Killing()
    with listening(kept):
        set_mail(app, kept.port)
        told()
        told()
        rules = tmp_path / "rules.toml"
        rules.write_text(
            f'[mail]\nhost = "127.0.0.1"\nport = {kept.port}\nstarttls = false\n'
            f'sender = "{SENDER}"\n'
        )
        environment = os.environ | {
            "PORTAL_DATA": str(config.data),
            "PORTAL_DATABASE_URL": config.database_url,
            "PORTAL_MASTER_KEY_FILE": str(config.master_key_file),
            "PORTAL_SETTINGS": str(rules),
        }
        kept.victim = subprocess.Popen(
            [sys.executable, "-m", "portal.cli", "notices", "run"],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        child = kept.victim
        assert child.wait(timeout=60) == -signal.SIGKILL
        assert {mail.state for mail in mails()} == {"waiting"}

        others = len(mails()) - 1  # the killed command had an alarm to send besides
        assert send_waiting() == others, "the first is still claimed"
        with clock.at(CLAIM + timedelta(minutes=1)):
            assert send_waiting() == 1
            assert send_waiting() == 0

    times = Counter(message["Message-ID"] for message in kept.kept)
    assert sorted(times.values()) == [*[1] * others, 2]
    assert {mail.state for mail in mails()} == {"sent"}
