"""What a custodian can do on the page of an account, and what is said afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from portal.accounts.close_account import close_account
from portal.accounts.grant_role import ask_for_revocation, ask_for_role
from portal.accounts.models import Account
from portal.accounts.refusals import UnknownRole
from portal.accounts.reset import ask_for_otp_reset, ask_for_password_reset
from portal.roles import Role


class Act(StrEnum):
    CLOSE = "close"
    GRANT = "grant"
    REVOKE = "revoke"
    RESET_PASSWORD = "reset_password"
    RESET_OTP = "reset_otp"


_DONE = {
    Act.CLOSE: "계정을 닫았습니다. 로그인과 열람이 모두 끝났습니다.",
    Act.GRANT: "역할을 부여했습니다. 그 사람은 다시 로그인해야 합니다.",
    Act.REVOKE: "역할을 거두었습니다. 그 사람의 로그인과 열람이 모두 끝났습니다.",
    Act.RESET_PASSWORD: "비밀번호를 초기화했습니다.",
    Act.RESET_OTP: "인증 앱 등록을 지웠습니다. 그 사람이 '내 계정'에서 다시 등록하면 됩니다.",
}
_WAITS = "요청했습니다. 다른 사람이 '계정 변경 확인'에서 확인하면 적용됩니다."


@dataclass(frozen=True)
class Done:
    """`password` is shown once; `waits` where a second person has to confirm first."""

    message: str
    waits: bool = False
    password: str | None = None


def carry_out(account: Account, act: Act, role_name: str, *, by: Account) -> Done:
    """Do it, or ask for it, inside the open `write()`. Raises `AccountRefused`."""
    change: object = None
    match act:
        case Act.CLOSE:
            close_account(account, by=by)
        case Act.GRANT:
            change = ask_for_role(account, _role(role_name), by=by)
        case Act.REVOKE:
            change = ask_for_revocation(account, _role(role_name), by=by)
        case Act.RESET_OTP:
            change = ask_for_otp_reset(account, by=by)
        case Act.RESET_PASSWORD:
            change = ask_for_password_reset(account, by=by)
            if isinstance(change, str):
                return Done(_DONE[act], password=change)
    return Done(_WAITS, waits=True) if change else Done(_DONE[act])


def _role(name: str) -> Role:
    if name not in set(Role):
        raise UnknownRole
    return Role(name)
