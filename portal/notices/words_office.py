"""What is said of accounts, acting deciders and what was taken in."""

from __future__ import annotations

from portal.notices.kinds import Kind, Place, Words

OFFICE: dict[Kind, Words] = {
    Kind.TO_CONFIRM: Words(
        "확인을 기다리는 계정 변경이 있습니다.",
        "'계정 변경 확인'에서 요청한 사람과 내용을 확인하고 답해 주십시오.",
        Place.CHANGES,
    ),
    Kind.ROLE_GRANTED: Words(
        "계정에 역할이 더해졌습니다.",
        "'내 계정'에서 역할을 확인하고, 모르는 일이면 바로 {titles.custodian}에게 알려 주십시오.",
        Place.ACCOUNT,
    ),
    Kind.ROLE_REVOKED: Words(
        "계정의 역할이 회수되었습니다.",
        "'내 계정'에서 역할을 확인하고, 모르는 일이면 바로 {titles.custodian}에게 알려 주십시오.",
        Place.ACCOUNT,
    ),
    Kind.PASSWORD_RESET: Words(
        "계정의 비밀번호가 초기화되었습니다.",
        "요청하신 적이 없으면 바로 {titles.custodian}에게 알려 주십시오.",
        Place.ACCOUNT,
    ),
    Kind.OTP_RESET: Words(
        "인증 앱 등록이 초기화되었습니다.",
        "'내 계정'에서 다시 등록해 주십시오. 요청하신 적이 없으면 바로 {titles.custodian}에게 알려 "
        "주십시오.",
        Place.ACCOUNT,
    ),
    Kind.ACTING_NAMED: Words(
        "직무대리로 지정되었습니다.",
        "지정된 기간에 그 직책의 일을 대신해 주십시오. 직책과 기간은 '내 계정'에 있습니다.",
        Place.ACCOUNT,
    ),
    Kind.ACTING_FOR_YOU: Words(
        "일을 대신할 직무대리가 지정되었습니다.",
        "'내 계정'에서 확인하고, 모르는 일이면 바로 {titles.custodian}에게 알려 주십시오.",
        Place.ACCOUNT,
    ),
    Kind.ACTING_KNOWN: Words(
        "직무대리 지정이 확인되었습니다.",
        "'직무대리'에서 기간과 사유를 확인해 주십시오.",
        Place.ACTING,
    ),
    Kind.ACTING_CHANGED: Words(
        "직무대리의 기간이 바뀌었습니다.",
        "바뀐 마지막 날을 확인해 주십시오.",
        Place.ACCOUNT,
    ),
    Kind.ACTING_ENDED: Words(
        "직무대리가 끝났습니다.",
        "남은 일은 다시 본래 맡은 사람이 합니다.",
        Place.ACCOUNT,
    ),
    Kind.QUARANTINED: Words(
        "반입하지 못한 파일이 있습니다.",
        "'반입 보류함'에서 사유를 읽고 적힌 대로 조치해 주십시오.",
        Place.QUARANTINE,
    ),
}
