"""Why something about an account is not done; each message says what to do instead."""

from __future__ import annotations

from portal.words import worded


class AccountRefused(Exception):
    """The base of all of them: nothing was changed, and `str()` is for the person who asked."""


class MayNot(AccountRefused):
    def __init__(self) -> None:
        super().__init__(
            worded("이 계정 작업을 할 권한이 없습니다. {titles.custodian}에게 요청해 주십시오.")
        )


class AccountClosed(AccountRefused):
    def __init__(self) -> None:
        super().__init__("이미 닫힌 계정입니다. 화면을 새로 고쳐 지금 상태를 확인해 주십시오.")


class LoginTaken(AccountRefused):
    def __init__(self) -> None:
        super().__init__("이미 있는 아이디입니다. 다른 아이디를 정해 주십시오.")


class BadLogin(AccountRefused):
    def __init__(self) -> None:
        super().__init__(
            "아이디는 영문 소문자로 시작하여 영문 소문자, 숫자, 점, 밑줄, 붙임표로 "
            "3자에서 50자까지 정해 주십시오."
        )


class HasAccount(AccountRefused):
    def __init__(self) -> None:
        super().__init__(
            "이 사번의 직원에게 이미 계정이 있습니다. 한 사람은 계정을 하나만 쓸 수 있습니다. "
            "계정 관리에서 그 계정을 찾아 주십시오."
        )


class OwnAccount(AccountRefused):
    def __init__(self) -> None:
        super().__init__(
            worded("자신의 계정은 닫을 수 없습니다. 다른 {titles.custodian}에게 요청해 주십시오.")
        )


class BadClosingDay(AccountRefused):
    def __init__(self) -> None:
        super().__init__(
            "지난 날은 고를 수 없습니다. 오늘이나 앞으로 올 날을 고르거나 바로 닫아 주십시오."
        )


class OwnPerson(AccountRefused):
    def __init__(self) -> None:
        super().__init__(
            "자신의 이름과 소속은 스스로 바꿀 수 없습니다. 다른 관리자에게 요청해 주십시오."
        )


class LastOne(AccountRefused):
    """제5조: the institution is never without custodian and head."""

    def __init__(self, title: str) -> None:
        super().__init__(
            f"마지막 {title}입니다. 다른 사람에게 {title} 역할을 먼저 부여한 뒤에 다시 해 "
            "주십시오. 닫을 날이 정해진 사람은 세지 않습니다."
        )


class NoChange(AccountRefused):
    def __init__(self, title: str, *, held: bool) -> None:
        state = "이미 맡고 있는" if held else "맡고 있지 않은"
        super().__init__(f"{state} 역할입니다: {title}. 다른 역할을 골라 주십시오.")


class EmployeeStays(AccountRefused):
    def __init__(self) -> None:
        super().__init__(
            "직원 역할은 모든 계정의 바탕이어서 거둘 수 없습니다. 필요하면 계정을 닫아 주십시오."
        )


class AlreadyAsked(AccountRefused):
    def __init__(self) -> None:
        super().__init__(
            "같은 요청이 이미 확인을 기다리고 있습니다. 계정 변경 확인에서 처리됩니다."
        )


class AlreadyAnswered(AccountRefused):
    def __init__(self, name: str, *, confirmed: bool) -> None:
        word = "확인" if confirmed else "거절"
        super().__init__(f"{name} 님이 먼저 이 요청을 {word}하였습니다. 더 하실 일은 없습니다.")


class NotSecondPerson(AccountRefused):
    def __init__(self) -> None:
        super().__init__(
            worded(
                "요청한 사람과 그 계정의 주인은 확인할 수 없습니다. 다른 "
                "{titles.custodian}, {titles.team_leader} 또는 "
                "{titles.division_head:이/가} 확인해야 합니다."
            )
        )


class BadAssignment(AccountRefused):
    """직무대리 cannot be named like this; the message says what to correct."""


class UnknownRole(AccountRefused):
    def __init__(self) -> None:
        super().__init__("목록에 있는 역할을 골라 주십시오.")
