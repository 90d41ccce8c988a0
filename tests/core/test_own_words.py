"""No page and no message holds a word that another city says differently: it is a setting."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WORDS = re.compile(
    r"녹취|이천|과장|팀장|별지|운영 지침|정보통신과|시스템 관리자|민원창구 직원|감사 담당자"
    r"|시장 귀하|제\s?\d+조|제\d+항|운영부서"
)
#: The articles of laws, which every city has.
LAWS = re.compile(r"(」|기준|시행령|시행규칙|_SAFETY\}) 제\d+조(제\d+항)?(제\d+호)?")
#: Where the words may stand, and why.
ALLOWED = {
    "portal/demo": "the invented town of the demonstration is Icheon's own",
    "portal/migrations": "a migration that has landed does not change",
    "portal/retention/table.py": "prints docs/retention.md, which names Icheon's articles",
    "templates/components/gallery": "the component page with made-up data, never served",
}


def strings_in(path: Path) -> Iterator[tuple[int, str]]:
    """The string constants of a module that are no docstrings and no comments, with their line."""
    tree = ast.parse(path.read_text("utf-8"))
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if id(node) in docstrings:
                continue
            yield node.lineno, node.value


def lines_of(path: Path) -> Iterator[tuple[int, str]]:
    """The lines of a template without its comments."""
    text = re.sub(
        r"\{#.*?#\}", lambda m: "\n" * m.group().count("\n"), path.read_text("utf-8"), flags=re.S
    )
    yield from enumerate(text.splitlines(), 1)


def offenders() -> list[str]:
    found = []
    for folder, ending in (("portal", "py"), ("templates", "html")):
        for path in sorted((ROOT / folder).rglob(f"*.{ending}")):
            name = str(path.relative_to(ROOT))
            if any(name.startswith(allowed) for allowed in ALLOWED):
                continue
            texts = strings_in(path) if ending == "py" else lines_of(path)
            found += [
                f"{name}:{n}: {text}" for n, text in texts if WORDS.search(LAWS.sub("", text))
            ]
    return found


def test_no_word_of_one_city_stands_in_a_page_or_a_message() -> None:
    assert offenders() == []


def test_a_particle_behind_a_word_of_the_settings_follows_that_word() -> None:
    """`{information}를` would say 녹음기록를 elsewhere; `{information:을/를}` does not."""
    fixed = re.compile(
        r"\{(?:information|recording|recorder|department|guideline|head|institution|last_step"
        r"|(?:titles|articles|forms)\.\w+)\}(?:은|는|이|가|을|를|과|와|으로|로|이나|나)(?![가-힣])"
        r"|(?:rules|wording)[\w.]+ \}\}(?:은|는|이|가|을|를|과|와|으로|로)(?![가-힣])"
    )
    found = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for folder, ending in (("portal", "py"), ("templates", "html"))
        for path in sorted((ROOT / folder).rglob(f"*.{ending}"))
        for match in fixed.finditer(path.read_text("utf-8"))
    ]
    assert found == []
