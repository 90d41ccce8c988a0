"""The side menu: what a person with these roles can go to, grouped by task."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Flask, g, request, url_for
from flask_login import current_user

from portal.access import Permission, allows, may
from portal.accounts import sessions
from portal.roles import Role
from portal.runtime import settings
from portal.web.login import current_login_session, me
from portal.web.open_work import open_work
from portal.web.turned import turned_to

_HERE = "portal_menu_entry"


@dataclass(frozen=True)
class _Entry:
    label: str
    endpoint: str
    permission: Permission


_MENU: list[tuple[str, list[_Entry]]] = [
    (
        "내 업무",
        [
            _Entry("내 통화", "recordings.own_calls", Permission.SEE_OWN_CALLS),
            _Entry("공용 전화 통화", "recordings.shared", Permission.SEE_OWN_CALLS),
            _Entry("내 신청", "applications.own", Permission.FILE_APPLICATION),
            _Entry("파기확인", "destruction.awaited", Permission.CONFIRM_DESTRUCTION),
            _Entry("알림", "notices.own", Permission.USE_ACCOUNT),
        ],
    ),
    (
        "민원창구",
        [
            _Entry(
                "민원인 신청 입력", "applications.new_for_citizen", Permission.ENTER_FOR_CITIZEN
            ),
            _Entry(
                "직원 신청 대신 입력", "applications.choose_employee", Permission.FILE_FOR_EMPLOYEE
            ),
            _Entry("창구 신청 목록", "applications.at_counter", Permission.ENTER_FOR_CITIZEN),
            _Entry("빈 서식", "documents.blanks", Permission.ENTER_FOR_CITIZEN),
            _Entry("전화 안내", "notices.calls", Permission.ENTER_FOR_CITIZEN),
        ],
    ),
    (
        "처리",
        [
            _Entry("접수함", "applications.intake", Permission.RECEIVE_APPLICATION),
            _Entry("결재대기함", "approvals.queue", Permission.SEE_APPROVALS),
            _Entry("인계·인수", "handover.waiting", Permission.HAND_OVER),
            _Entry("공용 통화 확인", "recordings.claims", Permission.CONFIRM_CLAIMS),
            _Entry("제공", "packages.waiting", Permission.HAND_OVER),
        ],
    ),
    (
        "기록",
        [
            _Entry("현황판", "dashboard.page", Permission.SEE_DASHBOARD),
            _Entry("관리대장", "ledger.rows", Permission.READ_LEDGER),
            _Entry("제3자 제공 대장", "ledger.third_party", Permission.READ_LEDGER),
            _Entry("사용 제한", "restrictions.rows", Permission.SEE_RESTRICTIONS),
            _Entry("파기 기록", "documents.destructions", Permission.READ_LEDGER),
            _Entry("내 문서", "prints.mine", Permission.READ_LEDGER),
            _Entry("접속기록", "access_log.events", Permission.READ_LOG),
            _Entry("월 점검", "access_log.months", Permission.READ_LOG),
            _Entry("지침 이행 현황", "compliance.page", Permission.SEE_COMPLIANCE),
            _Entry("반입 보류함", "recordings.quarantine", Permission.SEE_QUARANTINE),
        ],
    ),
    (
        "계정",
        [
            _Entry("계정 관리", "accounts.accounts", Permission.MANAGE_ACCOUNTS),
            _Entry("부서·내선", "organisation.departments", Permission.MANAGE_ORGANISATION),
            _Entry("직무대리", "accounts.acting", Permission.NAME_ACTING),
            _Entry("계정 변경 확인", "accounts.changes", Permission.CONFIRM_CHANGES),
            _Entry("내 계정", "accounts.own", Permission.USE_ACCOUNT),
            _Entry("도움말", "guidance.own", Permission.USE_ACCOUNT),
            _Entry("쉬는 날", "holidays.days", Permission.KEEP_HOLIDAYS),
            _Entry("설정", "settings.page", Permission.SEE_SETTINGS),
        ],
    ),
]


def init_app(app: Flask) -> None:
    app.context_processor(_context)


def _context() -> dict[str, object]:
    rules = settings()
    names = {"institution": rules.institution.name, "portal_name": rules.institution.portal_name}
    context: dict[str, object] = {
        "settings": names,
        "rules": rules,
        "home_url": url_for("accounts.home"),
    }
    if not current_user.is_authenticated:
        return context
    context["session_left"] = session_left  # on a turned screen too: it warns before it closes
    if turned_to() is None:
        context |= {"navigation": menu(), "user_box": user_box(), "open_digest": open_digest}
    return context


def stand_under_somebody_elses() -> None:
    """Mark on the page of another's application the list it is found in, not 내 신청."""
    setattr(g, _HERE, ("applications.at_counter", "applications.intake", "approvals.queue"))


def session_left() -> str:
    """The seconds that `presence.js` counts down: to the idle end, to the absolute end, warned."""
    left = sessions.left(current_login_session())
    return f"{left['idle']} {left['absolute']} {left['warn']}"


def user_box() -> dict[str, str]:
    """Who is logged in, for the masthead."""
    return {
        "name": current_user.name,
        "department": current_user.person.department_name,
        "href": url_for("accounts.own"),
        "logout_url": url_for("accounts.logout"),
    }


def menu() -> list[dict[str, object]]:
    """Groups of links for the person who is logged in; empty groups are left out."""
    shown = [
        (title, [entry for entry in entries if allows(current_user, entry.permission)])
        for title, entries in _MENU
    ]
    here = _current([entry for _title, entries in shown for entry in entries])
    waiting = open_work(me())
    return [
        {"title": title, "items": [_item(entry, here, waiting) for entry in entries]}
        for title, entries in shown
        if entries
    ]


def entries_of(role: Role) -> list[tuple[str, list[tuple[str, str]]]]:
    """The menu of somebody with this role alone: groups of labels and endpoints."""
    shown = (
        (title, [(e.label, e.endpoint) for e in entries if may(frozenset({role}), e.permission)])
        for title, entries in _MENU
    )
    return [(title, entries) for title, entries in shown if entries]


def _item(entry: _Entry, here: str | None, waiting: Mapping[str, int]) -> dict[str, object]:
    """`current`: "page" on the entry's own page, "true" on one beneath it; `count` None where
    nothing is counted."""
    current = "page" if request.endpoint == entry.endpoint else "true"
    return {
        "label": entry.label,
        "href": url_for(entry.endpoint),
        "key": entry.endpoint.replace(".", "-"),
        "current": current if entry.endpoint == here else None,
        "count": waiting.get(entry.endpoint),
    }


def _current(entries: list[_Entry]) -> str | None:
    """The entry whose address is the page's, or the longest one that the page lies beneath."""
    offered = [entry.endpoint for entry in entries]
    named: tuple[str, ...] = g.get(_HERE, ())
    if found := next((endpoint for endpoint in named if endpoint in offered), None):
        return found
    path = request.path
    above = {
        entry.endpoint: address
        for entry in entries
        if path == (address := url_for(entry.endpoint)) or path.startswith(address + "/")
    }
    return max(above, key=lambda endpoint: len(above[endpoint]), default=None)


def open_digest() -> str:
    """Changes whenever a count of the menu does."""
    return ".".join(str(count) for count in open_work(me()).values())
