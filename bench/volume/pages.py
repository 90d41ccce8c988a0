"""What is asked for: each list, search, queue and open page, as who works with it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from flask.testing import FlaskClient
from sqlalchemy import func, select

from portal import clock
from portal.accounts.models import Account
from portal.applications.models import Application
from portal.extensions import db
from portal.ledger.models import LedgerRow
from portal.recordings.models import Recording


@dataclass(frozen=True)
class View:
    """One page; `path` finds its address in the installation that is asked."""

    name: str
    login: str
    path: Callable[[FlaskClient], str]


def _fixed(path: str) -> Callable[[FlaskClient], str]:
    return lambda _client: path


def _application(state: str) -> Callable[[], Application]:
    def newest() -> Application:
        found = select(Application).where(Application.state == state)
        return db.session.scalars(found.order_by(Application.id.desc()).limit(1)).one()

    return newest


def _of(template: str, state: str) -> Callable[[FlaskClient], str]:
    return lambda _client: template.format(_application(state)().public_id)


def _entered(template: str) -> Callable[[FlaskClient], str]:
    """The newest that the officer of the counter entered and that came to its end."""

    def path(_client: FlaskClient) -> str:
        mine = select(Application).join(Account, Account.id == Application.entered_by_id)
        mine = mine.where(Account.login == "counter", Application.state == "closed")
        newest = db.session.scalars(mine.order_by(Application.id.desc()).limit(1)).one()
        return template.format(newest.public_id)

    return path


def _middle() -> LedgerRow:
    count = db.session.scalar(select(func.max(LedgerRow.id))) or 0
    return db.session.get_one(LedgerRow, count // 2)


def _last_page(path: str, rows: int) -> Callable[[FlaskClient], str]:
    """Twenty rows a page; as deep as the list counts."""

    def deep(_client: FlaskClient) -> str:
        pages = min(rows, 10_000) // 20
        return f"{path}{'&' if '?' in path else '?'}page={pages}&per_page=20"

    return deep


def _searched(path: str, text: Callable[[], str]) -> Callable[[FlaskClient], str]:
    """The address to which the search box leads: the typed words stand on the server."""

    def found(client: FlaskClient) -> str:
        to, _, filters = path.partition("?")
        fields = dict(pair.split("=") for pair in filters.split("&") if pair)
        page = client.get(to).get_data(as_text=True)
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
        fields |= {"csrf_token": token[1] if token else "", "to": to, "q": text()}
        return client.post("/find", data=fields).headers["Location"]

    return found


def _a_number() -> str:
    known = select(Recording.caller_number).where(Recording.caller_number.is_not(None))
    return db.session.scalars(known.limit(1)).one() or ""


def _a_ledger_number() -> str:
    return _middle().numbers_text


def _control_no() -> str:
    return _middle().control_no


def _name() -> str:
    return _middle().applicant_name


def _this_year() -> str:
    return f"since={clock.today().year}-01-01"


def _last_four(path: str) -> Callable[[FlaskClient], str]:
    return _searched(path, lambda: _a_number()[-4:])


PAGES = (
    View("내 통화", "employee", _fixed("/calls")),
    View("내 통화, 번호 끝 4자리", "employee", _last_four("/calls")),
    View("내 신청", "employee", _fixed("/applications")),
    View("창구 신청", "counter", _fixed("/applications/counter")),
    View("신청 화면", "counter", _entered("/applications/{}")),
    View("접수함", "custodian", _fixed("/intake")),
    View("접수함, 전체", "custodian", _fixed("/intake?tab=all")),
    View("접수함, 전체의 끝", "custodian", _last_page("/intake?tab=all", 10_000)),
    View(
        "접수함, 관리번호",
        "custodian",
        _searched("/intake?tab=all", _control_no),
    ),
    View(
        "접수함, 이름",
        "custodian",
        _searched("/intake?tab=all", _name),
    ),
    View("접수함, 번호 끝 4자리", "custodian", _last_four("/intake?tab=all")),
    View("접수 처리", "custodian", _of("/intake/{}", "received")),
    View("결재대기함", "leader", _fixed("/approvals")),
    View("결재 화면", "leader", _of("/approvals/{}", "reviewed")),
    View("인계·인수 대기", "custodian", _fixed("/handover")),
    View("관리대장", "custodian", _fixed("/ledger")),
    View("관리대장의 끝", "custodian", _last_page("/ledger", 10_000)),
    View("관리대장, 관리번호", "custodian", _searched("/ledger", _control_no)),
    View("관리대장, 이름", "custodian", _searched("/ledger", _name)),
    View("관리대장, 번호", "custodian", _searched("/ledger", _a_ledger_number)),
    View(
        "관리대장, 기간",
        "custodian",
        lambda _client: f"/ledger?{_this_year()}",
    ),
    View("접속기록", "auditor", _fixed("/log")),
    View("접속기록의 끝", "auditor", _last_page("/log", 10_000)),
    View("월 점검 목록", "auditor", _fixed("/log/months")),
    View("지침 이행 현황", "custodian", _fixed("/compliance")),
    View("계정", "custodian", _fixed("/accounts")),
    View("내선", "custodian", _fixed("/organisation/extensions")),
    View("부서", "custodian", _fixed("/organisation")),
    View("내선 미확인", "custodian", _fixed("/organisation/unknown")),
    View("사용 제한", "custodian", _fixed("/restrictions")),
    View("고지 없는 통화", "custodian", _fixed("/restrictions/candidates")),
    View("보류 파일", "custodian", _fixed("/quarantine")),
    View("알림", "custodian", _fixed("/notices")),
    View("파기확인", "custodian", _fixed("/destruction")),
    View("파기 기록", "custodian", _fixed("/documents/destructions")),
    View("내 문서", "custodian", _fixed("/prints")),
    View("현황판", "custodian", _fixed("/dashboard")),
    View("설정", "custodian", _fixed("/settings")),
    View("도움말", "custodian", _fixed("/help/custodian")),
    View("직원", "custodian", _fixed("/organisation/people")),
    View("보내지 못한 메일", "custodian", _fixed("/notices/mails")),
    View("지나간 결재", "leader", _fixed("/approvals?tab=past")),
    View("지나간 결재, 없음", "head", _fixed("/approvals?tab=past")),
    View("처리한 결재", "leader", _fixed("/approvals?tab=done")),
    View("처리한 결재의 끝", "leader", _last_page("/approvals?tab=done", 10_000)),
    View("인계한 것", "custodian", _fixed("/handover?tab=done")),
    View("인계한 것의 끝", "custodian", _last_page("/handover?tab=done", 10_000)),
    View("제3자 제공", "custodian", _fixed("/ledger/third-party")),
    View("제공 대기", "custodian", _fixed("/packages")),
    View("휴일", "custodian", _fixed("/holidays")),
)
