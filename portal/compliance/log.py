"""제8조④: nothing plays but by 제7조, and the log that proves it is whole and looked at."""

from __future__ import annotations

from datetime import timedelta

from portal import clock
from portal.access import Permission
from portal.access_log.months import uncountersigned_months, unsigned_months
from portal.audit.upkeep import last_verification
from portal.compliance.check import Check, Link, problems
from portal.documents.text import korean_datetime
from portal.runtime import settings
from portal.words import worded

#: The worker verifies once a day.
_FRESH = timedelta(hours=26)


def whole_log() -> Check:
    """The chain was verified within the day, and nothing is missing from it."""
    last = last_verification()
    stale = last is None or clock.now() - last.at > _FRESH
    shown = f"{korean_datetime(last.at)}에 {last.events}건 검증" if last else "검증한 적 없음"
    bad = last.first_bad if last else None
    return Check(
        settings().articles.no_playback,
        worded("{articles.disclosure}에 따르지 않고는 제공하거나 재생할 수 없도록 한다."),
        "재생은 승인과 인계·인수로만 열리고, 모든 재생과 거부가 고칠 수 없는 기록에 남습니다.",
        (f"접속기록 {shown}",),
        problems(
            (stale, "접속기록이 하루 안에 검증되지 않았습니다. 작업기를 확인해 주십시오."),
            (
                bad is not None,
                f"접속기록의 {bad}번부터 맞지 않습니다({last.problem if last else ''}). "
                "기록을 보존하고 조사해 주십시오.",
            ),
        ),
        (Link("접속기록", "access_log.events", Permission.READ_LOG),),
    )


def monthly_check() -> Check:
    """월 1회 점검."""
    unsigned, waiting = unsigned_months(), uncountersigned_months()
    titles = settings().titles
    unsigned_titles = ", ".join(month.title for month in unsigned)
    others = ", ".join(month.title for month in waiting)
    return Check(
        settings().articles.least_access,
        "접속기록을 달마다 점검한다.",
        f"{titles.division_head} 서명을 받고, 그 본인의 기록은 {titles.auditor} 확인을 받습니다.",
        (f"서명하지 않은 달 {len(unsigned)}개, 교차 확인하지 않은 달 {len(waiting)}개",),
        problems(
            (bool(unsigned), f"점검에 서명하지 않은 달이 있습니다: {unsigned_titles}"),
            (bool(waiting), f"{titles.auditor} 교차 확인을 기다리는 달이 있습니다: {others}"),
        ),
        (Link("월 점검", "access_log.months", Permission.READ_LOG),),
    )
