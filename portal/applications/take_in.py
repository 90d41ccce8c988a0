"""접수 together with its paper: Form 1 as filed is issued under its 관리번호 (제7조②)."""

from __future__ import annotations

from dataclasses import dataclass

from portal import clock
from portal.accounts.models import Account
from portal.applications.custody import guard_custodian
from portal.applications.form1_data import form1_of
from portal.applications.models import Application
from portal.applications.receive import control_no_after, receive
from portal.applications.states import State
from portal.database import lock, write
from portal.documents import form1, issue
from portal.documents.addresses import verification_url
from portal.documents.models import IssuedDocument

_TRIES = 5  # others may draw the number meanwhile


class TakenInMeanwhile(Exception):
    """Again and again somebody else received another application first; nothing was changed."""

    def __str__(self) -> str:
        return "다른 신청과 동시에 접수되어 처리하지 못했습니다. 다시 접수해 주십시오."


class _Moved(Exception):
    """What was printed is not what would be issued."""


@dataclass(frozen=True)
class FiledPaper:
    """A stored Form 1 and the facts it was made from."""

    form: form1.ApplicationForm
    stored: issue.Stored


def take_in(application: Application, *, by: Account, tries: int = _TRIES) -> IssuedDocument:
    """Receive it and issue its Form 1, both or neither. Opens its own `write()`.

    Printed before the transaction, under the number that comes next; where another application
    drew that number meanwhile it is printed anew. Raises what `receive` raises, `DocumentError`
    and `TakenInMeanwhile`.
    """
    guard_custodian(application, by)
    for _ in range(tries):
        waits = application.state == State.SUBMITTED
        number = control_no_after(clock.now())
        paper = print_filed(application, number) if waits else None
        try:
            with write():
                receive(application, by=by)
                if paper is None or application.control_no != paper.form.control_no:
                    raise _Moved
                return enter(application, paper, by=by, why="접수")
        except _Moved:
            if paper is not None:
                issue.discard(paper.stored)
    raise TakenInMeanwhile


def issue_again(application: Application, *, by: Account, why: str) -> IssuedDocument:
    """Form 1 anew after a change that its applicant made, such as the answer to a 보완요구.

    Opens its own `write()`; earlier issues stay as they are. Raises `DocumentError`.
    """
    for _ in range(_TRIES):
        paper = print_filed(application, application.control_no or "")
        try:
            with write():
                lock(application)
                return enter(application, paper, by=by, why=why)
        except _Moved:
            issue.discard(paper.stored)
    raise TakenInMeanwhile


def print_filed(application: Application, control_no: str) -> FiledPaper:
    """Render and store, outside any transaction: rendering takes its time."""
    prepared = issue.prepare()
    form = form1_of(
        application,
        control_no=control_no,
        verification_no=prepared.verification_no,
        verification_url=verification_url(prepared.verification_no),
    )
    return FiledPaper(form, issue.store(prepared, form1.render(form)))


def enter(application: Application, paper: FiledPaper, *, by: Account, why: str) -> IssuedDocument:
    """Inside `write()`: what was printed must still be what the application says."""
    form = paper.form
    now = form1_of(
        application,
        control_no=application.control_no or "",
        verification_no=form.verification_no,
        verification_url=form.verification_url,
    )
    if now != form:
        raise _Moved
    return issue.issue("form1", paper.stored, application=application, by=by, why=why)
