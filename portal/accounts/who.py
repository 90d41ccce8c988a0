"""Who is there, in one statement that is read as plain values.

Every page asks it, and letting the ORM make seven kinds of objects of its rows took four times as
long as the statement. What comes of it are the objects that the ORM would have made, but for their
personal columns: those are left to the ORM, which compares them with their row (`encrypted.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import bindparam, inspect, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import instance_state, set_committed_value

from portal.accounts.models import (
    Account,
    ActingAssignment,
    Department,
    LoginSession,
    Person,
    Posting,
    RoleGrant,
)
from portal.encrypted import Encrypted
from portal.extensions import Model, db

#: In the order in which their columns stand in a row; the first of each is its id.
_KINDS: tuple[type[Model], ...] = (
    LoginSession, Account, Person, Posting, Department, RoleGrant, ActingAssignment,
)  # fmt: skip
_PLAIN = {
    kind: [one for one in kind.__table__.columns if not isinstance(one.type, Encrypted)]
    for kind in _KINDS
}
_NAMES = {kind: tuple(one.key for one in columns) for kind, columns in _PLAIN.items()}
_UNREAD = {
    kind: [one.key for one in kind.__table__.columns if one.key not in _NAMES[kind]]
    for kind in _KINDS
}
_MAPPERS = {kind: inspect(kind) for kind in _KINDS}
_OF_TOKEN = (
    select(*(column for columns in _PLAIN.values() for column in columns))
    .join_from(LoginSession, Account, Account.id == LoginSession.account_id)
    .join(Person, Person.id == Account.person_id)
    .outerjoin(Posting, Posting.person_id == Person.id)
    .outerjoin(Department, Department.id == Posting.department_id)
    .outerjoin(RoleGrant, RoleGrant.account_id == Account.id)
    .outerjoin(ActingAssignment, ActingAssignment.account_id == Account.id)
    .where(LoginSession.token_hash == bindparam("token_hash"))
    .order_by(Posting.from_on)
)


def login_of(token_hash: str) -> LoginSession | None:
    """The login of a token, whatever became of it; its account, that one's person, postings,
    departments, grants and assignments are loaded."""
    rows = db.session.connection().execute(_OF_TOKEN, {"token_hash": token_hash}).all()
    if not rows:
        return None
    made = _made(rows)
    [login], [account], [person] = made[LoginSession], made[Account], made[Person]
    departments = {one.id: one for one in made[Department]}
    for posting in made[Posting]:
        _link(posting, department=departments[posting.department_id])
    _link(person, postings=made[Posting])
    _link(account, person=person, grants=made[RoleGrant], assignments=made[ActingAssignment])
    _link(login, account=account)
    return cast(LoginSession, login)


def _made(rows: Sequence[Sequence[Any]]) -> dict[type[Model], list[Any]]:
    """The objects of each kind, in the rows' order. One that the session knows stays as it is."""
    session = db.session()
    found: dict[type[Model], list[Any]] = {}
    start = 0
    for kind, names in _NAMES.items():
        end = start + len(names)
        values = {row[start]: row[start:end] for row in rows if row[start] is not None}
        found[kind] = [
            _one(session, kind, dict(zip(names, v, strict=True))) for v in values.values()
        ]
        start = end
    return found


def _one(session: Session, kind: type[Model], values: dict[str, Any]) -> Any:
    """`session.add` of what `make_transient_to_detached` makes does the same, and walks along every
    relationship of it first: that alone took as long as all of this does."""
    key = _MAPPERS[kind].identity_key_from_primary_key((values["id"],))
    if (known := session.identity_map.get(key)) is not None:
        return known
    one = kind()
    vars(one).update(values)
    state = instance_state(one)
    state.key, state.session_id = key, session.hash_key
    session.identity_map.add(state)
    if _UNREAD[kind]:
        session.expire(one, _UNREAD[kind])
    return one


def _link(one: Any, **related: Any) -> None:
    for name, value in related.items():
        if name not in vars(one):
            set_committed_value(one, name, value)
