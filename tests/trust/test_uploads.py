"""Files that lie, swell or are not there; and nothing of an upload on the disk in plain."""

from __future__ import annotations

import resource
import struct
import zipfile
import zlib
from collections.abc import Callable
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, request
from flask.testing import FlaskClient

import factories
from applications.papers import citizen_fields
from client import PageClient
from portal.access import public
from portal.applications.models import ApplicationFile
from portal.extensions import db
from portal.ids import public_id
from portal.roles import Role
from trust.test_input import wrong_with

_MULTIPART = "multipart/form-data; boundary=x"
SECRET = "아무도보면안되는글".encode()


def _png(width: int, height: int, data: bytes) -> bytes:
    """A PNG that announces a size, whatever is in it."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    packed = zlib.compress(data, 9)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")
    )


def _pdf(*objects: bytes) -> bytes:
    body = b"".join(b"%d 0 obj\n%s\nendobj\n" % (n, o) for n, o in enumerate(objects, 1))
    return b"%PDF-1.7\n" + body + b"trailer << /Root 1 0 R >>\n%%EOF"


def _bomb_pdf() -> bytes:
    packed = zlib.compress(b"q " * 30_000_000, 9)
    stream = b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(packed), packed)
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9e9 9e9] /Contents 4 0 R >>"
    return _pdf(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        page,
        stream,
    )


def _zip() -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../../x.pdf", b"\0" * 10_000_000)
    return packed.getvalue()


_SCRIPT = b"<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /JavaScript /JS (app.alert(1)) >> >>"
_LOOP = b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 999999999 >>"
FILES: dict[str, Callable[[], bytes]] = {
    "nothing": lambda: b"",
    "one_byte": lambda: b"\0",
    "a_bomb_of_pixels": lambda: _png(60_000, 60_000, b"\0" * 60_001 * 600),
    "more_pixels_than_there_are": lambda: _png(2**31 - 1, 2**31 - 1, b""),
    "half_a_picture": lambda: factories.paper()[:500],
    "a_picture_and_a_page": lambda: factories.paper() + b"<script>alert(1)</script>" + _zip(),
    "a_script_that_is_a_picture": lambda: b"GIF89a/*" + b"*/=1;alert(1)//",
    "svg": lambda: b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    "a_pdf_with_a_script": lambda: _pdf(_SCRIPT, b"<< /Type /Pages /Kids [] /Count 0 >>"),
    "a_pdf_in_a_circle": lambda: _pdf(b"<< /Type /Catalog /Pages 2 0 R >>", _LOOP),
    "a_bomb_of_a_pdf": _bomb_pdf,
    "a_deep_pdf": lambda: _pdf(b"[" * 100_000),
    "an_archive": _zip,
    "a_program": lambda: b"\x7fELF" + b"\0" * 1000,
    "audio_that_lies": lambda: b"RIFF\xff\xff\xff\xffWAVEfmt \xff\xff\xff\x7f" + b"\0" * 50,
    "xml_entities": lambda: b"<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><x>&a;</x>",
    "text": lambda: SECRET * 10,
}
NAMES = (
    "../../etc/passwd.pdf",
    "\u202efdp.exe",
    "a" * 5000 + ".png",
    "C:\\x\\y.pdf",
    ".",
    "'\"<x>.png",
)


@pytest.fixture
def desk(app: Flask, client: PageClient) -> FlaskClient:
    app.config["WTF_CSRF_ENABLED"] = False
    client.log_in(factories.account(Role.COUNTER, Role.CUSTODIAN))
    return client.http


def filed(**files: Any) -> dict[str, Any]:
    return {"draft": public_id(), "do": "submit", "applicant_name": "홍길동", **files}


@pytest.mark.parametrize("called", sorted(FILES))
def test_a_file_that_lies_is_refused_with_words(desk: FlaskClient, called: str) -> None:
    data, wrong = FILES[called](), list[str]()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for n, field in enumerate(("evidence", "consent_papers", "signature_scan")):
        name = NAMES[(len(called) + n) % len(NAMES)]
        sent = filed(**{field: (BytesIO(data), name)})
        answer = desk.post("/applications/new/citizen", data=sent)
        wrong += wrong_with(answer, f"{called} as {field}")
    sent = {"file": (BytesIO(data), NAMES[0])}
    wrong += wrong_with(desk.post("/organisation/import", data=sent), f"{called} as an import")
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert wrong == []
    assert grown < 300 * 1024, f"{grown // 1024} MB more"


def test_nothing_of_an_upload_reaches_the_disk_in_plain(
    app: Flask, client: PageClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Werkzeug would spool what is over 500 KB: asked while the view has the file in hand."""
    app.config["WTF_CSRF_ENABLED"] = False
    client.log_in(factories.account(Role.COUNTER))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    held, before, during = list[str](), _open_files(), set[str]()

    def look() -> str:
        held.extend(type(file.stream).__name__ for file in request.files.values())
        during.update(_open_files())
        return ""

    kept = app.view_functions["applications.new_for_citizen"]
    public(look).__dict__.update(kept.__dict__)
    app.view_functions["applications.new_for_citizen"] = look
    large = SECRET * 60_000
    client.http.post("/applications/new/citizen", data=_body(large), content_type=_MULTIPART)
    assert held == ["BytesIO"]
    assert {name for name in during - before if "portal.db" not in name} == set()
    app.view_functions["applications.new_for_citizen"] = kept
    real = citizen_fields(public_id(), evidence=(BytesIO(factories.paper()), "근거.png"))
    client.http.post("/applications/new/citizen", data=real)
    assert db.session.query(ApplicationFile).count() == 1
    for path in tmp_path.rglob("*"):
        assert not path.is_file() or factories.paper()[:8] not in path.read_bytes(), path


def _body(data: bytes) -> bytes:
    """Written out here: werkzeug's test client spools what it sends."""
    head = b'--x\r\nContent-Disposition: form-data; name="evidence"; filename="a.pdf"\r\n\r\n'
    return head + data + b"\r\n--x--\r\n"


def _open_files() -> set[str]:
    """What this process has open: files by name, also those that were removed at once."""
    found = set[str]()
    for one in Path("/proc/self/fd").iterdir():
        with suppress(OSError):
            found.add(str(one.readlink()))
    return {name for name in found if name.startswith("/") and not name.startswith("/dev/null")}


@pytest.mark.parametrize("address", ["/login", "/applications/new/citizen", "/organisation/import"])
def test_what_announces_ten_gigabytes_is_refused_unread(desk: FlaskClient, address: str) -> None:
    class Endless:
        taken = 0

        def read(self, size: int = -1) -> bytes:
            self.taken += size if size > 0 else 10**10
            return b"x" * min(size, 65_536) if size > 0 else b""

    stream = Endless()
    answer = desk.post(
        address,
        content_type="multipart/form-data; boundary=x",
        environ_overrides={"wsgi.input": stream, "CONTENT_LENGTH": str(10 * 1024**3)},
    )
    assert answer.status_code == 413
    assert "너무 큽니다" in answer.text
    assert stream.taken < 1024 * 1024
