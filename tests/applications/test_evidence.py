"""증명서류: taken by content, kept encrypted, shown as pictures to those who handle it."""

from __future__ import annotations

import hashlib
import struct
import zlib
from io import BytesIO

import pytest
from flask import Flask
from PIL import Image

import factories
from applications.papers import (
    add_paper,
    citizen_draft,
    counter_officer,
    drawn,
    employee_with_call,
    locked_pdf,
    own_draft,
    pdf,
    picture,
    scripted_pdf,
    submitted,
)
from client import PageClient
from portal import clock
from portal.applications import evidence, signature
from portal.applications.choices import OTHER_PAPER
from portal.applications.draft import NotADraft
from portal.applications.evidence import BadFile, evidence_of, take
from portal.applications.models import Application, ApplicationFile, ApprovalStep
from portal.applications.pictures import draw_page
from portal.audit.models import AuditEvent
from portal.database import write
from portal.extensions import db
from portal.recordings.models import Recording
from portal.roles import Role
from portal.runtime import vault


@pytest.fixture
def draft(app: Flask) -> Application:
    return citizen_draft(counter_officer())


def named(value: object) -> str:
    """Only the short words of a case name it in the report, not the bytes of its file."""
    return value if isinstance(value, str) else ""


def attached(draft: Application) -> ApplicationFile:
    return evidence_of(draft)[-1]


@pytest.mark.parametrize(
    ("content", "name", "media_type", "pages"),
    [
        (pdf(3), "가입사실확인서.pdf", "application/pdf", 3),
        (picture("PNG"), "scan.png", "image/png", 1),
        (picture("JPEG"), "scan.jpg", "image/jpeg", 1),
        (picture("JPEG"), "a_jpeg_called.pdf", "image/jpeg", 1),
        (scripted_pdf(), "script.pdf", "application/pdf", 1),
    ],
    ids=named,
)
def test_a_file_is_taken_by_its_content(
    draft: Application, content: bytes, name: str, media_type: str, pages: int
) -> None:
    add_paper(draft, content, name)

    file = attached(draft)
    assert (file.media_type, file.pages, file.size) == (media_type, pages, len(content))
    assert file.sha256 == hashlib.sha256(content).hexdigest()
    assert file.title == f"증명서류 - {name}"
    assert vault().records.get(file.public_id) == content


