"""Login sessions on the server: idle and absolute end, ended at once when something changes."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import update

from portal import audit, clock
from portal.accounts.models import Account, LoginSession
from portal.accounts.who import login_of
from portal.database import writing
from portal.runtime import settings

SEEN_EVERY = timedelta(minutes=1)
#: How long before the end the page warns.
WARN_BEFORE = timedelta(minutes=5)


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def begin(account: Account) -> tuple[LoginSession, str]:
    """A new session of an account and the token for its cookie."""
    token = secrets.token_urlsafe(32)
    now = clock.now()
    session = LoginSession(
        token_hash=token_hash(token),
        account_id=account.id,
        origin=audit.origin.get(),
        started_at=now,
        seen_at=now,
    )
    writing().add(session)
    audit.record("login.success", by=account)
    return session, token


def find(token: str) -> LoginSession | None:
    """The living session of a token; None where it ended, ran out, or its account is closed."""
    found = login_of(token_hash(token))
    return found if found and is_alive(found, clock.now()) else None


def is_alive(session: LoginSession, now: datetime) -> bool:
    return session.ended_at is None and session.account.is_active and now < ends_at(session)


def ends_at(session: LoginSession) -> datetime:
    """When the session ends by itself: idle too long, or its absolute end, whichever is first."""
    rules = settings().login
    idle = session.seen_at + timedelta(minutes=rules.idle_minutes)
    absolute = session.started_at + timedelta(hours=rules.absolute_hours)
    return min(idle, absolute)


def left(session: LoginSession) -> dict[str, int]:
    """Whole seconds until the idle and the absolute end, and how long before it one is warned.

    A third of the idle time at most, so that nobody is warned all the time; 20 seconds at least.
    """
    rules, now = settings().login, clock.now()
    absolute = session.started_at + timedelta(hours=rules.absolute_hours)
    idle = session.seen_at + timedelta(minutes=rules.idle_minutes)
    return {
        "idle": max(int((idle - now).total_seconds()), 0),
        "absolute": max(int((absolute - now).total_seconds()), 0),
        "warn": min(int(WARN_BEFORE.total_seconds()), rules.idle_minutes * 20),
    }


def touch(session: LoginSession) -> None:
    """Note that the person is there. Callers skip this for polling."""
    now = clock.now()
    writing().execute(
        update(LoginSession)
        .where(LoginSession.id == session.id, LoginSession.seen_at < now)
        .values(seen_at=now)
    )


def end(session: LoginSession, reason: str) -> None:
    """End one session (로그아웃)."""
    _end(LoginSession.id == session.id, reason)
    audit.record("login.end", by=session.account, detail_reason=reason)


def end_all(account: Account, reason: str) -> None:
    """End every session of an account: after a reset, a closing, a change of password or roles."""
    _end(LoginSession.account_id == account.id, reason)


def _end(which: object, reason: str) -> None:
    writing().execute(
        update(LoginSession)
        .where(which, LoginSession.ended_at.is_(None))  # type: ignore[arg-type]
        .values(ended_at=clock.now(), end_reason=reason)
    )
