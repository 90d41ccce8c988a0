"""Uploads stay in memory: what people send never touches the disk in plain (decision 1)."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import IO, Any, TypeVar

from flask import Flask, Request, current_app, request

from portal.access import is_public
from portal.runtime import settings

View = TypeVar("View", bound=Callable[..., Any])
_MARK = "portal_takes_files"
_MEGABYTE = 1024 * 1024
#: What a form without files may weigh; a drawn signature is the heaviest part.
FORM_BYTES = 4 * _MEGABYTE
#: What somebody may send who is not logged in: all of it is there before a thread is used for it
#: (`gunicorn_worker.BODY_BEFORE`), so that no stranger holds one.
STRANGERS_BYTES = 32 * 1024


def takes_files(view: View) -> View:
    """Mark a view to which files are uploaded: its requests may be as large as the files."""
    setattr(view, _MARK, True)
    return view


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
    """Registered after the access guard and before anything reads the form: a stranger's request
    is refused before a large body is taken into memory."""
    app.request_class = MemoryRequest
    app.config["MAX_CONTENT_LENGTH"] = FORM_BYTES
    app.before_request(_bound_body)


def _bound_body() -> None:
    view = current_app.view_functions.get(request.endpoint or "")
    if view is not None and is_public(view):
        request.max_content_length = STRANGERS_BYTES
    if getattr(view, _MARK, False):
        files = settings().application.evidence_megabytes * 6 + 1
        request.max_content_length = files * _MEGABYTE
