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

    @classmethod
    def of(cls, institution: Institution) -> Wording:
        """The wording of the institution in the settings."""
        return cls(
            institution=institution.name,
            addressee=institution.head,
            guideline=institution.guideline,
            recording=institution.recording_word,
        )
