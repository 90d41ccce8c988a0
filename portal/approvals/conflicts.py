"""The same rule as `portal.applications.conflict`, for a page of applications at once.

One query for the person's extensions, none per application: the queue loads the rest eagerly.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select

from portal import clock
from portal.accounts.models import Account, ExtensionHolding
from portal.applications.models import Application
from portal.extensions import db
from portal.recordings.models import Recording


def conflicts_among(
    applications: Sequence[Application], account: Account, *, deciding: bool = True
) -> dict[int, str]:
    """By application id, why this account must not handle it; the others are left out.

    `deciding`: nobody fills two columns of the 결재, so who decided before counts too.
    """
    holdings = db.session.scalars(
        select(ExtensionHolding).where(ExtensionHolding.person_id == account.person_id)
    ).all()
    found = {a.id: _why(a, account, holdings, deciding=deciding) for a in applications}
    return {application_id: why for application_id, why in found.items() if why}


def _why(
    application: Application,
    account: Account,
    holdings: Sequence[ExtensionHolding],
    *,
    deciding: bool,
) -> str | None:
    if application.applicant_id == account.person_id:
        return "신청인 본인"
    if application.entered_by_id == account.id:
        return "신청을 입력한 사람"
    if any(_took_part(recording, holdings) for recording in recordings_of(application)):
        return "통화 당사자"
    if deciding and any(step.decided_by_id == account.id for step in application.steps):
        return "앞 단계 결재자"
    return None


def recordings_of(application: Application) -> list[Recording]:
    """The matched calls, and the one it was asked from."""
    recordings = [match.recording for match in application.matches]
    asked = application.asked_recording
    return recordings if asked is None or asked in recordings else [*recordings, asked]


def _took_part(recording: Recording, holdings: Sequence[ExtensionHolding]) -> bool:
    day = clock.seoul(recording.called_at).date()
    extensions = {leg.extension_id for leg in recording.legs}
    return any(h.extension_id in extensions and _holds(h, day) for h in holdings)


def _holds(holding: ExtensionHolding, day: date) -> bool:
    return holding.from_on <= day and (holding.until_on is None or day < holding.until_on)
