"""What is said of an application. No personal data: the control number is put beside it."""

from __future__ import annotations

from portal.notices.kinds import Kind, Place, Words

_NOTHING = "더 하실 일은 없습니다."

APPLICATIONS: dict[Kind, Words] = {
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
        "신청하신 통화의 {information:을/를} 찾지 못했습니다.",
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
        "신청 화면에서 사유를 확인해 주십시오. 삭제된 {information:은/는} 되살릴 수 없습니다.",
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
}
