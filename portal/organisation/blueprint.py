"""The one blueprint of this slice; its pages are in `routes` and `import_routes`."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("organisation", __name__)
