"""All that decides about one range of sound, read anew in one statement (제8조④).

Tables, not objects: a listener asks for a range every few seconds, and making objects of rows took
longer than reading and decrypting the sound. The rule itself is `gate`'s, for pages and ranges.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import Table, bindparam, exists, select

from portal import clock
from portal.applications.models import Application, ApplicationRecording
from portal.extensions import db
from portal.handover.models import HandoverReceipt
from portal.playback.models import ListeningSession
from portal.recordings.models import Recording
from portal.restrictions.models import UseRestriction


@dataclass(frozen=True, slots=True)
class Sound:
    """A recording that the application names, as far as hearing it needs."""

    id: int
    public_id: str
    delete_on: date
    destroyed_at: datetime | None
    codec: str
    media_type: str

    @property
    def is_alive(self) -> bool:
        """As `Recording.is_alive`: the clock decides."""
        return self.destroyed_at is None and self.delete_on > clock.today()


@dataclass(frozen=True, slots=True)
class Standing:
    """A listening session, its application and receipt, as they stand now.

    `may_be_restricted`: a restriction of the person's use was approved; whether one is in force
    now is for `gate` to ask. `sounds` come in no order.
    """

    sounds: tuple[Sound, ...]
    id: int
    account_id: int
    login_session_id: int
    expires_at: datetime
    active_at: datetime
    ended_at: datetime | None
    end_reason: str | None
    application_id: int
    applicant_id: int | None
    disclosure_type: str
    state: str
    handed_over_at: datetime | None
    window_until: datetime | None
    may_be_restricted: bool


def _table(model: object) -> Table:
    return cast(Table, model.__table__)  # type: ignore[attr-defined]


_LISTENING, _APPLICATION, _MATCH, _RECORDING, _RECEIPT, _RESTRICTION = map(
    _table,
    (
        ListeningSession,
        Application,
        ApplicationRecording,
        Recording,
        HandoverReceipt,
        UseRestriction,
    ),
)
_RESTRICTED = exists().where(
    _RESTRICTION.c.person_id == bindparam("person_id"),
    _RESTRICTION.c.state == "approved",
    _RESTRICTION.c.portal_use,
)
_OF_SESSION = (
    *(_LISTENING.c[name] for name in ("id", "account_id", "login_session_id", "expires_at")),
    *(_LISTENING.c[name] for name in ("active_at", "ended_at", "end_reason", "application_id")),
    *(_APPLICATION.c[name] for name in ("applicant_id", "disclosure_type", "state")),
    *(_RECEIPT.c[name] for name in ("handed_over_at", "window_until")),
    _RESTRICTED,
)
_OF_SOUND = tuple(
    _RECORDING.c[name]
    for name in ("id", "public_id", "delete_on", "destroyed_at", "codec", "media_type")
)
_ASKED = (
    select(*_OF_SESSION, *_OF_SOUND)
    .select_from(
        _LISTENING.join(_APPLICATION, _APPLICATION.c.id == _LISTENING.c.application_id)
        .outerjoin(_RECEIPT, _RECEIPT.c.application_id == _APPLICATION.c.id)
        .outerjoin(_MATCH, _MATCH.c.application_id == _APPLICATION.c.id)
        .outerjoin(_RECORDING, _RECORDING.c.id == _MATCH.c.recording_id)
    )
    .where(_LISTENING.c.public_id == bindparam("public_id"))
)


def standing_of(public_id: str, person_id: int) -> Standing | None:
    """How a listening session stands for somebody who asks now; None where there is none."""
    asked = {"public_id": public_id, "person_id": person_id}
    rows = db.session.connection().execute(_ASKED, asked).all()
    if not rows:
        return None
    middle, first = len(_OF_SESSION), cast(Sequence[Any], rows[0])
    sounds = tuple(Sound(*row[middle:]) for row in rows if row[middle] is not None)
    return Standing(sounds, *first[:middle])
