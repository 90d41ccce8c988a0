"""제8조–제11조 as an auditor of the city would follow them."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path

import pytest
import pyzipper
from playwright.sync_api import expect
from sqlalchemy import select

from browser import road
from browser.articles.city import City, Visit, authenticator, fresh
from browser.visitor import Visitor
from factories import PASSWORD
from packages.provision import Provision, provided
from portal import clock
from portal.accounts.models import Account
from portal.applications.models import Application
from portal.applications.states import State
from portal.audit.models import AuditEvent
from portal.extensions import db
from portal.packages import send
from portal.packages.build import build_next
from portal.recordings.models import Recording
from portal.retention import purge
from portal.runtime import vault
from restrictions.cases import Case

#: One city for all of them: on one worker.


def listening(
    city: City, visit: Visit, login: str, name: str, **call: object
) -> tuple[Visitor, Account, Application]:
    """An employee in the middle of listening to a call of their own."""
    account = city.person(login, name)
    application = city.handed_over(account, city.call(**call))
    device = authenticator(account)
    listener = visit(login)
    page = listener.go(f"/listening/{application.public_id}")
    page.get_by_label("목적").fill("안내 내용 확인")
    page.locator("input[autocomplete=one-time-code]").fill(device.at(clock.now()))
    page.get_by_role("button", name="열람 시작").click()
    expect(page.locator("[data-player]")).to_be_visible()
    assert road.play(listener) > 0
    return listener, account, application


def sound(listener: Visitor) -> int:
    """The status of the answer to a request for the sound, as the player sends it."""
    source = listener.page.locator("[data-player-item]").first.get_attribute("data-src")
    assert source is not None
    return listener.context.request.get(source, headers={"Range": "bytes=0-99"}).status


def test_article_8_1_at_midnight_of_its_day_it_is_gone_though_somebody_listens(
    city: City, visit: Visit
) -> None:
    """제8조①: 녹취정보는 30일간 보관하고 이후에는 자동 삭제한다."""
    tomorrow = clock.today() + timedelta(days=1)
    with clock.at(clock.midnight(tomorrow) - timedelta(minutes=5) - clock.now()):
        listener, _account, application = listening(
            city, visit, "art81", "하도윤", delete_on=tomorrow
        )
        recording = application.matches[0].recording
        blob, day = recording.public_id, recording.delete_on
        db.session.rollback()
        assert sound(listener) == 206

        # Midnight: nothing plays, though no cleaner ran yet.
        listener.expected |= {403, 404, 410}
        with clock.at(timedelta(minutes=5)):
            assert sound(listener) == 410

            # The night's run: key, file and numbers are gone for good.
            purge.run()
            assert vault().day_keys.is_destroyed(day)
            assert blob not in vault().recordings.blobs(day)
            left = fresh(db.session.get(Recording, recording.id))
            assert (left.caller_number, left.callee_number) == (None, None)
            assert fresh(application).state == State.CLOSED
            page = visit("auditor").go("/compliance")
            expect(page.get_by_role("row").filter(has_text="자동 삭제").first).to_be_visible()


def test_article_8_2_what_is_taken_away_is_locked_with_a_password_shown_once(
    city: City, visit: Visit, tmp_path: Path
) -> None:
    """제8조②: 타인이 청취하지 못하도록 비밀번호 등을 설정하여 관리해야 한다."""
    provision = provided()
    device = authenticator(provision.employee)
    application = provision.application.public_id

    # The recipient sees the password, this once.
    recipient = visit(provision.employee.login)
    page = recipient.go(f"/packages/{application}/receive")
    page.get_by_role("button", name="비밀번호 보기").click()
    password = page.locator(".package-password").inner_text().strip()
    db.session.rollback()
    assert build_next("articles")
    page = recipient.go(f"/packages/{application}")
    expect(page.get_by_text(password)).to_have_count(0)
    recipient.expected.add(409)
    assert password not in recipient.context.request.get(f"/packages/{application}/receive").text()

    # Downloaded once, with a code and a reason.
    page.locator("[name=reason]").fill("민원 처리에 사용")
    page.locator("[name=code]").fill(device.at(clock.now()))
    page.get_by_role("button", name="내려받기 열기").click()
    with page.expect_download() as downloading:
        page.locator("#download a.primary").click()
    downloading.value.save_as(package := tmp_path / "package.zip")
    expect(page.get_by_text("제공을 마쳤습니다")).to_be_visible()

    # Without the password it is noise.
    with pyzipper.AESZipFile(io.BytesIO(package.read_bytes())) as archive:
        name = next(one for one in archive.namelist() if one.endswith(".wav"))
        with pytest.raises(RuntimeError):
            archive.read(name)
        assert archive.read(name, pwd=password.encode()).startswith(b"RIFF")


def test_article_8_3_an_employee_opens_nothing_of_the_office_and_the_try_is_in_the_log(
    city: City, visit: Visit
) -> None:
    """제8조③: 접근 권한을 최소한의 인원으로 제한한다."""
    curious = city.person("art83", "궁금해")

    # The pages of the office are closed to an employee.
    visitor = visit("art83")
    visitor.expected.add(403)
    for path in ("/intake", "/approvals", "/ledger", "/log", "/accounts"):
        answer = visitor.page.goto(path)
        assert answer is not None and answer.status == 403, path

    # The auditor sees each try.
    page = visit("auditor").go("/log")
    page.fill("input[name=who]", "궁금해")
    page.get_by_role("button", name="조회").click()
    expect(page.locator("#log tbody tr").filter(has_text="권한 없는 화면 접근")).to_have_count(5)
    db.session.rollback()
    tried = select(AuditEvent).where(
        AuditEvent.account == curious.public_id, AuditEvent.action == "access.refused"
    )
    assert len(db.session.scalars(tried).all()) == 5


def test_article_8_4_no_office_is_high_enough_to_listen(city: City, visit: Visit) -> None:
    """제8조④: 제7조에 따르지 않을 경우 재생할 수 없도록 조치하여야 한다."""
    listener, _account, application = listening(city, visit, "art84", "진서준")
    source = listener.page.locator("[data-player-item]").first.get_attribute("data-src")

    for login in ("head", "custodian", "auditor"):
        # Neither the page nor the address of the sound opens for anybody else,
        other = visit(login)
        other.expected |= {403, 404}
        page = other.go(f"/listening/{application.public_id}")
        expect(page.get_by_role("button", name="열람 시작")).to_have_count(0)
        stolen = other.context.request.get(str(source), headers={"Range": "bytes=0-99"})
        assert stolen.status == 404

    # while the one who has the receipt goes on listening.
    assert sound(listener) == 206


def test_article_9_a_restriction_stops_even_what_is_playing(city: City, visit: Visit) -> None:
    """제9조(시스템 사용 제한): 사용자에게 사용 제한을 서면으로 통지하여야 한다."""
    listener, account, _application = listening(city, visit, "art9", "민규리")
    assert sound(listener) == 206

    # Drafted, decided and served by letter while the call is playing.
    case = Case(custodian=city.custodian2, head=city.head, person=account)
    notice = case.served()

    # The player stops and says why; what was open does not open again.
    listener.expected |= {403, 410}
    expect(listener.page.locator(".player-reason")).to_contain_text("제한", timeout=20_000)
    assert listener.page.evaluate("document.querySelector('audio').paused")
    assert sound(listener) in (403, 410)

    # The person reads the written notice in their account.
    page = listener.go("/account")
    expect(page.get_by_text(fresh(notice).number).first).to_be_visible()
    paper = listener.context.request.get(f"/restrictions/{notice.public_id}/notice.pdf")
    assert paper.status == 200 and paper.body().startswith(b"%PDF")


def test_article_10_who_was_provided_destroys_it_and_says_so(city: City, visit: Visit) -> None:
    """제10조(보안관리) 제3호: 당초 요구 목적을 달성한 경우 녹취정보를 즉시 파기하여야 한다."""
    provision = taken_away()

    # The portal asks; the holder confirms.
    holder = visit(provision.employee.login)
    page = holder.go("/destruction")
    page.get_by_role("row").filter(has_text=str(provision.application.control_no)).get_by_role(
        "link", name="파기확인"
    ).click()
    page.locator("[name=destroyed_on]").fill(clock.today().isoformat())
    page.locator("[name=sure]").check()
    page.locator("#confirm").get_by_role("button", name="파기확인").click()
    expect(page.get_by_text("파기를 확인하고")).to_be_visible()

    # That ends the application; nothing waits any more.
    expect(page.get_by_text("기다리는 파기확인이 없습니다")).to_be_visible()
    assert fresh(provision.application).state == State.CLOSED


def taken_away() -> Provision:
    """A 제공 whose package the employee has downloaded."""
    provision = provided()
    provision.built()
    download, login = provision.opened()
    ticket = send.ticket(download.public_id, provision.carrier, login)
    assert sum(map(len, send.pieces(ticket, 0, ticket.size))) == ticket.size
    return provision


def test_article_11_who_leaves_hears_nothing_more_from_that_moment(
    city: City, visit: Visit
) -> None:
    """제11조(비밀유지 의무): 처리하였던 자도 녹취정보를 권한 없이 처리해서는 안 된다."""
    leaver, account, _application = listening(city, visit, "art11", "나예린")
    assert sound(leaver) == 206

    # The custodian closes the account while the leaver is listening; their page asks and is told.
    leaver.expected |= {401, 403, 410, 422}
    custodian = visit("custodian")
    page = custodian.go(f"/accounts/{account.public_id}")
    page.get_by_role("button", name="계정 닫기").click()
    page.locator("dialog[open]").get_by_role("button", name="계정 닫기").click()
    expect(page.locator("#owner")).to_contain_text("닫힘")

    # In that moment: no sound, no page, no login.
    assert sound(leaver) != 206
    page = leaver.go("/calls")
    assert "/login" in page.url
    page.fill("input[name=login]", "art11")
    page.fill("input[name=password]", PASSWORD)
    page.click("main form [type=submit], main form button:not([type=button])")
    expect(page.locator("input[name=password]")).to_be_visible()

    # The person stays in the history of what was done: closed, never deleted.
    assert fresh(account).closed_at is not None
    expect(custodian.go(f"/accounts/{account.public_id}").get_by_text("나예린")).to_be_visible()
