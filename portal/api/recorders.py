"""Recorders and their tokens: made on the command line, shown once, kept as a hash, revoked."""

from __future__ import annotations

import hashlib
import re
import secrets
from datetime import timedelta

from sqlalchemy import func, select, update

from portal import audit, clock
from portal.api.models import Recorder
from portal.audit.models import AuditEvent
from portal.database import lock, write, writing
from portal.extensions import db

_NAME = re.compile(r"[A-Za-z0-9가-힣._-]{1,60}")
_USED_EVERY = timedelta(minutes=1)
#: From one address so many refusals within so long are logged one by one; then they are cut off.
REFUSALS = 20
WITHIN = timedelta(minutes=10)


class RecorderRefused(Exception):
    """The command cannot be carried out; `str()` says why."""


class BadToken(Exception):
    """No token, none that we know, or a revoked one."""


class TooManyBadTokens(BadToken):
    """As `BadToken`, from an address that was refused often lately."""


def add(name: str) -> tuple[Recorder, str]:
    """A new recorder and its token, inside `write()`. The token is kept nowhere."""
    if not _NAME.fullmatch(name):
        raise RecorderRefused("이름은 한글, 영문, 숫자, 점, 밑줄, 붙임표로 60자까지 정하세요.")
    if find(name) is not None:
        raise RecorderRefused(f"'{name}': 이미 있는 이름입니다. 다른 이름을 정하세요.")
    token = secrets.token_urlsafe(32)
    row = Recorder(name=name, token_hash=_hash(token), added_at=clock.now())
    writing().add(row)
    writing().flush()
    audit.record("recorder.add", by=None, on=row)
    return row, token


def revoke(name: str) -> Recorder:
    """From now on the recorder's token is refused, for good. Inside `write()`."""
    row = find(name)
    if row is None:
        raise RecorderRefused(f"'{name}': 없는 이름입니다. recorder list로 이름을 확인하세요.")
    lock(row)
    if row.revoked_at is not None:
        raise RecorderRefused(f"'{name}'의 토큰은 이미 폐기되었습니다.")
    row.revoked_at = clock.now()
    audit.record("recorder.revoke", by=None, on=row)
    return row


def find(name: str) -> Recorder | None:
    return db.session.scalar(select(Recorder).where(Recorder.name == name))


def recorders() -> list[Recorder]:
    """All of them, revoked ones too, oldest first."""
    return list(db.session.scalars(select(Recorder).order_by(Recorder.id)))


def authenticate(token: str) -> Recorder:
    """The recorder of a good token. Raises `BadToken`, logged on its own with the address.

    A good token passes whatever others try from the same address.
    """
    row = db.session.scalar(select(Recorder).where(Recorder.token_hash == _hash(token)))
    if token and row is not None and row.revoked_at is None:
        _note_use(row)
        return row
    if _refused_lately() >= REFUSALS:
        raise TooManyBadTokens
    why = "none" if not token else "unknown" if row is None else "revoked"
    audit.record_alone("recorder.refused", by=None, on=row, token=why)
    raise BadToken


def _note_use(row: Recorder) -> None:
    now = clock.now()
    if row.used_at is not None and now - row.used_at < _USED_EVERY:
        return
    with write() as session:
        session.execute(update(Recorder).where(Recorder.id == row.id).values(used_at=now))


def _refused_lately() -> int:
    statement = select(func.count()).where(
        AuditEvent.action == "recorder.refused",
        AuditEvent.origin == audit.origin.get(),
        AuditEvent.at > clock.now() - WITHIN,
    )
    return db.session.scalar(statement) or 0


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
