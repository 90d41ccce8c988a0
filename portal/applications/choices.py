"""The words a citizen's application offers to choose from, as they stand on paper."""

from __future__ import annotations

#: 제7조① 제1호 and 제2호: who applies at the counter.
GROUNDS: dict[int, str] = {
    2: "당사자 본인 (제7조①제2호)",
    1: "당사자의 동의를 받은 사람 (제7조①제1호)",
}

#: 제7조① 제3호–제5호: by 공문, without Form 1 (제7조② 단서).
OFFICIAL_GROUNDS: dict[int, str] = {
    3: "다른 법령의 특별한 규정 (제7조①제3호)",
    4: "수사와 공소의 제기 및 유지 (제7조①제4호)",
    5: "법원의 재판업무 수행 (제7조①제5호)",
}

SUBSCRIPTION = "통신사 가입사실확인서"
CALL_BACK = "발신번호 재통화 확인"
CONSENT = "당사자 동의서"
OWN_EXTENSION = "내선 배정 확인"  # an employee: the portal knows the holder

#: How it was established that a party applies or consents.
PARTY_CHECKS: tuple[str, ...] = (SUBSCRIPTION, CALL_BACK, CONSENT, "그 밖의 방법")
#: These name a paper, so the paper has to be there.
CHECKS_BY_PAPER = frozenset({SUBSCRIPTION, CONSENT})

IDENTITY_DOCUMENTS: tuple[str, ...] = (
    "주민등록증",
    "운전면허증",
    "여권",
    "외국인등록증",
    "모바일 신분증",
    "그 밖의 신분증",
)

#: 본인 is what ground 2 says; ground 1 names how the applicant stands to the consenting party.
SELF = "본인"

#: 신청인: who applies at the counter, and who stands there for them.
APPLICANTS: dict[str, str] = {
    "citizen": "본인",
    "organisation": "기관·단체",
    "proxy": "대리인이 대신 신청",
    "legal_representative": "만 14세 미만 아동의 법정대리인",
}

POWER_OF_ATTORNEY = "위임장"
OFFICIAL_PAPER = "공문"
OTHER_PAPER = "증명서류"
