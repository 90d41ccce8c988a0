"""A handed-over 열람 with real sound, and the people around it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import pyotp
from flask import Flask

import factories
from client import PageClient
from otp.devices import code_at, enrolled
from portal import clock
from portal.accounts.models import Account
from portal.applications.models import Application
from portal.applications.states import State
from portal.database import write
from portal.handover.models import HandoverReceipt
from portal.ids import public_id
from portal.recordings.models import Recording
from portal.runtime import vault
from recordings.sounds import look, wav

STEP = timedelta(seconds=30)


def with_sound(data: bytes | None = None, **fields: Any) -> Recording:
    """A recording whose sound lies in the vault."""
    data = wav() if data is None else data
    facts = look(data)
    row = factories.recording(**fields)
    stored = vault().recordings.put(row.delete_on, row.public_id, BytesIO(data))
    with write():
        for name in ("container", "codec", "channels", "sample_rate", "frames", "duration_ms"):
            setattr(row, name, getattr(facts, name))
        row.media_type, row.plays_in_browser = facts.media_type, facts.plays_in_browser
        row.channel_owners = "caller,callee" if facts.channels == 2 else ""
        row.size, row.sha256 = stored.size, stored.sha256
    return row


def handed_over(
    *recordings: Recording, until: datetime | None = None, **fields: Any
) -> Application:
    """A 열람 whose window is open: for a citizen, or for `applicant_id`."""
    matched = recordings or (with_sound(),)
    application = factories.forwarded_application(*matched, state=State.APPROVED, **fields)
    first = min(recording.deleted_at for recording in matched)
    with write() as session:
        application.state = State.HANDED_OVER
        session.add(
            HandoverReceipt(
                application_id=application.id,
                received_on=clock.today(),
                transferor_id=application.received_by_id,
                transferor_department="정보통신과",
                transferor_rank="주무관",
                transferor_name="최민준",
                transferee_name=application.applicant_name,
                transferee_address="경기도 이천시 부악로 40",
                unsigned_blob=public_id(),
                unsigned_sha256="0" * 64,
                handed_over_at=clock.now(),
                window_until=until or min(clock.now() + timedelta(days=7), first),
            )
        )
    return application


def own(account: Account, *recordings: Recording, **fields: Any) -> Application:
    """An employee's own handed-over 열람."""
    return handed_over(
        *recordings,
        applicant_kind="employee",
        applicant_id=account.person_id,
        entered_by=account,
        applicant_name=account.name,
        **fields,
    )


@dataclass
class Listener:
    """Somebody with an authenticator in front of a browser."""

    app: Flask
    account: Account
    device: pyotp.TOTP
    client: PageClient

    @classmethod
    def of(cls, app: Flask, account: Account) -> Listener:
        device = enrolled(account, clock.now() - timedelta(hours=1))
        return cls(app, account, device, PageClient(app).log_in(account))

    def again(self) -> Listener:
        """The same person in another browser."""
        return Listener(
            self.app, self.account, self.device, PageClient(self.app).log_in(self.account)
        )

    def code(self) -> str:
        return code_at(self.device, clock.now())

    def unlock(self, application: Application, **fields: str) -> Any:
        """Fill in the unlock page; the answer."""
        page = f"/listening/{application.public_id}"
        self.client.get(page)
        return self.client.post(page, {"purpose": "사실 확인", "code": self.code(), **fields})

    def open(self, application: Application, **fields: str) -> str:
        """Unlock; the address of the listening session."""
        answer = self.unlock(application, **fields)
        assert answer.status_code == 303, answer.text[:3000]
        return str(answer.location)

    def ask(self, address: str, method: str = "GET", **headers: str) -> Any:
        """A request as the player sends it."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.http.open(address, method=method, headers=named)


def sound_of(session: str, recording: Recording) -> str:
    return f"{session}/recordings/{recording.public_id}/sound"
