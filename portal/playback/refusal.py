"""Why somebody may not hear something: a code for the program, a sentence for the person."""

from __future__ import annotations

from portal.words import worded

_AGAIN = "더 들으시려면 신청 화면에서 인증번호를 다시 입력해 주십시오."

#: code → (HTTP status, sentence). 404 does not tell a stranger that the thing exists.
_REFUSALS: dict[str, tuple[int, str]] = {
    "stranger": (404, "찾는 열람이 없습니다. 주소를 확인해 주십시오."),
    "not_matched": (
        404,
        "이 신청의 {information:이/가} 아닙니다. 신청 화면에서 다시 열어 주십시오.",
    ),
    "account_closed": (403, "사용이 끝난 계정입니다. {titles.custodian}에게 문의해 주십시오."),
    "conflict": (403, "신청인·입력자·통화 당사자는 입회할 수 없습니다."),
    "restricted": (
        403,
        "시스템 사용이 제한되어 들을 수 없습니다. '내 계정'의 사용 제한 통지서를 확인해 주십시오.",
    ),
    "not_inspection": (403, "열람 신청이 아니므로 이 화면에서 들을 수 없습니다."),
    "not_handed_over": (
        403,
        "인계·인수증의 서명이 끝난 뒤 들을 수 있습니다. 신청 화면에서 진행 상태를 확인해 주십시오.",
    ),
    "application_closed": (
        410,
        "이 신청의 열람이 끝났습니다. 다시 들으시려면 새로 신청해 주십시오.",
    ),
    "window_over": (410, "열람 기간이 지났습니다. 다시 들으시려면 새로 신청해 주십시오."),
    "deleted": (410, "보관기간이 지나 {information:이/가} 삭제되었습니다."),
    "file_missing": (
        500,
        "{information} 파일을 읽지 못했습니다. {titles.custodian}에게 이 시각을 알려 주십시오.",
    ),
    "other_login": (403, f"다른 로그인에서 연 열람입니다. {_AGAIN}"),
    "expired": (410, f"열람 시간이 끝났습니다. {_AGAIN}"),
    "idle": (410, f"오래 듣지 않아 열람이 끝났습니다. {_AGAIN}"),
    "replaced": (
        410,
        "같은 신청의 열람을 새로 열어 이 열람은 끝났습니다. 새 화면에서 들어 주십시오.",
    ),
    "login_ended": (410, f"로그인이 끝나 열람도 끝났습니다. {_AGAIN}"),
    "ended": (410, f"열람을 종료했습니다. {_AGAIN}"),
}


class PlaybackRefused(Exception):
    """Nothing is played. `code` is a key above, `status` its HTTP status, `str()` the sentence."""

    def __init__(self, code: str, message: str | None = None) -> None:
        self.code = code
        self.status, standard = _REFUSALS[code]
        self.message = message or worded(standard)
        super().__init__(self.message)


def refusal_of_end(end_reason: str | None) -> PlaybackRefused:
    """What a person is told who asks for more of a listening session that was ended."""
    return PlaybackRefused(end_reason if end_reason in _REFUSALS else "ended")
