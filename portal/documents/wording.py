"""The words of a paper that another city writes differently."""

from __future__ import annotations

from dataclasses import dataclass

from portal.institution import Institution


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """What the forms take from the institution's settings; templates hold no city's words.

    The numbers of articles and annexes are those of 이천시 예규 제291호; a city whose guideline
    counts differently gives its own.
    """

    institution: str  # 이천시
    addressee: str  # 이천시장 → "이천시장 귀하"
    guideline: str  # 이천시 행정전화 녹취시스템 운영 지침
    recording: str  # 녹취, elsewhere 녹음
    application_article: str = "제7조제2항"
    evidence_article: str = "제7조제1항"
    application_form: str = "별지 제1호서식"
    receipt_form: str = "별지 제2호서식"
    ledger_form: str = "별지 제3호서식"
    retention_article: str = "제8조제1항"
    keeping_article: str = "제8조제2항"
    security_article: str = "제10조"
    department: str = "운영부서"  # who answers questions, 제2조제4호

    @property
    def pledge(self) -> str:
        """별지 제2호서식 3. 서약 사항: printed on the receipt and shown where it is signed."""
        recorded = f"{self.recording}정보"
        return (
            f"본인은 상기 {recorded}를 인수함에 있어 목적 이외의 용도로 사용하지 않고, 타인에게 "
            f"양도 또는 제공하지 않으며, {recorded} 관리 및 취급에 있어 「{self.guideline}」 및 "
            "「개인정보 보호법」 등 관련 규정을 준수할 것이며, 인수 이후의 제반 사고에 대해서는 "
            "인수자 본인이 모두 책임질 것을 서약합니다."
        )

    @property
    def disposal(self) -> str:
        """별지 제2호서식 4. 녹취정보의 처리."""
        return f"본 {self.recording}정보는 당초 요구한 목적을 달성한 경우 즉시 파기하겠습니다."

    @classmethod
    def of(cls, institution: Institution) -> Wording:
        """The wording of the institution in the settings."""
        return cls(
            institution=institution.name,
            addressee=institution.head,
            guideline=institution.guideline,
            recording=institution.recording_word,
            department=institution.operating_department,
        )
