"""설정: every key is explained, shown and documented; nothing can be changed there."""

from __future__ import annotations

from pathlib import Path

from flask import Flask

import factories
from client import PageClient
from portal.institution import load_settings
from portal.roles import Role
from portal.settings.listing import as_markdown, groups
from portal.settings.meanings import MEANINGS, SECTIONS

DOCS = Path(__file__).resolve().parents[2] / "docs/settings.md"


def keys() -> list[str]:
    return [f"{section}.{name}" for section, values in load_settings() for name, _ in values]


def test_every_key_has_a_meaning_and_every_meaning_a_key() -> None:
    assert sorted(MEANINGS) == sorted(keys())
    assert set(SECTIONS) == {section for section, _ in load_settings()}


def test_the_docs_show_every_key_as_it_is() -> None:
    assert DOCS.read_text("utf-8").endswith(as_markdown())


def test_the_page_shows_every_setting_and_the_hash_of_the_log(app: Flask) -> None:
    client = PageClient(app).log_in(factories.account(Role.AUDITOR))

    html = client.get("/settings").text

    for group in groups(load_settings()):
        assert f"<code>[{group.name}]</code>" in html
        shown = client.get(f"/settings?section={group.name}").text
        assert f"[{group.name}]" in shown
        assert [r.key for r in group.rows if f"<code>{r.name}</code>" not in shown] == []
    client.get("/settings?section=nonsense", 404)
    assert load_settings().digest() in html
    assert "모든 값이 기본값입니다" in html and "기본값과 다름" not in html
    assert "<form" not in html.partition("<main")[2].partition("</main>")[0]


def test_what_differs_from_the_default_is_marked(tmp_path: Path) -> None:
    file = tmp_path / "city.toml"
    file.write_text("[retention]\ndays = 60\n[mail]\nhost = 'm'\nsender = 'a@b'\n", "utf-8")

    changed = {
        row.key for group in groups(load_settings(file)) for row in group.rows if row.changed
    }

    assert changed == {"retention.days", "mail.host", "mail.sender"}
    assert load_settings(file).digest() != load_settings().digest()
