"""Handing out: one fresh code, every mebibyte past the gate, used up with the last byte."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

import factories
from otp.devices import code_at, enrolled
from packages.provision import STICK, Provision, dying_on, provided
from packages.test_build import content, refused
from portal import clock
from portal.accounts import sessions
from portal.accounts.models import LoginSession
from portal.audit.models import AuditEvent
from portal.audit.verify import verify
from portal.database import write
from portal.extensions import db
from portal.otp.codes import CodeRefused
from portal.packages import end, send
from portal.packages.ask import ask
from portal.packages.models import PackageDownload
from portal.packages.offer import offer_again
from portal.packages.open_download import Handling, open_download
from portal.packages.send import Ticket
from portal.roles import Role
from portal.runtime import vault

MINUTES = timedelta(minutes=15)


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that the little packages of the tests leave in several pieces."""
    monkeypatch.setattr(send, "PIECE", 16 * 1024)


def ticket(provision: Provision, download: PackageDownload, login: LoginSession) -> Ticket:
    return send.ticket(download.public_id, provision.carrier, login)


def whole(one: Ticket) -> bytes:
    return b"".join(send.pieces(one, 0, one.size))


def files_left(provision: Provision) -> set[str]:
    day = provision.package.delete_on
    assert day
    return set(vault().recordings.blobs(day)) - {r.public_id for r in provision.recordings}


def actions() -> list[str]:
    found = select(AuditEvent.action).where(AuditEvent.action.startswith("package."))
    return list(db.session.scalars(found.order_by(AuditEvent.seq)))


def test_the_last_byte_uses_it_up_and_takes_the_file_away(provision: Provision) -> None:
    shown = provision.built()
    expected = content(provision, shown.password)
    download, login = provision.opened()
    one = ticket(provision, download, login)

    sent = whole(one)

    assert len(sent) == one.size
    assert expected
    package = provision.package
    assert (package.state, package.end_reason) == ("used", "used")
    assert package.used_at is not None
    assert files_left(provision) == set()
    assert download.completed_at is not None
    assert actions() == [
        "package.offer",
        "package.password",
        "package.built",
        "package.open",
        "package.sent",
        "package.used",
    ]
    with refused("used"):
        ticket(provision, download, login)
    assert verify().sound


def test_before_the_last_byte_was_taken_it_is_not_used(provision: Provision) -> None:
    provision.built()
    download, login = provision.opened()
    one = ticket(provision, download, login)
    stream = send.pieces(one, 0, one.size)
    sent = 0
    while sent < one.size:
        sent += len(next(stream))

    stream.close()  # the browser went away with the last piece on its way

    assert provision.package.state == "ready"
    assert actions()[-1] == "package.cut"


def test_an_interrupted_download_is_taken_up_where_it_broke_off(provision: Provision) -> None:
    provision.built()
    download, login = provision.opened()
    one = ticket(provision, download, login)
    stream = send.pieces(one, 0, one.size)
    begin = next(stream)
    stream.close()

    rest = b"".join(send.pieces(ticket(provision, download, login), len(begin), one.size))

    assert len(begin + rest) == one.size
    assert provision.package.state == "used"


def test_it_can_be_taken_up_for_some_minutes_only_and_with_no_new_code_after(
    provision: Provision,
) -> None:
    provision.built()
    download, login = provision.opened()
    one = ticket(provision, download, login)
    stream = send.pieces(one, 0, one.size)
    next(stream)
    stream.close()

    with clock.at(MINUTES + timedelta(seconds=1)):
        with refused("interrupted"):
            ticket(provision, download, login)
        with refused("interrupted"):
            provision.opened(login)
        end.tidy()

    assert (provision.package.state, provision.package.end_reason) == ("void", "interrupted")
    assert files_left(provision) == set()


@pytest.mark.parametrize("ends", ["account", "login", "withdrawn", "again"])
def test_what_ends_in_the_middle_stops_the_stream(provision: Provision, ends: str) -> None:
    provision.built()
    download, login = provision.opened()
    one = ticket(provision, download, login)
    stream = send.pieces(one, 0, one.size)
    next(stream)

    if ends == "again":
        offer_again(provision.application, by=provision.custodian, reason="인수자 요청")
    else:
        with write():
            if ends == "account":
                provision.employee.closed_at = clock.now()
            elif ends == "login":
                sessions.end(login, "logout")
            else:
                provision.application.state = "withdrawn"

    codes = {"account": "account_closed", "login": "login_ended", "again": "replaced"}
    with refused(codes.get(ends, "application_closed")):
        next(stream)
    assert download.package.state != "used"


