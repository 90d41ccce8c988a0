"""제8조④: nothing plays but by 제7조, and the log that proves it is whole and looked at."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from portal import clock
from portal.access import Permission
from portal.access_log.models import LogCheck
from portal.access_log.months import first_event, months_since, uncountersigned_of, unsigned_of
from portal.audit.models import AuditVerification
from portal.compliance.check import Asking, Check, Link, latest, problems
from portal.documents.text import korean_datetime
from portal.extensions import db
from portal.runtime import settings
from portal.words import worded

#: The worker verifies once a day.
_FRESH = timedelta(hours=26)


def whole_log() -> Asking:
    """The chain was verified within the day, and nothing is missing from it."""
    kept = AuditVerification
    at, events, bad, problem = yield lambda: latest(
        kept.at.desc(), kept.at, kept.events, kept.first_bad, kept.problem
    )
    stale = at is None or clock.now() - at > _FRESH
    shown = f"{korean_datetime(at)}에 {events}건 검증" if at else "검증한 적 없음"
    return Check(
        settings().articles.no_playback,
        worded("{articles.disclosure}에 따르지 않고는 제공하거나 재생할 수 없도록 한다."),
        "재생은 승인과 인계·인수로만 열리고, 모든 재생과 거부가 고칠 수 없는 기록에 남습니다.",
        (f"접속기록 {shown}",),
        problems(
            (stale, "접속기록이 하루 안에 검증되지 않았습니다. 작업기를 확인해 주십시오."),
            (
                bad is not None,
                f"접속기록의 {bad}번부터 맞지 않습니다({problem or ''}). "
                "기록을 보존하고 조사해 주십시오.",
            ),
        ),
        (Link("접속기록", "access_log.events", Permission.READ_LOG),),
    )


def monthly_check() -> Asking:
    """월 1회 점검."""
    checks = db.session.scalars(select(LogCheck)).all()
    (first,) = yield lambda: (first_event(),)
    unsigned, waiting = unsigned_of(months_since(first), checks), uncountersigned_of(checks)
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
