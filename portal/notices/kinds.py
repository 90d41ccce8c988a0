"""The kinds of notices: what each says, what is to be done, and where.

No personal data stands in a text, since it also goes out by mail: of an application the control
number only.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from portal.runtime import settings


class Place(StrEnum):
    """Where one acts; the pages know the addresses."""

    INTAKE = "intake"
    APPROVAL = "approval"
    HANDOVER = "handover"
    APPLICATION = "application"
    CALL_TASKS = "call_tasks"
    CHANGES = "changes"
    ACCOUNT = "account"
    QUARANTINE = "quarantine"
    NOWHERE = "nowhere"


class Kind(StrEnum):
    TO_RECEIVE = "to_receive"
    RECEIVED = "received"
    TO_SUPPLEMENT = "to_supplement"
    SUPPLEMENTED = "supplemented"
    TO_DECIDE = "to_decide"
    RECALLED = "recalled"
    RETURNED = "returned"
    APPROVED = "approved"
    TO_HAND_OVER = "to_hand_over"
    REFUSED = "refused"
    NOT_FOUND = "not_found"
    WITHDRAWN = "withdrawn"
    HANDED_OVER = "handed_over"
    CLOSED = "closed"
    EXPIRED = "expired"
    EXPIRED_IN_HAND = "expired_in_hand"
    TO_CALL = "to_call"
    TO_CONFIRM = "to_confirm"
    ROLE_GRANTED = "role_granted"
    ROLE_REVOKED = "role_revoked"
    PASSWORD_RESET = "password_reset"
    OTP_RESET = "otp_reset"
    ACTING_NAMED = "acting_named"
    QUARANTINED = "quarantined"
    REMIND_INTAKE = "remind_intake"
    REMIND_APPROVAL = "remind_approval"
    REMIND_HANDOVER = "remind_handover"
    LATE = "late"
    INTAKE_STANDS = "intake_stands"
    DELETION_STANDS = "deletion_stands"
    WORKER_STANDS = "worker_stands"


@dataclass(frozen=True)
class Words:
    """`passing`: it asks for something, and is done with as soon as the application moves on."""

    title: str
    todo: str
    place: Place
    passing: bool = False


_NOTHING = "더 하실 일은 없습니다."

WORDS: dict[Kind, Words] = {
    Kind.TO_RECEIVE: Words(
        "접수할 신청이 들어왔습니다.",
        "접수함에서 신청을 열어 접수해 주십시오.",
        Place.INTAKE,
        passing=True,
    ),
    Kind.RECEIVED: Words(
        "신청이 접수되었습니다.",
        "진행 상태는 '내 신청'에서 보실 수 있습니다. 지금 하실 일은 없습니다.",
        Place.APPLICATION,
    ),
    Kind.TO_SUPPLEMENT: Words(
        "신청을 보완해 주셔야 합니다.",
        "신청 화면에서 무엇을 보완할지 읽고 기한까지 보완해 주십시오.",
        Place.APPLICATION,
        passing=True,
    ),
    Kind.SUPPLEMENTED: Words(
        "보완을 요구한 신청이 보완되었습니다.",
        "접수함에서 보완된 내용을 확인하고 이어서 처리해 주십시오.",
        Place.INTAKE,
        passing=True,
    ),
    Kind.TO_DECIDE: Words(
        "결재할 신청이 올라왔습니다.",
        "결재대기함에서 신청을 열어 결재해 주십시오.",
        Place.APPROVAL,
        passing=True,
    ),
    Kind.RECALLED: Words(
        "결재에 올라온 신청을 담당자가 회수했습니다.",
        "다시 올라올 때까지 하실 일은 없습니다.",
        Place.NOWHERE,
    ),
    Kind.RETURNED: Words(
        "결재에 올린 신청이 반려되었습니다.",
        "접수함에서 의견을 읽고 고친 뒤 다시 결재에 올려 주십시오.",
        Place.INTAKE,
        passing=True,
    ),
    Kind.APPROVED: Words(
        "신청이 승인되었습니다.",
        "인계자의 안내에 따라 인계·인수증에 서명해 주십시오. 서명한 뒤에 열람·제공이 시작됩니다.",
        Place.APPLICATION,
        passing=True,
    ),
    Kind.TO_HAND_OVER: Words(
        "인계·인수할 신청이 있습니다.",
        "인계·인수에서 인계·인수증을 만들고 서명을 받아 주십시오.",
        Place.HANDOVER,
        passing=True,
    ),
    Kind.REFUSED: Words(
        "신청이 거절되었습니다.",
        "신청 화면에서 거절한 사유와 이의를 제기하는 방법을 확인해 주십시오.",
        Place.APPLICATION,
    ),
    Kind.NOT_FOUND: Words(
        "신청하신 통화의 {recording}정보를 찾지 못했습니다.",
        "신청 화면에서 처리 결과를 확인해 주십시오.",
        Place.APPLICATION,
    ),
    Kind.WITHDRAWN: Words("신청이 취하되었습니다.", _NOTHING, Place.APPLICATION),
    Kind.HANDED_OVER: Words(
        "인계·인수가 끝났습니다.",
        "신청 화면에서 기한 안에 열람하거나 받아 주십시오. 기한이 지나면 다시 열 수 없습니다.",
        Place.APPLICATION,
        passing=True,
    ),
    Kind.CLOSED: Words("신청의 처리가 모두 끝났습니다.", _NOTHING, Place.APPLICATION),
    Kind.EXPIRED: Words(
        "보관기간이 지나 신청이 기간만료로 끝났습니다.",
        "신청 화면에서 사유를 확인해 주십시오. 삭제된 {recording}정보는 되살릴 수 없습니다.",
        Place.APPLICATION,
    ),
    Kind.EXPIRED_IN_HAND: Words(
        "처리하던 신청이 기간만료로 끝났습니다.",
        "신청 화면에서 신청 지연인지 처리 지연인지 확인해 주십시오.",
        Place.APPLICATION,
    ),
    Kind.TO_CALL: Words(
        "전화로 안내할 일이 있습니다.",
        "'전화 안내'에서 안내할 내용을 읽고 전화한 뒤 결과를 적어 주십시오.",
        Place.CALL_TASKS,
    ),
    Kind.TO_CONFIRM: Words(
        "확인을 기다리는 계정 변경이 있습니다.",
        "'계정 변경 확인'에서 요청한 사람과 내용을 확인하고 답해 주십시오.",
        Place.CHANGES,
    ),
    Kind.ROLE_GRANTED: Words(
        "계정에 역할이 더해졌습니다.",
        "'내 계정'에서 역할을 확인하고, 모르는 일이면 바로 {custodian}에게 알려 주십시오.",
        Place.ACCOUNT,
    ),
    Kind.ROLE_REVOKED: Words(
        "계정의 역할이 회수되었습니다.",
        "'내 계정'에서 역할을 확인하고, 모르는 일이면 바로 {custodian}에게 알려 주십시오.",
        Place.ACCOUNT,
    ),
    Kind.PASSWORD_RESET: Words(
        "계정의 비밀번호가 초기화되었습니다.",
        "요청하신 적이 없으면 바로 {custodian}에게 알려 주십시오.",
        Place.ACCOUNT,
    ),
    Kind.OTP_RESET: Words(
        "인증 앱 등록이 초기화되었습니다.",
        "'내 계정'에서 다시 등록해 주십시오. 요청하신 적이 없으면 바로 {custodian}에게 알려 "
        "주십시오.",
        Place.ACCOUNT,
    ),
    Kind.ACTING_NAMED: Words(
        "직무대리로 지정되었습니다.",
        "지정된 기간에 결재대기함에 오는 신청을 대신 결재해 주십시오.",
        Place.APPROVAL,
    ),
    Kind.QUARANTINED: Words(
        "반입하지 못한 파일이 있습니다.",
        "'반입 보류함'에서 사유를 읽고 적힌 대로 조치해 주십시오.",
        Place.QUARANTINE,
    ),
    Kind.REMIND_INTAKE: Words(
        "처리기한까지 근무일로 {number}일 남은 신청이 있습니다.",
        "접수함에서 이어서 처리해 주십시오. {recording}정보의 삭제는 미룰 수 없습니다.",
        Place.INTAKE,
        passing=True,
    ),
    Kind.REMIND_APPROVAL: Words(
        "처리기한까지 근무일로 {number}일 남은 결재가 있습니다.",
        "결재대기함에서 결재해 주십시오. {recording}정보의 삭제는 미룰 수 없습니다.",
        Place.APPROVAL,
        passing=True,
    ),
    Kind.REMIND_HANDOVER: Words(
        "처리기한까지 근무일로 {number}일 남은 인계·인수가 있습니다.",
        "신청인에게 연락하여 인계·인수를 마쳐 주십시오. {recording}정보의 삭제는 미룰 수 없습니다.",
        Place.HANDOVER,
        passing=True,
    ),
    Kind.LATE: Words(
        "처리기한이 되었으나 끝나지 않은 신청이 있습니다.",
        "지금 맡고 있는 사람에게 진행을 확인하고, 자리에 없으면 대신할 사람을 정해 주십시오.",
        Place.NOWHERE,
        passing=True,
    ),
    Kind.INTAKE_STANDS: Words(
        "{recording} 파일의 반입이 멈추어 있습니다.",
        "서버의 작업 프로그램(portal worker)과 디스크, 반입 폴더를 확인해 주십시오.",
        Place.NOWHERE,
    ),
    Kind.DELETION_STANDS: Words(
        "자동 삭제가 멈추어 있습니다.",
        "서버의 작업 프로그램(portal worker)을 확인하고 'portal retention run'을 실행해 주십시오.",
        Place.NOWHERE,
    ),
    Kind.WORKER_STANDS: Words(
        "자동으로 하는 일이 모두 멈추어 있습니다.",
        "서버에서 작업 프로그램(portal worker)을 다시 시작해 주십시오.",
        Place.NOWHERE,
    ),
}

#: Done with as soon as the application moves on.
PASSING = frozenset(kind for kind, words in WORDS.items() if words.passing)


def words_of(kind: str, number: int | None = None) -> Words:
    """The sentences of a notice in the institution's own words; `number`: working days left."""
    words, rules = WORDS[Kind(kind)], settings()
    own = {
        "number": number,
        "custodian": rules.titles.custodian,
        "recording": rules.institution.recording_word,
    }
    return replace(words, title=words.title.format(**own), todo=words.todo.format(**own))
