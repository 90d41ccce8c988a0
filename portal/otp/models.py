"""TOTP devices and recovery codes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.database import UtcDateTime
from portal.encrypted import Encrypted
from portal.extensions import Model


class TotpDevice(Model):
    """One account's authenticator. `last_step` is the last 30 s step whose code was used.

    `secret` is in force; `pending_secret` waits for its first code to take the other's place.
    """

    __tablename__ = "totp_device"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    secret: Mapped[str | None] = mapped_column(Encrypted("totp_device.secret"))
    pending_secret: Mapped[str | None] = mapped_column(Encrypted("totp_device.pending_secret"))
    last_step: Mapped[int] = mapped_column(BigInteger, default=0)
    enrolled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    failures: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None] = mapped_column(UtcDateTime)


class RecoveryCode(Model):
    """Allows enrolling again, once; never a playback."""

    __tablename__ = "recovery_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64))
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
