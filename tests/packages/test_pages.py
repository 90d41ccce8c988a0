"""The pages of 제공: the password on one answer only, the download in the browser, and 파기확인."""

from __future__ import annotations

import io
import re

import pytest
import pyzipper
from flask import Flask

import factories
from client import PageClient
from otp.devices import code_at
from packages.provision import Provision
from playback.hearing import Listener
from portal import clock
from portal.packages.build import build_next
from portal.roles import Role

_PASSWORD = re.compile(r"<code>([a-z2-9]{4}(?:-[a-z2-9]{4}){4})</code>")


def page(provision: Provision, rest: str = "") -> str:
    return f"/packages/{provision.application.public_id}{rest}"


def asked(who: Listener, provision: Provision) -> str:
    """Press the button on the recipient's screen; the password."""
    turning = provision.application.applicant_id is None
    who.client.get(page(provision, "/receive"))
    if turning:
        who.client.get(who.client.post(page(provision, "/turn")).location)
    found = _PASSWORD.search(who.client.post(page(provision, "/receive")).text)
    assert found
    if turning:
        screen = f"/handover/{provision.application.public_id}"
        who.client.get(f"{screen}/screen")
        back = who.client.post(f"{screen}/turn-back", {"password": factories.PASSWORD})
        assert back.location == page(provision)
    return found[1]


def file_address(who: Listener, provision: Provision, **fields: str) -> str:
    who.client.get(page(provision))
    answer = who.client.post(
        page(provision, "/open"), {"reason": "파일 수령", "code": who.code(), **fields}
    )
    assert answer.status_code == 303, answer.text[:3000]
    found = re.search(
        r"/packages/downloads/[0-9a-f]{32}/file", who.client.get(page(provision)).text
    )
    assert found
    return found[0]


def test_from_the_password_to_the_destruction(app: Flask, provision: Provision) -> None:
    who = Listener.of(app, provision.employee)
    detail = who.client.get(f"/applications/{provision.application.public_id}")
    assert page(provision) in detail.text

    password = asked(who, provision)
    assert "만들고 있습니다" in who.ask(page(provision, "/progress"), HX_Request="true").text
    build_next("test")
    assert "준비되었습니다" in who.ask(page(provision, "/progress"), HX_Request="true").text
    assert password not in who.client.get(page(provision)).text
    address = file_address(who, provision)
    sending = page(provision, "/progress?sending=1")
    assert who.ask(sending, HX_Request="true").status_code == 204
    answer = who.ask(address)

    assert (answer.status_code, answer.mimetype) == (200, "application/zip")
    assert len(answer.data) == answer.content_length
    assert who.ask(sending, HX_Request="true").headers["HX-Redirect"] == page(provision)
    assert answer.headers["Cache-Control"] == "no-store"
    number = provision.application.control_no
    assert f"{number}.zip" in answer.headers["Content-Disposition"]
    with pyzipper.AESZipFile(io.BytesIO(answer.data)) as archive:
        archive.setpassword(password.encode())
        assert archive.testzip() is None
    assert "제공을 마쳤습니다" in who.client.get(page(provision)).text
    destruction = f"/destruction/{provision.application.public_id}"
    assert destruction in who.client.get("/destruction").text
    who.client.get(destruction)
    today = clock.today().isoformat()
    assert who.client.post(destruction, {"destroyed_on": today}).status_code == 422
    done = who.client.post(destruction, {"destroyed_on": today, "sure": "y"})
    assert done.status_code == 303
    assert provision.application.state == "closed"


def test_reloading_does_not_show_the_password_again(app: Flask, provision: Provision) -> None:
    who = Listener.of(app, provision.employee)
    password = asked(who, provision)

    again = who.client.post(page(provision, "/receive"))

    assert again.status_code == 409
    assert not _PASSWORD.search(again.text)
    assert password not in again.text


def test_the_officer_carries_it_onto_a_citizens_medium(app: Flask, citizens: Provision) -> None:
    who = Listener.of(app, citizens.custodian)
    assert page(citizens) in who.client.get("/packages").text
    asked(who, citizens)
    build_next("test")
    who.client.get(page(citizens))
    missing = who.client.post(page(citizens, "/open"), {"reason": "전달", "code": who.code()})
    assert missing.status_code == 422
    assert "고유번호" in missing.text

    address = file_address(
        who, citizens, medium="USB 메모리", medium_serial="SN-1", no_copy_stays="y"
    )
    assert len(who.ask(address).data) == citizens.package.size
    assert who.ask(address).status_code == 410


