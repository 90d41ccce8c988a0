"""제6조 사전고지: what is known of it, and the statement of the person whose call it is."""

from __future__ import annotations

from portal import audit, clock
from portal.accounts.models import Account
from portal.database import lock
from portal.recordings.models import Recording
from portal.recordings.parties import is_own_call
from portal.runtime import settings

#: What a person can say of a call; an announcement is the exchange's to say.
STATEMENTS = {"spoken": "구두로 고지함", "none": "고지하지 않음"}
WORDS = {"announcement": "안내 방송", **STATEMENTS, "unknown": "확인되지 않음"}
_PERSON = "account:"


class NotYourCall(Exception):
    """The call is not this person's own, or not there any more."""


class NoticeStands(Exception):
    """Somebody else already answers for the notice; the message says who."""


def state(recording: Recording, kind: str, *, by: Account) -> None:
    """Note that the person told the other party (spoken), or did not (none).

    One's own statement can be corrected; what the recorder or somebody else said cannot be talked
    over. Raises NotYourCall, NoticeStands, ValueError for another word.
    """
    if kind not in STATEMENTS:
        raise ValueError(kind)
    lock(recording)
    if not recording.is_alive or not is_own_call(recording, by.person):
        raise NotYourCall
    if not may_state(recording, by):
        raise NoticeStands(
            "이 통화의 고지 여부는 이미 기록되어 있어 바꿀 수 없습니다"
            f"({source_of(recording, by)}). 사실과 다르면 "
            f"{settings().titles.custodian}에게 알려 주십시오."
        )
    before, recording.prior_notice = recording.prior_notice, kind
    recording.notice_source = f"{_PERSON}{by.public_id}"
    recording.notice_at = clock.now()
    audit.record("notice.state", by=by, on=recording, kind=kind, before=before)


def may_state(recording: Recording, account: Account) -> bool:
    """Whether the notice is still open, or this person's own word. The call must be theirs too."""
    own = recording.notice_source == f"{_PERSON}{account.public_id}"
    return recording.prior_notice == "unknown" or own


def source_of(recording: Recording, account: Account) -> str:
    """Who says so, in words; empty where nobody does."""
    source = recording.notice_source
    if recording.prior_notice == "unknown" or not source:
        return ""
    if source == f"{_PERSON}{account.public_id}":
        return "본인 기록"
    return "다른 직원 기록" if source.startswith(_PERSON) else f"출처: {source}"
