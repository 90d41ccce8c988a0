"""Addresses of static files carry what the file is, so that a browser keeps each for good."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, Response, current_app, request

_LENGTH = 12
_FOR_GOOD = "public, max-age=31536000, immutable"
#: Without a version, or with one of before: asked for anew within the hour.
_FOR_NOW = "public, max-age=3600"


def init_app(app: Flask) -> None:
    """Registered before `headers`, whose hook therefore runs first and is overruled."""
    app.url_defaults(_add_version)
    app.after_request(_keep)


def _add_version(endpoint: str, values: dict[str, Any]) -> None:
    if endpoint == "static" and (version := _version(str(values.get("filename", "")))):
        values.setdefault("v", version)


def _keep(response: Response) -> Response:
    if request.endpoint != "static":
        return response
    named = request.args.get("v")
    good = response.status_code in (200, 206, 304) and named is not None
    is_now = good and named == _version(str((request.view_args or {}).get("filename", "")))
    response.headers["Cache-Control"] = _FOR_GOOD if is_now else _FOR_NOW
    return response


def _version(filename: str) -> str | None:
    path = Path(str(current_app.static_folder)) / filename
    try:
        return _hash(path, path.stat().st_mtime_ns)
    except OSError:
        return None


@lru_cache(maxsize=256)
def _hash(path: Path, _changed: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:_LENGTH]
