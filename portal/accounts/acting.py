"""직무대리: naming who fills a step of the 결재 in another's place (대결), or does what custodians
do with applications, and ending it.

A custodian names, or, for the custodians, the head too (all of them may be away or concerned). A
second person confirms in the queue of account changes. Nobody is away without a reason and an end;
what was done meanwhile stays as it was.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload

from portal import audit, clock
from portal.accounts.authority import hold_open_account, require_custodian, title_of
from portal.accounts.changes import Kind, ask
from portal.accounts.models import Account, AccountChange, ActingAssignment, Person, Posting
from portal.accounts.refusals import BadAssignment
from portal.announcements import announce
from portal.approvals.own_cases import has_case_at
from portal.database import lock, writing
from portal.roles import Role
from portal.runtime import settings
from portal.words import worded

LONGEST_DAYS = 366
LONGEST_REASON = 200  # characters


@dataclass(frozen=True, kw_only=True)
class Assignment:
    """What is asked for; `last_on` is the last day. See `ActingAssignment` for `in_place_of`."""

    role: Role
    from_on: date
    last_on: date
    reason: str
    in_place_of: Account | None = None


def step_roles() -> list[Role]:
    """The roles of the institution's approval line, in its order, each once."""
    return list(dict.fromkeys(Role(step.role) for step in settings().approval.steps))


def roles_named_by(account: Account) -> list[Role]:
    """For which roles this account may name who acts: a custodian for the steps of the 결재 and for
    custodians, the head for custodians alone."""
    if Role.CUSTODIAN in account.roles:
        return list(dict.fromkeys([*step_roles(), Role.CUSTODIAN]))
    return [Role.CUSTODIAN] if Role.DIVISION_HEAD in account.roles else []


def name_acting(account: Account, wanted: Assignment, *, by: Account | None) -> ActingAssignment:
    """Put an assignment before the second person, inside the open `write()`.

    Raises `AccountRefused`: the account is closed or asked for by nobody who may name for the role
    (`roles_named_by`), one such request waits already, or the assignment is none (`BadAssignment`).
    """
    hold_open_account(account)
    _require_namer(by, wanted.role)
    reason = " ".join(wanted.reason.split())
    _check(account, wanted, reason)
    change = ask(account, Kind.NAME_ACTING, by=by, role=wanted.role)
    named = ActingAssignment(
        role=wanted.role,
        account=account,
        in_place_of=wanted.in_place_of,
        from_on=wanted.from_on,
        until_on=wanted.last_on + timedelta(days=1),
        reason=reason,
        change=change,
    )
    writing().add(named)
    return named


def end_acting(assignment: ActingAssignment, *, by: Account | None) -> None:
    """End an assignment before its day, from now on. Raises `AccountRefused`."""
    _require_namer(by, Role(assignment.role))
    lock(assignment)
    _refuse_unless_open(assignment)
    _refuse_concerned(assignment, by)
    assignment.ended_at, assignment.ended_by_id = clock.now(), by.id if by else None
    audit.record("acting.ended", by=by, on=assignment, role=assignment.role)
    announce("acting.ended", assignment, by)


def shorten_acting(assignment: ActingAssignment, last_on: date, *, by: Account | None) -> None:
    """Let an assignment end earlier than it was set, today at the earliest.

    More days would be more power: those are named anew, before a second person. Raises
    `AccountRefused`.
    """
    _require_namer(by, Role(assignment.role))
    lock(assignment)
    _refuse_unless_open(assignment)
    _refuse_concerned(assignment, by)
    if not max(assignment.from_on, clock.today()) <= last_on < assignment.last_on:
        raise BadAssignment(
            "오늘이나 시작일부터 지금의 마지막 날 전까지로 줄일 수 있습니다. 늘리려면 새로 "
            "지정하여 다른 사람의 확인을 받아 주십시오."
        )
    assignment.until_on = last_on + timedelta(days=1)
    audit.record("acting.changed", by=by, on=assignment, until=assignment.until_on.isoformat())
    announce("acting.changed", assignment, by)


