"""Keeping the typed words of a search on the server, and forgetting them.

Names and telephone numbers are personal data: in an address they would reach the browser's history,
the log of a proxy and every `Referer`. So the address carries an id that means nothing elsewhere.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from portal import clock
from portal.accounts.models import Account
from portal.database import write, writing
from portal.extensions import db
from portal.finding.models import TypedSearch
from portal.runtime import settings

#: The fields into which people type names or numbers.
FIELDS = ("q", "number", "who", "subject")
LONGEST = 100


def keep(words: Mapping[str, str], *, by: Account) -> str:
    """Keep what was typed, inside `write()`; the id for the address."""
    known = {name: words[name][:LONGEST] for name in FIELDS if words.get(name)}
    row = TypedSearch(account_id=by.id, words=json.dumps(known, ensure_ascii=False))
    writing().add(row)
    writing().flush()
    return row.public_id


def words_of(public_id: str, account: Account) -> dict[str, str] | None:
    """What the account itself typed; None for somebody else's id and for a forgotten one."""
    row = db.session.scalar(
        select(TypedSearch).where(
            TypedSearch.public_id == public_id,
            TypedSearch.account_id == account.id,
            TypedSearch.typed_at > _forgotten_before(),
        )
    )
    return None if row is None else dict(json.loads(row.words))


def forget_old() -> int:
    """Remove the words that no login can need any more; how many."""
    with write() as session:
        gone = session.execute(
            delete(TypedSearch).where(TypedSearch.typed_at <= _forgotten_before())
        )
    return int(gone.rowcount)  # type: ignore[attr-defined]


def _forgotten_before() -> datetime:
    """A search lives as long as a login may, so that one comes back to it after an idle end."""
    return clock.now() - timedelta(hours=settings().login.absolute_hours)
