"""One-time codes (RFC 6238): each works once, the later one closes the earlier ones, few guesses.

A code and its refusal are decided and committed in one transaction of their own, so that of the
same code sent twice at once one wins, and no rollback gives a guess back.
"""

from __future__ import annotations

import hmac
import re
from datetime import timedelta

import pyotp
from sqlalchemy import or_, update

from portal import audit, clock
from portal.accounts.models import Account
from portal.database import lock, write, writing
from portal.extensions import db
from portal.otp.models import TotpDevice
from portal.runtime import settings

STEP_S = 30
#: Steps before and after the current one whose codes are taken too: clocks differ.
TOLERANCE = 1
_CODE = re.compile(r"[0-9]{6}", re.ASCII)


class CodeRefused(Exception):
    """The code opens nothing; the message says what to do, never what was nearly right."""


NOT_ENROLLED = "등록된 인증 앱이 없습니다. '내 계정'에서 인증 앱을 먼저 등록해 주십시오."
WRONG = "인증번호가 맞지 않습니다. 인증 앱에 지금 보이는 6자리 숫자를 입력해 주십시오."
USED = "이미 사용한 인증번호입니다. 인증 앱에 다음 번호가 나타나면 그 번호를 입력해 주십시오."


def consume_code(account: Account, code: str) -> None:
    """Use up the current code of an account. Raises `CodeRefused`.

    Opens its own transaction: call it before the `write()` of what the code is for.
    """
    with write():
        refusal = _decide(account, code)
        why = refusal[0] if refusal else None
        audit.record("otp.refused" if why else "otp.used", by=account, on=account, why=why)
    if refusal:
        raise CodeRefused(refusal[1])


def current_code(account: Account) -> str:
    """The code of this moment; for the demo's command line only. Raises `CodeRefused`."""
    device = db.session.get(TotpDevice, account.id)
    if device is None or device.secret is None:
        raise CodeRefused(NOT_ENROLLED)
    return str(pyotp.TOTP(device.secret).at(int(clock.now().timestamp())))


def matching_step(secret: str, code: str) -> int | None:
    """The latest step near the present whose code this is, or None."""
    typed = re.sub(r"[\s-]", "", code)
    if not _CODE.fullmatch(typed):
        return None
    totp, now = pyotp.TOTP(secret), int(clock.now().timestamp()) // STEP_S
    near = range(now - TOLERANCE, now + TOLERANCE + 1)
    steps = [step for step in near if hmac.compare_digest(totp.at(step * STEP_S), typed)]
    return max(steps, default=None)


def refuse_locked(device: TotpDevice) -> tuple[str, str] | None:
    """The refusal while too many wrong codes keep the device locked."""
    if device.locked_until is None or device.locked_until <= clock.now():
        return None
    until = clock.seoul(device.locked_until)
    return "locked", (
        f"인증번호를 여러 번 틀려 {until:%H:%M}까지 잠겼습니다. 그 뒤에 다시 시도해 주십시오."
    )


def count_failure(device: TotpDevice) -> None:
    """Count a wrong code of a locked row; the last one allowed locks this account's device."""
    rules = settings().otp
    if device.locked_until is not None:  # the lock of before has run out
        device.failures, device.locked_until = 0, None
    device.failures += 1
    if device.failures >= rules.failures_before_lock:
        device.locked_until = clock.now() + timedelta(minutes=rules.lock_minutes)


def _decide(account: Account, code: str) -> tuple[str, str] | None:
    """Consume the code, or say why not: a code word for the log and the message."""
    device = db.session.get(TotpDevice, account.id)
    if device is None:
        return "not_enrolled", NOT_ENROLLED
    lock(device)
    if device.secret is None:
        return "not_enrolled", NOT_ENROLLED
    if locked := refuse_locked(device):
        return locked
    step = matching_step(device.secret, code)
    if step is None:
        count_failure(device)
        return refuse_locked(device) or ("wrong", WRONG)
    return None if _advance(account.id, step) else ("used", USED)


def _advance(account_id: int, step: int) -> bool:
    """Move `last_step` forward to the code's step; False where it is there or past it already."""
    now = clock.now()
    moved = (
        update(TotpDevice)
        .where(
            TotpDevice.account_id == account_id,
            TotpDevice.last_step < step,
            or_(TotpDevice.locked_until.is_(None), TotpDevice.locked_until <= now),
        )
        .values(last_step=step, failures=0, locked_until=None)
        .execution_options(synchronize_session=False)
    )
    return writing().execute(moved).rowcount == 1  # type: ignore[attr-defined, no-any-return]
