"""What the pages of the log show, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from flask import url_for

from portal.access import Permission, may
from portal.access_log.findings import Finding, findings
from portal.access_log.models import LogCheck
from portal.access_log.months import Month, check_of
from portal.access_log.names import people_of
from portal.access_log.search import Wanted
from portal.access_log.wording import ORIGINS, Group, words
from portal.accounts.models import Account
from portal.extensions import db

#: The keys of an event's detail that a reader is helped by; all others stand as they are.
_DETAIL = {
    "application": "신청",
    "attended": "입회",
    "code": "사유",
    "document": "문서",
    "end": "종료 사유",
    "endpoint": "화면",
    "hits": "찾은 건수",
    "kind": "종류",
    "listening": "청취",
    "locked": "잠금",
    "month": "달",
    "role": "역할",
    "rows": "행",
    "served": "들려준 구간",
    "to": "다음 상태",
    "why": "사유",
    "year": "연도",
}
#: What the templates of the list ask for.
WORDS: dict[str, Any] = {
    "groups": [("", "전체"), *((group.value, group.value) for group in Group)],
    "action_words": words,
    "origin_words": lambda origin: ORIGINS.get(origin, origin),
}


def address(wanted: Wanted) -> Callable[..., str]:
    """The address of the list with the same filters and another place in it."""
    filters = {
        "since": wanted.since,
        "until": wanted.until,
        "who": wanted.who or None,
        "group": wanted.group,
        "subject": wanted.subject or None,
        "size": wanted.size,
    }
    return lambda **place: url_for("access_log.events", **{**filters, **place})


def filters_used(wanted: Wanted) -> dict[str, bool]:
    """For the log of the search: which filters, never what was typed."""
    named = {
        "period": wanted.since or wanted.until,
        "by_account": wanted.who,
        "by_group": wanted.group,
        "by_subject": wanted.subject,
    }
    return {name: True for name, value in named.items() if value}


def detail_text(detail: Mapping[str, Any]) -> str:
    """`사유 locked · 종류 form2`; empty values are left out."""
    parts = [
        f"{_DETAIL.get(key, key)} {value}"
        for key, value in detail.items()
        if value not in (None, "", False)
    ]
    return " · ".join(parts)


def month_lines(months: Iterable[Month]) -> list[tuple[Month, LogCheck | None]]:
    """Each month with its check."""
    signed = {(check.year, check.month): check for check in db.session.query(LogCheck)}
    return [(month, signed.get((month.year, month.month))) for month in months]


def month_shown(month: Month, account: Account) -> dict[str, Any]:
    """What was signed, or what is found now, and what this person may do."""
    check = check_of(month)
    found = [Finding.from_json(f) for f in check.findings] if check else findings(month)
    ids = {line.account for finding in found for line in finding.lines if line.account}
    return {
        "check": check,
        "found": found,
        "people": people_of(ids),
        "may_sign": check is None and month.is_over and may(account.roles, Permission.SIGN_LOG),
        "may_countersign": check is not None
        and check.countersigned_at is None
        and check.signed_by_id != account.id
        and may(account.roles, Permission.COUNTERSIGN_LOG),
    }
