"""What people do once an application is approved: handover, hearing, taking away, destruction."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import Any

from handover.conftest import drawn
from packages.provision import STICK
from portal import clock
from portal.accounts import sessions
from portal.database import write
from portal.destruction import confirm
from portal.handover.hand_over import hand_over
from portal.handover.prepare import make_unsigned, prepare, receipt_of
from portal.handover.sign import Side, sign, store_signature
from portal.packages import send
from portal.packages.ask import ask
from portal.packages.gate import current_package
from portal.packages.offer import offer_again
from portal.packages.open_download import open_download
from portal.packages.refusal import PackageRefused
from portal.playback.close import finish
from portal.playback.open_session import open_session
from portal.runtime import settings
from stories.deeds import Deed
from stories.matter import SESSION, Listening, Matter, Receipt
from stories.town import Actor, Town

_drawn = cache(drawn)


class NothingPrepared(Exception):
    """만들어진 인계·인수증이 없습니다."""

    def __str__(self) -> str:
        return "인계·인수증이 없습니다."


def _prepare(_town: Town, m: Matter, who: Actor, _n: int) -> None:
    document = make_unsigned(m.row, who.account)
    with write():
        prepare(m.row, document, by=who.account, identity_document="주민등록증")


def _prepared(_town: Town, m: Matter, who: Actor, _n: int, _result: Any) -> None:
    m.receipt = Receipt(who, clock.today(), list(m.living))


def _may_sign(side: Side) -> Any:
    def may(_town: Town, m: Matter, who: Actor, _n: int) -> bool:
        receipt = m.receipt
        if m.state != "approved" or receipt is None or side in receipt.signed or not m.living:
            return False
        own_hand = side == "transferee" and m.applicant is who and not who.closed
        on_screen = who is receipt.by and m.hands_over(who)
        return receipt.day == clock.today() and (own_hand or on_screen)

    return may


def _sign(side: Side) -> Any:
    def do(_town: Town, m: Matter, who: Actor, _n: int) -> None:
        receipt = receipt_of(m.row)
        if receipt is None:
            raise NothingPrepared
        blob, sha256 = store_signature(_drawn()), receipt.unsigned_sha256
        with write():
            sign(receipt, side, blob, sha256=sha256, by=who.account)

    return do


def _signed(side: Side) -> Any:
    def after(_town: Town, m: Matter, _who: Actor, _n: int, _result: Any) -> None:
        assert m.receipt
        m.receipt.signed.add(side)

    return after


def _may_complete(_town: Town, m: Matter, who: Actor, _n: int) -> bool:
    receipt = m.receipt
    if m.state != "approved" or receipt is None or len(receipt.signed) < 2:
        return False
    mine = m.hands_over(who) or (m.applicant is who and not who.closed)
    unchanged = receipt.day == clock.today() and m.living == receipt.calls
    return mine and unchanged and bool(m.living)


def _complete(_town: Town, m: Matter, who: Actor, _n: int) -> None:
    receipt = receipt_of(m.row)
    if receipt is None:
        raise NothingPrepared
    hand_over(receipt, by=who.account)


def _completed(_town: Town, m: Matter, _who: Actor, _n: int, _result: Any) -> None:
    assert m.receipt
    m.state, m.handed_over = "handed_over", True
    if m.type == "provision":
        m.package, m.offered_by = "offered", m.receipt.by
        return
    week = clock.now() + timedelta(days=settings().inspection.window_days)
    m.window_until = min(week, max(clock.midnight(call.delete_on) for call in m.living))


def log_in(who: Actor) -> int:
    with write() as session:
        login, _token = sessions.begin(who.account)
        session.flush()
        return login.id


def _open(_town: Town, m: Matter, who: Actor, _n: int) -> tuple[int, str, int]:
    with write() as session:
        login, _token = sessions.begin(who.account)
        session.flush()
    login_id, code = login.id, who.code()
    listening = open_session(
        m.row, who.account, login, "사실 확인", code, identity_document="주민등록증"
    )
    return listening.id, listening.public_id, login_id


def _opened(_town: Town, m: Matter, who: Actor, _n: int, result: tuple[int, str, int]) -> None:
    m.end_sessions(who)
    now = clock.now()
    ends = [clock.midnight(call.delete_on) for call in m.living]
    assert m.window_until
    until = min(now + SESSION, m.window_until, *ends)
    m.sessions.append(Listening(result[0], result[1], who, result[2], now, now, until))


def _finished(_town: Town, m: Matter, _who: Actor, _n: int, _result: Any) -> None:
    m.state = "closed"
    m.end_sessions()


def _is_provided(m: Matter) -> bool:
    return m.state == "handed_over" and m.type == "provision"


def _asked(_town: Town, m: Matter, _who: Actor, _n: int, _result: Any) -> None:
    m.package, m.package_day = "building", min(call.delete_on for call in m.living)


def _may_download(_town: Town, m: Matter, who: Actor, _n: int) -> bool:
    alive = m.package_day is not None and clock.today() < m.package_day
    return _is_provided(m) and m.package == "ready" and alive and m.carries(who)


def _download(_town: Town, m: Matter, who: Actor, _n: int) -> int:
    package = current_package(m.row)
    if package is None:
        raise PackageRefused("stranger")
    with write() as session:
        login, _token = sessions.begin(who.account)
        session.flush()
    code = who.code()
    download = open_download(package, who.account, login, code, STICK)
    right = send.ticket(download.public_id, who.account, login)
    return sum(len(piece) for piece in send.pieces(right, 0, right.size))


def _downloaded(_town: Town, m: Matter, _who: Actor, _n: int, size: int) -> None:
    assert size > 1000
    m.package, m.taken = "used", True


def _may_offer(_town: Town, m: Matter, who: Actor, _n: int) -> bool:
    stuck = m.applicant is None and m.offered_by is not None and not m.carries(m.offered_by)
    needed = m.package != "offered" or stuck
    return _is_provided(m) and needed and m.hands_out(who) and bool(m.living)


def _offered(_town: Town, m: Matter, who: Actor, _n: int, _result: Any) -> None:
    m.package, m.package_day, m.offered_by = "offered", None, who


def _may_confirm(_town: Town, m: Matter, who: Actor, _n: int) -> bool:
    mine = who is m.applicant if m.applicant else m.hands_out(who)
    return _is_provided(m) and m.taken and mine and not who.closed


def _confirm(_town: Town, m: Matter, who: Actor, _n: int) -> None:
    confirm.confirm(m.row, by=who.account, destroyed_on=clock.today(), told_how="telephone")


def _confirmed(_town: Town, m: Matter, _who: Actor, _n: int, _result: Any) -> None:
    m.state = "closed"
    m.package = "void" if m.package in ("offered", "building", "ready") else m.package


def _may_see_password(_town: Town, m: Matter, who: Actor, _n: int) -> bool:
    return _is_provided(m) and m.package == "offered" and m.carries(who) and bool(m.living)


DEEDS_AFTER: dict[str, Deed] = {
    "prepare": Deed(
        lambda t, m, w, n: m.state == "approved" and m.hands_over(w) and bool(m.living),
        _prepare,
        _prepared,
        alone=True,
    ),
    "transferee signs": Deed(
        _may_sign("transferee"), _sign("transferee"), _signed("transferee"), alone=True
    ),
    "transferor signs": Deed(
        _may_sign("transferor"), _sign("transferor"), _signed("transferor"), alone=True
    ),
    "complete": Deed(_may_complete, _complete, _completed, alone=True),
    "unlock": Deed(lambda t, m, w, n: m.may_hear(w), _open, _opened, alone=True),
    "finish": Deed(
        lambda t, m, w, n: m.state == "handed_over" and m.type == "inspection" and m.attends(w),
        lambda t, m, w, n: finish(m.row, w.account),
        _finished,
    ),
    "ask for the password": Deed(
        _may_see_password, lambda t, m, w, n: ask(m.row, by=w.account), _asked, alone=True
    ),
    "download": Deed(_may_download, _download, _downloaded, alone=True),
    "offer again": Deed(
        _may_offer,
        lambda t, m, w, n: offer_again(m.row, by=w.account, reason="비밀번호 분실"),
        _offered,
        alone=True,
    ),
    "confirm destruction": Deed(_may_confirm, _confirm, _confirmed, alone=True),
}
