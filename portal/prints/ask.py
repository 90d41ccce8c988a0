"""Asking for a long print: a row that waits for the worker, with the reason in the log."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Select, select

from portal import audit, clock
from portal.accounts.models import Account
from portal.database import writing
from portal.jobs.models import Job
from portal.unmasking.unmask import MayNotUnmask, may_unmask

Kind = Literal["ledger_print", "ledger_export", "third_party_print", "third_party_export"]
#: Each kind with the codes of the log: asked for, and made.
CODES: dict[Kind, tuple[str, str]] = {
    "ledger_print": ("ledger.print", "ledger.printed"),
    "ledger_export": ("ledger.export", "ledger.exported"),
    "third_party_print": ("third_party.print", "third_party.printed"),
    "third_party_export": ("third_party.export", "third_party.exported"),
}
KINDS: tuple[Kind, ...] = tuple(CODES)
_LONGEST_REASON = 200
_MOST_WAITING = 5


class NoReason(Exception):
    """Nothing is printed or exported without a reason."""

    def __str__(self) -> str:
        return f"사유를 {_LONGEST_REASON}자까지 적어 주십시오. 접속기록에 남습니다."


class TooManyWaiting(Exception):
    """One person does not keep the worker busy for everybody."""

    def __str__(self) -> str:
        return (
            f"만들고 있는 문서가 {_MOST_WAITING}건입니다. 내 문서에서 끝난 것을 확인한 뒤 다시 "
            "요청해 주십시오."
        )


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What a job is to make."""

    year: int
    reason: str
    unmasked: bool = False

    def dumped(self) -> str:
        return json.dumps({"year": self.year, "reason": self.reason, "unmasked": self.unmasked})

    @classmethod
    def of(cls, job: Job) -> Wish:
        return cls(**json.loads(job.input))


def ask(kind: Kind, wish: Wish, *, by: Account) -> Job:
    """A waiting job, inside `write()`. Raises `NoReason`, `MayNotUnmask` and `TooManyWaiting`."""
    reason = " ".join(wish.reason.split())
    if not reason or len(reason) > _LONGEST_REASON:
        raise NoReason
    if wish.unmasked and not may_unmask(by):
        raise MayNotUnmask
    session = writing()
    # Packages are jobs too, asked for by their recipients: they keep nobody from printing.
    unfinished = select(Job).where(
        Job.kind.in_(KINDS), Job.asked_by_id == by.id, Job.state.in_(("waiting", "running"))
    )
    if len(session.scalars(unfinished).all()) >= _MOST_WAITING:
        raise TooManyWaiting
    wish = Wish(year=wish.year, reason=reason, unmasked=wish.unmasked)
    job = Job(kind=kind, asked_by_id=by.id, asked_at=clock.now(), input=wish.dumped())
    session.add(job)
    session.flush()
    asked, _made = CODES[kind]
    audit.record(asked, by=by, on=job, reason=reason, year=wish.year, unmasked=wish.unmasked)
    return job


def jobs_of(account: Account) -> Select[Job]:
    """What a person asked for and what has not expired, the latest first; to be paged."""
    mine = select(Job).where(Job.kind.in_(KINDS), Job.asked_by_id == account.id)
    alive = Job.expires_at.is_(None) | (Job.expires_at > clock.now())
    return mine.where(alive).order_by(Job.id.desc())
