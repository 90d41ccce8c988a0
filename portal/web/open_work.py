"""How much waits under each entry of the menu: one query for the page, capped where it says 99+."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from flask import current_app, g
from sqlalchemy import (
    BindParameter,
    ColumnElement,
    CompoundSelect,
    Integer,
    Select,
    String,
    func,
    literal_column,
    select,
    union_all,
)
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.sql.visitors import replacement_traverse

from portal import clock
from portal.access import Permission, allows
from portal.accounts import changes
from portal.accounts.models import Account
from portal.applications.inbox import InboxFilter, inbox
from portal.applications.visibility import office_id_of
from portal.approvals import queue
from portal.destruction import pending
from portal.extensions import db
from portal.handover.transferor import waiting_for
from portal.ledger import third_party
from portal.notices import call_tasks, reading
from portal.packages.find import open_provisions
from portal.recordings import claim, quarantine
from portal.restrictions.in_force import in_force_for, of_person

MOST = 100
_RESTRICTED = "restricted"
_KEPT, _MOST_KEPT = "portal_open_work", 64
_Waiting = Callable[[Account], Select[Any]]
#: What is counted under which entry, and for whom.
_COUNTED: dict[str, tuple[Permission, _Waiting]] = {
    "notices.own": (
        Permission.USE_ACCOUNT,
        lambda account: reading.notices_of(account, unread_only=True),
    ),
    "destruction.awaited": (Permission.CONFIRM_DESTRUCTION, pending.shown_to),
    "notices.calls": (
        Permission.ENTER_FOR_CITIZEN,
        lambda account: call_tasks.tasks_of(account, done=False),
    ),
    "applications.intake": (
        Permission.RECEIVE_APPLICATION,
        lambda account: inbox(InboxFilter(), account),
    ),
    "approvals.queue": (
        Permission.SEE_APPROVALS,
        lambda account: queue.statement(account, queue.Wanted()),
    ),
    "handover.waiting": (Permission.HAND_OVER, waiting_for),
    "packages.waiting": (Permission.HAND_OVER, open_provisions),
    "recordings.claims": (Permission.CONFIRM_CLAIMS, lambda _: claim.waiting_claims()),
    "ledger.third_party": (
        Permission.RECEIVE_APPLICATION,
        lambda _: third_party.statement(waiting=True),
    ),
    "recordings.quarantine": (Permission.SEE_QUARANTINE, lambda _: quarantine.waiting_items()),
    "accounts.changes": (Permission.CONFIRM_CHANGES, lambda _: changes.waiting()),
}


def open_work(account: Account) -> dict[str, int]:
    """By endpoint, for the entries this person has; at most `MOST` each. Asked once a request.

    Empty where the database cannot say: the error page has a menu too.
    """
    if "open_work" not in g:
        try:
            g.open_work = _counts(account)
        except SQLAlchemyError:
            db.session.rollback()
            g.open_work = {}
    found: dict[str, int] = g.open_work
    return found


def is_restricted(account: Account) -> bool:
    """Whether a page has a restriction to tell of; asked with the counts. For what is shown only:
    what a restriction stops asks `restrictions.in_force` itself."""
    open_work(account)
    return bool(g.get("own_restrictions", 1))


def _counts(account: Account) -> dict[str, int]:
    found = {row[0]: row[1] for row in db.session.execute(_statement(account))}
    # Few people have any that was decided; whether it holds now is asked for these alone.
    g.own_restrictions = found[_RESTRICTED] and bool(
        db.session.scalars(in_force_for(account).limit(1)).first()
    )
    return {endpoint: found[endpoint] for endpoint in _COUNTED if endpoint in found}


def _statement(account: Account) -> CompoundSelect[str, int]:
    """What counts for this person. Making it takes ten times as long as asking it, so that it is
    kept: it depends on nothing but who they are, what they may do, where they sit, and the day.

    Not for somebody who acts for others: what is theirs depends on who is there.
    """
    if account.acting_roles:
        return _built(account)
    kept: dict[Any, CompoundSelect[str, int]] = current_app.extensions.setdefault(_KEPT, {})
    key = account.id, account.person_id, account.roles, office_id_of(account), clock.today()
    statement = kept.get(key)
    if statement is None:
        if len(kept) >= _MOST_KEPT:
            kept.clear()
        statement = kept[key] = _built(account)
    return statement


def _built(account: Account) -> CompoundSelect[str, int]:
    parts = [
        _count(endpoint, waiting(account))
        for endpoint, (permission, waiting) in _COUNTED.items()
        if allows(account, permission)
    ]
    return _written_out(union_all(*parts, _count(_RESTRICTED, of_person(account.person_id))))


def _written_out(statement: CompoundSelect[str, int]) -> CompoundSelect[str, int]:
    """With its words (states, roles) in the text: PostgreSQL plans once for everybody, and sees
    only in words how few applications wait among all that ended. Numbers and days stay parameters.
    """

    def written(element: Any, **_: Any) -> Any:
        is_word = isinstance(element, BindParameter) and _is_word(element.value)
        return element.render_literal_execute() if is_word else None

    return cast(CompoundSelect[str, int], replacement_traverse(statement, {}, written))


def _is_word(value: Any) -> bool:
    words = value if isinstance(value, list | tuple) else [value]
    return bool(words) and all(isinstance(word, str) for word in words)


def _count(endpoint: str, waiting: Select[Any]) -> Select[str, int]:
    """What is the same for everybody is written out: each parameter costs as much as the count."""
    ones = waiting.order_by(None).limit(_written(MOST)).offset(_written(0))
    ones = ones.with_only_columns(_written(1), maintain_column_froms=True)
    name = literal_column(f"'{endpoint}'", String)
    return select(name, func.count()).select_from(ones.subquery())


def _written(number: int) -> ColumnElement[int]:
    return literal_column(str(number), Integer)
