"""Why somebody gets no package: a code for the log, a status, and a sentence for the person."""

from __future__ import annotations

from portal.words import worded

_TELL = "인계자에게 사유를 알리고 다시 제공받아 주십시오."
_AGAIN = f"필요하면 {_TELL}"

#: code → (HTTP status, sentence). 404 does not tell a stranger that the thing exists.
_REFUSALS: dict[str, tuple[int, str]] = {
    "stranger": (404, "찾는 제공 파일이 없습니다. 주소를 확인해 주십시오."),
    "account_closed": (403, "사용이 끝난 계정입니다. {titles.custodian}에게 문의해 주십시오."),
    "restricted": (403, "시스템 사용이 제한된 동안에는 내려받을 수 없습니다."),
    "conflict": (403, "통화 당사자나 신청인은 인계할 수 없습니다."),
    "not_handed_over": (409, "인계·인수증의 서명이 끝난 뒤 받을 수 있습니다."),
    "application_closed": (410, "이 신청은 끝났습니다. 다시 받으시려면 새로 신청해 주십시오."),
    "shown": (409, f"비밀번호는 한 번만 표시됩니다. 적어 두지 못했으면 {_TELL}"),
    "not_asked": (409, "인수자가 비밀번호를 확인한 뒤 내려받을 수 있습니다."),
    "not_ready": (409, "제공 파일을 아직 만들고 있습니다. 잠시 뒤 다시 시도해 주십시오."),
    "used": (410, f"이미 한 번 내려받아 다시 받을 수 없습니다. {_AGAIN}"),
    "interrupted": (410, f"끊긴 내려받기를 이어받을 수 있는 시간이 지났습니다. {_AGAIN}"),
    "replaced": (410, "다시 제공하기로 하여 이 파일은 쓸 수 없습니다. 새 파일을 받아 주십시오."),
    "failed": (410, f"제공 파일을 만들지 못했습니다. {_AGAIN}"),
    "closed": (410, "이 신청은 끝났습니다. 다시 받으시려면 새로 신청해 주십시오."),
    "deleted": (410, "보관기간이 지나 {information:이/가} 삭제되어 제공할 수 없습니다."),
    "file_missing": (
        500,
        "제공 파일을 읽지 못했습니다. {titles.custodian}에게 이 시각을 알려 주십시오.",
    ),
    "other_login": (403, "다른 로그인에서 연 내려받기입니다. 인증번호를 다시 입력해 주십시오."),
    "login_ended": (410, "로그인이 끝나 내려받기도 끝났습니다. 다시 로그인해 주십시오."),
    "expired": (410, "내려받을 수 있는 시간이 지났습니다. 인증번호를 다시 입력해 주십시오."),
    "not_needed": (
        409,
        "비밀번호를 아직 확인하지 않은 제공 파일이 있어 다시 만들 필요가 없습니다.",
    ),
    "no_reason": (422, "사유를 입력해 주십시오."),
    "not_told": (422, "비밀번호를 인수자에게 어떻게 알릴지 골라 주십시오."),
    "no_medium": (422, "인수자의 저장매체 종류와 고유번호를 입력해 주십시오."),
    "copy_stays": (422, "업무용 PC에 사본을 남기지 않음을 확인해 주십시오."),
    "resident_number": (422, "주민등록번호는 입력할 수 없습니다. 지우고 다시 적어 주십시오."),
}


class PackageRefused(Exception):
    """Nothing is handed out. `code` is a key above, `status` its HTTP status."""

    def __init__(self, code: str, message: str | None = None) -> None:
        self.code = code
        self.status, standard = _REFUSALS[code]
        self.message = message or worded(standard)
        super().__init__(self.message)


def refusal_of_end(end_reason: str | None) -> PackageRefused:
    """What a person is told who asks for a package that is over."""
    return PackageRefused(end_reason if end_reason in _REFUSALS else "closed")
