"""결재대기함: what waits for a person's decision, the most urgent first, and what they decided."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select, text
from sqlalchemy.orm import InstrumentedAttribute, aliased

from portal import clock
from portal.accounts.models import Account
from portal.applications.models import A_DECISION, Application, ApprovalStep, Transition
from portal.applications.wanted_text import says
from portal.approvals.conflicts import is_barred
from portal.approvals.decide import WAITING
from portal.approvals.lines import Line
from portal.approvals.past import past, past_ids
from portal.approvals.standing import acting_for, away_today, earlier, holders_of
from portal.roles import Role

Key = InstrumentedAttribute[int]


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What the filter box says; empty values do not narrow. Dates are days in Seoul."""

    done: bool = False
    #: What was in the queue and left it without this person's decision.
    past: bool = False
    state: str = ""
    disclosure_type: str = ""
    since: date | None = None
    until: date | None = None
    text: str = ""


def statement(account: Account, wanted: Wanted) -> Select[Any]:
    """What waits for the account, the most urgent first, or what it decided, the newest first;
    Applications, to be paged."""
    return _all(account, wanted).where(*_filters(wanted))


def ids(account: Account, wanted: Wanted) -> Select[int]:
    """Of the same in their order; where nothing narrows the list, without the applications."""
    if (wanted.past or wanted.done) and not _filters(wanted):
        return _all(account, wanted, alone=True)
    return statement(account, wanted).with_only_columns(Application.id, maintain_column_froms=True)


def decided(account: Account, wanted: Wanted) -> tuple[Select[int], Key, Select[int]]:
    """What the account decided, for `paginate`: as `ids`, what they are in it, and what has as many
    rows and takes less to count."""
    listed = ids(account, wanted)
    if _filters(wanted):
        return listed, Application.id, listed
    return listed, Transition.application_id, _decided_ones(account.id)


def _all(account: Account, wanted: Wanted, *, alone: bool = False) -> Select[Any]:
    asked = account.id, account.roles, wanted.past, wanted.done, alone
    if account.acting_roles <= account.roles:
        return _kept(*asked)
    return _made(*asked, *_lent(account))  # depends on who is there


def _made(
    account_id: int,
    roles: frozenset[Role],
    is_past: bool,
    is_done: bool,
    alone: bool,
    *lent: ColumnElement[bool],
) -> Select[Any]:
    if is_past:
        return (past_ids if alone else past)(account_id, roles, _waiting(roles, *lent))
    if is_done:
        return _decided(account_id, alone)
    return _waiting(roles, *lent)


#: Making a statement took longer than asking it; it depends on nothing else.
_kept = lru_cache(maxsize=256)(_made)


def version(shown: Sequence[Line], total: int) -> str:
    """Changes whenever anything that the list shows of its rows changes: 16 hexadecimal digits."""
    facts = [(r.of_it.public_id, r.of_it.state, r.of_it.entries, r.conflict) for r in shown]
    told = repr((total, clock.today(), facts))
    return hashlib.sha256(told.encode()).hexdigest()[:16]


#: The role of the step that is due. As a value, so that no index of the steps is walked for it.
_DUE: ColumnElement[str] = (
    select(ApprovalStep.role)
    .where(ApprovalStep.application_id == Application.id, ApprovalStep.decided_at.is_(None))
    .order_by(ApprovalStep.position)
    .limit(1)
    .correlate(Application)
    .scalar_subquery()
)


def _waiting(roles: frozenset[Role], *lent: ColumnElement[bool]) -> Select[Application]:
    return (
        select(Application)
        .where(
            Application.forwarded_at.is_not(None),
            Application.state.in_(WAITING),
            or_(_DUE.in_(roles), *lent),
        )
        .order_by(
            Application.due_on.is_(None),
            Application.due_on,
            Application.forwarded_at,
            Application.id,
        )
    )


def _lent(account: Account) -> list[ColumnElement[bool]]:
    """For each role in whose place the account acts: the step that is due is of that role, and no
    holder can fill it, being away or barred from the application, nor anybody who is asked before
    (`standing.standing_of` as a condition)."""
    conditions, due = [], _DUE
    for role in sorted(account.acting_roles - account.roles):
        away = away_today(role)
        present = [holder for holder in holders_of(role) if holder.id not in away]
        present += earlier(account, acting_for(role))
        barred = [is_barred(holder) for holder in present]
        conditions.append(and_(due == role, *barred))
    return conditions


def _decided(account_id: int, alone: bool) -> Select[Any]:
    """By the last decision on each."""
    again = aliased(Transition)
    later = exists().where(
        again.application_id == Transition.application_id,
        again.by_id == account_id,
        again.id > Transition.id,
        text(A_DECISION),
    )
    listed: Select[Any] = select(Transition.application_id)
    if not alone:
        listed = select(Application).join(Transition, Transition.application_id == Application.id)
    by_them = Transition.by_id == account_id, text(A_DECISION)
    return listed.where(*by_them, ~later).order_by(Transition.id.desc())


@lru_cache(maxsize=64)
def _decided_ones(account_id: int) -> Select[int]:
    on = Transition.application_id
    return select(on).where(Transition.by_id == account_id, text(A_DECISION)).group_by(on)


def _filters(wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.disclosure_type:
        conditions.append(Application.disclosure_type == wanted.disclosure_type)
    if wanted.since:
        conditions.append(Application.submitted_at >= clock.midnight(wanted.since))
    if wanted.until:
        until = clock.midnight(wanted.until + timedelta(days=1))
        conditions.append(Application.submitted_at < until)
    if wanted.past and wanted.state:
        conditions.append(Application.state == wanted.state)
    said = says(wanted.text)
    return conditions if said is None else [*conditions, said]
