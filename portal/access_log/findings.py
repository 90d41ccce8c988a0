"""What looks odd in a month of the log, in words. Nothing here accuses: a person judges it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from statistics import median
from typing import Any

from sqlalchemy import Select, func, or_, select, true

from portal import clock
from portal.access_log.months import Month
from portal.access_log.tally import Tally, tally, views_by_day
from portal.access_log.wording import subject_words, words
from portal.accounts.models import Account, RoleGrant
from portal.extensions import db
from portal.handover.models import HandoverReceipt
from portal.playback.models import ListeningSession
from portal.roles import Role
from portal.runtime import settings
from portal.words import worded

#: Lines a finding shows; its total counts all.
MOST_LINES = 50


@dataclass(frozen=True)
class Line:
    """One sentence about one account (public id), or about nobody's."""

    account: str
    text: str


@dataclass(frozen=True)
class Finding:
    """`total` counts events, or days for unusually many views; the rule says what was looked for.

    A `must_be_none` is something that the portal prevents.
    """

    key: str
    title: str
    rule: str
    total: int
    lines: list[Line] = field(default_factory=list)
    must_be_none: bool = False

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, given: Mapping[str, Any]) -> Finding:
        return cls(**{**given, "lines": [Line(**line) for line in given["lines"]]})


def findings(month: Month) -> list[Finding]:
    """Everything the monthly check looks at, also where nothing was found."""
    counted = tally(month)
    without_receipt, heads = _receipts_and_heads(month)
    return [
        _off_hours(counted),
        _many_views(month),
        _repeated(counted),
        _refused(counted),
        _wrong(counted),
        _without_reason(counted),
        _without_receipt(without_receipt),
        _output(counted),
        _of_the_head(counted, heads),
    ]


def unreceipted_playbacks(month: Month | None = None) -> Select[int]:
    """Counts sessions opened before a completed handover (제7조③): the portal lets none be."""
    receipts = HandoverReceipt.application_id == ListeningSession.application_id
    too_early = or_(
        HandoverReceipt.handed_over_at.is_(None),
        HandoverReceipt.handed_over_at > ListeningSession.opened_at,
    )
    counted = (
        select(func.count())
        .select_from(ListeningSession)
        .outerjoin(HandoverReceipt, receipts)
        .where(too_early)
    )
    if month:
        counted = counted.where(
            ListeningSession.opened_at >= month.start, ListeningSession.opened_at < month.end
        )
    return counted


def _off_hours(counted: Tally) -> Finding:
    rules = settings().log
    lines = []
    for account, count in counted.off_hours.most_common(MOST_LINES):
        first = clock.seoul(counted.off_hours_first[account])
        when = f"{first.month}월 {first.day}일 {first:%H:%M}"
        lines.append(Line(account, f"근무 시간 외 {count}건 (처음 {when})"))
    rule = f"{rules.day_begins:02d}:00 전, {rules.day_ends:02d}:00 후, 주말과 공휴일의 접속"
    return Finding("off_hours", "근무 시간 외 접속", rule, counted.off_hours.total(), lines)


def _many_views(month: Month) -> Finding:
    rules = settings().log
    lines = []
    for account, days in views_by_day(month).items():
        for day, count in sorted(days.items()):
            usual = usual_views(days, day)
            if Month(day.year, day.month) == month and is_unusual(count, usual):
                text = f"{day.month}월 {day.day}일 {count}건 조회 (평소 하루 {usual:g}건)"
                lines.append(Line(account, text))
    rule = (
        f"하루 조회가 {rules.many_at_least}건 이상이고 본인의 평소(중앙값)의 "
        f"{rules.many_factor:g}배를 넘는 날"
    )
    return Finding("many_views", "평소보다 많은 조회", rule, len(lines), lines[:MOST_LINES])


def usual_views(days: Mapping[date, int], day: date) -> float:
    """The median of the person's other days with views; 0 where there are none."""
    others = [count for other, count in days.items() if other != day]
    return median(others) if others else 0


