"""Who is told what: one table. `docs/notices.md` prints it, the tests hold the two together.

A row that is missing here is told to nobody; `NOBODY` says of which actions that is meant.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from portal.applications.states import Action, State, action_title
from portal.notices.kinds import Kind
from portal.notices.wording import words_of
from portal.words import worded


class To(StrEnum):
    """How somebody stands to what happened. The person who did it is never told."""

    #: The employee who applied; on grounds 3–5 nobody (제7조②).
    APPLICANT = "applicant"
    #: An applicant without an account: a 전화 안내 task, and word of it to who entered it.
    BY_PHONE = "by_phone"
    #: Custodians who may act on it (no conflict).
    CUSTODIANS = "custodians"
    #: Who may fill the step that is due: its holders, or the acting person.
    NEXT_APPROVERS = "next_approvers"
    #: Those before whom it lay until it was recalled.
    FIRST_APPROVERS = "first_approvers"
    #: The officer named in the approval, or else the custodians.
    TRANSFEROR = "transferor"
    #: 직무대리: who acts, and in whose place.
    ACTING = "acting"
    REPRESENTED = "represented"
    #: Who may countersign the month (교차 확인).
    COUNTERSIGNERS = "countersigners"
    #: The person whose account it is.
    HOLDER = "holder"
    #: Who may confirm as the second person.
    SECOND_PERSONS = "second_persons"


TITLES: dict[To, str] = {
    To.APPLICANT: "신청인(직원)",
    To.BY_PHONE: "입력한 사람(전화 안내)",
    To.CUSTODIANS: "{titles.custodian}",
    To.NEXT_APPROVERS: "다음 결재자",
    To.FIRST_APPROVERS: "첫 단계 결재자",
    To.TRANSFEROR: "인계자",
    To.ACTING: "직무대리",
    To.REPRESENTED: "부재자",
    To.COUNTERSIGNERS: "{titles.auditor}",
    To.HOLDER: "계정의 주인",
    To.SECOND_PERSONS: "확인할 수 있는 사람",
}


@dataclass(frozen=True)
class Row:
    """`what` happened, who is told, and which notice. `into`: only where it led to that state."""

    what: str
    to: To
    kind: Kind
    into: State | None = None


def _of(action: Action, to: To, kind: Kind, into: State | None = None) -> Row:
    return Row(f"application.{action}", to, kind, into)


TABLE: tuple[Row, ...] = (
    _of(Action.SUBMIT, To.CUSTODIANS, Kind.TO_RECEIVE),
    _of(Action.RECEIVE, To.APPLICANT, Kind.RECEIVED),
    _of(Action.REQUEST_SUPPLEMENT, To.APPLICANT, Kind.TO_SUPPLEMENT),
    _of(Action.REQUEST_SUPPLEMENT, To.BY_PHONE, Kind.TO_CALL),
    _of(Action.SUPPLEMENT, To.CUSTODIANS, Kind.SUPPLEMENTED),
    _of(Action.FORWARD, To.NEXT_APPROVERS, Kind.TO_DECIDE),
    _of(Action.REVIEW, To.NEXT_APPROVERS, Kind.TO_DECIDE),
    _of(Action.RECALL, To.FIRST_APPROVERS, Kind.RECALLED, State.RECEIVED),
    _of(Action.RETURN, To.CUSTODIANS, Kind.RETURNED),
    _of(Action.APPROVE, To.APPLICANT, Kind.APPROVED),
    _of(Action.APPROVE, To.BY_PHONE, Kind.TO_CALL),
    _of(Action.APPROVE, To.TRANSFEROR, Kind.TO_HAND_OVER),
    _of(Action.REFUSE, To.APPLICANT, Kind.REFUSED),
    _of(Action.REFUSE, To.BY_PHONE, Kind.TO_CALL),
    _of(Action.NOT_FOUND, To.APPLICANT, Kind.NOT_FOUND),
    _of(Action.NOT_FOUND, To.BY_PHONE, Kind.TO_CALL),
    _of(Action.WITHDRAW, To.CUSTODIANS, Kind.WITHDRAWN),
    _of(Action.HAND_OVER, To.APPLICANT, Kind.HANDED_OVER),
    _of(Action.CLOSE, To.APPLICANT, Kind.CLOSED),
    _of(Action.EXPIRE, To.APPLICANT, Kind.EXPIRED),
    _of(Action.EXPIRE, To.BY_PHONE, Kind.TO_CALL),
    _of(Action.EXPIRE, To.CUSTODIANS, Kind.EXPIRED_IN_HAND),
    Row("account.change_asked", To.SECOND_PERSONS, Kind.TO_CONFIRM),
    Row("account.role_granted", To.HOLDER, Kind.ROLE_GRANTED),
    Row("account.role_revoked", To.HOLDER, Kind.ROLE_REVOKED),
    Row("account.password_reset", To.HOLDER, Kind.PASSWORD_RESET),
    Row("account.otp_reset", To.HOLDER, Kind.OTP_RESET),
    Row("acting.named", To.ACTING, Kind.ACTING_NAMED),
    Row("acting.named", To.REPRESENTED, Kind.ACTING_FOR_YOU),
    Row("acting.named", To.CUSTODIANS, Kind.ACTING_KNOWN),
    Row("acting.changed", To.ACTING, Kind.ACTING_CHANGED),
    Row("acting.changed", To.REPRESENTED, Kind.ACTING_CHANGED),
    Row("acting.changed", To.CUSTODIANS, Kind.ACTING_CHANGED),
    Row("acting.ended", To.ACTING, Kind.ACTING_ENDED),
    Row("acting.ended", To.REPRESENTED, Kind.ACTING_ENDED),
    Row("acting.ended", To.CUSTODIANS, Kind.ACTING_ENDED),
    Row("destruction.unanswered", To.CUSTODIANS, Kind.DESTRUCTION_UNANSWERED),
    Row("log.sign", To.COUNTERSIGNERS, Kind.MONTH_TO_COUNTERSIGN),
    Row("recording.quarantined", To.CUSTODIANS, Kind.QUARANTINED),
)

#: Of these nobody is told, and why.
NOBODY: dict[tuple[Action, State | None], str] = {
    (Action.REGISTER, None): "담당자가 스스로 접수한 공문입니다.",
    (Action.RECALL, State.DRAFT): "아직 아무도 처리하지 않은 신청입니다.",
}


def rows_of(what: str, into: str | None = None) -> list[Row]:
    """The rows of what happened, in the table's order."""
    return [row for row in TABLE if row.what == what and row.into in (None, into)]


def as_markdown() -> str:
    """The table as `docs/notices.md` shows it, in the words of the running installation."""
    lines = ["| 일 | 누구에게 | 알림 | 할 일 |", "|---|---|---|---|"]
    for row in TABLE:
        words = words_of(row.kind)
        happened = f"{_title(row)} (`{row.what}`)"
        lines.append(f"| {happened} | {worded(TITLES[row.to])} | {words.title} | {words.todo} |")
    return "\n".join(lines)


_OTHERS = {
    "account.change_asked": "계정 변경 요청",
    "account.role_granted": "역할 부여",
    "account.role_revoked": "역할 회수",
    "account.password_reset": "비밀번호 초기화",
    "account.otp_reset": "인증 앱 초기화",
    "acting.named": "직무대리 지정",
    "acting.changed": "직무대리 기간 변경",
    "acting.ended": "직무대리 끝남",
    "destruction.unanswered": "파기확인 미회신",
    "log.sign": "월 점검 서명",
    "recording.quarantined": "반입 보류",
}


def _title(row: Row) -> str:
    slice_name, _, action = row.what.partition(".")
    return action_title(Action(action)) if slice_name == "application" else _OTHERS[row.what]
