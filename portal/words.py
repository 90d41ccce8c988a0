"""Sentences in the institution's own words: nothing a city names differently stands in them."""

from __future__ import annotations

from portal.institution import Settings
from portal.runtime import settings

#: An approval line of two: the review has a title of its own.
_REVIEW_AND_DECISION = 2


def worded(text: str, **more: object) -> str:
    """`text` with the institution's words and their particles, for messages and pages.

    `worded("{information:을/를} 들을 수 없습니다. ({articles.no_playback})")`. Known are
    `{institution}`, `{head}`, `{department}`, `{guideline}`, `{portal}`, `{recording}` (녹취),
    `{information}` (녹취정보), `{recorder}` (녹취장비), `{titles.custodian:이/가}`,
    `{articles.retention}`, `{forms.receipt}`, `{last_step}` (who decides) and `{reviewed}`
    (팀장 결재); `more` are placeholders of the caller. Never give it what people typed.
    """
    return worded_by(settings(), text, **more)


def worded_by(rules: Settings, text: str, **more: object) -> str:
    """As `worded`, where no installation runs: in the words of these settings."""
    own, steps = rules.institution, rules.approval.steps
    reviewed = f"{steps[0].title} 결재" if len(steps) == _REVIEW_AND_DECISION else "검토"
    return text.format(
        institution=own.name,
        head=own.head,
        department=own.operating_department,
        guideline=own.guideline,
        portal=own.portal_name,
        recording=own.recording_word,
        information=own.information_word,
        recorder=own.recorder_word,
        titles=rules.titles,
        articles=rules.articles,
        forms=rules.forms,
        last_step=steps[-1].title,
        reviewed=reviewed,
        **more,
    )
