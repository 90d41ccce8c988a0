"""What each code of the log means, in Korean: one table, complete by a test."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from portal.applications.states import ACTION_TITLES
from portal.words import worded


class Group(StrEnum):
    """What the list can be narrowed to; the value is what stands in the filter box."""

    LOGIN = "로그인·인증"
    VIEW = "조회"
    SEARCH = "검색"
    PLAYBACK = "청취"
    OUTPUT = "출력·내보내기"
    REFUSED = "거부된 시도"
    CASE = "신청 처리"
    HANDOVER = "인계·인수"
    ACCOUNT = "계정·권한"
    RULES = "설정·조직"
    SYSTEM = "시스템"


_CHANGES = {
    "grant_role": "역할 부여",
    "revoke_role": "역할 회수",
    "reset_password": "비밀번호 초기화",
    "reset_otp": "인증 앱 초기화",
    "name_acting": "직무대리 지정",
}
_ANSWERS = {"asked": "요청", "confirmed": "확인", "declined": "거부"}

_WORDS: dict[Group, dict[str, str]] = {
    Group.LOGIN: {
        "login.success": "로그인",
        "login.end": "로그인 끝남",
        "otp.enrolment_begun": "인증 앱 등록 시작",
        "otp.enrolled": "인증 앱 등록",
        "otp.used": "인증번호 확인",
        "otp.recovery_used": "복구 코드 사용",
        "account.password_changed": "비밀번호 변경",
    },
    Group.VIEW: {"view": "조회"},
    Group.SEARCH: {
        "recordings.search": "통화 검색",
        "ledger.search": "관리대장 검색",
        "accounts.search": "계정 검색",
        "log.search": "접속기록 조회",
        "log.month_view": "월 점검 조회",
    },
    Group.PLAYBACK: {
        "playback.open": "청취 시작",
        "playback.play": "{recording} 재생",
        "playback.close": "청취 종료",
    },
    Group.OUTPUT: {
        "unmask": "가림 해제",
        "ledger.print": "관리대장 인쇄",
        "third_party.print": "제3자 제공 대장 인쇄",
        "third_party.printed": "제3자 제공 대장 인쇄본 만듦",
        "third_party.export": "제3자 제공 대장 엑셀 요청",
        "third_party.exported": "제3자 제공 대장 엑셀 만듦",
        "ledger.printed": "관리대장 인쇄본 만듦",
        "ledger.exported": "관리대장 엑셀 만듦",
        "ledger.export": "관리대장 엑셀 요청",
        "document.reprint": "문서 다시 인쇄",
        "print.download": "만든 파일 내려받기",
        "package.open": "제공 파일 내려받기 시작",
        "package.sent": "제공 파일 내려받음",
        "package.cut": "제공 파일 내려받기 끊김",
        "document.read": "발급 문서 다시 열기",
    },
    Group.REFUSED: {
        "access.refused": "권한 없는 화면 접근",
        "screen.refused": "인수자에게 돌린 화면에서 다른 화면 접근",
        "approval.refused": "할 수 없는 결재 시도",
        "login.refused": "로그인 거부",
        "otp.refused": "인증번호 거부",
        "otp.recovery_refused": "복구 코드 거부",
        "playback.refused": "청취 거부",
        "package.refused": "제공 파일 거부",
        "recorder.refused": "{recorder} 접속 거부",
    },
    Group.CASE: {
        "application.draft": "신청서 작성",
        "application.match": "{information} 연결",
        "application.unmatch": "{information} 연결 해제",
        "candidate.propose": "통화 후보에 넣음",
        "candidate.take_off": "통화 후보에서 뺌",
        "candidate.ask": "통화 후보를 신청인에게 보임",
        "candidate.answer": "통화 후보에 답함",
        "application.checked": "접수 내용 확인",
        "evidence.add": "증명서류 추가",
        "evidence.remove": "증명서류 파기",
        "evidence.destroy": "접수한 증명서류 파기",
        "signature.add": "신청서 서명",
        "signature.remove": "신청서 서명 지움",
        "application.registered": "공문 등록",
        "claim.asked": "공용 내선 통화 본인 확인 요청",
        "claim.confirmed": "공용 내선 통화 본인 확인",
        "claim.declined": "공용 내선 통화 본인 확인 거부",
        "application.supplemented": "보완 자료 제출",
        "application.due_moved": "처리기한 다시 셈",
        "application.draft_removed": "오래된 작성중 신청 파기",
        "call_task.done": "전화 안내 결과 기록",
        "notice.state": "사전고지 기록",
        **{f"application.{action}": title for action, title in ACTION_TITLES.items()},
    },
    Group.HANDOVER: {
        "handover.prepare": "인계·인수증 작성",
        "handover.sign": "인계·인수증 서명",
        "screen.turned": "서명할 사람에게 화면을 돌림",
        "screen.back": "인수자에게 돌린 화면을 되돌림",
        "handover.complete": "인계·인수 완료",
        "handover.reply": "공문 회신 기록",
        "document.issue": "문서 발급",
        "third_party.published": "제3자 제공 공개 기록",
        "package.offer": "제공 파일 준비",
        "package.password": "제공 파일 비밀번호 표시",
        "package.built": "제공 파일 만듦",
        "package.used": "제공 파일 사용 끝",
        "package.void": "제공 파일 무효",
        "destruction.confirm": "파기확인",
        "destruction.unanswered": "파기확인 미회신",
    },
    Group.ACCOUNT: {
        "account.first": "첫 계정 만듦",
        "account.opened": "계정 만듦",
        "mail.retried": "알림 메일 다시 보냄",
        "account.email_set": "전자우편 주소 변경",
        "account.closed": "계정 닫음",
        "account.closing_set": "계정 닫을 날 정함",
        "account.role_granted": "역할 부여",
        "account.role_revoked": "역할 회수",
        "account.password_reset": "비밀번호 초기화",
        "account.otp_reset": "인증 앱 초기화",
        "acting.named": "직무대리 지정",
        "acting.ended": "직무대리 끝남",
        "acting.changed": "직무대리 기간 변경",
        **{
            f"account.{change}_{answer}": f"{change_words} {answer_words}"
            for change, change_words in _CHANGES.items()
            for answer, answer_words in _ANSWERS.items()
        },
    },
    Group.RULES: {
        "department.added": "부서 추가",
        "department.changed": "부서 변경",
        "department.ended": "부서 끝남",
        "extension.added": "내선 추가",
        "extension.holding_set": "내선 사용자 지정",
        "extension.holding_ended": "내선 사용 끝남",
        "extension.sharing_changed": "내선 전용·공용 변경",
        "extension.legs_adopted": "내선 미확인 통화 연결",
        "extension.calls_changed_hands": "지난 통화의 당사자 변경",
        "organisation.imported": "조직 자료 가져오기",
        "person.posting_set": "직원 소속 변경",
        "person.renamed": "직원 이름 변경",
        "recorder.add": "{recorder} 등록",
        "recorder.revoke": "{recorder} 등록 해제",
        "holiday.added": "임시공휴일 추가",
        "holiday.removed": "임시공휴일 삭제",
        "restriction.candidates": "고지 없는 통화 조회",
        "restriction.draft": "사용 제한 기안",
        "restriction.approve": "사용 제한 결정",
        "restriction.refuse": "사용 제한 기안 거절",
        "restriction.withdraw": "사용 제한 기안 취하",
        "restriction.serve": "사용 제한 통지",
        "restriction.lift": "사용 제한 해제",
    },
    Group.SYSTEM: {
        "recording.taken_in": "{information} 반입",
        "recording.recognised": "이미 반입한 {information}",
        "recording.quarantined": "반입 보류",
        "recording.quarantine_recognised": "이미 보류한 파일",
        "recording.late_arrival": "보관기간 지난 파일 파기",
        "retention.destroy": "{information} 자동 삭제",
        "print.expire": "만든 파일 지움",
        "notices.pruned": "오래된 알림과 메일 지움",
        "logins.pruned": "오래된 로그인 이력 지움",
        "jobs.pruned": "끝난 작업 기록 지움",
        "key.change_master": "마스터 키 변경",
        "key.change_columns": "개인정보 항목의 열쇠 변경",
        "key.recover": "날짜별 열쇠를 사본에서 되찾음",
        "backup.made": "백업",
        "backup.restored": "백업에서 복원",
        "retention.lost": "열쇠를 잃은 {information} 파기",
        "clock.confirmed": "서버 시계 확인",
        "log.prune": "접속기록 정리",
        "log.verify": "접속기록 검증",
        "log.sign": "월 점검 서명",
        "log.countersign": "월 점검 교차 확인",
        "compliance.view": "지침 이행 현황 조회",
        "compliance.recorder_check": "{recorder} 자체 보관 확인",
    },
}


@dataclass(frozen=True)
class Wording:
    group: Group
    text: str


ACTIONS: dict[str, Wording] = {
    code: Wording(group, text) for group, codes in _WORDS.items() for code, text in codes.items()
}

#: What a subject is, by the name of its table.
SUBJECTS = {
    "account": "계정",
    "acting_assignment": "직무대리",
    "application": "신청",
    "application_file": "증명서류·서명",
    "department": "부서",
    "handover_receipt": "인계·인수증",
    "issued_document": "발급 문서",
    "person": "직원의 통화 목록",
    "quarantine_item": "반입 보류 파일",
    "recording": "{information}",
    "tombstone": "삭제 기록",
    "package": "제공 파일",
    "call_claim": "통화 본인 확인",
    "extension": "내선",
    "job": "인쇄·엑셀 파일",
    "recorder": "{recorder}",
    "use_restriction": "사용 제한",
    "ledger_row": "관리대장의 줄",
    "call_task": "전화 안내",
    "extra_holiday": "임시공휴일",
}

ORIGINS = {"cli": "명령줄", "worker": "작업기"}


def words(action: str) -> str:
    """The Korean wording; a code of an older version that nobody knows any more, as it is."""
    if action not in ACTIONS:
        return action
    return worded(ACTIONS[action].text)


def subject_words(kind: str) -> str:
    """What a subject is, by the name of its table."""
    return worded(SUBJECTS.get(kind, kind))


def codes_of(group: Group) -> list[str]:
    return list(_WORDS[group])
