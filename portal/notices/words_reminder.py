"""What reminders and alarms say; `{number}`: working days left, or months."""

from __future__ import annotations

from portal.notices.kinds import Kind, Place, Words

REMINDERS: dict[Kind, Words] = {
    Kind.REMIND_INTAKE: Words(
        "처리기한까지 근무일로 {number}일 남은 신청이 있습니다.",
        "접수함에서 이어서 처리해 주십시오. {information}의 삭제는 미룰 수 없습니다.",
        Place.INTAKE,
        passing=True,
    ),
    Kind.REMIND_APPROVAL: Words(
        "처리기한까지 근무일로 {number}일 남은 결재가 있습니다.",
        "결재대기함에서 결재해 주십시오. {information}의 삭제는 미룰 수 없습니다.",
        Place.APPROVAL,
        passing=True,
    ),
    Kind.REMIND_HANDOVER: Words(
        "처리기한까지 근무일로 {number}일 남은 인계·인수가 있습니다.",
        "신청인에게 연락하여 인계·인수를 마쳐 주십시오. {information}의 삭제는 미룰 수 없습니다.",
        Place.HANDOVER,
        passing=True,
    ),
    Kind.LATE: Words(
        "처리기한이 되었으나 끝나지 않은 신청이 있습니다.",
        "지금 맡고 있는 사람에게 진행을 확인하고, 자리에 없으면 대신할 사람을 정해 주십시오.",
        Place.NOWHERE,
        passing=True,
    ),
    Kind.REMIND_SUPPLEMENT: Words(
        "보완기한까지 근무일로 {number}일 남은 보완요구가 있습니다.",
        "신청 화면에서 보완해 주십시오. {information}의 삭제는 미룰 수 없습니다.",
        Place.APPLICATION,
        passing=True,
    ),
    Kind.SUPPLEMENT_LATE: Words(
        "보완기한이 지났으나 보완되지 않은 신청이 있습니다.",
        "신청인에게 확인하고, 보완 없이 처리하려면 보완요구를 회수해 주십시오.",
        Place.INTAKE,
        passing=True,
    ),
    Kind.REMIND_DESTRUCTION: Words(
        "파기확인 기한까지 근무일로 {number}일 남았습니다.",
        "목적을 달성했으면 받은 {information:을/를} 모두 파기하고 '파기확인'에서 확인해 주십시오.",
        Place.DESTRUCTION,
        passing=True,
    ),
    Kind.ASK_DESTRUCTION: Words(
        "파기 여부를 물어볼 제공이 있습니다.",
        "제공받은 기관에 파기 여부를 묻고 답을 '파기확인'에 적어 주십시오.",
        Place.DESTRUCTION,
        passing=True,
    ),
    Kind.DESTRUCTION_LATE: Words(
        "파기확인 기한이 지났습니다.",
        "받은 {information:을/를} 파기하고 '파기확인'에서 확인해 주십시오.",
        Place.DESTRUCTION,
        passing=True,
    ),
    Kind.DESTRUCTION_UNANSWERED: Words(
        "파기확인이 기한까지 없는 제공이 있습니다 (미회신).",
        "제공받은 사람에게 확인하고, 답을 받으면 '파기확인'에 적어 주십시오.",
        Place.DESTRUCTION,
        passing=True,
    ),
    Kind.TO_PUBLISH: Words(
        "공개 기한까지 근무일로 {number}일 남은 제3자 제공이 있습니다.",
        "'제3자 제공 대장'에서 공개할 내용을 확인하여 공개하고, 공개한 날과 곳을 적어 주십시오.",
        Place.THIRD_PARTY,
    ),
    Kind.PUBLICATION_LATE: Words(
        "공개 기한이 되었으나 공개를 기록하지 않은 제3자 제공이 있습니다.",
        "'제3자 제공 대장'에서 공개했는지 확인하고, 공개한 날과 곳을 적어 주십시오.",
        Place.THIRD_PARTY,
    ),
    Kind.MONTH_TO_SIGN: Words(
        "서명하지 않은 접속기록 월 점검이 {number}개월 있습니다.",
        "'월 점검'에서 지난달 접속기록을 살펴보고 서명해 주십시오.",
        Place.LOG_MONTHS,
    ),
    Kind.MONTH_UNSIGNED: Words(
        "접속기록 월 점검이 기한까지 서명되지 않았습니다.",
        "{titles.division_head}에게 점검과 서명을 요청해 주십시오.",
        Place.LOG_MONTHS,
    ),
    Kind.MONTH_TO_COUNTERSIGN: Words(
        "교차 확인할 접속기록 월 점검이 있습니다.",
        "'월 점검'에서 서명한 사람 본인의 기록을 살펴보고 확인해 주십시오.",
        Place.LOG_MONTHS,
    ),
    Kind.MONTH_UNCOUNTERSIGNED: Words(
        "접속기록 월 점검의 교차 확인이 기한까지 없습니다.",
        "{titles.auditor}에게 교차 확인을 요청해 주십시오.",
        Place.LOG_MONTHS,
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
    Kind.MAIL_FAILED: Words(
        "보내지 못하고 그만둔 메일이 있습니다.",
        "'보내지 못한 메일'에서 까닭을 확인하고 주소를 고친 뒤에 다시 보내 주십시오.",
        Place.MAILS,
    ),
    Kind.WORKER_STANDS: Words(
        "자동으로 하는 일이 모두 멈추어 있습니다.",
        "서버에서 작업 프로그램(portal worker)을 다시 시작해 주십시오.",
        Place.NOWHERE,
    ),
    Kind.DISK_LOW: Words(
        "서버의 디스크가 거의 찼습니다.",
        "차면 반입이 멈춥니다. 데이터 폴더가 있는 디스크에 자리를 마련해 주십시오.",
        Place.NOWHERE,
    ),
}
