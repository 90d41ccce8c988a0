"""The words a citizen's application offers to choose from, as they stand on paper."""

from __future__ import annotations

from portal.runtime import settings

#: 제7조① 제2호 and 제1호: who applies at the counter.
_AT_THE_COUNTER = {2: "당사자 본인", 1: "당사자의 동의를 받은 사람"}
#: 제7조① 제3호–제5호: by 공문, without Form 1 (제7조② 단서).
OFFICIAL_GROUNDS = (3, 4, 5)


def grounds() -> dict[int, str]:
    """The grounds of a citizen's application by number, with their articles."""
    article = settings().articles.ground
    return {number: f"{text} ({article(number)})" for number, text in _AT_THE_COUNTER.items()}


def official_grounds() -> dict[int, str]:
    """The grounds of an agency, in the guideline's words."""
    rules = settings()
    return {
        number: f"{rules.grounds.text(number)} ({rules.articles.ground(number)})"
        for number in OFFICIAL_GROUNDS
    }


SUBSCRIPTION = "통신사 가입사실확인서"
CALL_BACK = "발신번호 재통화 확인"
#: The call went over an organisation's main number: who called proves that they work there.
MAIN_NUMBER = "기관 대표번호와 재직증명서"
CONSENT = "당사자 동의서"
OWN_EXTENSION = "내선 배정 확인"  # an employee: the portal knows the holder

#: How it was established that a party applies or consents.
PARTY_CHECKS: tuple[str, ...] = (
    SUBSCRIPTION,
    CALL_BACK,
    MAIN_NUMBER,
    CONSENT,
    "그 밖의 방법",
)
#: These name a paper, so the paper has to be there.
CHECKS_BY_PAPER = frozenset({SUBSCRIPTION, MAIN_NUMBER, CONSENT})

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
