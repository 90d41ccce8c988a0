"""What goes into a package: the sound, the issued receipt, a note on the duties, the hashes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from io import BytesIO
from typing import Protocol

from sqlalchemy import select

from portal import clock
from portal.applications.models import Application
from portal.documents import issue, provision_note
from portal.documents.addresses import verification_url
from portal.documents.wording import Wording
from portal.extensions import db
from portal.handover.models import HandoverReceipt
from portal.packages import names
from portal.packages.models import Package
from portal.packages.zip_stream import Entry
from portal.runtime import settings, vault


class SoundChanged(Exception):
    """The stored sound is not what came in: nothing of it is handed out."""


@dataclass(frozen=True)
class Sound:
    """One recording of the package; `sha256` of its plain sound."""

    day: date
    public_id: str
    name: str
    size: int  # bytes
    sha256: str


@dataclass(frozen=True)
class Plan:
    """Everything a build needs, read from the database before it starts."""

    delete_on: date
    sounds: tuple[Sound, ...]
    papers: tuple[tuple[str, bytes], ...]
    note: issue.Stored  # the 안내문, issued with the package

    @property
    def size(self) -> int:
        """Plain bytes of everything, about those of the package."""
        return sum(sound.size for sound in self.sounds) + sum(len(b) for _n, b in self.papers)


def plan_of(package: Package) -> Plan | None:
    """The living recordings and the papers; None where nothing is left to hand out.

    Raises `DocumentError`, FileNotFoundError.
    """
    application = package.application
    sounds = tuple(
        Sound(
            r.delete_on, r.public_id, names.sound_name(application, m.position, r), r.size, r.sha256
        )
        for m in application.matches
        if (r := m.recording).is_alive
    )
    if not sounds or package.delete_on is None:
        return None
    receipt = _issued_receipt(application)
    prepared = issue.prepare()
    note = _note(package, sounds, prepared.verification_no)
    papers = (
        (names.paper_name(application, names.RECEIPT), receipt),
        (names.paper_name(application, names.NOTE), note),
    )
    return Plan(package.delete_on, sounds, papers, issue.store(prepared, note))


def entries(plan: Plan) -> list[Entry]:
    """The files of the package in their order, the hashes last."""
    made = [Entry(s.name, s.size, partial(_open_sound, s)) for s in plan.sounds]
    made += [_entry(name, data) for name, data in plan.papers]
    return [*made, _entry(names.HASHES, _hashes(plan))]


def _entry(name: str, data: bytes) -> Entry:
    return Entry(name, len(data), partial(BytesIO, data))


def _open_sound(sound: Sound) -> _Checked:
    reader = vault().recordings.open(sound.day, sound.public_id)
    return _Checked(reader.read, reader.close, sound.sha256)


def _hashes(plan: Plan) -> bytes:
    """As `sha256sum -c` reads it."""
    lines = [(sound.sha256, sound.name) for sound in plan.sounds]
    lines += [(hashlib.sha256(data).hexdigest(), name) for name, data in plan.papers]
    return "".join(f"{digest}  {name}\n" for digest, name in lines).encode()


def _issued_receipt(application: Application) -> bytes:
    receipt = db.session.scalar(
        select(HandoverReceipt).where(HandoverReceipt.application_id == application.id)
    )
    if receipt is None or receipt.issued is None:
        raise FileNotFoundError("the application has no issued receipt")
    return issue.read(receipt.issued)


def _note(package: Package, sounds: tuple[Sound, ...], number: str) -> bytes:
    application = package.application
    files = [sound.name for sound in sounds]
    files.append(names.paper_name(application, names.RECEIPT))
    return provision_note.render(
        provision_note.ProvisionNote(
            wording=Wording.of(settings()),
            control_no=application.control_no or "",
            file_names=(*files, names.HASHES),
            delete_on=max(
                m.recording.delete_on for m in application.matches if m.recording.is_alive
            ),
            provided_on=clock.today(),
            purpose=application.purpose,
            verification_no=number,
            verification_url=verification_url(number),
        )
    )


class _Reads(Protocol):
    def __call__(self, length: int, /) -> bytes | None: ...


class _Checked:
    """The plain sound; at its end the hash must be the one it came in with."""

    def __init__(self, read: _Reads, close: Callable[[], None], sha256: str) -> None:
        self._read = read
        self.close = close
        self._expected = sha256
        self._hash = hashlib.sha256()

    def read(self, length: int, /) -> bytes:
        piece = self._read(length) or b""
        self._hash.update(piece)
        if not piece and self._hash.hexdigest() != self._expected:
            raise SoundChanged(self._expected)
        return piece
