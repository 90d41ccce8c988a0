"""Why a decision was not taken; `str()` says it in Korean to the person who tried."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from portal.applications.models import Transition
from portal.applications.states import Action, action_title
from portal.documents.text import korean_datetime
from portal.words import worded


@dataclass
class NotYourStep(Exception):
    """The step that is due belongs to somebody else, or the action to another step."""

    why: str

    def __str__(self) -> str:
        return self.why


@dataclass
class AlreadyDecided(Exception):
    """Somebody was faster, or the application changed since the person looked at it."""

    name: str
    capacity: str
    action: Action
    at: datetime

    @classmethod
    def by(cls, last: Transition) -> AlreadyDecided:
        """What the newest entry of the history says; read now, inside the transaction."""
        name = last.by.name if last.by else ""
        return cls(name, last.capacity, Action(last.action), last.at)

    def __str__(self) -> str:
        who = f"{self.name}({self.capacity})님이" if self.capacity else f"{self.name}님이"
        who = who if self.name else "포털이"
        return (
            f"{who} {korean_datetime(self.at)}에 먼저 '{action_title(self.action)}' 처리를 "
            "했습니다. 지금 상태를 확인해 주십시오."
        )


@dataclass
class BadOpinion(Exception):
    """The opinion is missing where one must be given, or cannot be kept as it is."""

    why: str

    def __str__(self) -> str:
        return self.why


@dataclass
class NothingLeft(Exception):
    """Every matched recording is past its day: there is nothing to approve (제8조①)."""

    def __str__(self) -> str:
        return worded(
            "연결한 {information:이/가} 모두 보관기간이 지나 삭제되어 승인할 수 없습니다. "
            "곧 '기간만료'로 끝납니다."
        )


@dataclass
class NoSuchTransferor(Exception):
    """The named person cannot hand over this application."""

    def __str__(self) -> str:
        return worded(
            "인계자로 지정할 수 없는 사람입니다. 접수한 부서의 {titles.counter}이면서 이 신청과 "
            "이해관계가 없는 사람을 골라 주십시오."
        )
