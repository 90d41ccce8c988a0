"""The outbox against a real SMTP server: written with the change, sent once, never lost."""

from __future__ import annotations

import ipaddress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from ssl import PROTOCOL_TLS_SERVER, SSLContext
from typing import Any

import pytest
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from flask import Flask

import factories
from notices.conftest import Server, listening, mails, set_mail, with_address
from portal import clock
from portal.accounts.models import Account
from portal.announcements import announce
from portal.config import from_environment
from portal.database import write
from portal.institution import SettingsError, load_settings
from portal.notices import outbox
from portal.notices.outbox import CLAIM, claim, send_waiting
from portal.roles import Role


@pytest.fixture
def custodian(app: Flask) -> Account:
    return with_address(factories.account(Role.CUSTODIAN))


def told() -> None:
    application = factories.forwarded_application(control_no=None)
    with write():
        application.control_no = f"2026-{application.id:04d}"
        announce("application.return", application)


def test_a_notice_goes_out_with_the_control_number_and_nothing_about_anybody(
    mailing: Server, custodian: Account
) -> None:
    told()

    assert send_waiting() == 1
    assert send_waiting() == 0

    (message,) = mailing.kept
    text = f"{message['Subject']}\n{message['From']}\n{message.get_content()}"
    assert "2026-0001" in message["Subject"] and "반려되었습니다" in message["Subject"]
    assert "접수함에서 의견을 읽고" in text
    assert mailing.recipients == ["clerk@city.example"]
    assert message["Auto-Submitted"] == "auto-generated"
    for personal in ("홍길동", "01012345678", "0316441234", "부악로", "민원", custodian.name):
        assert personal not in text
    (mail,) = mails()
    assert (mail.state, mail.attempts, mail.error) == ("sent", 1, None)


def test_without_a_server_or_an_address_no_mail_is_written(
    app: Flask, server: Server, custodian: Account
) -> None:
    told()
    assert mails() == []

    set_mail(app, server.port)
    with write():
        custodian.email = None
    told()

    assert mails() == []
    assert send_waiting() == 0


def test_a_change_that_is_rolled_back_sends_nothing(mailing: Server, custodian: Account) -> None:
    application = factories.forwarded_application()

    with pytest.raises(RuntimeError), write():
        announce("application.return", application)
        raise RuntimeError

    assert send_waiting() == 0
    assert mailing.kept == []


def test_a_refused_mail_is_put_off_longer_each_time_and_goes_through_in_the_end(
    mailing: Server, custodian: Account
) -> None:
    told()
    mailing.refuse = "451 try later"
    waits = []
    for _ in range(3):
        with clock.at(mails()[0].next_at):
            assert send_waiting() == 0
            assert send_waiting() == 0, "not again before its time"
            waits.append(mails()[0].next_at - clock.now())
    assert waits == [timedelta(minutes=m) for m in (1, 2, 4)]
    assert mails()[0].error == "451"

    mailing.refuse = None
    with clock.at(mails()[0].next_at):
        assert send_waiting() == 1

    assert len(mailing.kept) == 1


def test_a_server_that_is_away_costs_nothing_but_time(
    app: Flask, server: Server, custodian: Account
) -> None:
    set_mail(app, 1)  # nothing listens there
    told()
    told()

    assert send_waiting() == 0
    assert {mail.state for mail in mails()} == {"waiting"}

    set_mail(app, server.port)
    with clock.at(timedelta(minutes=2)):
        assert send_waiting() == 2
    assert len(server.kept) == 2


def test_an_address_refused_for_good_is_given_up_after_days_and_not_before(
    mailing: Server, custodian: Account
) -> None:
    told()
    mailing.refuse = "550 no such user"
    send_waiting()
    assert mails()[0].state == "waiting"

    with clock.at(timedelta(days=6)):
        send_waiting()

    assert (mails()[0].state, mails()[0].error) == ("dropped", "550")


def test_what_waits_for_a_closed_account_is_dropped(mailing: Server, custodian: Account) -> None:
    told()
    with write():
        custodian.closed_at = clock.now()

    assert send_waiting() == 0

    assert (mails()[0].state, mailing.kept) == ("dropped", [])


def test_a_mail_that_one_worker_has_is_left_alone_by_another(
    mailing: Server, custodian: Account
) -> None:
    told()
    (mail,) = mails()
    assert claim(mail.id)

    assert not claim(mail.id)
    assert send_waiting() == 0


def test_a_crash_after_sending_repeats_that_mail_with_the_same_message_id(
    mailing: Server, custodian: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    told()

    class Killed(BaseException):
        pass

    def killed(*_args: Any, **_values: Any) -> None:
        raise Killed

    with monkeypatch.context() as patched, pytest.raises(Killed):
        patched.setattr(outbox, "_mark", killed)
        send_waiting()
    assert send_waiting() == 0, "still claimed"
    with clock.at(CLAIM + timedelta(seconds=1)):
        assert send_waiting() == 1
        assert send_waiting() == 0

    first, second = mailing.kept
    assert first["Message-ID"] == second["Message-ID"]
    assert first["Date"] == second["Date"]


def certificate(folder: Path) -> tuple[Path, SSLContext]:
    """One for 127.0.0.1, that nobody trusts yet, and a server's context with it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    begins = datetime(2020, 1, 1, tzinfo=UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + timedelta(days=36500))
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file, key_file = folder / "cert.pem", folder / "key.pem"
    file.write_bytes(built.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = SSLContext(PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file, key_file)
    return file, context


def test_with_starttls_it_logs_in_over_tls_and_refuses_a_certificate_nobody_vouches_for(
    app: Flask, custodian: Account, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    logins = []

    def check(_server: Any, _session: Any, _envelope: Any, _how: str, given: Any) -> AuthResult:
        assert isinstance(given, LoginPassword)
        logins.append((given.login, given.password))
        return AuthResult(success=True)

    file, context = certificate(tmp_path)
    options = {"tls_context": context, "require_starttls": True, "authenticator": check}
    with listening(Server(), **options) as kept:
        set_mail(app, kept.port, password="s3cret", starttls=True, username="portal")
        told()
        assert send_waiting() == 0
        assert mails()[0].error == "SSLCertVerificationError"
        assert (kept.kept, logins) == ([], [])

        monkeypatch.setenv("SSL_CERT_FILE", str(file))
        with clock.at(timedelta(minutes=2)):
            assert send_waiting() == 1
    assert logins == [(b"portal", b"s3cret")]


def test_the_servers_own_words_are_kept_nowhere(mailing: Server, custodian: Account) -> None:
    told()
    mailing.refuse = "550 clerk@city.example has left"

    send_waiting()

    assert mails()[0].error == "550"


def test_the_password_comes_from_the_environment_and_is_never_printed(tmp_path: Path) -> None:
    config = from_environment({"PORTAL_DATA": str(tmp_path), "PORTAL_SMTP_PASSWORD": "s3cret"})

    assert config.smtp_password == "s3cret"
    assert "s3cret" not in repr(config)
    assert not any("password" in name for name in type(config.settings.mail).model_fields)


@pytest.mark.parametrize("text", ['[mail]\nhost = "x"', '[mail]\npassword = "x"'])
def test_settings_of_mail_that_cannot_work_are_refused_at_start(tmp_path: Path, text: str) -> None:
    file = tmp_path / "portal.toml"
    file.write_text(text)

    with pytest.raises(SettingsError, match="mail"):
        load_settings(file)
