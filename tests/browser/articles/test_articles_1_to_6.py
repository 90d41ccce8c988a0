"""제1조–제6조 as an auditor of the city would follow them in front of a screen."""

from __future__ import annotations

from datetime import timedelta

from playwright.sync_api import expect
from sqlalchemy import select

import factories
from browser.articles.city import SOUND, City, Visit, authenticator, fresh
from portal import clock
from portal.accounts.models import Extension
from portal.config import Config
from portal.extensions import db
from portal.recordings.models import Recording
from portal.restrictions.models import UseRestriction

#: One city for all of them: on one worker.


def line(number: str) -> Extension:
    return db.session.scalars(select(Extension).where(Extension.number == number)).one()


def test_article_1_nobody_listens_without_saying_for_which_dispute(
    city: City, visit: Visit
) -> None:
    """제1조(목적): 민원 분쟁을 원만히 해결하고 녹취정보의 부정사용을 방지한다."""
    employee = city.person("art1", "표하늘", "0316442001")
    application = city.handed_over(employee, city.call(line("0316442001")))
    device = authenticator(employee)

    # An employee who may listen leaves the purpose empty: nothing opens.
    listener = visit("art1")
    listener.expected.add(422)
    page = listener.go(f"/listening/{application.public_id}")
    page.evaluate("document.querySelector('[name=purpose]').removeAttribute('required')")
    page.locator("[name=code]").fill(device.at(clock.now()))
    page.get_by_role("button", name="열람 시작").click()
    expect(page.locator("[data-player]")).to_have_count(0)
    expect(page.locator(".field.invalid, .error-summary").first).to_be_visible()

    # With a purpose it does,
    with clock.at(timedelta(seconds=31)):
        page.locator("[name=purpose]").fill("안내한 처리 기한에 관한 민원 분쟁")
        page.locator("[name=code]").fill(device.at(clock.now()))
        page.get_by_role("button", name="열람 시작").click()
        expect(page.locator("[data-player]")).to_be_visible()

        # and the auditor reads in the log who listened for what.
        auditor = visit("auditor")
        page = auditor.go("/log")
        page.fill("input[name=who]", "표하늘")
        page.get_by_role("button", name="조회").click()
        rows = page.locator("#log tbody tr").filter(has_text="표*늘")
        row = rows.filter(has_text="안내한 처리 기한에 관한 민원 분쟁").first
        expect(row).to_contain_text("청취")


def test_article_2_a_call_on_a_shared_telephone_is_nobodys_until_it_is_confirmed(
    city: City, visit: Visit
) -> None:
    """제2조(정의) 제2호: 당사자란 행정전화를 매개로 한 송신자와 수신자를 말한다."""
    first, second = city.person("art2", "이가람"), city.person("art2b", "고은별")
    shared = factories.extension("0316442002", first.person, second.person)
    city.call(shared, caller="01055550002")

    # The call is nobody's own. One of the two says that it was theirs.
    claimant = visit("art2")
    page = claimant.go("/calls")
    expect(page.locator("tbody tr").filter(has_text="0002")).to_have_count(0)
    page = claimant.go("/calls/shared")
    page.get_by_role("button", name="내가 한 통화").click()
    expect(page.get_by_text("확인 대기")).to_be_visible()

    # A team leader who does not share the telephone confirms it.
    leader = visit("leader")
    page = leader.go("/claims")
    page.get_by_role("row").filter(has_text="이가람").get_by_role("button", name="확인").click()
    expect(page.get_by_role("row").filter(has_text="이가람")).to_have_count(0)

    # Now it is the call of one party, and not of the other.
    expect(claimant.go("/calls").locator("tbody").get_by_role("link", name="신청")).to_have_count(1)
    other = visit("art2b")
    expect(other.go("/calls").locator("tbody").get_by_role("link", name="신청")).to_have_count(0)
    expect(other.go("/calls/shared").get_by_text("다른 사람의 통화")).to_be_visible()


def test_article_3_whoever_had_the_telephone_that_day_is_the_party(
    city: City, visit: Visit
) -> None:
    """제3조(적용범위): 행정전화를 사용하는 본청, 직속기관, 사업소, 읍·면·동 및 의회사무과."""
    before, after = city.person("art3", "문지호", "0316442003"), city.person("art3b", "배수아")
    city.call(line("0316442003"), called_at=clock.now() - timedelta(days=1))

    # The custodian enters an office of a 면, and who has the telephone from tomorrow on.
    custodian = visit("custodian")
    page = custodian.go("/organisation")
    page.locator("[name=name]").fill("마장면")
    page.locator("[name=kind]").select_option("읍·면·동")
    page.locator("[name=from_on]").fill(clock.today().isoformat())
    page.get_by_role("button", name="부서 추가").click()
    expect(page.get_by_role("row").filter(has_text="마장면")).to_contain_text("읍·면·동")
    page = custodian.go("/organisation/extensions")
    card = page.locator("#add-holding")
    card.locator("[name=number]").fill("031-644-2003")
    card.locator("[name=employee_no]").fill(after.person.employee_no)
    card.locator("[name=from_on]").fill((clock.today() + timedelta(days=1)).isoformat())
    card.get_by_role("button", name="등록").click()
    expect(page.locator(".alert.success, .flash.success, [role=status]").first).to_be_visible()

    # Yesterday's call stays with who had it yesterday; tomorrow's goes to the new holder.
    with clock.at(timedelta(days=1)):
        city.call(line("0316442003"), called_at=clock.now() - timedelta(minutes=1))
        for login, account, days_ago in (("art3", before, 2), ("art3b", after, 0)):
            mine = visit(login).go("/calls").locator("tbody tr")
            expect(mine).to_have_count(1)
            day = clock.today() - timedelta(days=days_ago)
            expect(mine.first).to_contain_text(f"{day.month}. {day.day}.")
            assert account.is_active