def test_a_citizen_sees_the_password_on_a_screen_that_opens_nothing_else(
    app: Flask, citizens: Provision
) -> None:
    who = Listener.of(app, citizens.custodian)
    assert "비밀번호 보기" not in who.client.get(page(citizens, "/receive")).text
    early = who.client.post(page(citizens, "/receive"))
    assert early.location == page(citizens, "/receive") and citizens.package.state == "offered"

    shown = who.client.get(who.client.post(page(citizens, "/turn")).location).text
    assert "비밀번호 보기" in shown and page(citizens) + '"' not in shown
    screen = f"/handover/{citizens.application.public_id}/screen"
    for path in ("/", "/ledger", page(citizens)):
        assert who.client.http.get(path).location == screen, path
    answer = who.client.post(page(citizens, "/receive")).text

    assert _PASSWORD.search(answer) and f'href="{screen}"' in answer
    assert who.client.http.get(page(citizens)).location == screen
    assert not _PASSWORD.search(who.client.get(screen).text)
    assert "만들고 있습니다" in who.ask(page(citizens, "/progress"), HX_Request="true").text


def test_a_range_takes_it_up_and_head_sends_nothing(app: Flask, provision: Provision) -> None:
    who = Listener.of(app, provision.employee)
    asked(who, provision)
    build_next("test")
    address = file_address(who, provision)
    size = provision.package.size
    assert size

    head = who.ask(address, "HEAD")
    assert (head.status_code, head.content_length, head.data) == (200, size, b"")
    assert provision.package.first_byte_at is None
    first = who.ask(address, Range="bytes=0-999")
    assert (first.status_code, len(first.data)) == (206, 1000)
    assert first.headers["Content-Range"] == f"bytes 0-999/{size}"
    assert provision.package.state == "ready"
    assert who.ask(address, Range=f"bytes={size}-").status_code == 416
    other = who.ask(address, Range="bytes=1000-1999", If_Range=head.headers["ETag"])
    assert other.status_code == 206
    rest = who.ask(address, Range="bytes=2000-", If_Range=head.headers["ETag"])
    assert len(first.data + other.data + rest.data) == size
    assert provision.package.state == "used"


def test_a_range_for_another_file_gets_the_whole_one(app: Flask, provision: Provision) -> None:
    who = Listener.of(app, provision.employee)
    asked(who, provision)
    build_next("test")

    answer = who.ask(file_address(who, provision), Range="bytes=5-", If_Range='"another"')

    assert (answer.status_code, len(answer.data)) == (200, provision.package.size)


@pytest.mark.parametrize("rest", ["", "/receive", "/progress"])
def test_a_stranger_is_not_told_that_there_is_anything(
    app: Flask, provision: Provision, rest: str
) -> None:
    stranger = PageClient(app).log_in(factories.account(Role.DIVISION_HEAD, Role.COUNTER))

    stranger.get(page(provision, rest), 404)


def test_the_officer_does_not_see_an_employees_password(app: Flask, provision: Provision) -> None:
    officer = PageClient(app).log_in(provision.custodian)
    officer.get(page(provision))
    officer.get(page(provision, "/receive"), 404)

    assert officer.post(page(provision, "/receive")).status_code == 404
    assert provision.package.state == "offered"


def test_handing_out_again_by_the_officer(app: Flask, provision: Provision) -> None:
    who = Listener.of(app, provision.employee)
    first = asked(who, provision)
    build_next("test")
    address = file_address(who, provision)
    officer = PageClient(app).log_in(provision.custodian)
    officer.get(page(provision))
    assert officer.post(page(provision, "/again"), {"why": ""}).status_code == 422
    assert officer.post(page(provision, "/again"), {"why": "비밀번호 분실"}).status_code == 303

    assert who.ask(address).status_code == 410
    assert asked(who, provision) != first


def test_a_wrong_code_is_said_beside_its_field(app: Flask, provision: Provision) -> None:
    who = Listener.of(app, provision.employee)
    asked(who, provision)
    build_next("test")
    who.client.get(page(provision))
    code = code_at(who.device, clock.now())
    wrong = "000000" if code != "000000" else "111111"

    answer = who.client.post(page(provision, "/open"), {"reason": "수령", "code": wrong})

    assert answer.status_code == 422
    assert "인증번호가 맞지 않습니다" in answer.text
