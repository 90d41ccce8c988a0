"""Typical, longest and strangest data for every form; also printed by `bench/papers.py`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw

from documents import further_samples, more_samples
from portal.documents import form1, form2, form3
from portal.documents.form1 import ApplicationForm, RequestedCall
from portal.documents.form2 import HandoverReceipt, ReceiptRow
from portal.documents.form3 import Ledger, LedgerRow
from portal.documents.wording import Wording
from portal.institution import load_settings

ICHEON = Wording.of(load_settings())
ELSEWHERE = Wording.of(load_settings(Path(__file__).with_name("elsewhere.toml")))
CALLED_AT = datetime(2026, 11, 23, 5, 5, tzinfo=UTC)
VERIFICATION = "K7QF-9M2X-TR4H-8WPD-3VNC"
STRANGE = "뷁 똠 갂 ①㎡㊞ 洪吉童 金哲洙 ㈜〃『』〈〉“”…※→"
SENTENCE = (
    "지난 통화에서 담당자가 안내한 접수 기한과 제출 서류가 이후에 받은 공문의 내용과 서로 달라, "
    "당시 안내받은 내용을 정확히 확인하고 이의신청 자료로 쓰고자 합니다. "
)
REASON_600 = (SENTENCE * 10)[:600].strip()
REASON_LONGEST = "\n".join(f"{n}. {SENTENCE}" for n in range(1, 55))[:4_990].strip()
LONG_NAME = "사단법인 한국지방행정정보공개민원상담협의회 경기동부지역 이천시지부 (대표 남궁은하수)"
LONG_ADDRESS = (
    "경기도 이천시 부악로 40, 이천행정타운 별관 3층 302호 (중리동, 이천시청 옆 행복한아파트 "
    "상가동 나열 1234호 전화 뒤편 우편함) 관리사무소 전교, 경기도 이천시 마장면 "
    "덕평로 1234번길 56-78"
)


def signature_png(seed: int = 0, *, opaque: bool = False) -> bytes:
    """A signature as a pad draws it (transparent) or a scanner sees it (opaque)."""
    paper = (255, 255, 255, 255) if opaque else (0, 0, 0, 0)
    image = Image.new("RGBA", (600, 300), paper)
    points = [(60 + 60 * n, 150 + (90 if (n + seed) % 2 else -80) + 7 * n) for n in range(9)]
    draw = ImageDraw.Draw(image)
    draw.line(points, fill=(10, 10, 60, 255), width=9, joint="curve")
    draw.arc((120, 60, 420, 260), 20, 300 + seed, fill=(10, 10, 60, 255), width=8)
    output = BytesIO()
    image.save(output, "PNG")
    return output.getvalue()


def requested_calls(count: int) -> tuple[RequestedCall, ...]:
    return tuple(
        RequestedCall(
            caller_number=f"0101234567{n}",
            callee_number=f"031644123{n}",
            called_from=CALLED_AT + timedelta(days=n),
            called_until=CALLED_AT + timedelta(days=n, minutes=30) if n % 2 else None,
        )
        for n in range(count)
    )


APPLICATION = ApplicationForm(
    wording=ICHEON,
    disclosure_type="inspection",
    applicant_name="홍길동",
    birth_or_number="1975. 3. 9.",
    address_or_department="경기도 이천시 부악로 40 (중리동)",
    calls=(RequestedCall(caller_number="01012345678", callee_number="0316441234",
                         called_from=CALLED_AT),),
    purpose="민원 처리 결과 확인",
    relation_to_subject="본인",
    reason=SENTENCE.strip(),
    applied_on=date(2026, 11, 24),
)  # fmt: skip

APPLICATIONS: dict[str, ApplicationForm] = {
    "typical": APPLICATION,
    "signed": replace(APPLICATION, signature_png=signature_png(), control_no="2026-0001",
                      verification_no=VERIFICATION, evidence=("가입사실확인서", "신분증 확인")),
    "blank": ApplicationForm(wording=ICHEON),
    "employee": replace(APPLICATION, disclosure_type="provision", applicant_name="김하늘",
                        address_or_department="민원봉사과", relation_to_subject="당사자(직원)"),
    "organisation": replace(
        APPLICATION, disclosure_type="provision", applicant_name="주식회사 이천도자기",
        birth_or_number="123-81-45678", signer_name="㈜이천도자기 대표 이도공",
        signature_png=signature_png(1, opaque=True)),
    "reason 600": replace(APPLICATION, reason=REASON_600, verification_no=VERIFICATION,
                          signature_png=signature_png(), control_no="2026-0002"),
    "longest": replace(
        APPLICATION, applicant_name=LONG_NAME,
        birth_or_number="134621-1234567 (고유번호 126-82-12345)",
        address_or_department=LONG_ADDRESS, calls=requested_calls(5), reason=REASON_LONGEST,
        purpose="행정심판 청구에 앞서 당시 안내 내용을 확인하기 위한 증거 수집과 사실관계 확인",
        relation_to_subject="정보주체의 법정대리인(부)", verification_no=VERIFICATION,
        signature_png=signature_png(), control_no="2026-0003",
        evidence=("법인등기사항전부증명서", "위임장과 인감증명서", "가입사실확인서")),
    "strangest": replace(
        APPLICATION, applicant_name="洪吉童(홍길동) 뷁", address_or_department=STRANGE,
        calls=(RequestedCall(caller_number="모름", callee_number="내선 미확인 (민원봉사과)"),),
        purpose="<b>굵게</b> <img src=file:///etc/passwd>",
        reason=f"{STRANGE}\n{{{{ 7*7 }}}} &amp; "
        "<pdf:barcode value='x'/> <script>alert(1)</script>\n" + "가" * 120 + "\n" + "W" * 200),
    "elsewhere": replace(APPLICATION, wording=ELSEWHERE, disclosure_type="provision"),
}  # fmt: skip


def receipt_rows(count: int, purpose: str = "민원 처리 결과 확인") -> tuple[ReceiptRow, ...]:
    return tuple(
        ReceiptRow(
            control_no=f"2026-0001-{n:02d}",
            caller_number="01012345678",
            callee_number=f"031644123{n % 10}",
            called_at=CALLED_AT + timedelta(hours=n),
            file_count=1,
            purpose=purpose,
            remarks="열람",
        )
        for n in range(1, count + 1)
    )


RECEIPT = HandoverReceipt(
    wording=ICHEON,
    rows=receipt_rows(1),
    received_on=date(2026, 11, 30),
    signed_on=date(2026, 11, 30),
    transferor_department="정보통신과",
    transferor_rank="주무관",
    transferor_name="이보안",
    transferee_address="경기도 이천시 부악로 40 (중리동)",
    transferee_name="홍길동",
    control_no="2026-0001",
    verification_no=VERIFICATION,
)

SIGNED = {
    "transferor_signature_png": signature_png(2),
    "transferee_signature_png": signature_png(3, opaque=True),
    "unsigned_sha256": "3f" * 32,
}

RECEIPTS: dict[str, HandoverReceipt] = {
    "typical": RECEIPT,
    "signed": replace(RECEIPT, **SIGNED),
    "blank": HandoverReceipt(wording=ICHEON),
    "five recordings": replace(RECEIPT, rows=receipt_rows(5), **SIGNED),
    "longest": replace(
        RECEIPT, rows=receipt_rows(30, (SENTENCE * 4)[:290]), transferee_address=LONG_ADDRESS,
        transferee_name=LONG_NAME, transferor_department="정보통신과 정보보호업무 담당 정보보호팀",
        **SIGNED),
    "strangest": replace(
        RECEIPT, transferee_name="洪吉童(홍길동)", transferee_address=STRANGE,
        rows=tuple(replace(row, purpose=f"{STRANGE} {n}", remarks="<b>" + "W" * 55 * n,
                           caller_number="발신번호 표시제한")
                   for n, row in enumerate(receipt_rows(5), 1)), **SIGNED),
    "elsewhere": replace(RECEIPT, wording=ELSEWHERE),
}  # fmt: skip


def ledger_row(number: int, **changes: Any) -> LedgerRow:
    row = LedgerRow(
        number=str(number),
        disclosure_type="provision" if number % 3 == 0 else "inspection",
        applicant="홍길동",
        affiliation_or_address="경기도 이천시 부악로 40 (중리동)",
        called_at=(CALLED_AT + timedelta(days=number % 28),),
        phone_numbers=("01012345678", "0316441234"),
        reason="통화 안내 내용 확인 (이의신청)",
        legal_basis="제7조제1항제2호",
        transferor="이보안",
        transferee="홍길동",
        approvals=("박팀장", "최과장"),
    )
    return replace(row, **changes)


def ledger_rows(count: int) -> tuple[LedgerRow, ...]:
    return tuple(ledger_row(number) for number in range(1, count + 1))


LEDGER = Ledger(wording=ICHEON, rows=ledger_rows(7), approval_titles=("팀장", "과장"),
                period="2026년")  # fmt: skip

LEDGERS: dict[str, Ledger] = {
    "typical": LEDGER,
    "blank": replace(LEDGER, rows=()),
    "full page": replace(LEDGER, rows=ledger_rows(15)),
    "pages": replace(LEDGER, rows=ledger_rows(37), verification_no=VERIFICATION),
    "longest": replace(
        LEDGER,
        rows=(
            ledger_row(1, reason=REASON_LONGEST),
            ledger_row(2, reason=REASON_600, applicant=LONG_NAME,
                       affiliation_or_address=LONG_ADDRESS,
                       called_at=tuple(CALLED_AT + timedelta(days=n) for n in range(5)),
                       phone_numbers=tuple(f"0101234567{n}" for n in range(5)),
                       remarks="일부 기간만료 (처리 지연)"),
            ledger_row(3, legal_basis="제7조제1항제4호 「형사소송법」 제199조제2항",
                       official_doc_no="이천경찰서 수사과-12345(2026. 11. 20.)",
                       approvals=("박팀장 (대결 김하늘)", "최과장")),
            *(ledger_row(n, reason=SENTENCE) for n in range(4, 40)),
        ),
    ),
    "strangest": replace(
        LEDGER,
        rows=(ledger_row(1, applicant="洪吉童 뷁", reason=STRANGE + "W" * 200,
                         affiliation_or_address="<b>굵게</b> <img src=file:///etc/passwd>",
                         phone_numbers=("모름",), remarks="㊞①㎡"),),
        approval_titles=("담당자", "부책임자", "정책임자")),
    "elsewhere": replace(LEDGER, wording=ELSEWHERE, approval_titles=("소장",),
                         rows=tuple(replace(r, approvals=("최소장",)) for r in ledger_rows(3))),
}  # fmt: skip


def papers() -> dict[str, Callable[[], bytes]]:
    """What prints every sample, by name."""
    printed = {f"form1 {name}": partial(form1.render, f) for name, f in APPLICATIONS.items()}
    printed |= {f"form2 {name}": partial(form2.render, r) for name, r in RECEIPTS.items()}
    printed |= {f"form3 {name}": partial(form3.render, led) for name, led in LEDGERS.items()}
    return printed | more_samples.papers() | further_samples.papers()
