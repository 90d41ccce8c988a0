"""What is told because of the calendar or because something stands still: the second table.

`docs/notices.md` prints it below the first one (`who.py`); the tests hold the two together.
"""

from __future__ import annotations

from dataclasses import dataclass

from portal.notices.kinds import Kind
from portal.notices.wording import words_of
from portal.words import worded


@dataclass(frozen=True)
class Occasion:
    """`when` and `whom` in words, with the default settings' numbers."""

    when: str
    whom: str
    kind: Kind


REMINDERS: tuple[Occasion, ...] = (
    Occasion("처리기한 5·2·1 근무일 전, 접수 단계", "{titles.custodian}", Kind.REMIND_INTAKE),
    Occasion("처리기한 5·2·1 근무일 전, 결재 단계", "그 단계의 결재자", Kind.REMIND_APPROVAL),
    Occasion("처리기한 5·2·1 근무일 전, 인계 단계", "인계자", Kind.REMIND_HANDOVER),
    Occasion("처리기한이 된 날", "바로 위의 사람", Kind.LATE),
    Occasion("보완기한 5·2·1 근무일 전과 그날", "신청인(직원)", Kind.REMIND_SUPPLEMENT),
    Occasion("보완기한 2 근무일 전부터", "입력한 사람(전화 안내)", Kind.TO_CALL),
    Occasion("보완기한이 지난 뒤", "{titles.custodian}", Kind.SUPPLEMENT_LATE),
    Occasion("파기확인 기한 5·2·1 근무일 전과 그날", "제공받은 직원", Kind.REMIND_DESTRUCTION),
    Occasion("파기확인 기한 5 근무일 전과 그날", "입력한 사람(전화 안내)", Kind.TO_CALL),
    Occasion("파기확인 기한 5 근무일 전과 그날, 공문 제공", "인계자", Kind.ASK_DESTRUCTION),
    Occasion("파기확인 기한이 지난 뒤 7일마다", "제공받은 직원", Kind.DESTRUCTION_LATE),
    Occasion("파기확인 기한이 지난 뒤", "{titles.custodian}", Kind.DESTRUCTION_UNANSWERED),
    Occasion("달이 끝난 뒤, 10일이 지나면 다시", "정책임자", Kind.MONTH_TO_SIGN),
    Occasion("달이 끝나고 10일이 지난 뒤", "{titles.auditor}", Kind.MONTH_UNSIGNED),
    Occasion("월 점검 서명 뒤 10일이 지나면 다시", "{titles.auditor}", Kind.MONTH_TO_COUNTERSIGN),
    Occasion("월 점검 서명 뒤 10일이 지난 뒤", "정책임자", Kind.MONTH_UNCOUNTERSIGNED),
    Occasion("제3자 제공의 공개 기한 5·2·1 근무일 전", "{titles.custodian}", Kind.TO_PUBLISH),
    Occasion(
        "제3자 제공의 공개 기한이 된 날", "{titles.custodian}, 정책임자", Kind.PUBLICATION_LATE
    ),
    Occasion(
        "직무대리의 마지막 날 다음 근무일",
        "직무대리, 부재자, {titles.custodian}",
        Kind.ACTING_ENDED,
    ),
    Occasion("반입이 멈춘 때, 하루 한 번", "{titles.custodian}", Kind.INTAKE_STANDS),
    Occasion("삭제가 멈춘 때, 하루 한 번", "{titles.custodian}", Kind.DELETION_STANDS),
    Occasion("메일 하나를 그만둔 때, 하루 한 번", "{titles.custodian}", Kind.MAIL_FAILED),
    Occasion("작업기가 멈춘 때, 하루 한 번", "{titles.custodian}", Kind.WORKER_STANDS),
    Occasion("디스크가 거의 찬 때, 하루 한 번", "{titles.custodian}", Kind.DISK_LOW),
)


def as_markdown() -> str:
    """The table as `docs/notices.md` shows it."""
    lines = ["| 때 | 누구에게 | 알림 | 할 일 |", "|---|---|---|---|"]
    for row in REMINDERS:
        words = words_of(row.kind)
        title = words.title.replace("None", "N")
        lines.append(f"| {row.when} | {worded(row.whom)} | {title} | {words.todo} |")
    return "\n".join(lines)
