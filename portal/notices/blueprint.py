"""The one blueprint of this slice; its pages are in `routes` and `mail_routes`."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("notices", __name__)
