"""제3조, 제5조, 제8조③, 제11조: who belongs, who is in charge, and how few have access."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Select, exists, func, or_, select

from portal import clock
from portal.access import Permission
from portal.accounts.models import Account, Department, LoginSession, RoleGrant
from portal.compliance.check import Asking, Check, Link, number_of, numbers_by, problems
from portal.playback.models import ListeningSession
from portal.recordings.models import CallLeg, Recording
from portal.roles import SENSITIVE, Role
from portal.runtime import settings
from portal.words import worded

_ACCOUNTS = Link("계정 관리", "accounts.accounts", Permission.MANAGE_ACCOUNTS)


def scope() -> Asking:
    """제3조: the departments the guideline applies to."""
    today = clock.today()
    stands = (Department.from_on <= today) & or_(
        Department.until_on.is_(None), Department.until_on > today
    )
    kinds = select(Department.kind, func.count()).where(stands).group_by(Department.kind)
    found = numbers_by(kinds)
    (unknown,) = yield lambda: (
        number_of(
            Recording,
            Recording.is_alive,
            Recording.id.in_(select(CallLeg.recording_id).where(CallLeg.extension_id.is_(None))),
        ),
    )
    return Check(
        settings().articles.scope,
        "행정전화를 사용하는 모든 부서에 적용한다.",
        "부서, 직원과 내선을 기간과 함께 관리합니다.",
        (
            ", ".join(f"{kind} {number}곳" for kind, number in found.items()) or "부서 없음",
            f"내선 미확인 통화 {unknown}건",
        ),
        problems((not found, "등록된 부서가 없습니다. 조직 자료를 넣어 주십시오.")),
    )


def place() -> Check:
    """제4조: where the machine stands, no software can see."""
    return Check(
        settings().articles.place,
        "시스템은 통신실에 설치하여 운영한다.",
        "이 포털은 바깥으로 요청을 보내지 않으며, 자료는 이 서버에 암호화되어 있습니다.",
        ("설치장소는 사람이 확인합니다.",),
        unseen=True,
    )


def in_charge() -> Asking:
    """제5조: everybody whom the procedure needs is appointed."""
    titles = settings().titles.model_dump()
    steps = settings().approval.steps
    needed = list(dict.fromkeys([Role.CUSTODIAN, *(Role(step.role) for step in steps)]))
    numbers = yield lambda: [_holders(role) for role in needed]
    holders = dict(zip(needed, numbers, strict=True))
    missing = [titles[role] for role, number in holders.items() if not number]
    return Check(
        settings().articles.officers,
        worded("책임자와 {titles.custodian:을/를} 지정한다."),
        "역할은 두 번째 사람이 확인해야 부여되고, 마지막 한 사람의 역할은 거둘 수 없습니다.",
        tuple(f"{titles[role]} {number}명" for role, number in holders.items()),
        problems((bool(missing), f"지정되지 않은 역할이 있습니다: {', '.join(missing)}")),
        (_ACCOUNTS,),
    )


def few_people() -> Asking:
    """제8조③: access for as few people as possible, each confirmed by a second one."""
    title, most = settings().titles.custodian, settings().compliance.custodians_at_most
    custodians, unconfirmed = yield lambda: (
        _holders(Role.CUSTODIAN),
        number_of(
            RoleGrant,
            RoleGrant.role.in_(SENSITIVE),
            RoleGrant.revoked_at.is_(None),
            RoleGrant.granted_by_id.is_not(None),
            RoleGrant.confirmed_by_id.is_(None),
        ),
    )
    return Check(
        settings().articles.least_access,
        "접근 권한을 최소한의 인원으로 제한하고 보호 조치를 한다.",
        worded(
            "허용하지 않은 화면은 모두 막히고, {information:은/는} 날마다 다른 열쇠로 암호화됩니다."
        ),
        (
            f"{title} {custodians}명 (기준 {most}명)",
            f"확인 없이 부여된 권한 {unconfirmed}건",
        ),
        problems(
            (custodians > most, f"{title} {custodians}명은 많습니다. {most}명으로 줄여 주십시오."),
            (unconfirmed > 0, f"두 번째 사람의 확인이 없는 권한이 {unconfirmed}건 있습니다."),
        ),
        (_ACCOUNTS,),
    )


def former_staff() -> Asking:
    """제11조: accounts are closed, never deleted, and closed ones reach nothing."""
    number, still_in = yield _closed
    return Check(
        settings().articles.secrecy,
        worded("처리하였던 사람도 {information:을/를} 부당하게 사용해서는 안 된다."),
        "계정은 지우지 않고 닫으며, 닫는 순간 로그인과 청취가 끝나고 기록은 남습니다.",
        (f"닫힌 계정 {number}개, 그중 아직 열려 있는 접속 {still_in}개",),
        problems((still_in > 0, f"닫힌 계정의 접속이 {still_in}개 열려 있습니다.")),
        (_ACCOUNTS,),
    )


def _closed() -> Sequence[Select[int]]:
    closed = Account.closed_at.is_not(None)
    logins = exists().where(LoginSession.account_id == Account.id, LoginSession.ended_at.is_(None))
    hearing = exists().where(
        ListeningSession.account_id == Account.id, ListeningSession.ended_at.is_(None)
    )
    return number_of(Account, closed), number_of(Account, closed, or_(logins, hearing))


def _holders(role: Role) -> Select[int]:
    """Open accounts with a role."""
    held = select(RoleGrant.account_id).where(
        RoleGrant.role == role, RoleGrant.revoked_at.is_(None)
    )
    return number_of(Account, Account.are_open(), Account.id.in_(held))
