"""Typical, longest and strangest data for the papers of restrictions, destruction and the law."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

from portal.documents import destruction_paper, lift_notice, restriction_notice, third_party
from portal.documents.wording import Wording
from portal.institution import load_settings

_RULES, _AWAY_RULES = load_settings(), load_settings(Path(__file__).with_name("elsewhere.toml"))
ICHEON, ELSEWHERE = Wording.of(_RULES), Wording.of(_AWAY_RULES)
NUMBER = "K7QF-9M2X-TR4H-8WPD"
STRANGE = "뷁 똠 갂 ①㎡㊞ 洪吉童 <b>굵게</b> {{ 7*7 }} =1+1 " + "W" * 60
LONG = "교육을 이수하였고 같은 일이 되풀이되지 않도록 사전고지 안내문을 전화기에 붙였습니다. " * 10
LONG_NAME = "정보통신과 정보보호업무 담당 정보보호팀 지방행정주사보 남궁은하수"

RESTRICTION = restriction_notice.RestrictionNotice(
    wording=ICHEON,
    sender="정보통신과장",
    number="정보통신과-사용제한-2026-0001",
    department="도시개발과",
    rank="주무관",
    name="이도윤",
    ground_article="제9조제2호",
    ground_text="녹취 시 사전고지를 하지 않고 사용한 경우",
    reason="2026. 11. 20. 14:05 통화에서 고지하지 않음.",
    scope=("포털 이용", "행정전화 녹음"),
    from_on=date(2026, 11, 25),
    last_on=date(2026, 12, 24),
    counter_title="민원창구 직원",
    drafter_title="시스템 관리자",
    drafter_name="최민준",
    decider_title="과장",
    decider_name="강지훈",
    decided_on=date(2026, 11, 24),
    verification_no=NUMBER,
)
LIFT = lift_notice.LiftNotice(
    wording=ICHEON,
    sender="정보통신과장",
    number="정보통신과-사용제한-2026-0001",
    decided_on=date(2026, 11, 24),
    recipient="도시개발과 주무관 이도윤",
    ground="제9조제2호 (녹취 시 사전고지를 하지 않고 사용한 경우)",
    period="2026. 11. 25.부터 2026. 12. 24.까지",
    scope="포털 이용, 행정전화 녹음",
    lifted_at=datetime(2026, 12, 1, 1, 30, tzinfo=UTC),
    lifted_by="과장 강지훈",
    reason="교육을 마침",
    dated=date(2026, 12, 1),
    verification_no=NUMBER,
)
DESTROYED = destruction_paper.DestructionPaper(
    wording=ICHEON,
    control_no="2026-0001",
    holder="홍길동",
    contact="010-1234-5678",
    provided_on=date(2026, 11, 24),
    files=2,
    media=("USB 메모리 SN-0012345",),
    destroyed_on=date(2026, 12, 20),
    told="파기확인서 제출 (최민준, 2026. 12. 21. 10:05)",
    note="매체를 파쇄함",
    verification_no=NUMBER,
)
OPEN = replace(DESTROYED, destroyed_on=None, told="", note="")


def line(number: int, wording: Wording = ICHEON, **changes: str) -> third_party.Line:
    """One provision to the police."""
    law = _law(wording)
    usual = {
        "number": f"2026-{number}",
        "control_no": f"2026-{number:04d}",
        "file_name": law.file_name,
        "use": law.use,
        "recipient": "경기남부지방검찰청",
        "officer_department": "형사1부",
        "officer_name": "검사 오수사",
        "officer_contact": "031-645-0112",
        "provided_on": "2026. 11. 24.",
        "form": law.provision,
        "basis": f"{law.law(4)}, 「형사소송법」 제199조제2항 (수사과-12345)",
        "purpose": "협박 사건 수사",
        "items": f"{law.items} (2건)",
        "measures": law.measures.strip(),
        "published": "공개 대상 아님",
    }
    return third_party.Line(**{**usual, **changes})


def register(rows: tuple[third_party.Line, ...], wording: Wording = ICHEON) -> third_party.Register:
    law = _law(wording)
    return third_party.Register(
        wording=wording,
        title=law.title,
        form=law.form,
        measures_label=law.measures_label,
        rows=rows,
        period="2026년",
        verification_no=NUMBER,
    )


def _law(wording: Wording):  # type: ignore[no-untyped-def]
    return (_RULES if wording is ICHEON else _AWAY_RULES).third_party


_LONGEST = line(
    4, recipient="가나 다라" * 20, officer_department="정보통신과 정보보호업무 담당 " * 3,
    officer_name="지방행정주사보 남궁은하수", basis="「형사소송법」 제199조제2항 " * 15,
    purpose="민원 분쟁 " * 33, published="2026. 12. 1. " + "이천시 누리집 " * 22,
)  # fmt: skip
REGISTERS = {
    "typical": register(tuple(line(n) for n in range(1, 6))),
    "blank": register(()),
    "longest": register((*(line(n) for n in range(1, 4)), _LONGEST, line(5))),
    "strangest": register((line(1, recipient=STRANGE, purpose=STRANGE, officer_name="洪吉童 뷁"),)),
    "elsewhere": register((line(1, ELSEWHERE),), ELSEWHERE),
}


def papers() -> dict[str, Callable[[], bytes]]:
    """What prints every sample, by name."""
    restrict, lift = restriction_notice.render, lift_notice.render
    destroy = destruction_paper.render
    printed: dict[str, Callable[[], bytes]] = {
        "restriction typical": partial(restrict, RESTRICTION),
        "restriction longest": partial(restrict, replace(RESTRICTION, reason=LONG[:990])),
        "restriction strangest": partial(restrict, replace(RESTRICTION, reason=STRANGE)),
        "lift typical": partial(lift, LIFT),
        "lift longest": partial(
            lift, replace(LIFT, recipient=LONG_NAME, reason="\n".join([LONG] * 2))
        ),
        "lift strangest": partial(lift, replace(LIFT, reason=STRANGE)),
        "lift elsewhere": partial(
            lift,
            replace(LIFT, wording=ELSEWHERE, sender="행정지원실장", lifted_by="실장 강지훈",
                    number="행정지원실-2026-1", ground="제9조제2호 (고지하지 않은 경우)"),
        ),
        "destruction paper typical": partial(destroy, DESTROYED),
        "destruction paper to sign": partial(destroy, OPEN),
        "destruction paper longest": partial(
            destroy,
            replace(DESTROYED, holder=LONG_NAME * 2, note=LONG[:290],
                    media=("USB 메모리 " + "1" * 90,) * 2),
        ),
        "destruction paper strangest": partial(destroy, replace(DESTROYED, note=STRANGE)),
        "destruction paper elsewhere": partial(destroy, replace(OPEN, wording=ELSEWHERE)),
    }  # fmt: skip
    for name, wanted in REGISTERS.items():
        printed[f"third party {name}"] = partial(third_party.render, wanted)
    return printed
