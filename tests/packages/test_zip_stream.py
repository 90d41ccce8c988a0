"""The zip itself: WinZip AES-256, AE-2, made in pieces, readable by others."""

from __future__ import annotations

import io
import os
import shutil
import struct
import subprocess
import zipfile
from datetime import datetime
from functools import partial
from pathlib import Path

import pytest
import pyzipper

from portal.packages.zip_stream import Entry, ZipStream

PASSWORD = "k7qf-9m2x-tr4h-8wpd-3vnc"
NOON = datetime(2026, 11, 24, 12, 0)  # noqa: DTZ001  (a zip knows the wall clock only)
FILES = {"2026-0001-01.wav": bytes(range(256)) * 3000, "2026-0001-안내문.pdf": b"", "S.txt": b"x"}


def stream(files: dict[str, bytes] = FILES, password: str = PASSWORD) -> ZipStream:
    entries = [Entry(n, len(data), partial(io.BytesIO, data)) for n, data in files.items()]
    return ZipStream(entries, password, NOON)


def read_all(source: ZipStream, length: int = 64 * 1024) -> bytes:
    pieces = []
    while piece := source.read(length):
        pieces.append(piece)
    return b"".join(pieces)


def extracted(package: bytes, password: str) -> dict[str, bytes]:
    with pyzipper.AESZipFile(io.BytesIO(package)) as archive:
        archive.setpassword(password.encode())
        return {name: archive.read(name) for name in archive.namelist()}


def test_every_file_comes_out_as_it_went_in() -> None:
    assert extracted(read_all(stream()), PASSWORD) == FILES


def test_seven_zip_opens_it_with_the_password_alone_and_reads_the_korean_names(
    tmp_path: Path,
) -> None:
    package = tmp_path / "2026-0001.zip"
    package.write_bytes(read_all(stream()))

    def taken_out(password: str) -> subprocess.CompletedProcess[bytes]:
        program = shutil.which("7z")
        assert program, "apt-get install p7zip-full"
        command = [program, "x", "-y", f"-p{password}", f"-o{tmp_path / password}", str(package)]
        surroundings = {**os.environ, "LC_ALL": "C.UTF-8"}
        return subprocess.run(command, env=surroundings, capture_output=True, check=False)

    assert taken_out(PASSWORD).returncode == 0
    assert {f.name: f.read_bytes() for f in (tmp_path / PASSWORD).iterdir()} == FILES
    assert taken_out("wrong").returncode != 0


@pytest.mark.parametrize("length", [1000, 65_536, 1_000_000])
def test_pieces_of_any_length_make_a_whole_package(length: int) -> None:
    assert extracted(read_all(stream(), length), PASSWORD) == FILES


def test_another_password_opens_nothing() -> None:
    with pytest.raises(RuntimeError, match="password"):
        extracted(read_all(stream()), "k7qf-9m2x-tr4h-8wpd-3vnd")


def test_every_entry_is_ae_2_with_256_bits_and_no_checksum_of_the_plain_sound() -> None:
    package = read_all(stream())

    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        for info in archive.infolist():
            head, length, version, vendor, strength, method = struct.unpack("<3H2sBH", info.extra)
            assert (head, length, vendor) == (0x9901, 7, b"AE")
            assert (version, strength, method) == (2, 3, zipfile.ZIP_STORED)
            assert info.compress_type == 99
            assert info.flag_bits & 0x1
            assert info.CRC == 0


def test_nothing_of_the_sound_stands_in_the_package() -> None:
    package = read_all(stream())

    assert bytes(range(200)) not in package


def test_only_a_few_pieces_are_in_memory_at_once() -> None:
    taken = 0

    class Endless(io.RawIOBase):
        def read(self, length: int = -1, /) -> bytes:
            nonlocal taken
            taken += 1
            return bytes(length) if taken < 200 else b""

    source = ZipStream([Entry("a.wav", 200, Endless)], PASSWORD, NOON)
    while source.read(64 * 1024):
        assert source._sink.waiting <= 1024 * 1024
    assert taken == 200


def test_what_a_file_raises_comes_out_of_the_package() -> None:
    class Broken(io.RawIOBase):
        def read(self, length: int = -1, /) -> bytes:
            raise OSError("gone")

    with pytest.raises(OSError, match="gone"):
        read_all(ZipStream([Entry("a.wav", 1, Broken)], PASSWORD, NOON))
