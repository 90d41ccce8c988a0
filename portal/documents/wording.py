"""The words of a paper that another city writes differently."""

from __future__ import annotations

from dataclasses import dataclass

from portal.institution import Settings
from portal.korean import Word


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """What the papers take from the institution's settings; templates hold no city's words."""

    institution: Word  # 이천시
    addressee: Word  # 이천시장
    form_addressee: Word  # "이천시장 귀하" on Form 1
    guideline: Word  # 이천시 행정전화 녹취시스템 운영 지침
    recording: Word  # 녹취, elsewhere 녹음
    information: Word  # 녹취정보
    department: Word  # the 운영부서, who answers questions
    application_form: Word  # 별지 제1호서식
    application_title: Word
    receipt_form: Word  # 별지 제2호서식
    receipt_title: Word
    ledger_form: Word  # 별지 제3호서식
    ledger_title: Word
    pledge: str  # Form 2, 3. 서약 사항: printed on the receipt and shown where it is signed
    disposal: str  # Form 2, 4. 녹취정보의 처리
    evidence_article: Word  # 제7조제1항
    consent_article: Word  # its items 1 and 2
    party_article: Word
    application_article: Word  # 제7조제2항
    retention_article: Word  # 제8조제1항
    keeping_article: Word  # 제8조제2항
    restriction_article: Word  # 제9조
    security_article: Word  # 제10조
    letter_foot: str = ""  # address, telephone and 공개구분 under a letter; none where empty

    @classmethod
    def of(cls, rules: Settings) -> Wording:
        """The wording of the institution in the settings."""
        own, articles, forms = rules.institution, rules.articles, rules.forms
        return cls(
            institution=own.name,
            addressee=own.head,
            form_addressee=forms.application_addressee,
            guideline=own.guideline,
            recording=own.recording_word,
            information=own.information_word,
            department=own.operating_department,
            application_form=forms.application,
            application_title=forms.application_title,
            receipt_form=forms.receipt,
            receipt_title=forms.receipt_title,
            ledger_form=forms.ledger,
            ledger_title=forms.ledger_title,
            pledge=forms.pledge,
            disposal=forms.disposal,
            evidence_article=articles.grounds,
            consent_article=articles.ground_consent,
            party_article=articles.ground_party,
            application_article=articles.application,
            retention_article=articles.retention,
            keeping_article=articles.safekeeping,
            restriction_article=articles.restriction,
            security_article=articles.recipient,
            letter_foot=rules.papers.letter_foot,
        )
