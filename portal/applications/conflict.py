"""Nobody handles an application that concerns themselves (domain: conflict).

Applicant, enterer and everybody who was a party to a matched call may not receive, match, review,
decide, hand over or sit in. One person never fills two columns of the 결재. A 공문 that a
custodian registers (제7조② 단서) is entered in the agency's name: that alone is no conflict.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from portal.accounts.models import Account
from portal.applications.models import Application
from portal.recordings.parties import party_ids


@dataclass
class Conflict(Exception):
    """The person must not act on this application; `why` names the relation in Korean."""

    why: str
    #: Whom it goes to, as a sentence.
    then: str = "대결할 사람에게 넘겨 주십시오."

    def __str__(self) -> str:
        return f"{self.why} 이 신청을 처리할 수 없습니다. {self.then}"


def conflict_of(
    application: Application, account: Account, parties: Collection[int] | None = None
) -> Conflict | None:
    """Why this account must keep its hands off the application, or None.

    `parties`: as `parties_to` says, where several are asked about one application.
    """
    if application.party_id == account.person_id:
        return Conflict("신청인 본인이므로")
    if application.entered_by_id == account.id and not application.is_official:
        return Conflict("신청을 입력한 사람이므로")
    if account.person_id in (parties_to(application) if parties is None else parties):
        return Conflict("해당 통화의 당사자이므로")
    return None


def parties_to(application: Application) -> set[int]:
    """The persons who were a party to a call that it is about, by their ids."""
    recordings = [match.recording for match in application.matches]
    if application.asked_recording:
        recordings.append(application.asked_recording)
    return party_ids(recordings)


def refuse_conflict(application: Application, account: Account) -> None:
    """Raises `Conflict` where there is one."""
    if conflict := conflict_of(application, account):
        raise conflict
