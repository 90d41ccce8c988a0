"""The list of accounts, filtered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import contains_eager, selectinload

from portal.accounts.models import Account, Person, Posting, RoleGrant
from portal.roles import Role

_LONGEST_TEXT = 50


@dataclass(frozen=True)
class Wanted:
    """`state` is "open", "closed" or "" for both; `role` None for any; `text` part of a name or
    the beginning of a login."""

    text: str = ""
    state: str = "open"
    role: Role | None = None


def wanted_of(given: Mapping[str, str]) -> Wanted:
    """From the address; what is no state or role asks for nothing."""
    state, role = given.get("state", "open"), given.get("role", "")
    return Wanted(
        text=given.get("q", "").strip()[:_LONGEST_TEXT],
        state=state if state in ("open", "closed") else "",
        role=Role(role) if role in set(Role) else None,
    )


def statement(wanted: Wanted) -> Select[Account]:
    """Newest first, with person, department and roles loaded in a fixed number of queries."""
    postings = selectinload(Person.postings).joinedload(Posting.department)
    found = (
        select(Account)
        .join(Account.person)
        .options(contains_eager(Account.person).options(postings), selectinload(Account.grants))
        .order_by(Account.id.desc())
    )
    if wanted.state:
        is_open = Account.are_open()
        found = found.where(is_open if wanted.state == "open" else ~is_open)
    if wanted.role:
        held = Account.grants.any((RoleGrant.role == wanted.role) & RoleGrant.revoked_at.is_(None))
        found = found.where(held)
    if wanted.text:
        by_name = Person.name.contains(wanted.text, autoescape=True)
        by_login = Account.login.startswith(wanted.text.lower(), autoescape=True)
        found = found.where(by_name | by_login)
    return found
