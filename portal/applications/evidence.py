"""증명서류 (제7조① 각 호를 확인하는 서류): checked by content, kept encrypted, shown as pictures.

Order: the blob is durable before its row is committed. A blob without a row is harmless and is
found by the reconcile command; a row without its blob cannot come about.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath

import filetype
from sqlalchemy import select

from portal import audit, ids
from portal.accounts.models import Account
from portal.applications.choices import CONSENT, POWER_OF_ATTORNEY
from portal.applications.draft import guard_draft
from portal.applications.models import Application, ApplicationFile
from portal.applications.pictures import NotShowable, count_pages
from portal.applications.resident_number import MESSAGE, holds_resident_number
from portal.applications.wording import line
from portal.database import write, writing
from portal.extensions import db
from portal.runtime import settings, vault

MOST_FILES = 10
_MOST_PAGES = 200
_LONGEST_TITLE = 120
_ACCEPTED = {"application/pdf", "image/png", "image/jpeg"}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # HWP 5
_HWP_NAMES = (".hwp", ".hwpx", ".hwt", ".hml")


@dataclass
class BadFile(Exception):
    """A file that is not taken; `str()` says why and what to do, in Korean."""

    why: str

    def __str__(self) -> str:
        return self.why


@dataclass(frozen=True, kw_only=True)
class CheckedFile:
    """A file that was opened and lies encrypted in the vault under `blob_id`."""

    blob_id: str
    kind: str
    title: str
    media_type: str
    size: int
    sha256: str
    pages: int


def take(data: bytes, file_name: str, *, paper: str) -> CheckedFile:
    """Check one uploaded file and store it; `paper` is what it is (당사자 동의서, 증명서류).

    Call outside `write()`. Raises `BadFile`; nothing is stored then.
    """
    name = line(PurePath(file_name.replace("\\", "/")).name) or "이름 없는 파일"
    media_type, pages = _opened(data, name)
    title = f"{paper} - {name}"
    if len(title) > _LONGEST_TITLE:
        stem, suffix = PurePath(title).stem, PurePath(title).suffix[:10]
        title = f"{stem[: _LONGEST_TITLE - len(suffix) - 1]}…{suffix}"
    return store(data, kind="evidence", title=title, media_type=media_type, pages=pages)


def store(data: bytes, *, kind: str, title: str, media_type: str, pages: int) -> CheckedFile:
    """Encrypt checked bytes into the vault under a new id."""
    blob_id = ids.public_id()
    stored = vault().records.put(blob_id, data)
    return CheckedFile(
        blob_id=blob_id,
        kind=kind,
        title=title,
        media_type=media_type,
        size=stored.size,
        sha256=stored.sha256,
        pages=pages,
    )


def attach(application: Application, file: CheckedFile, *, by: Account) -> ApplicationFile | None:
    """Add a stored file to a draft; None where the draft has the same content already.

    Raises `NotADraft`, and `BadFile` beyond ten files.
    """
    guard_draft(application, by)
    held = evidence_of(application)
    if any(other.sha256 == file.sha256 for other in held):
        return None
    if len(held) >= MOST_FILES:
        raise BadFile(f"증명서류는 {MOST_FILES}개까지 올릴 수 있습니다. 하나로 묶어 주십시오.")
    row = add_row(application, file, by=by)
    audit.record("evidence.add", by=by, on=application, file=row.public_id, pages=row.pages)
    return row


def add_row(application: Application, file: CheckedFile, *, by: Account) -> ApplicationFile:
    row = ApplicationFile(
        public_id=file.blob_id,
        kind=file.kind,
        title=file.title,
        media_type=file.media_type,
        size=file.size,
        sha256=file.sha256,
        pages=file.pages,
        added_by_id=by.id,
    )
    application.files.append(row)
    writing().flush()
    return row


def remove(application: Application, public_id: str, *, by: Account) -> None:
    """Take a file off a draft: the row first, then the blob. Opens its own `write()`.

    Raises `NotADraft`; does nothing where the draft has no such file.
    """
    with write() as session:
        guard_draft(application, by)
        row = next((f for f in application.files if f.public_id == public_id), None)
        if row is None:
            return
        session.delete(row)
        audit.record("evidence.remove", by=by, on=application, file=public_id)
    vault().records.remove(public_id)


def forget_unused(files: list[CheckedFile]) -> None:
    """Remove the blobs of stored files that came to no row, after the change is committed."""
    stored = [file.blob_id for file in files]
    used = set(
        db.session.scalars(
            select(ApplicationFile.public_id).where(ApplicationFile.public_id.in_(stored))
        )
    )
    for blob_id in stored:
        if blob_id not in used:
            vault().records.remove(blob_id)


def evidence_of(application: Application) -> list[ApplicationFile]:
    """The evidence that is still there."""
    return [f for f in application.files if f.kind == "evidence" and f.destroyed_at is None]


def is_consent(file: ApplicationFile) -> bool:
    """Whether the paper was handed in as the consent of a party (제7조①제1호)."""
    return file.title.startswith(CONSENT)


def is_power_of_attorney(file: ApplicationFile) -> bool:
    """Whether the paper was handed in as the 위임장 of a proxy."""
    return file.title.startswith(POWER_OF_ATTORNEY)


def _opened(data: bytes, name: str) -> tuple[str, int]:
    """The media type by content and the number of pages."""
    limit = settings().application.evidence_megabytes
    if holds_resident_number(name):
        raise BadFile(f"파일 이름에 {MESSAGE}")
    if not data:
        raise BadFile("빈 파일(0바이트)입니다. 파일을 확인하여 다시 올려 주십시오.")
    if len(data) > limit * 1024 * 1024:
        raise BadFile(f"파일이 {limit}MB를 넘습니다. 나누거나 해상도를 낮추어 올려 주십시오.")
    guessed = filetype.guess(data)
    media_type = guessed.mime if guessed else ""
    if media_type not in _ACCEPTED:
        raise BadFile(_refusal(data, name))
    try:
        pages = count_pages(data)
    except NotShowable as error:
        raise BadFile(str(error)) from error
    if pages > _MOST_PAGES:
        raise BadFile(f"{_MOST_PAGES}쪽까지 올릴 수 있습니다. 필요한 쪽만 골라 주십시오.")
    return media_type, pages


def _refusal(data: bytes, name: str) -> str:
    if name.lower().endswith(_HWP_NAMES) or data.startswith(_OLE) or b"hwp+zip" in data[:200]:
        return (
            "한글 문서(HWP)는 받지 않습니다. 한글에서 [파일] - [PDF로 저장하기]로 저장한 PDF를 "
            "올려 주십시오."
        )
    return "PDF, PNG, JPEG 파일만 받습니다. 문서는 PDF로 저장하고 종이는 스캔하여 올려 주십시오."
