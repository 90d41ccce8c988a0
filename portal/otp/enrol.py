"""Enrolling an authenticator: a secret is in force once its first code was right."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime

import pyotp
from sqlalchemy import delete, func, select, update

from portal import audit, clock
from portal.accounts.models import Account
from portal.database import lock, write, writing
from portal.extensions import db
from portal.otp.codes import (
    NOT_ENROLLED,
    CodeRefused,
    count_failure,
    matching_step,
    refuse_locked,
)
from portal.otp.models import RecoveryCode, TotpDevice
from portal.runtime import settings
from portal.words import worded

# Without letters and digits that look alike: recovery codes are written down by hand.
_ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
_GROUPS, _GROUP = 4, 4
_FIRST_CODE_WRONG = (
    "인증번호가 맞지 않습니다. 방금 등록한 항목의 지금 번호를 입력해 주십시오. "
    "계속되면 휴대전화의 시각이 자동으로 맞추어져 있는지 확인해 주십시오."
)


class AlreadyEnrolled(Exception):
    """A device is in force; only a reset or a recovery code opens the way to another."""

    def __init__(self) -> None:
        super().__init__(
            worded(
                "이미 인증 앱이 등록되어 있습니다. 기기를 바꾸셨으면 복구 코드를 쓰거나 "
                "{titles.custodian}에게 인증 앱 초기화를 요청해 주십시오."
            )
        )


@dataclass(frozen=True)
class Enrolment:
    """What somebody may know about their own device."""

    since: datetime | None
    recovery_codes_left: int


def begin(account: Account) -> str:
    """A new secret (base32), not yet in force. Raises `AlreadyEnrolled`.

    Opens its own transaction.
    """
    with write():
        device = _held_device(account)
        if device and device.enrolled_at:
            raise AlreadyEnrolled
        audit.record("otp.enrolment_begun", by=account, on=account)
        return _put_pending(account, device)


def recover(account: Account, recovery_code: str) -> str:
    """Use up a recovery code for a new secret; the old device stays until its first code is right.

    Raises `CodeRefused`; wrong ones count towards the device's lock. Opens its own transaction.
    """
    secret = None
    with write():
        device = _held_device(account)
        refusal = _refuse_recovery(device, account, recovery_code)
        if refusal is None:
            secret = _put_pending(account, device)
        why = refusal[0] if refusal else None
        action = "otp.recovery_refused" if why else "otp.recovery_used"
        audit.record(action, by=account, on=account, why=why)
    if refusal or secret is None:
        raise CodeRefused(refusal[1] if refusal else NOT_ENROLLED)
    return secret


def confirm(account: Account, code: str) -> list[str]:
    """Bring the pending secret into force with its first code, which is used up by that.

    Returns the recovery codes, which are never shown again. Raises `CodeRefused`. Opens its own
    transaction.
    """
    with write():
        device = _held_device(account)
        enrolled = device is not None and _put_in_force(device, code)
        audit.record("otp.enrolled" if enrolled else "otp.refused", by=account, on=account)
        codes = _new_recovery_codes(account) if enrolled else []
    if not enrolled:
        raise CodeRefused(_FIRST_CODE_WRONG if device else NOT_ENROLLED)
    return codes


def pending_secret(account: Account) -> str | None:
    """The secret whose first code is awaited."""
    device = db.session.get(TotpDevice, account.id)
    return device.pending_secret if device else None


def enrolment_of(account: Account) -> Enrolment:
    """Since when a device is in force, and how many recovery codes are left."""
    device = db.session.get(TotpDevice, account.id)
    unused = select(func.count()).where(
        RecoveryCode.account_id == account.id, RecoveryCode.used_at.is_(None)
    )
    return Enrolment(device.enrolled_at if device else None, db.session.scalar(unused) or 0)


def remove_device(account: Account) -> None:
    """Forget device and recovery codes, inside the open `write()`: the reset of `accounts`."""
    writing().execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
    writing().execute(delete(TotpDevice).where(TotpDevice.account_id == account.id))


def _held_device(account: Account) -> TotpDevice | None:
    """The device, held until the commit; the account is held too, as there may be no device yet."""
    lock(account)
    device = db.session.get(TotpDevice, account.id)
    if device:
        lock(device)
    return device


def _put_in_force(device: TotpDevice, first_code: str) -> bool:
    step = matching_step(device.pending_secret, first_code) if device.pending_secret else None
    if step is None:
        return False
    device.secret, device.pending_secret = device.pending_secret, None
    device.last_step, device.enrolled_at = step, clock.now()
    device.failures, device.locked_until = 0, None
    return True


def _put_pending(account: Account, device: TotpDevice | None) -> str:
    secret = pyotp.random_base32()
    if device is None:
        writing().add(TotpDevice(account_id=account.id, pending_secret=secret))
    else:
        device.pending_secret = secret
    return secret


def _refuse_recovery(
    device: TotpDevice | None, account: Account, recovery_code: str
) -> tuple[str, str] | None:
    if device is None or device.enrolled_at is None:
        return "not_enrolled", NOT_ENROLLED
    if locked := refuse_locked(device):
        return locked
    used = (
        update(RecoveryCode)
        .where(
            RecoveryCode.account_id == account.id,
            RecoveryCode.code_hash == _hashed(account, recovery_code),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=clock.now())
    )
    if writing().execute(used).rowcount == 1:  # type: ignore[attr-defined]
        return None
    count_failure(device)
    wrong = "복구 코드가 맞지 않거나 이미 사용되었습니다. 다른 복구 코드를 입력해 주십시오."
    return refuse_locked(device) or ("wrong", wrong)


def _new_recovery_codes(account: Account) -> list[str]:
    codes = [_recovery_code() for _ in range(settings().otp.recovery_codes)]
    session = writing()
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
    for code in codes:
        session.add(RecoveryCode(account_id=account.id, code_hash=_hashed(account, code)))
    return codes


def _recovery_code() -> str:
    """Four groups of four, about 79 bits: a plain hash of it cannot be searched through."""
    groups = ("".join(secrets.choice(_ALPHABET) for _ in range(_GROUP)) for _ in range(_GROUPS))
    return "-".join(groups)


def _hashed(account: Account, code: str) -> str:
    plain = "".join(letter for letter in code.upper() if letter.isalnum())
    return hashlib.sha256(f"{account.public_id}:{plain}".encode()).hexdigest()
