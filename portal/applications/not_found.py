"""해당 녹취 없음: the custodian looked, and there is no such recording."""

from __future__ import annotations

from portal.accounts.models import Account
from portal.applications.custody import capacity_of_custodian
from portal.applications.models import Application
from portal.applications.move import move
from portal.applications.receive import guard_in_hand
from portal.applications.states import Action
from portal.applications.typed import kept
from portal.words import worded


class NotSearched(Exception):
    """Nobody looked for the recording yet."""

    def __str__(self) -> str:
        return worded(
            "{recording:을/를} 찾아보지 않은 신청입니다. 한 번 이상 찾은 뒤에 처리해 주십시오."
        )


class StillMatched(Exception):
    """There are recordings, so it cannot be said that there is none."""

    def __str__(self) -> str:
        return worded(
            "연결한 {recording:이/가} 있습니다. 이 신청의 {recording:이/가} 아니면 먼저 "
            "연결을 풀어 주십시오."
        )


def close_as_not_found(application: Application, *, by: Account, text: str) -> None:
    """End a received application for which no recording was found, inside `write()`.

    Raises what `guard_in_hand` does, `NotSearched`, `StillMatched` and `BadText`.
    """
    guard_in_hand(application, by)
    if application.searched_at is None:
        raise NotSearched
    if application.matches:
        raise StillMatched
    said = kept(text, missing="어떻게 찾았는지 적어 주십시오. 신청인이 읽습니다.")
    move(
        application,
        Action.NOT_FOUND,
        by=by,
        capacity=capacity_of_custodian(application, by),
        opinion=said,
    )
