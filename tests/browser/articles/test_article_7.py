"""제7조 as an auditor of the city would follow it, with the annexed forms."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from playwright.sync_api import expect
from sqlalchemy import select

import factories
from browser import road
from browser.articles.city import City, Visit, authenticator, fresh
from portal import clock
from portal.applications.models import Application
from portal.applications.states import State
from portal.documents import issue
from portal.extensions import db
from portal.handover.prepare import receipt_of
from portal.ledger.models import LedgerRow

#: One city for all of them: on one worker.


def test_article_7_1_who_was_on_the_telephone_does_not_decide(city: City, visit: Visit) -> None:
    """제7조①: 당사자 일방의 동의, 당사자 등 각 호의 경우에만 열람·제공한다."""
    line = factories.extension("0316447001", city.leader2.person)
    application = factories.forwarded_application(
        city.call(line), control_no="2026-0701", entered_by=city.counter, received_by=city.custodian
    )

    # The team leader who took the call sees that somebody else has to act, and no decision.
    party = visit("leader2")
    page = party.go("/approvals")
    expect(page.get_by_role("listitem").filter(has_text="2026-0701")).to_contain_text("대결")
    page.get_by_role("link", name="2026-0701").click()
    expect(page.locator("#panel-title")).to_contain_text("2026-0701")
    expect(page.locator(".actions.scripted").get_by_role("button", name="검토")).to_have_count(0)

    # Another one who has nothing to do with it reviews, and the head decides: two people.
    road.decide(visit("leader"), "2026-0701", "검토")
    road.decide(visit("head"), "2026-0701", "승인")
    first, second = fresh(application).steps
    assert application.state == State.APPROVED
    assert (first.decided_by_id, second.decided_by_id) == (city.leader.id, city.head.id)


def test_article_7_2_form_1_is_complete_and_signed_before_it_is_submitted(
    city: City, visit: Visit
) -> None:
    """제7조②, 별지 제1호서식: 신청서를 작성하여 운영부서에 제출해야 한다."""
    employee = city.person("art72", "서지안")
    city.call(factories.extension("0316447002", employee.person))

    # Unsigned and without a reason it stays with the employee, who is told everything at once.
    applicant = visit("art72")
    applicant.expected.add(422)
    page = applicant.go("/calls")
    page.locator("tbody").get_by_role("link", name="신청").click()
    page.locator("form").evaluate_all("forms => forms.forEach(form => { form.noValidate = true })")
    page.get_by_label("신청용도").fill("민원 처리 내용 확인")
    page.get_by_role("button", name="신청", exact=True).click()
    summary = page.locator(".error-summary")
    expect(summary).to_contain_text("신청사유")
    expect(summary).to_contain_text("서명")
    expect(page.get_by_label("신청용도")).to_have_value("민원 처리 내용 확인")

    # Completed and signed it is submitted, and Form 1 can be printed.
    page.get_by_label("신청사유").fill("안내받은 처리 기한이 실제와 다릅니다.")
    road.draw(applicant, page.locator("[data-signature-pad]"))
    page.get_by_role("button", name="신청", exact=True).click()
    expect(
        page.get_by_text("제출", exact=False).or_(page.get_by_text("접수")).first
    ).to_be_visible()
    db.session.rollback()
    application = db.session.scalars(
        select(Application).where(Application.applicant_id == employee.person_id)
    ).one()
    assert application.state == State.SUBMITTED
    form = applicant.context.request.get(f"/applications/{application.public_id}/form1.pdf")
    assert form.status == 200 and form.body().startswith(b"%PDF")

    # An agency's 공문 needs no Form 1 (제7조② 단서): no signature of an applicant is asked for.
    custodian = visit("custodian")
    page = custodian.go("/intake/official")
    expect(page.locator("[name=official_doc_no]")).to_be_visible()
    expect(page.locator("[data-signature-pad]")).to_have_count(0)


def test_article_7_3_and_4_nothing_is_heard_before_both_signed_and_the_ledger_has_it(
    city: City, visit: Visit
) -> None:
    """제7조③, 별지 제2호서식: 인계·인수증에 따라 열람하게 한다. 제7조④, 별지 제3호서식."""
    employee = city.person("art73", "유나래")
    call = city.call(factories.extension("0316447003", employee.person))
    application = city.approved(employee, call, state=State.APPROVED, control_no="2026-0703")
    device = authenticator(employee)

    # Approved, but no receipt: the employee is told to wait.
    listener = visit("art73")
    listener.expected |= {403, 404}
    page = listener.go(f"/listening/{application.public_id}")
    expect(page.get_by_role("button", name="열람 시작")).to_have_count(0)
    db.session.rollback()
    assert not db.session.scalars(
        select(LedgerRow).where(LedgerRow.application_id == application.id)
    ).all()

    # Both sides sign Form 2 before the custodian's screen.
    road.hand_over(visit("custodian"), "2026-0703", "공무원증")
    receipt = receipt_of(fresh(application))
    assert receipt is not None and receipt.issued is not None
    paper = issue.read(receipt.issued)
    assert hashlib.sha256(paper).hexdigest() == receipt.issued.sha256

    # From then on the employee listens,
    page = listener.go(f"/listening/{application.public_id}")
    page.get_by_label("목적").fill("안내 내용 확인")
    page.locator("input[autocomplete=one-time-code]").fill(device.at(clock.now()))
    page.get_by_role("button", name="열람 시작").click()
    expect(page.locator("[data-player]")).to_be_visible()
    assert road.play(listener) > 0

    # and the row stands in the 관리대장, masked on the screen.
    row = visit("auditor").go("/ledger").get_by_role("row").filter(has_text="2026-0703")
    expect(row).to_contain_text("유*래")
    expect(row).to_contain_text("열람")
    db.session.rollback()
    written = db.session.scalars(
        select(LedgerRow).where(LedgerRow.application_id == application.id)
    ).one()
    assert written.recorded_at - receipt.handed_over_at < timedelta(seconds=5)


def test_the_annexed_forms_lie_at_the_counter(city: City, visit: Visit) -> None:
    """별지 제1호서식 and the papers that go with it, to be filled in by hand."""
    officer = visit("counter")
    page = officer.go("/documents/blanks")
    addresses = page.locator("tbody a").evaluate_all("links => links.map(link => link.href)")
    assert len(addresses) >= 3
    for address in addresses:
        paper = officer.context.request.get(address)
        assert paper.status == 200 and paper.body().startswith(b"%PDF"), address
