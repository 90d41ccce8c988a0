"""The side menu: what a person with these roles can go to, grouped by task."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app, g, request, url_for
from flask_login import current_user

from portal.access import Permission, may, permissions_of
from portal.accounts import sessions
from portal.roles import Role
from portal.runtime import settings
from portal.web.login import current_login_session, me
from portal.web.open_work import open_work
from portal.web.turned import turned_to

_HERE = "portal_menu_entry"
_KEPT, _MOST_KEPT = "portal_menu", 64


@dataclass(frozen=True)
class _Entry:
    label: str
    endpoint: str
    permission: Permission


@dataclass(frozen=True)
class _Link:
    """An entry with its address."""

    label: str
    endpoint: str
    href: str


_Groups = list[tuple[str, list[_Link]]]


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
    account = me()
    shown = _shown(permissions_of(account))
    here = _current([link for _title, links in shown for link in links])
    waiting = open_work(account)
    return [
        {"title": title, "items": [_item(link, here, waiting) for link in links]}
        for title, links in shown
    ]


def _shown(permissions: frozenset[Permission]) -> _Groups:
    """The entries of who may do this. Their addresses depend on nothing else, and building them
    took as long as the page's query, so they are kept; the permissions are asked anew."""
    kept: dict[Any, _Groups] = current_app.extensions.setdefault(_KEPT, {})
    key = permissions, request.script_root
    if key not in kept:
        if len(kept) >= _MOST_KEPT:
            kept.clear()
        kept[key] = [(title, links) for title, links in _links(permissions) if links]
    return kept[key]


def _links(permissions: frozenset[Permission]) -> Iterator[tuple[str, list[_Link]]]:
    for title, entries in _MENU:
        offered = (entry for entry in entries if entry.permission in permissions)
        yield title, [_Link(e.label, e.endpoint, url_for(e.endpoint)) for e in offered]


def entries_of(role: Role) -> list[tuple[str, list[tuple[str, str]]]]:
    """The menu of somebody with this role alone: groups of labels and endpoints."""
    shown = (
        (title, [(e.label, e.endpoint) for e in entries if may(frozenset({role}), e.permission)])
        for title, entries in _MENU
    )
    return [(title, entries) for title, entries in shown if entries]


def _item(link: _Link, here: str | None, waiting: Mapping[str, int]) -> dict[str, object]:
    """`current`: "page" on the entry's own page, "true" on one beneath it; `count` None where
    nothing is counted."""
    current = "page" if request.endpoint == link.endpoint else "true"
    return {
        "label": link.label,
        "href": link.href,
        "key": link.endpoint.replace(".", "-"),
        "current": current if link.endpoint == here else None,
        "count": waiting.get(link.endpoint),
    }


def _current(links: list[_Link]) -> str | None:
    """The entry whose address is the page's, or the longest one that the page lies beneath."""
    named: tuple[str, ...] = g.get(_HERE, ())
    offered = {link.endpoint for link in links}
    if found := next((endpoint for endpoint in named if endpoint in offered), None):
        return found
    path = request.path
    above = [link for link in links if path == link.href or path.startswith(link.href + "/")]
    nearest = max(above, key=lambda link: len(link.href), default=None)
    return nearest.endpoint if nearest else None


def open_digest() -> str:
    """Changes whenever a count of the menu does."""
    return ".".join(str(count) for count in open_work(me()).values())