def is_unusual(count: int, usual: float) -> bool:
    rules = settings().log
    return count >= rules.many_at_least and count > rules.many_factor * usual


def _repeated(counted: Tally) -> Finding:
    least = settings().log.repeated
    lines, total = [], 0
    for (account, kind, _subject), count in counted.views.most_common():
        if count < least:
            break
        total += count
        lines.append(Line(account, f"같은 {subject_words(kind)} 하나를 {count}회 조회"))
    rule = f"한 사람이 같은 대상을 한 달에 {least}회 이상 조회"
    return Finding("repeated", "같은 대상의 반복 조회", rule, total, lines[:MOST_LINES])


def _refused(counted: Tally) -> Finding:
    rule = "권한이 없거나 허용되지 않은 일을 시도하여 시스템이 막은 것"
    return Finding("refused", "거부된 시도", rule, *_by_action(counted.refused))


def _wrong(counted: Tally) -> Finding:
    lines = []
    for account, count in counted.wrong.most_common(MOST_LINES):
        locks = counted.locked[account]
        text = f"틀린 비밀번호·인증번호 {count}회" + (f", 잠금 {locks}회" if locks else "")
        lines.append(Line(account, text if account else f"없는 아이디로 로그인 시도 {count}회"))
    rule = "비밀번호나 인증번호가 틀렸거나 계정이 잠긴 것"
    return Finding("wrong", "로그인·인증 실패", rule, counted.wrong.total(), lines)


def _without_reason(counted: Tally) -> Finding:
    lines = [
        Line(account, f"목적 없는 재생 {count}건")
        for account, count in counted.without_reason.most_common(MOST_LINES)
    ]
    rule = "목적을 적지 않은 재생. 시스템은 목적 없이 재생을 시작하지 않습니다."
    total = counted.without_reason.total()
    return Finding("without_reason", "목적 없는 재생", rule, total, lines, must_be_none=True)


def _receipts_and_heads(month: Month) -> tuple[int, set[str]]:
    """`unreceipted_playbacks` and `heads_in`, in one query."""
    counted, held = unreceipted_playbacks(month).subquery(), _held(month).subquery()
    both = select(counted, held).select_from(counted).outerjoin(held, true())
    rows = db.session.execute(both).all()
    return rows[0][0], {account for _, account in rows if account is not None}


def _without_receipt(total: int) -> Finding:
    rule = worded("인계·인수증 없이 연 청취({articles.decision}). 시스템은 이를 허용하지 않습니다.")
    return Finding("without_receipt", "인계·인수 없는 청취", rule, total, must_be_none=True)


def _output(counted: Tally) -> Finding:
    rule = "인쇄, 내려받기, 발급 문서 다시 열기"
    return Finding("output", "출력·내보내기", rule, *_by_action(counted.output))


def _of_the_head(counted: Tally, heads: set[str]) -> Finding:
    own = Counter({key: count for key, count in counted.own.items() if key[0] in heads})
    title = f"{settings().titles.division_head} 본인의 기록"
    rule = f"점검하는 사람 자신의 기록. 다른 사람({settings().titles.auditor})이 따로 확인합니다."
    return Finding("head", title, rule, *_by_action(own))


def heads_in(month: Month) -> set[str]:
    """Accounts (public ids) that were the head's at any moment of the month."""
    return set(db.session.scalars(_held(month)))


def _held(month: Month) -> Select[str]:
    return (
        select(Account.public_id)
        .join(RoleGrant, RoleGrant.account_id == Account.id)
        .where(
            RoleGrant.role == Role.DIVISION_HEAD,
            RoleGrant.granted_at < month.end,
            or_(RoleGrant.revoked_at.is_(None), RoleGrant.revoked_at > month.start),
        )
    )


def _by_action(counts: Counter[tuple[str, str]]) -> tuple[int, list[Line]]:
    lines = [
        Line(account, f"{words(action)} {count}건")
        for (account, action), count in counts.most_common(MOST_LINES)
    ]
    return counts.total(), lines