def test_article_4_nothing_leaves_the_machine_and_what_lies_on_it_is_unreadable(
    city: City, visit: Visit, installation: Config
) -> None:
    """제4조(설치장소): 시스템은 통신실에 설치하여 운영한다."""
    city.call(factories.extension("0316442004", city.person("art4", "설유진").person))

    # The auditor walks through the pages; a request to any other machine would be a complaint.
    auditor = visit("auditor")
    for path in ("/ledger", "/log", "/compliance", "/account"):
        answer = auditor.page.goto(path)
        assert answer is not None and answer.status == 200
        assert "default-src 'self'" in answer.headers["content-security-policy"]

    # Whoever carries the disk away has no sound: not a stretch of it lies there in plain.
    stretch = SOUND[4000:4200]
    kept = [path for path in installation.data.rglob("*") if path.is_file()]
    assert any("vault" in path.parts for path in kept)
    assert not any(stretch in path.read_bytes() for path in kept)


def test_article_5_an_officer_is_appointed_by_two_people(city: City, visit: Visit) -> None:
    """제5조(책임자 및 관리자): 정책임자, 부책임자, 시스템 관리자를 지정한다."""
    chosen = city.person("art5", "송민재")

    # The custodian asks for it: that alone changes nothing.
    custodian = visit("custodian")
    page = custodian.go(f"/accounts/{chosen.public_id}")
    page.locator("#grant-role").select_option("team_leader")
    page.get_by_role("button", name="역할 부여").click()
    expect(page.get_by_text("확인을 기다리고 있습니다")).to_be_visible()
    person = visit("art5")
    person.expected.add(403)
    person.go("/approvals")
    expect(person.page.locator("#queue-list")).to_have_count(0)

    # Nor can who asked confirm it; the head can.
    mine = custodian.go("/accounts/changes").locator(".card").filter(has_text="송민재")
    expect(mine.get_by_role("button", name="확인")).to_have_count(0)
    head = visit("head")
    page = head.go("/accounts/changes")
    card = page.locator(".card").filter(has_text="송민재")
    card.get_by_role("button", name="확인").click()
    expect(card.get_by_role("button", name="확인")).to_have_count(0)

    # The old login ended with the old rights; the new one has the queue.
    promoted = visit("art5")
    expect(promoted.go("/approvals").get_by_role("heading", level=1)).to_be_visible()
    assert promoted.page.url.endswith("/approvals")


def test_article_6_a_call_recorded_without_telling_goes_to_the_custodian(
    city: City, visit: Visit
) -> None:
    """제6조(녹취 시 사전고지): 통화 상대방에게 녹취 사실을 고지하여야 한다."""
    employee = city.person("art6", "차은우", "0316442006")
    told = city.call(line("0316442006"), prior_notice="announcement", notice_source="교환기")
    untold = city.call(line("0316442006"), prior_notice="unknown")

    # The employee sees which call was announced, and says of the other one that it was not.
    page = visit("art6").go("/calls")
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(2)
    page.locator(f"#notice-{untold.public_id} button[value=none]").click()
    expect(page.locator(f"#notice-{untold.public_id}")).to_contain_text("고지하지 않음")
    expect(page.locator(f"#notice-{told.public_id}")).to_contain_text("교환기")

    # The custodian finds it among the calls without notice and drafts a restriction from it.
    custodian = visit("custodian2")
    page = custodian.go("/restrictions/candidates")
    mine = page.get_by_role("row").filter(has_text="차*우")
    expect(mine).to_have_count(1)
    mine.get_by_role("link", name="제한 기안").click()
    page.locator("[name=facts]").fill("녹취한다는 말을 하지 않고 통화함")
    page.locator("[name=portal_use]").check()
    page.get_by_role("button", name="기안", exact=True).click()
    page.wait_for_load_state()
    db.session.rollback()
    drafted = db.session.scalars(
        select(UseRestriction).where(UseRestriction.person_id == employee.person_id)
    ).one()
    assert (drafted.ground, drafted.call_id) == (2, untold.public_id)
    assert fresh(db.session.get(Recording, told.id)).prior_notice == "announcement"
