"""Uploads stay in memory: what people send never touches the disk in plain (decision 1)."""

from __future__ import annotations

from io import BytesIO
from typing import IO

from flask import Flask, Request


class MemoryRequest(Request):
    """Werkzeug would spool parts over 500 KB to a temporary file."""

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        return BytesIO()


def init_app(app: Flask) -> None:
    app.request_class = MemoryRequest
