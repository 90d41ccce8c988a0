"""보관 기간표: how long what is kept, which job removes it, and whether that job does."""

from __future__ import annotations

from datetime import timedelta
from functools import reduce
from operator import add

from sqlalchemy import select

from portal import clock
from portal.applications.models import Application
from portal.applications.states import State
from portal.audit.models import AuditEvent
from portal.compliance.check import Asking, Check, number_of, problems
from portal.compliance.history import Made, Sought, as_of
from portal.documents.text import korean_datetime
from portal.jobs.models import Job
from portal.moments import ago
from portal.retention.old_rows import overdue
from portal.runtime import settings

#: Each job runs at least once a day; what is later than this was not done.
_GRACE = timedelta(days=2)


def periods(made: Made) -> Asking:
    """Everything that goes by itself, and what is kept as a record."""
    rules, now = settings(), clock.now()
    draft_days, log_days = rules.application.draft_days, rules.log.keep_days
    records = Sought("compliance.records_due", made)
    drafts, prints, first, rows, *more = yield lambda: (
        number_of(
            Application,
            Application.state == State.DRAFT,
            Application.saved_at < ago(timedelta(days=draft_days) + _GRACE),
        ),
        number_of(Job, Job.expires_at < ago(_GRACE)),
        select(AuditEvent.at).order_by(AuditEvent.seq).limit(1),
        select(reduce(add, (late.scalar_subquery() for late in overdue(_GRACE)))),
        *records.asked(),
    )
    unpruned = first is not None and first < now - timedelta(days=log_days) - _GRACE
    due = records.told(more)
    return Check(
        settings().articles.retention,
        "정한 기간이 지난 자료는 스스로 지워진다.",
        "작업기가 종류마다 따로 지우고 그때마다 접속기록에 남깁니다.",
        (
            f"작성중 신청 {draft_days}일 (기한 지난 것 {drafts}건)",
            f"접속기록 {log_days}일 (가장 오래된 것 {korean_datetime(first) if first else '없음'})",
            f"만든 인쇄·엑셀 파일 (기한 지난 것 {prints}건)",
            f"알림과 메일 {rules.keep.notices_days}일, 로그인 이력 {rules.keep.logins_days}일 "
            f"(기한 지난 것 {rows}건)",
            f"제공 파일: 원본과 같이 {rules.retention.length}",
            "신분증: 사본을 받지 않고 확인한 사실만 남김",
            f"신청, 증명서류, 서명, 발급 문서, 관리대장: 기록물로 {rules.keep.records_years}년 "
            f"(보존기간이 끝나 기록관의 심의를 받을 신청 {due.value}건{as_of(due)})",
        ),
        problems(
            (drafts > 0, f"기한이 지난 작성중 신청이 {drafts}건 남아 있습니다."),
            (unpruned, "보관기간이 지난 접속기록이 정리되지 않았습니다."),
            (prints > 0, f"기한이 지난 인쇄·엑셀 파일이 {prints}건 남아 있습니다."),
            (rows > 0, f"기한이 지난 알림, 로그인 이력과 작업 기록이 {rows}건 남아 있습니다."),
        ),
    )
