"""제8조①: nothing past its day, keys gone, deletion and intake at work, the recorder looked at."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from sqlalchemy import func, select

from portal import clock
from portal.access import Permission
from portal.accounts.models import Account, Person
from portal.applications.due import is_working_day
from portal.compliance.check import Asking, Check, Link, latest, number_of, problems
from portal.compliance.history import Made, Sought, as_of
from portal.compliance.models import RecorderCheck
from portal.documents.text import korean_date, korean_datetime
from portal.jobs.lease import beats
from portal.jobs.models import Job
from portal.recordings.models import QuarantineItem, Recording
from portal.retention.models import Tombstone
from portal.runtime import settings, vault
from portal.words import worded

#: A worker renews its mark every few seconds; in long work it may be silent for a while.
_SILENCE = timedelta(minutes=2)
#: The deletion runs every half minute; when it has not for this long, it does not run.
_OVERDUE = timedelta(minutes=10)
#: One failure can be a server that is away for a moment; as many in a row are none.
_FAILS = 3
_DAY_BEGINS, _DAY_ENDS = time(9), time(18)
_FAR_BACK = timedelta(days=31)


def deletion(made: Made) -> Asking:
    """녹취정보는 30일간 보관하고 이후에는 자동 삭제한다."""
    today = clock.today()
    rows = Sought("compliance.late", made)
    held, destroyed, last, last_number, *numbers = yield lambda: (
        number_of(
            QuarantineItem, QuarantineItem.delete_on <= today, QuarantineItem.destroyed_at.is_(None)
        ),
        select(func.sum(Tombstone.recordings)),
        *latest(Tombstone.destroyed_at.desc(), Tombstone.destroyed_at, Tombstone.recordings),
        *rows.asked(),
    )
    counted = rows.told(numbers)
    late = counted.value
    keys = [day for day in vault().day_keys.days() if day <= today]
    folders = [day for day in vault().recordings.days() if day <= today]
    return Check(
        settings().articles.retention,
        worded("{information:은/는} ")
        + f"{settings().retention.length}간 보관하고 이후에는 자동 삭제한다.",
        "삭제일의 자정부터 재생할 수 없고, 그날의 열쇠, 파일, 기록의 순서로 파기합니다.",
        (
            f"보관기간이 지난 통화 {late}건{as_of(counted)}, 남은 열쇠 {len(keys)}개",
            _last_destruction(last, last_number, destroyed or 0),
            f"열쇠를 파기한 날 {len(vault().day_keys.destroyed_days())}일",
        ),
        problems(
            (late + held > 0, f"보관기간이 지난 통화와 보류 파일이 {late + held}건 있습니다."),
            (bool(keys), f"파기되지 않은 지난 날의 열쇠가 {len(keys)}개 있습니다."),
            (bool(folders), f"지난 날의 파일이 남은 폴더가 {len(folders)}개 있습니다."),
        ),
    )


def worker() -> Asking:
    """The deletion itself: it runs, and ends well."""
    of_it = Job.recurring == "retention"
    beat, finished, state, failing = yield lambda: (
        beats(),
        *latest(Job.id, Job.finished_at, Job.state, where=of_it),
        number_of(
            Job,
            Job.recurring.is_not(None),
            Job.recurring != "retention",
            Job.state == "failed",
            Job.attempts >= _FAILS,
        ),
    )
    silent = finished is None or clock.now() - finished > _OVERDUE
    dead = beat is None or beat < clock.now() - _SILENCE
    return Check(
        settings().articles.retention,
        "자동 삭제가 실제로 실행된다.",
        "작업기가 30초마다, 그리고 자정 직후에 삭제를 실행합니다.",
        (
            f"작업기 신호 {korean_datetime(beat) if beat else '없음'}",
            f"마지막 삭제 실행 {korean_datetime(finished) if finished else '없음'}",
        ),
        problems(
            (dead, "작업기가 돌고 있지 않습니다. portal worker 명령을 시작해 주십시오."),
            (silent, "자동 삭제가 10분 넘게 실행되지 않았습니다."),
            (state == "failed", "마지막 삭제 실행이 실패했습니다."),
            (failing > 0, f"거듭 실패하는 다른 작업이 {failing}개 있습니다. 서버 기록을 보십시오."),
        ),
    )


def intake() -> Asking:
    """Silence of the recorder would look like a quiet day."""
    quarantined, arrived, destroyed = yield lambda: (
        number_of(QuarantineItem, QuarantineItem.destroyed_at.is_(None)),
        *latest(Recording.id.desc(), Recording.arrived_at),
        select(func.max(Tombstone.destroyed_at)),
    )
    last, limit = arrived or destroyed, settings().compliance.silent_hours
    silence = working_time(last or clock.now(), clock.now())
    hours = silence.total_seconds() / 3600
    return Check(
        settings().articles.information,
        "통화가 빠짐없이 들어온다.",
        "작업기가 2초마다 반입 폴더를 읽고, 읽지 못한 것은 암호화하여 보류합니다.",
        (
            f"마지막 반입 {korean_datetime(last) if last else '아직 없음'}",
            f"그 뒤 근무 시간 {hours:.1f}시간 (기준 {limit}시간)",
            f"보류 중인 파일 {quarantined}건",
        ),
        problems(
            (
                silence > timedelta(hours=limit),
                f"근무 시간 {hours:.0f}시간 동안 들어온 통화가 없습니다. "
                + worded("{recorder:과/와} 반입 폴더의 ")
                + "연결을 확인해 주십시오.",
            )
        ),
        (Link("반입 보류함", "recordings.quarantine", Permission.SEE_QUARANTINE),),
    )


def recorder() -> Asking:
    """녹취장비 자체 보관: what the recorder itself keeps, only a person can see."""
    newest = RecorderCheck.id.desc()
    checked_on, clean, name = yield lambda: (
        *latest(newest, RecorderCheck.checked_on, RecorderCheck.clean),
        select(Person.name).join(Account).join(RecorderCheck).order_by(newest).limit(1),
    )
    days = settings().compliance.recorder_check_days
    old = checked_on is None or (clock.today() - checked_on).days > days
    own = settings().institution.recorder_word
    seen = f"{korean_date(checked_on)} {name}" if checked_on else "없음"
    return Check(
        settings().articles.retention,
        worded("{recorder} 자체에도 지난 {information:이/가} 남지 않는다."),
        f"{settings().titles.custodian:이/가} 장비를 직접 보고 확인일을 적습니다.",
        (worded("{recorder} 자체 보관 확인일: ") + seen,),
        problems(
            (old, f"{days}일 안에 {own:을/를} 확인한 기록이 없습니다. 확인하고 적어 주십시오."),
            (
                clean is False,
                f"{own}에 보관기간이 지난 것이 남아 있습니다. 장비의 보관 설정을 고치십시오.",
            ),
        ),
    )


def working_time(start: datetime, end: datetime) -> timedelta:
    """The time between two moments that lies in working hours; at most a month is counted."""
    begin, until = clock.seoul(max(start, end - _FAR_BACK)), clock.seoul(end)
    total, day = timedelta(), begin.date()
    while day <= until.date():
        if is_working_day(day):
            opens = datetime.combine(day, _DAY_BEGINS, clock.SEOUL)
            closes = datetime.combine(day, _DAY_ENDS, clock.SEOUL)
            total += max(min(closes, until) - max(opens, begin), timedelta())
        day += timedelta(days=1)
    return total


def _last_destruction(last: datetime | None, recordings: int, total: int) -> str:
    if last is None:
        return "아직 파기한 통화가 없음"
    moment = clock.seoul(last)
    return (
        f"마지막 파기 {korean_date(moment.date())} {moment:%H:%M:%S} ({recordings}건), "
        f"모두 {total}건 파기"
    )
