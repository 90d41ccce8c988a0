"""The one blueprint of this slice; its pages are in `routes` and `manage_routes`."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("accounts", __name__)
