"""제9조: the grounds of a restriction, what it restricts and how a notice is served, in words."""

from __future__ import annotations

#: 제1호–제4호; `{recording}` is the institution's word (녹취, elsewhere 녹음).
_GROUNDS = {
    1: "{recording}정보의 관리를 소홀히 하여 타인에게 유출시킨 경우",
    2: "{recording} 시 사전고지를 하지 않고 사용한 경우",
    3: "{recording}정보를 업무와 상관없이 개인적으로 부정하게 사용한 경우",
    4: "그 밖에 운영부서의 장이 사용 제한이 필요하다고 판단하는 경우",
}
NO_PRIOR_NOTICE = 2

PORTAL_USE = "포털 이용 (본인 신청, 열람, 내려받기)"
PHONE_RECORDING = "행정전화 녹음"

#: How a notice reaches the person → what the note beside it holds.
WAYS = {
    "in_person": "직접 교부",
    "registered_mail": "등기우편",
    "official_document": "전자문서",
}
IN_PERSON = "in_person"


def ground_text(ground: int, recording_word: str) -> str:
    """`녹취 시 사전고지를 하지 않고 사용한 경우`. Raises KeyError for a number that is none."""
    return _GROUNDS[ground].format(recording=recording_word)


def grounds(recording_word: str) -> dict[int, str]:
    """Every ground by its number."""
    return {number: ground_text(number, recording_word) for number in _GROUNDS}


def scope_words(*, portal_use: bool, phone_recording: bool) -> list[str]:
    """What is restricted, in the order of the notice."""
    chosen = ((portal_use, PORTAL_USE), (phone_recording, PHONE_RECORDING))
    return [word for wanted, word in chosen if wanted]
