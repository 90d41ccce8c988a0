"""제공 자료 안내문: goes with a package and says what its holder must do (제8조②, 제10조).

It names nobody: the control number says whose it is to those who may know.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from portal.documents import sheet
from portal.documents.blocks import Facts, Item, Items, Sentence, Signing
from portal.documents.text import korean_date
from portal.documents.wording import Wording


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvisionNote:
    """One package: the names of its files, and when the portal deletes the originals."""

    wording: Wording
    control_no: str
    file_names: tuple[str, ...]
    delete_on: date  # the originals are deleted at 0:00 of this day, in Seoul
    provided_on: date
    purpose: str = ""  # 신청용도
    verification_no: str = ""
    verification_url: str = ""


def render(note: ProvisionNote) -> bytes:
    """The note as PDF. Raises `DocumentError`."""
    wording = note.wording
    facts = Facts(
        (
            ("신청용도", note.purpose or "신청서에 적은 용도"),
            ("제공 파일", "\n".join(note.file_names)),
            ("원본 자동 삭제", f"{korean_date(note.delete_on)} 0시"),
        )
    )
    return sheet.render(
        sheet.Sheet(
            wording=wording,
            title=f"{wording.information} 제공 자료 안내문",
            blocks=(
                Sentence(
                    f"이 자료는 「{wording.guideline}」에 따라 제공한 "
                    f"{wording.information}입니다. 받으신 분은 아래 사항을 지켜야 합니다."
                ),
                facts,
                Items(_duties(note)),
                Signing(note.provided_on),
            ),
            control_no=note.control_no,
            issuer=wording.addressee,
            verification_no=note.verification_no,
            verification_url=note.verification_url,
        )
    )


def _duties(note: ProvisionNote) -> tuple[Item, ...]:
    wording = note.wording
    recorded = wording.information
    return (
        Item(
            f"보관 (「{wording.guideline}」 {wording.keeping_article})",
            (
                Item(
                    "다른 사람이 청취하지 못하도록 반드시 비밀번호 등을 설정하여 관리하여야 "
                    "합니다. 압축을 푼 파일에도 적용됩니다."
                ),
                Item("압축파일의 비밀번호는 파일과 따로 보관하고 다른 사람에게 알리지 마십시오."),
                Item("관리 소홀로 인한 유출 책임은 「개인정보 보호법」 등 관련 법령에 따릅니다."),
            ),
        ),
        Item(
            f"이용 (같은 지침 {wording.security_article})",
            (
                Item(
                    "녹음된 내용이 타인에게 유출되지 않도록 「개인정보 보호법」 등 관계 법령에 "
                    "따라 안전하게 관리하고, 목적 외의 용도로 활용하거나 타인에게 열람·제공할 수 "
                    "없습니다."
                ),
                Item(f"{recorded} 열람·제공 신청목적에 맞는 용도로만 사용하여야 합니다."),
                Item(f"당초 요구 목적을 달성한 경우 {recorded:을/를} 즉시 파기하여야 합니다."),
            ),
        ),
        Item(
            "파기 확인",
            (
                Item(
                    "파기한 뒤 포털에서 파기를 확인하거나 파기 확인서를 "
                    f"{wording.department}에 제출하여 주십시오."
                ),
                Item(
                    "포털에 있는 원본은 위의 때에 자동으로 삭제되어 그 뒤에는 다시 제공할 수 "
                    "없습니다."
                ),
            ),
        ),
    )
