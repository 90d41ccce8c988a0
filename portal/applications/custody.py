"""Who handles an application as custodian: a holder of the role, or who acts for them (직무대리).

As at a step of the 결재, the acting person steps in only where no holder can: each is away on these
days, or must keep their hands off this application, or there is none. The conflict rule guards the
acting person too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, false, select, true
from sqlalchemy.orm import joinedload, selectinload

from portal.accounts.models import Account
from portal.applications.conflict import Conflict, conflict_of
from portal.applications.fitting import was_party
from portal.applications.models import Application, ApplicationRecording
from portal.applications.states import FINAL, State
from portal.approvals.standing import Standing, acting_for, away_today, earlier, holders_of
from portal.extensions import db
from portal.recordings.models import Recording
from portal.recordings.parties import party_ids
from portal.roles import Role
from portal.runtime import settings
from portal.words import worded

#: What follows the custodian's title in the history.
SUBSTITUTE = "직무대리"


@dataclass
class NotCustodian(Exception):
    """Somebody without the role, or with a closed account, tried what custodians do."""

    why: str = ""

    def __str__(self) -> str:
        return self.why or f"{settings().titles.custodian}만 처리할 수 있습니다."


def custody_of(application: Application, account: Account) -> Standing:
    """As whom the account stands before the application today; their own conflict is another
    question."""
    if Role.CUSTODIAN in account.roles:
        return Standing.HOLDER
    if Role.CUSTODIAN not in account.acting_roles:
        return Standing.NONE
    before = [*_present(), *earlier(account, acting_for(Role.CUSTODIAN))]
    return Standing.NOT_NEEDED if _free(before, application) else Standing.ACTING


def handles(application: Application, account: Account) -> bool:
    """Whether what custodians do with the application is this account's today."""
    return custody_of(application, account) in (Standing.HOLDER, Standing.ACTING)


def custodians_of(application: Application) -> list[Account]:
    """Who can handle it: custodians who are there and free, or else the acting one."""
    free = _free(_present(), application)
    return free or _free(acting_for(Role.CUSTODIAN), application)[:1]


def guard_custodian(application: Application, by: Account) -> None:
    """Raises `NotCustodian`, which names who can where somebody is there."""
    standing = custody_of(application, by)
    if standing is Standing.NOT_NEEDED:
        title = settings().titles.custodian
        raise NotCustodian(
            f"{_names(custodians_of(application))}님이 처리할 수 있는 동안에는 {title} "
            f"{SUBSTITUTE}가 처리하지 않습니다."
        )
    if standing is Standing.NONE:
        raise NotCustodian


def capacity_of_custodian(application: Application, account: Account) -> str:
    """What the history says of them: `시스템 관리자`, or `시스템 관리자 직무대리`."""
    snapshot: dict[str, Any] = application.settings_snapshot or {}
    titles = snapshot.get("titles") or settings().titles.model_dump(mode="json")
    acts = custody_of(application, account) is Standing.ACTING
    return f"{titles['custodian']} {SUBSTITUTE}" if acts else str(titles["custodian"])


def concern_of(application: Application, account: Account) -> Conflict | None:
    """As `conflict_of`; and until the call is known, one that fits numbers and time counts:
    whoever was on it must not be the one who looks for it. Says who can instead."""
    found = conflict_of(application, account)
    known = application.matches or application.asked_recording
    if found is None and not known and was_party(application, account):
        found = Conflict("신청서의 번호와 시간에 맞는 통화의 당사자이므로")
    return found


def refuse_party(application: Application, by: Account) -> None:
    """Raises the `Conflict` of `concern_of`, with what to do."""
    if found := concern_of(application, by):
        raise told_what_to_do(found, application)


def told_what_to_do(found: Conflict, application: Application) -> Conflict:
    """The conflict of who handles it as custodian or 인계자, with whom it goes to."""
    return _sent_on(found, custodians_of(application), "")


def found_to_be_a_party(application: Application, call: Recording, by: Account) -> Conflict:
    """The conflict of the custodian who sees only now, in what they found, a call of their own.

    Until it is matched nobody else knows that it concerns them: who acts for them is named in
    their place (부재자).
    """
    parties = party_ids([call])
    others = [a for a in custodians_of(application) if a.person_id not in parties]
    found = Conflict("해당 통화의 당사자이므로")
    holds = Role.CUSTODIAN in by.roles
    return _sent_on(found, others, f"{by.name}님을 부재자로 하여 " if holds else "")


def _sent_on(found: Conflict, others: Sequence[Account], in_place_of: str) -> Conflict:
    if others:
        found.then = f"{_names(others)}님에게 넘겨 주십시오."
    else:
        found.then = worded(
            "처리할 수 있는 {titles.custodian:이/가} 없습니다. {titles.division_head:이/가} "
            "'직무대리' 화면에서 "
        )
        found.then += in_place_of + worded(
            "{titles.custodian}의 직무대리를 지정해야 합니다. 지정을 요청해 주십시오."
        )
    return found


def handled_by(account: Account) -> ColumnElement[bool]:
    """The condition that an Application is this account's to handle as custodian today: all for a
    custodian; for the acting person all while nobody is there, else what concerns all the others.
    """
    if Role.CUSTODIAN in account.roles:
        return true()
    if Role.CUSTODIAN not in account.acting_roles:
        return false()
    before = [*_present(), *earlier(account, acting_for(Role.CUSTODIAN))]
    if not before:
        return true()
    lent = [a.id for a in db.session.scalars(_open_ones()) if not _free(before, a)]
    return Application.id.in_(lent)


def _open_ones() -> Any:
    ended = (*FINAL, State.DRAFT)
    matched = selectinload(Application.matches).joinedload(ApplicationRecording.recording)
    return (
        select(Application)
        .where(Application.state.not_in(ended))
        .options(matched, joinedload(Application.asked_recording))
    )


def _present() -> list[Account]:
    away = away_today(Role.CUSTODIAN)
    return [holder for holder in holders_of(Role.CUSTODIAN) if holder.id not in away]


def _free(accounts: Sequence[Account], application: Application) -> list[Account]:
    return [account for account in accounts if concern_of(application, account) is None]


def _names(accounts: Sequence[Account]) -> str:
    return ", ".join(account.name for account in accounts)
