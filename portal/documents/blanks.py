"""Blank papers for the counter, to be filled in by hand: 동의서, 위임장, 파기 확인서."""

from __future__ import annotations

from collections.abc import Callable

from portal.documents import form1, sheet
from portal.documents.blocks import Block, Facts, Item, Items, Sentence, Signer, Signing
from portal.documents.wording import Wording

_BOTH = "□ 열람    □ 제공"


def application(wording: Wording) -> bytes:
    """별지 제1호서식 with empty boxes. Raises `DocumentError`."""
    return form1.render(form1.ApplicationForm(wording=wording))


def consent(wording: Wording) -> bytes:
    """동의서 (제7조①1): who consents to what, for whom, until when. Raises `DocumentError`."""
    recorded = wording.information
    blocks: tuple[Block, ...] = (
        Facts(
            (
                ("동의하는 사람\n(통화 당사자)", "성명", "생년월일", ""),
                ("주소", ""),
                ("연락처", "", "통화한 전화번호", ""),
                ("받는 사람\n(신청인)", "성명(기관·단체명)", "생년월일\n(사업자번호)", ""),
                ("대상 통화", "통화일시                              상대 전화번호"),
                ("동의하는 범위", _BOTH + "    (동의하는 것에 표시)"),
                ("이용 목적", ""),
                ("동의 기한", "20    년    월    일까지"),
            ),
            by_hand=True,
        ),
        Items(
            (
                Item(
                    f"본인은 위 통화의 당사자로서 「{wording.guideline}」 "
                    f"{wording.consent_article}에 따라 위 사람이 {recorded:을/를} 위 "
                    "범위에서 열람하거나 제공받는 것에 동의합니다."
                ),
                Item(
                    "동의하지 않을 권리가 있으며, 동의하지 않아도 다른 불이익이 없습니다. "
                    "인계·인수 전에는 언제든지 동의를 거둘 수 있습니다."
                ),
                Item(
                    f"{recorded}는 위 목적으로만 쓰이며, 목적을 달성하면 받은 사람이 즉시 "
                    f"파기하여야 합니다(같은 지침 {wording.security_article})."
                ),
            )
        ),
        Signing(None, (Signer("동의하는 사람"), Signer("법정대리인 (14세 미만인 경우)"))),
    )
    title = f"행정전화 {recorded} 열람·제공 동의서"
    return _sheet(wording, title, blocks)


def power_of_attorney(wording: Wording) -> bytes:
    """위임장: what the proxy may do, until when. Raises `DocumentError`."""
    recorded = wording.information
    blocks: tuple[Block, ...] = (
        Facts(
            (
                ("위임하는 사람", "성명(기관·단체명)", "생년월일\n(사업자번호)", ""),
                ("주소", "", "연락처", ""),
                ("위임받는 사람\n(대리인)", "성명", "생년월일", ""),
                ("주소", "", "연락처", ""),
                ("위임하는 사람과의\n관계", ""),
                ("대상 통화", "통화일시                              상대 전화번호"),
                (
                    "위임하는 일",
                    "□ 신청서 제출    □ 보완    □ 열람(청취)    □ 제공 자료 수령과 서명",
                ),
                ("위임 기한", "20    년    월    일까지"),
            ),
            by_hand=True,
        ),
        Sentence(
            f"위임하는 사람은 「{wording.guideline}」 {wording.application_article}에 따른 "
            f"행정전화 {recorded} 열람·제공 신청에 관하여 위의 일을 위임받는 사람에게 위임합니다."
        ),
        Signing(None, (Signer("위임하는 사람"), Signer("위임받는 사람"))),
        Items(
            (
                Item("붙임: 위임하는 사람의 신분증 사본(주민등록번호 뒷자리는 가립니다)"),
                Item("위임받는 사람은 본인의 신분증을 보여 주셔야 합니다."),
            )
        ),
    )
    return _sheet(wording, "위임장", blocks)


def destruction_confirmation(wording: Wording) -> bytes:
    """파기 확인서 (제10조제3호). Raises `DocumentError`."""
    recorded = wording.information
    blocks: tuple[Block, ...] = (
        Facts(
            (
                ("관리번호", "", "제공받은 날", "20    년    월    일"),
                ("성명\n(기관·단체명)", "", "연락처", ""),
                ("제공받은 파일 수", "            개", "파기한 날", "20    년    월    일"),
                ("저장한 매체와 수", ""),
                (
                    "파기 방법",
                    "□ 완전 삭제    □ 매체 파쇄    □ 그 밖의 방법 (                    )",
                ),
                ("사본", "□ 만들지 않음    □ 모두 함께 파기함"),
            ),
            by_hand=True,
        ),
        Sentence(
            f"본인은 제공받은 {recorded}의 당초 요구 목적을 달성하여 「{wording.guideline}」 "
            f"{wording.security_article}에 따라 {recorded:과/와} 그 사본을 위와 같이 모두 "
            "파기하였음을 확인합니다."
        ),
        Signing(None, (Signer("확인하는 사람"),)),
    )
    return _sheet(wording, f"행정전화 {recorded} 파기 확인서", blocks)


#: By the name in the address: what it is called, and what prints it.
BLANKS: dict[str, tuple[str, Callable[[Wording], bytes]]] = {
    "application": ("신청서", application),
    "consent": ("동의서", consent),
    "power-of-attorney": ("위임장", power_of_attorney),
    "destruction-confirmation": ("파기 확인서", destruction_confirmation),
}


def _sheet(wording: Wording, title: str, blocks: tuple[Block, ...]) -> bytes:
    return sheet.render(
        sheet.Sheet(wording=wording, title=title, blocks=blocks, addressee=wording.addressee)
    )
