"""제6조, 제8조②, 제9조, 제10조: prior notice, what was taken away, and misuse."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Select, func, or_, select, text

from portal import clock
from portal.accounts.models import Account
from portal.compliance.check import Asking, Check, number_of, problems
from portal.compliance.history import Made, as_of, notices
from portal.destruction.models import Destruction
from portal.moments import ago
from portal.packages.models import Package
from portal.playback.models import ListeningSession
from portal.recordings.models import WITHOUT_NOTICE, Recording
from portal.restrictions.models import UseRestriction
from portal.runtime import settings
from portal.words import worded

_NOTICES = {
    "announcement": "안내 방송",
    "spoken": "구두 고지",
    "none": "고지 없음",
    "unknown": "미확인",
}


def prior_notice(made: Made) -> Asking:
    """제6조: the other party is told."""
    counted = notices(made)
    found = counted.value
    total = sum(found.values())
    silent, known = yield _without_notice
    open_ones = silent - known
    shares = [
        f"{words} {found.get(kind, 0)}건 ({found.get(kind, 0) / total:.0%})"
        for kind, words in _NOTICES.items()
        if total
    ]
    words = settings().institution
    return Check(
        settings().articles.prior_notice,
        worded("{recording:을/를} 하고자 할 때에는 통화 상대방에게 {recording} 사실을 고지한다."),
        "통화마다 고지 여부와 그 출처를 적고, 출처가 없으면 고지한 것으로 보지 않습니다.",
        ((", ".join(shares) or "보관 중인 통화 없음") + as_of(counted),),
        problems(
            (
                open_ones > 0,
                f"고지 없이 {words.recording_word}된 통화가 {open_ones}건 있습니다. "
                f"{settings().articles.restriction_no_notice}에 해당하는지 검토해 주십시오.",
            )
        ),
    )


def _without_notice() -> Sequence[Select[int]]:
    # Not by the day: all but a few living calls have one to come, and these have an index.
    to_come = func.coalesce(Recording.delete_on, Recording.delete_on) > clock.today()
    drafted = select(UseRestriction.call_id).where(
        UseRestriction.state.in_(("drafted", "approved"))
    )
    return (
        number_of(Recording, text(WITHOUT_NOTICE), to_come),
        number_of(Recording, text(WITHOUT_NOTICE), to_come, Recording.public_id.in_(drafted)),
    )


def passwords() -> Asking:
    """제8조②: protected by a password that the portal itself forgets."""
    built, kept = yield lambda: (
        number_of(Package, Package.built_at.is_not(None)),
        number_of(
            Package, Package.envelope.is_not(None), Package.state.in_(("ready", "used", "void"))
        ),
    )
    return Check(
        settings().articles.safekeeping,
        "제공받은 자는 비밀번호 등을 설정하여 관리한다.",
        "제공 파일은 AES-256으로 잠기고, 비밀번호는 받는 사람에게 한 번만 보이고 잊힙니다.",
        (f"만든 제공 파일 {built}개, 비밀번호가 남아 있는 것 {kept}개",),
        problems((kept > 0, f"비밀번호가 아직 남아 있는 제공 파일이 {kept}개 있습니다.")),
    )


def restrictions() -> Asking:
    """제9조: in writing, and in force at once."""
    active, unserved, hearing = yield _restricted
    return Check(
        settings().articles.restriction,
        "각 호에 해당하는 사용자에게 사용 제한을 서면으로 통지한다.",
        "제한은 통지서가 전달된 때부터 효력이 있고, 열려 있던 청취도 바로 끝납니다.",
        (f"효력이 있는 제한 {active}건, 시작일이 지났으나 통지하지 않은 것 {unserved}건",),
        problems(
            (unserved > 0, f"통지서를 전달하지 않은 사용 제한이 {unserved}건 있습니다."),
            (hearing > 0, f"사용이 제한된 사람의 청취가 {hearing}건 열려 있습니다."),
        ),
    )


def _restricted() -> Sequence[Select[int]]:
    restricted = (
        select(Account.id)
        .join(UseRestriction, UseRestriction.person_id == Account.person_id)
        .where(UseRestriction.portal_use, UseRestriction.is_in_force)
    )
    return (
        number_of(UseRestriction, UseRestriction.is_in_force),
        number_of(
            UseRestriction,
            UseRestriction.state == "approved",
            UseRestriction.served_at.is_(None),
            UseRestriction.lifted_at.is_(None),
            UseRestriction.from_on <= clock.today(),
        ),
        number_of(
            ListeningSession,
            ListeningSession.ended_at.is_(None),
            ListeningSession.expires_at > ago(),
            ListeningSession.attended.is_(False),
            ListeningSession.account_id.in_(restricted),
        ),
    )


def destruction() -> Asking:
    """제10조③: destroyed when the purpose is met."""
    confirmed, awaited, late = yield lambda: (
        number_of(Destruction, Destruction.state == "confirmed"),
        number_of(Destruction, Destruction.state.in_(("awaited", "unanswered"))),
        number_of(
            Destruction,
            or_(
                Destruction.state == "unanswered",
                (Destruction.state == "awaited") & (Destruction.answer_by < clock.today()),
            ),
        ),
    )
    return Check(
        settings().articles.recipient,
        worded("목적을 달성한 경우 {information:을/를} 즉시 파기한다."),
        "제공한 뒤 파기확인을 요청하고, 답이 없으면 미회신으로 남깁니다.",
        (f"파기확인 {confirmed}건, 기다리는 것 {awaited}건, 기한이 지난 것 {late}건",),
        problems((late > 0, f"파기확인의 기한이 지난 제공이 {late}건 있습니다.")),
    )
