"""The same pages as files of the documentation."""

from __future__ import annotations

from collections.abc import Iterator

from markupsafe import Markup

from portal.accounts.authority import title_of
from portal.guidance.roles import does
from portal.guidance.texts_page import Page, pages_of
from portal.roles import Role

_HEAD = "<!-- Written by `portal help-pages` from the texts of the pages. Do not edit. -->"


def document(role: Role) -> str:
    """Within a request."""
    return "\n".join(_lines(role)) + "\n"


def _lines(role: Role) -> Iterator[str]:
    yield from (_HEAD, "", f"# 도움말: {title_of(role)}", "")
    for number, step in enumerate(does(role), start=1):
        yield f"{number}. {step}"
    for group, pages in pages_of(role):
        yield from ("", f"## {group}")
        for page in pages:
            yield from _page(page)


def _page(page: Page) -> Iterator[str]:
    yield from ("", f"### {page.label}")
    if page.lead:
        yield from ("", _plain(page.lead))
    for rule in page.rules:
        yield from ("", f"> **{rule.article}** {_plain(rule.title)}", ">", f"> {_plain(rule.text)}")


def _plain(markup: str) -> str:
    text = Markup(markup).striptags()  # noqa: S704  (a template's own words)
    return str(text).replace("<", "\\<")
