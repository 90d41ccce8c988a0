"""서명 또는 날인 of Form 1: drawn on the pad or scanned; kept as a small clean PNG."""

from __future__ import annotations

import base64
import binascii
from io import BytesIO

import filetype
from PIL import Image

from portal import audit
from portal.accounts.models import Account
from portal.applications.draft import guard_draft
from portal.applications.evidence import BadFile, CheckedFile, add_row, store
from portal.applications.models import Application, ApplicationFile
from portal.applications.pictures import NotShowable, draw_page
from portal.database import writing
from portal.documents.errors import DocumentError
from portal.documents.images import clean_signature
from portal.runtime import vault

_PREFIX = "data:image/png;base64,"
_LONGEST_DRAWN = 1_500_000  # characters of the data URL
_LARGEST_SCAN = 5 * 1024 * 1024
_SCAN_SIDE = 1400
_UPRIGHT = 1.2  # height to width
_PAGE_OF_TEXT = 0.5  # of the height
_DARK = 180  # grey below this is ink
_SMALLEST = 12  # pixels: less is a slip of the pen


def from_pad(data_url: str) -> bytes:
    """The clean PNG of a signature pad's data URL. Raises `BadFile`."""
    if not data_url.startswith(_PREFIX) or len(data_url) > _LONGEST_DRAWN:
        raise BadFile("서명을 읽을 수 없습니다. 다시 서명해 주십시오.")
    try:
        png = base64.b64decode(data_url.removeprefix(_PREFIX), validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadFile("서명을 읽을 수 없습니다. 다시 서명해 주십시오.") from error
    return _clean(png)


def from_scan(data: bytes) -> bytes:
    """The clean PNG of a scanned signature (PNG, JPEG or the first page of a PDF).

    Raises `BadFile`.
    """
    guessed = filetype.guess(data) if data else None
    if guessed is None or guessed.mime not in ("image/png", "image/jpeg", "application/pdf"):
        raise BadFile("서명 스캔은 PNG, JPEG, PDF 파일로 올려 주십시오.")
    if len(data) > _LARGEST_SCAN:
        raise BadFile("서명 스캔은 5MB까지 올릴 수 있습니다. 서명 부분만 잘라 주십시오.")
    try:
        page = draw_page(data, 1, _SCAN_SIDE)
    except NotShowable as error:
        raise BadFile(str(error)) from error
    clean = _clean(page)
    if _is_whole_page(page):
        raise BadFile(
            "종이 한 쪽 전체를 스캔한 파일입니다. 서명 부분만 잘라 올리시고, 서명한 신청서 전체는 "
            "증명서류로 올려 주십시오."
        )
    return clean


def _is_whole_page(page: bytes) -> bool:
    """Upright as paper is, and written on from top to bottom: shrunk to a signature, nobody could
    read it. A signature or a seal on an otherwise empty sheet is none.
    """
    with Image.open(BytesIO(page)) as paper:
        dark = paper.convert("L").point([255 if grey < _DARK else 0 for grey in range(256)])
        box = dark.getbbox()
        upright = paper.height > _UPRIGHT * paper.width
        return upright and box is not None and box[3] - box[1] > _PAGE_OF_TEXT * paper.height


def keep(png: bytes) -> CheckedFile:
    """Store a clean signature; call outside `write()`."""
    return store(png, kind="signature", title="서명", media_type="image/png", pages=1)


def sign(application: Application, file: CheckedFile, *, by: Account) -> list[str]:
    """Make `file` the signature of a draft, in place of an earlier one.

    Returns the ids of the blobs it replaces, for `drop` after the commit. Raises `NotADraft`.
    """
    guard_draft(application, by)
    if any(f.sha256 == file.sha256 for f in _signatures(application)):
        return []
    before = _remove_rows(application)
    add_row(application, file, by=by)
    audit.record("signature.add", by=by, on=application, replaces=len(before))
    return before


def sign_again(application: Application, file: CheckedFile, *, by: Account) -> list[str]:
    """The signature for a Form 1 that was corrected, in place of the one before; the papers that
    were issued keep theirs. Returns blobs for `drop` after the commit.
    """
    before = _remove_rows(application)
    add_row(application, file, by=by)
    audit.record("signature.add", by=by, on=application, replaces=len(before))
    return before


def unsign(application: Application, *, by: Account) -> list[str]:
    """Take the signature off again; the ids of its blobs, for `drop` after the commit."""
    before = _remove_rows(application)
    audit.record("signature.remove", by=by, on=application, removed=len(before))
    return before


def drop(blob_ids: list[str]) -> None:
    """Remove replaced signatures, after the commit."""
    for blob_id in blob_ids:
        vault().records.remove(blob_id)


def signature_of(application: Application) -> ApplicationFile | None:
    """The signature's row, where there is one."""
    found = (f for f in application.files if f.kind == "signature" and f.destroyed_at is None)
    return next(found, None)


def signature_png(application: Application) -> bytes:
    """The signature itself, empty where there is none."""
    row = signature_of(application)
    return vault().records.get(row.public_id) if row else b""


def _signatures(application: Application) -> list[ApplicationFile]:
    return [file for file in application.files if file.kind == "signature"]


def _remove_rows(application: Application) -> list[str]:
    rows = _signatures(application)
    for row in rows:
        application.files.remove(row)
        writing().delete(row)
    return [row.public_id for row in rows]


def _clean(png: bytes) -> bytes:
    try:
        clean = clean_signature(png)
    except DocumentError as error:
        raise BadFile(
            "서명이 비어 있거나 읽을 수 없습니다. 서명란에 다시 서명해 주십시오."
        ) from error
    with Image.open(BytesIO(clean)) as image:
        if max(image.size) < _SMALLEST:
            raise BadFile("서명이 너무 작습니다. 서명란에 다시 서명해 주십시오.")
    return clean
