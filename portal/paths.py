"""Where templates and static files stand.

In a checkout they are the top-level folders; an installed wheel carries them in `portal/_assets`.
"""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_ASSETS = _PACKAGE / "_assets"
_ROOT = _ASSETS if _ASSETS.is_dir() else _PACKAGE.parent

TEMPLATES: Path = _ROOT / "templates"
STATIC: Path = _ROOT / "static"
