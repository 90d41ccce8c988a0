"""What a paper is called where one looks it up."""

from __future__ import annotations

KINDS = {
    "form1": "신청서",
    "form2": "인계·인수증",
    "form3": "관리대장",
    "third_party": "제3자 제공 대장",
    "monthly_check": "접속기록 점검표",
    "lift_notice": "사용 제한 해제 통지서",
    "destruction_paper": "파기 확인서",
    "provision_note": "제공 자료 안내문",
    "restriction_notice": "사용 제한 통지서",
    "receipt_slip": "접수증",
    "supplement": "보완요구서",
    "refusal": "거절 통지서",
    "not_found": "해당 자료 없음 통지서",
    "expiry": "기간만료 통지서",
    "destruction": "파기 기록",
}
