"""Which papers an application has in its state, and what stands on them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from portal import clock
from portal.accounts.models import Account
from portal.applications.custody import handles
from portal.applications.due import first_deletion
from portal.applications.form1_data import requested_call
from portal.applications.models import Application, Transition
from portal.applications.states import State
from portal.applications.visibility import may_see
from portal.database import lock, write
from portal.documents import destruction_facts, issue, notices, receipt_slip
from portal.documents.addresses import verification_url
from portal.documents.form1 import RequestedCall
from portal.documents.models import IssuedDocument
from portal.documents.text import korean_date, korean_period
from portal.documents.wording import Wording
from portal.phones import shown
from portal.roles import Role
from portal.runtime import settings

_LONGEST_REASON = 200


class CannotIssue(Exception):
    """The paper does not fit the application's state, or the person; `str()` says what to do."""


@dataclass(frozen=True)
class Paper:
    """One kind: its title, in which states it exists, and what draws it with its number."""

    title: str
    exists: Callable[[Application], bool]
    draw: Callable[[Application, str], bytes]


def papers_of(application: Application) -> dict[str, Paper]:
    """The kinds that can be issued now, by name."""
    return {kind: paper for kind, paper in PAPERS.items() if paper.exists(application)}


def may_issue(application: Application, account: Account) -> bool:
    """Custodians, who acts for them, and counter officers who may see the application, but not for
    themselves."""
    officer = Role.COUNTER in account.roles or handles(application, account)
    own = application.party_id == account.person_id
    return officer and not own and may_see(application, account)


def issue_paper(application: Application, kind: str, *, by: Account, why: str) -> IssuedDocument:
    """Print and issue one paper. Opens its own `write()`; rendered before, as rendering takes time.

    Raises `CannotIssue` and `DocumentError`.
    """
    why = reasoned(why)
    paper = papers_of(application).get(kind)
    if paper is None or not may_issue(application, by):
        raise CannotIssue("지금 상태에서는 발급할 수 없는 문서입니다. 상태를 확인해 주십시오.")
    state, prepared = application.state, issue.prepare()
    stored = issue.store(prepared, paper.draw(application, prepared.verification_no))
    with write():
        lock(application)
        if application.state != state:
            raise CannotIssue("그 사이 신청의 상태가 바뀌었습니다. 다시 확인해 주십시오.")
        return issue.issue(kind, stored, application=application, by=by, why=why)


def reasoned(why: str) -> str:
    """The reason of an issue in one line. Raises `CannotIssue` where it is none."""
    why = " ".join(why.split())
    if not why or len(why) > _LONGEST_REASON:
        raise CannotIssue(f"발급 사유를 {_LONGEST_REASON}자까지 적어 주십시오.")
    return why


def _slip(application: Application, number: str) -> bytes:
    officer = application.received_by
    person = officer.person if officer else None
    return receipt_slip.render(
        receipt_slip.ReceiptSlip(
            wording=Wording.of(settings()),
            control_no=application.control_no or "",
            applicant=application.applicant_name,
            disclosure_type=application.disclosure_type,
            call=_call(application),
            received_at=application.received_at or clock.now(),
            received_by=f"{person.department_name} {person.rank} {person.name}" if person else "-",
            due_on=application.due_on,
            deleted_on=first_deletion(application),
            verification_no=number,
            verification_url=verification_url(number),
        )
    )


def _refusal(application: Application, number: str) -> bytes:
    reasons = _opinion(application, State.REFUSED)
    return notices.refusal(
        _case(application, number), reasons=reasons, objection=settings().notices.objection
    )


def _not_found(application: Application, number: str) -> bytes:
    return notices.not_found(
        _case(application, number),
        findings=_opinion(application, State.NOT_FOUND),
        retention=settings().retention.length,
        objection=settings().notices.objection,
    )


def _expiry(application: Application, number: str) -> bytes:
    return notices.expiry(
        _case(application, number),
        deleted_on=first_deletion(application),
        cause=_opinion(application, State.EXPIRED),
        retention=settings().retention.length,
        objection=settings().notices.objection,
    )


def _supplement(application: Application, number: str) -> bytes:
    return notices.supplement_request(
        _case(application, number),
        wanted=_opinion(application, State.SUPPLEMENT_REQUESTED),
        answer_by=application.supplement_due_on,
        deleted_on=first_deletion(application),
    )


def _in(state: State) -> Callable[[Application], bool]:
    return lambda application: _is_on_form_1(application) and application.state == state


def _is_on_form_1(application: Application) -> bool:
    """제7조② proviso: an agency that asked by 공문 is answered by 공문."""
    return bool(application.control_no) and not application.is_official


#: The kinds by name; Form 1 and Form 2 are issued with 접수 and 인계·인수.
PAPERS: dict[str, Paper] = {
    "receipt_slip": Paper("접수증", _is_on_form_1, _slip),
    "supplement": Paper("보완요구서", _in(State.SUPPLEMENT_REQUESTED), _supplement),
    "refusal": Paper("거절 통지서", _in(State.REFUSED), _refusal),
    "not_found": Paper("해당 자료 없음 통지서", _in(State.NOT_FOUND), _not_found),
    "expiry": Paper("기간만료 통지서", _in(State.EXPIRED), _expiry),
    "destruction_paper": Paper("파기 확인서", destruction_facts.exists_for, destruction_facts.draw),
}


def _case(application: Application, number: str) -> notices.Case:
    submitted, officer = application.submitted_at or application.created_at, application.received_by
    return notices.Case(
        wording=Wording.of(settings()),
        recipient=application.applicant_name,
        control_no=application.control_no or "",
        disclosure_type=application.disclosure_type,
        call=_call(application),
        applied_on=clock.seoul(submitted).date(),
        dated=clock.today(),
        drafter=f"{officer.person.rank} {officer.person.name}".strip() if officer else "",
        decider=_decider(application),
        verification_no=number,
        verification_url=verification_url(number),
    )


def _call(application: Application) -> str:
    call: RequestedCall = requested_call(application)
    numbers = f"{shown(call.caller_number)} → {shown(call.callee_number)}"
    if call.called_from is None:
        return numbers
    return f"{korean_period(call.called_from, call.called_until)}, {numbers}"


def _decider(application: Application) -> str:
    """Who refused; what else a notice tells was no decision of an approver."""
    if application.state != State.REFUSED:
        return ""
    for last in reversed(application.transitions):
        if last.to_state == State.REFUSED and last.by:
            return f"{last.capacity} {last.by.name} {korean_date(last.at)}".strip()
    return ""


def _opinion(application: Application, state: State) -> str:
    """What was written with the latest change into this state."""
    into: list[Transition] = [t for t in application.transitions if t.to_state == state]
    return into[-1].opinion if into else ""
