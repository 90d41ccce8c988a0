"""제9조: the grounds of a restriction by number, what it restricts, how a notice is served."""

from __future__ import annotations

#: Leak, no notice, misuse, other; their words and items are settings.
GROUNDS = (1, 2, 3, 4)
NO_PRIOR_NOTICE = 2

PORTAL_USE = "포털 이용 (본인 신청, 열람, 내려받기)"
PHONE_RECORDING = "행정전화 녹음"

#: How a notice reaches the person → what the note beside it holds.
WAYS = {
    "in_person": "직접 교부",
    "registered_mail": "등기우편",
    "official_document": "전자문서",
}
IN_PERSON = "in_person"


def scope_words(*, portal_use: bool, phone_recording: bool) -> list[str]:
    """What is restricted, in the order of the notice."""
    chosen = ((portal_use, PORTAL_USE), (phone_recording, PHONE_RECORDING))
    return [word for wanted, word in chosen if wanted]
