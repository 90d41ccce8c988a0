"""The layout's rules that a linter cannot say: what domain files and slices may import."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "portal"
SLICES = sorted(
    p.name
    for p in PACKAGE.iterdir()
    if (p / "__init__.py").exists() and p.name not in ("web", "cli", "migrations", "demo")
)
PAGES = ("routes", "forms", "page", "blueprint")  # how files that face the browser end


def is_page(module: str) -> bool:
    return module.endswith(PAGES)


def imports_of(path: Path) -> set[str]:
    """Every module a file imports, `from x import y` as `x` and `x.y`."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def files(slice_name: str) -> list[Path]:
    return sorted((PACKAGE / slice_name).rglob("*.py"))


@pytest.mark.parametrize("name", SLICES)
def test_domain_files_know_no_flask(name: str) -> None:
    allowed = {"refusals.py"}  # the access guard's own event needs to know who is logged in
    offenders = {
        str(path.relative_to(PACKAGE)): sorted(bad)
        for path in files(name)
        if not is_page(path.stem)
        and not (name == "audit" and path.name in allowed)
        and (bad := {m for m in imports_of(path) if m.split(".")[0] in ("flask", "flask_login")})
    }
    assert offenders == {}


@pytest.mark.parametrize("name", SLICES)
def test_no_slice_uses_the_pages_or_forms_of_another(name: str) -> None:
    offenders = {
        f"{path.relative_to(PACKAGE)} uses {module}"
        for path in files(name)
        for module in imports_of(path)
        if module.startswith("portal.")
        and len(parts := module.split(".")) >= 3
        and parts[1] != name
        and parts[1] in SLICES
        and is_page(parts[2])
    }
    assert offenders == set()


def test_only_one_file_knows_htmx_flask() -> None:
    users = {
        str(path.relative_to(PACKAGE))
        for path in PACKAGE.rglob("*.py")
        if any(m.split(".")[0] == "htmx_flask" for m in imports_of(path))
    }
    assert users == {"web/htmx.py"}


def test_nobody_asks_the_system_for_the_time_but_the_clock() -> None:
    """`datetime.now`, `date.today` and `utcnow` stand in clock.py alone (decision 8)."""
    offenders = set()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            called = node.func if isinstance(node, ast.Call) else None
            if isinstance(called, ast.Attribute) and called.attr in ("now", "today", "utcnow"):
                owner = called.value
                if isinstance(owner, ast.Name) and owner.id in ("datetime", "date"):
                    offenders.add(str(path.relative_to(PACKAGE)))
    assert offenders == {"clock.py"}