def _bomb() -> bytes:
    """A PNG of a few bytes that claims 30,000 × 30,000 points."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + check

    header = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
    return b"\x89PNG\r\n\x1a\n" + body + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "a.pdf", "0바이트"),
        (b"<html><script>alert(1)</script>", "a.pdf", "PDF, PNG, JPEG"),
        (b"MZ" + b"\0" * 100, "photo.jpg", "PDF, PNG, JPEG"),
        (b"PK\x03\x04" + b"\0" * 100, "a.zip", "PDF, PNG, JPEG"),
        (b"GIF89a" + b"\0" * 100, "a.png", "PDF, PNG, JPEG"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a.png", "PDF, PNG, JPEG"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "동의서.hwp", "PDF로 저장"),
        (b"PK\x03\x04" + b"\0" * 26 + b"mimetypeapplication/hwp+zip", "x.hwpx", "PDF로 저장"),
        (b"%PDF-1.7\nnothing else", "a.pdf", "열 수 없습니다"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "a.png", "열 수 없습니다"),
        (picture("JPEG", (600, 400))[:300], "a.jpg", "열 수 없습니다"),
        (b"MZ" + pdf(), "polyglot.pdf", "PDF, PNG, JPEG"),
        (_bomb(), "bomb.png", "너무 큽니다"),
        (locked_pdf(), "a.pdf", "암호"),
        (pdf(), "900101-1234567.pdf", "주민등록번호"),
        (pdf(201), "long.pdf", "200쪽"),
    ],
    ids=named,
)
def test_what_cannot_be_shown_is_refused_and_not_kept(
    app: Flask, content: bytes, name: str, words: str
) -> None:
    with pytest.raises(BadFile, match=words):
        take(content, name, paper=OTHER_PAPER)

    assert vault().records.blobs() == []


def test_a_file_over_the_limit_is_refused_and_one_at_the_limit_is_not(draft: Application) -> None:
    limit = 20 * 1024 * 1024
    whole = pdf()

    add_paper(draft, whole + b"\0" * (limit - len(whole)))
    with pytest.raises(BadFile, match="20MB"):
        take(whole + b"\0" * (limit - len(whole) + 1), "a.pdf", paper=OTHER_PAPER)


def test_a_picture_that_is_also_something_else_is_only_ever_drawn_anew(draft: Application) -> None:
    add_paper(draft, picture("PNG") + b"PK\x03\x04<script>alert(1)</script>", "two_faced.png")

    shown = draw_page(vault().records.get(attached(draft).public_id), 1)
    assert b"script" not in shown
    assert Image.open(BytesIO(shown)).size == (60, 40)


def test_a_turned_photograph_is_shown_upright(app: Flask) -> None:
    output, exif = BytesIO(), Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (60, 40)).save(output, "JPEG", exif=exif)

    assert Image.open(BytesIO(draw_page(output.getvalue(), 1))).size == (40, 60)


def test_a_long_or_path_like_name_becomes_a_short_title(draft: Application) -> None:
    add_paper(draft, name="C:\\서류\\" + "가" * 300 + ".pdf")
    add_paper(draft, pdf(2), name="../../etc/passwd\x00.pdf")

    long, path = (file.title for file in evidence_of(draft))
    assert len(long) <= 120
    assert long.endswith(".pdf")
    assert path == "증명서류 - passwd.pdf"


def test_the_same_content_is_kept_once_and_ten_files_are_the_limit(draft: Application) -> None:
    add_paper(draft, pdf(1, 300))
    add_paper(draft, pdf(1, 300))
    assert len(evidence_of(draft)) == 1

    for n in range(9):
        add_paper(draft, pdf(1, 400 + n))
    with pytest.raises(BadFile, match="10개"):
        add_paper(draft, pdf(1, 999))


def test_removing_takes_the_row_and_then_the_bytes(draft: Application) -> None:
    add_paper(draft)
    file_id = attached(draft).public_id

    with pytest.raises(NotADraft):
        evidence.remove(draft, file_id, by=counter_officer())
    evidence.remove(draft, file_id, by=draft.entered_by)

    assert evidence_of(draft) == []
    assert file_id not in vault().records.blobs()


def test_nothing_is_added_to_or_taken_from_a_submitted_application(draft: Application) -> None:
    add_paper(draft)
    file_id, officer = attached(draft).public_id, draft.entered_by
    submitted(draft)

    with pytest.raises(NotADraft):
        add_paper(draft, pdf(2))
    with pytest.raises(NotADraft):
        evidence.remove(draft, file_id, by=officer)
    assert file_id in vault().records.blobs()


def test_stored_bytes_without_a_row_are_forgotten_and_others_stay(draft: Application) -> None:
    kept, unused = (take(pdf(n), "a.pdf", paper=OTHER_PAPER) for n in (1, 2))
    with write():
        evidence.attach(draft, kept, by=draft.entered_by)

    evidence.forget_unused([kept, unused])

    assert kept.blob_id in vault().records.blobs()
    assert unused.blob_id not in vault().records.blobs()


def test_a_signature_is_written_anew_and_replaces_the_one_before(app: Flask) -> None:
    person, call = employee_with_call()
    draft = own_draft(person, call)
    first = signature.signature_of(draft)
    assert first is not None
    first_id = first.public_id

    other = signature.keep(signature.from_pad(drawn(shift=25)))
    with write():
        replaced = signature.sign(draft, other, by=person)
    signature.drop(replaced)

    assert replaced == [first_id]
    assert first_id not in vault().records.blobs()
    assert Image.open(BytesIO(signature.signature_png(draft))).format == "PNG"


@pytest.mark.parametrize(
    "value",
    [
        drawn(empty=True),
        "data:image/png;base64,",
        "data:image/png;base64,@@@",
        "data:image/svg+xml;base64,PHN2Zy8+",
        "data:image/png;base64," + "A" * 2_000_000,
        "서명",
        drawn()[:200],
    ],
    ids=["blank", "nothing", "no base64", "svg", "too long", "no url", "cut off"],
)
def test_an_empty_or_false_signature_is_refused(app: Flask, value: str) -> None:
    with pytest.raises(BadFile):
        signature.from_pad(value)


def test_a_scanned_signature_is_taken_and_a_blank_sheet_is_not(app: Flask) -> None:
    scan = Image.new("RGB", (800, 500), "white")
    scan.paste("black", (300, 200, 420, 230))
    output = BytesIO()
    scan.save(output, "JPEG")

    clean = Image.open(BytesIO(signature.from_scan(output.getvalue())))
    assert clean.width < 200
    for blank in (picture("JPEG", (300, 300), 255), pdf(), b"", b"GIF89a"):
        with pytest.raises(BadFile):
            signature.from_scan(blank)


def _address(application: Application, page: int = 1) -> str:
    file = attached(application)
    return f"/applications/{application.public_id}/files/{file.public_id}/pages/{page}.png"


def test_a_custodian_sees_the_pages_as_pictures_and_the_look_is_logged(
    draft: Application, client: PageClient
) -> None:
    add_paper(draft, pdf(2))
    submitted(draft)
    client.log_in(factories.account(Role.CUSTODIAN))

    answer = client.get(_address(draft, 2))

    assert answer.mimetype == "image/png"
    assert answer.headers["Cache-Control"] == "no-store"
    assert Image.open(BytesIO(answer.data)).format == "PNG"
    last = db.session.query(AuditEvent).order_by(AuditEvent.seq.desc()).first()
    assert last is not None
    assert (last.action, last.subject) == ("view", attached(draft).public_id)
    for page in (0, 3):
        client.get(_address(draft, page), 404)


def test_an_approver_sees_them_while_it_lies_there_and_not_before(
    draft: Application, client: PageClient
) -> None:
    add_paper(draft)
    submitted(draft)
    client.log_in(factories.account(Role.TEAM_LEADER))
    client.get(_address(draft), 404)

    with write() as session:
        draft.state = "received"
        draft.forwarded_at = clock.now()
        draft.steps = [
            ApprovalStep(position=1, role="team_leader", title="팀장"),
            ApprovalStep(position=2, role="division_head", title="과장"),
        ]
        session.flush()

    client.get(_address(draft))
    head = PageClient(client.http.application).log_in(factories.account(Role.DIVISION_HEAD))
    head.get(_address(draft), 404)


def test_nobody_else_sees_evidence_not_even_who_handed_it_in(
    draft: Application, client: PageClient
) -> None:
    add_paper(draft)
    submitted(draft)

    client.log_in(draft.entered_by)
    client.get(_address(draft), 403)
    auditor = PageClient(client.http.application).log_in(factories.account(Role.AUDITOR))
    auditor.get(_address(draft), 403)


def test_a_custodian_whom_it_concerns_does_not_see_it(app: Flask, client: PageClient) -> None:
    custodian = factories.account(Role.CUSTODIAN, Role.COUNTER)
    call: Recording = factories.recording(factories.extension("5000", custodian.person))
    draft = citizen_draft(counter_officer())
    add_paper(draft)
    submitted(draft)
    with write():
        draft.asked_recording_id = call.id

    client.log_in(custodian)
    client.get(_address(draft), 404)


def test_a_file_is_not_found_under_another_application_or_after_its_destruction(
    draft: Application, client: PageClient
) -> None:
    add_paper(draft)
    submitted(draft)
    other = submitted(citizen_draft(counter_officer()))
    address = _address(draft)
    client.log_in(factories.account(Role.CUSTODIAN))

    client.get(address.replace(draft.public_id, other.public_id), 404)
    with write():
        attached(draft).destroyed_at = clock.now()
    client.get(address, 404)
