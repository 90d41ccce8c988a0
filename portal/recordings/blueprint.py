"""The one blueprint of this slice; its pages are in `routes` and `claim_routes`."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("recordings", __name__)
