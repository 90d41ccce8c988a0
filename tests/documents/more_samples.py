"""Typical, longest and strangest data for the papers other than the three forms."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

from portal.documents import (
    blanks,
    destruction_record,
    monthly_check,
    notices,
    provision_note,
    receipt_slip,
)
from portal.documents.wording import Wording
from portal.institution import load_settings

ICHEON = Wording.of(load_settings())
ELSEWHERE = Wording.of(load_settings(Path(__file__).with_name("elsewhere.toml")))
NUMBER = "K7QF-9M2X-TR4H-8WPD"
OBJECTION = load_settings().notices.objection
STRANGE = "뷁 똠 갂 ①㎡㊞ 洪吉童 <b>굵게</b> {{ 7*7 }} =1+1"
LONG = "신청인이 통화의 당사자임을 확인할 수 있는 증명서류가 제출되지 않았습니다. " * 6
CASE = notices.Case(
    wording=ICHEON,
    recipient="홍길동",
    control_no="2026-0001",
    disclosure_type="inspection",
    call="2026. 11. 20. 14:05 ~ 14:30, 010-1234-5678 → 031-644-1234",
    applied_on=date(2026, 11, 21),
    dated=date(2026, 11, 24),
    drafter="주무관 이보안",
    verification_no=NUMBER,
)
REFUSED = replace(CASE, decider="과장 최과장 2026. 11. 24.")
LONG_CASE = replace(
    CASE,
    recipient="사단법인 한국지방행정정보공개민원상담협의회 경기동부지역지부 (대표 남궁은하수)",
    disclosure_type="provision",
)
AWAY = replace(CASE, wording=ELSEWHERE)
SLIP = receipt_slip.ReceiptSlip(
    wording=ICHEON,
    control_no="2026-0001",
    applicant="홍길동",
    disclosure_type="inspection",
    call=CASE.call,
    received_at=datetime(2026, 11, 24, 5, tzinfo=UTC),
    received_by="정보통신과 주무관 이보안",
    due_on=date(2026, 12, 4),
    deleted_on=date(2026, 12, 21),
    verification_no=NUMBER,
)
NOTE = provision_note.ProvisionNote(
    wording=ICHEON,
    control_no="2026-0001",
    file_names=("2026-0001-01.wav", "인계인수증.pdf", "SHA256SUMS.txt"),
    delete_on=date(2026, 12, 21),
    provided_on=date(2026, 11, 24),
    purpose="민원 처리 결과 확인",
)
RECORD = destruction_record.DestructionRecord(
    wording=ICHEON,
    deleted_on=date(2026, 11, 24),
    destroyed_at=datetime(2026, 11, 23, 15, 0, 2, tzinfo=UTC),
    by="포털의 자동 삭제",
    cause="보관기간 경과",
    recordings=1204,
    quarantined=3,
    hashes=1207,
    hashes_sha256="9f" * 32,
    record_no="b4f1c2d3e4f5a6b7c8d9e0f1a2b3c4d5",
    printed_on=date(2026, 11, 24),
    verification_no=NUMBER,
)
CHECK = monthly_check.MonthlyCheck(
    wording=ICHEON,
    month="2026년 11월",
    events=12_345,
    findings=(
        monthly_check.Finding("업무시간 밖의 접속", 3, "이보안 2건, 김하나 1건"),
        monthly_check.Finding("평소보다 많은 조회", 0),
        monthly_check.Finding("거부된 시도", 7, "듣기 거부 5건, 조회 거부 2건"),
        monthly_check.Finding("사유 없는 조회", 0),
    ),
)
_refused = partial(notices.refusal, objection=OBJECTION)
_absent = partial(notices.not_found, retention="30일", objection=OBJECTION)
_expired = partial(notices.expiry, retention="30일", objection=OBJECTION)
_wants = partial(
    notices.supplement_request, answer_by=date(2026, 12, 1), deleted_on=date(2026, 12, 21)
)


def papers() -> dict[str, Callable[[], bytes]]:
    """What prints every sample, by name."""
    printed: dict[str, Callable[[], bytes]] = {
        "refusal typical": partial(_refused, REFUSED, reasons="당사자임을 확인할 수 없습니다."),
        "refusal longest": partial(_refused, LONG_CASE, reasons="\n".join([LONG] * 8)),
        "refusal strangest": partial(_refused, CASE, reasons=f"{STRANGE}\n{'W' * 300}"),
        "refusal elsewhere": partial(
            notices.refusal, AWAY, reasons="확인할 수 없습니다.", objection="이의를 낼 수 있습니다."
        ),
        "not found longest": partial(_absent, LONG_CASE, findings="\n".join([LONG] * 3)),
        "not found strangest": partial(_absent, CASE, findings=STRANGE),
        "not found typical": partial(_absent, CASE, findings="그 시간대의 통화가 없습니다."),
        "expiry typical": partial(
            _expired, CASE, deleted_on=date(2026, 11, 24), cause="신청 지연: 보관기간이 짧았음"
        ),
        "expiry longest": partial(
            _expired, LONG_CASE, deleted_on=date(2026, 11, 24), cause="\n".join([LONG] * 3)
        ),
        "supplement longest": partial(_wants, LONG_CASE, wanted="\n".join([LONG] * 5)),
        "supplement strangest": partial(_wants, CASE, wanted=f"{STRANGE}\n{'W' * 300}"),
        "supplement typical": partial(_wants, CASE, wanted="가입사실확인서\n위임장"),
        "supplement elsewhere": partial(_wants, AWAY, wanted="가입사실확인서"),
        "slip typical": partial(receipt_slip.render, SLIP),
        "slip longest": partial(
            receipt_slip.render,
            replace(SLIP, applicant=LONG_CASE.recipient, call="; ".join([CASE.call] * 4)),
        ),
        "note typical": partial(provision_note.render, NOTE),
        "note longest": partial(
            provision_note.render,
            replace(NOTE, file_names=tuple(f"2026-0001-{n:02d}.wav" for n in range(1, 31))),
        ),
        "note elsewhere": partial(provision_note.render, replace(NOTE, wording=ELSEWHERE)),
        "slip strangest": partial(receipt_slip.render, replace(SLIP, applicant=STRANGE)),
        "slip elsewhere": partial(receipt_slip.render, replace(SLIP, wording=ELSEWHERE)),
        "note strangest": partial(provision_note.render, replace(NOTE, purpose=STRANGE)),
        "destruction typical": partial(destruction_record.render, RECORD),
        "destruction longest": partial(
            destruction_record.render,
            replace(RECORD, cause=LONG[:290], recordings=1_234_567, hashes=1_234_567),
        ),
        "destruction elsewhere": partial(
            destruction_record.render, replace(RECORD, wording=ELSEWHERE)
        ),
        "check to sign": partial(monthly_check.render, CHECK),
        "check longest": partial(
            monthly_check.render,
            replace(
                CHECK,
                findings=tuple(
                    monthly_check.Finding(f"점검 항목 {n}", n, "\n".join([LONG[:60]] * 20))
                    for n in range(1, 6)
                ),
                opinion=LONG,
            ),
        ),
        "check signed": partial(
            monthly_check.render,
            replace(
                CHECK,
                opinion=f"확인함.\n{LONG}\n{STRANGE}",
                checked_by="과장 최과장",
                checked_at="2026. 12. 2. 09:10",
                countersign_opinion="본인의 기록을 확인함.",
                verification_no=NUMBER,
                countersigned_by="감사 담당자 정감사",
                countersigned_at="2026. 12. 3. 10:00",
            ),
        ),
    }
    for name, (_title, draw) in blanks.BLANKS.items():
        printed[f"blank {name}"] = partial(draw, ICHEON)
        printed[f"blank {name} elsewhere"] = partial(draw, ELSEWHERE)
    return printed
