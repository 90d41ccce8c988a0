"""What each kind of notice says, what is to be done, and where: all of them, in one dictionary.

No personal data stands in a text, since it also goes out by mail: of an application the control
number only.
"""

from __future__ import annotations

from dataclasses import replace

from portal.notices.kinds import Kind, Words
from portal.notices.words_application import APPLICATIONS
from portal.notices.words_office import OFFICE
from portal.notices.words_reminder import REMINDERS
from portal.words import worded

WORDS: dict[Kind, Words] = {**APPLICATIONS, **OFFICE, **REMINDERS}

#: Done with as soon as the application moves on.
PASSING = frozenset(kind for kind, words in WORDS.items() if words.passing)


def words_of(kind: str, number: int | None = None) -> Words:
    """The sentences of a notice in the institution's own words; `number`: working days left."""
    words = WORDS[Kind(kind)]
    return replace(
        words,
        title=worded(words.title, number=number),
        todo=worded(words.todo, number=number),
    )