def end_all_of(account: Account, *, by: Account | None) -> None:
    """What a closed account was named for, or away for, ends with it; inside the open `write()`."""
    named = select(ActingAssignment).where(
        (ActingAssignment.account_id == account.id)
        | (ActingAssignment.in_place_of_id == account.id),
        ActingAssignment.confirmed_at.is_not(None),
        ActingAssignment.ended_at.is_(None),
        ActingAssignment.until_on > clock.today(),
    )
    for row in writing().scalars(named).all():
        row.ended_at, row.ended_by_id = clock.now(), by.id if by else None
        audit.record("acting.ended", by=by, on=row, role=row.role)
        announce("acting.ended", row, by)


def _require_namer(by: Account | None, role: Role) -> None:
    """`by` is None on the command line of the machine itself. Raises `MayNot`."""
    if not (by is not None and role is Role.CUSTODIAN and Role.DIVISION_HEAD in by.roles):
        require_custodian(by)


def _refuse_unless_open(assignment: ActingAssignment) -> None:
    if assignment.confirmed_at is None:
        raise BadAssignment(
            "확인을 기다리거나 거절된 지정입니다. '계정 변경 확인'에서 처리해 주십시오."
        )
    if assignment.ended_at is not None or assignment.until_on <= clock.today():
        raise BadAssignment("이미 끝난 직무대리입니다. 화면을 새로 고쳐 확인해 주십시오.")


def _refuse_concerned(assignment: ActingAssignment, by: Account | None) -> None:
    """Nobody chooses who decides on what concerns themselves: while an application of theirs, or
    about a call of theirs, lies with that role, somebody else ends or shortens."""
    in_force = assignment.in_force_on(clock.today())
    if by is not None and in_force and has_case_at(by, assignment.role):
        raise BadAssignment(
            worded(
                "본인과 관련된 신청이 이 직책의 차례에 있는 동안에는 직무대리를 끝내거나 줄일 수 "
                "없습니다. 다른 {titles.custodian}에게 맡겨 주십시오."
            )
        )


def assignments() -> Select[ActingAssignment]:
    """Every assignment, newest first, with the names that are shown."""
    office = selectinload(Person.postings).joinedload(Posting.department)
    return (
        select(ActingAssignment)
        .options(
            joinedload(ActingAssignment.account).joinedload(Account.person).options(office),
            joinedload(ActingAssignment.in_place_of),
            joinedload(ActingAssignment.change).options(
                joinedload(AccountChange.asked_by), joinedload(AccountChange.answered_by)
            ),
        )
        .order_by(ActingAssignment.id.desc())
    )


def state_of(assignment: ActingAssignment) -> str:
    """Where it stands, as the word that is shown."""
    today, change = clock.today(), assignment.change
    if change.answered_at is None:
        return "확인 대기"
    if assignment.confirmed_at is None:
        return "거절"
    if assignment.ended_at is not None or assignment.until_on <= today:
        return "종료"
    return "시행 중" if assignment.from_on <= today else "예정"


def _check(account: Account, wanted: Assignment, reason: str) -> None:
    title = title_of(wanted.role)
    if wanted.role not in (*step_roles(), Role.CUSTODIAN):
        raise BadAssignment(
            worded("결재선에 있는 직책이나 {titles.custodian:을/를} 골라 주십시오.")
        )
    if wanted.role in account.roles:
        raise BadAssignment(f"이미 {title}입니다. 그 직책을 맡지 않은 사람을 지정해 주십시오.")
    if Role.AUDITOR in account.roles:
        raise BadAssignment(
            f"{title_of(Role.AUDITOR)}는 이 일을 대신할 수 없습니다. 다른 사람을 지정해 주십시오."
        )
    if wanted.role is Role.CUSTODIAN and step_roles()[-1] in account.roles:
        raise BadAssignment(
            f"{title_of(Role.CUSTODIAN)}의 일을 승인하는 사람이 대신할 수 없습니다. 다른 사람을 "
            "지정해 주십시오."
        )
    if wanted.in_place_of and wanted.role not in wanted.in_place_of.roles:
        raise BadAssignment(f"부재자는 지금 {title}인 사람이어야 합니다.")
    if not reason or len(reason) > LONGEST_REASON:
        raise BadAssignment(f"사유를 {LONGEST_REASON}자 안으로 적어 주십시오.")
    if wanted.last_on < wanted.from_on or wanted.last_on < clock.today():
        raise BadAssignment("마지막 날은 시작일과 오늘보다 이를 수 없습니다.")
    if (wanted.last_on - wanted.from_on).days >= LONGEST_DAYS:
        raise BadAssignment("직무대리는 한 번에 1년까지 지정할 수 있습니다.")