def test_the_deletion_instant_stops_the_stream_though_no_cleaner_has_run(app: Flask) -> None:
    provision = provided(dying_on(clock.today() + timedelta(days=1)))
    midnight = clock.midnight(clock.today() + timedelta(days=1))
    with clock.at(midnight - timedelta(minutes=2)):
        provision.built()
        download, login = provision.opened()
        one = ticket(provision, download, login)
        stream = send.pieces(one, 0, one.size)
        next(stream)
    assert download.expires_at == midnight

    with clock.at(midnight), refused("deleted"):
        next(stream)
    with clock.at(midnight), refused("deleted"):
        ticket(provision, download, login)


def test_a_wrong_code_opens_nothing(provision: Provision) -> None:
    provision.built()
    enrolled(provision.carrier, clock.now() - timedelta(hours=1))

    with pytest.raises(CodeRefused):
        open_download(
            provision.package, provision.carrier, provision.login(), "000000", Handling("수령")
        )
    assert db.session.scalars(select(PackageDownload)).all() == []


def test_a_code_opens_once(provision: Provision) -> None:
    provision.built()
    login = provision.login()
    device = enrolled(provision.carrier, clock.now() - timedelta(hours=1))
    code = code_at(device, clock.now())
    said = Handling("수령")
    first = open_download(provision.package, provision.carrier, login, code, said)

    with pytest.raises(CodeRefused):
        open_download(provision.package, provision.carrier, login, code, said)
    assert first.reason == "수령"


def test_an_opened_download_belongs_to_one_person_and_one_login(provision: Provision) -> None:
    provision.built()
    download, _login = provision.opened()
    with write():
        other_login = sessions.begin(provision.carrier)[0]
        officers_login = sessions.begin(provision.custodian)[0]

    with refused("other_login"):
        send.ticket(download.public_id, provision.carrier, other_login)
    with refused("stranger"):
        send.ticket(download.public_id, provision.custodian, officers_login)


def test_no_role_downloads_what_was_provided_to_another(provision: Provision) -> None:
    provision.built()
    mighty = factories.account(*Role)
    with write():
        login = sessions.begin(mighty)[0]
    device = enrolled(mighty, clock.now() - timedelta(hours=1))

    with refused("stranger"):
        open_download(
            provision.package, mighty, login, code_at(device, clock.now()), Handling("점검")
        )


@pytest.mark.parametrize(
    ("handling", "code"),
    [
        (Handling(""), "no_reason"),
        (Handling("전달"), "no_medium"),
        (Handling("전달", "USB 메모리", " "), "no_medium"),
        (Handling("전달", "업무용 PC", "SN-1", no_copy_stays=True), "no_medium"),
        (Handling("전달", "USB 메모리", "SN-1"), "copy_stays"),
        (Handling("전달", "USB 메모리", "900101-1234567", no_copy_stays=True), "resident_number"),
    ],
)
def test_for_somebody_without_an_account_the_medium_is_recorded(
    citizens: Provision, handling: Handling, code: str
) -> None:
    citizens.built()

    with refused(code):
        citizens.opened(handling=handling)

    download, _login = citizens.opened(handling=STICK)
    assert (download.medium, download.medium_serial) == ("USB 메모리", "SN-0001")
    assert download.no_copy_stays


def test_nothing_is_opened_while_it_is_being_built(provision: Provision) -> None:
    with refused("not_asked"):
        provision.opened()
    ask(provision.application, by=provision.employee)

    with refused("not_ready"):
        provision.opened()


def test_no_transaction_is_open_between_two_pieces(provision: Provision) -> None:
    provision.built()
    download, login = provision.opened()
    one = ticket(provision, download, login)
    stream = send.pieces(one, 0, one.size)

    next(stream)

    assert not db.session().in_transaction()
    stream.close()
