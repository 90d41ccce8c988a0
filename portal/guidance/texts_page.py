"""What each page says of itself, read out of its template: there is no second text to go stale.

A page's lead is the second argument of `page_header`, its rules are its `rule` blocks. They are
rendered once, from the settings and nothing else: what depended on who asks would stay empty.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask import current_app
from jinja2 import Template, UndefinedError, nodes
from markupsafe import Markup

from portal.roles import Role
from portal.runtime import settings
from portal.web import navigation

_KEPT = "portal_guidance"
#: Pages whose template has another name than their endpoint.
_TEMPLATES = {
    "guidance.own": "guidance/page.html",
    "applications.new_for_citizen": "applications/new_citizen.html",
    "recordings.shared": "recordings/shared_calls.html",
}


@dataclass(frozen=True)
class Rule:
    """A rule with its article, and what it means on this page (markup)."""

    article: str
    title: str
    text: Markup


@dataclass(frozen=True)
class Page:
    """One entry of the menu: what it is called, what it is for, and its rules."""

    label: str
    endpoint: str
    lead: str
    rules: tuple[Rule, ...]


def pages_of(role: Role) -> list[tuple[str, list[Page]]]:
    """The groups of the menu that somebody with this role alone sees; within a request."""
    return [
        (title, [_page(label, endpoint) for label, endpoint in entries])
        for title, entries in navigation.entries_of(role)
    ]


def template_of(endpoint: str) -> str:
    return _TEMPLATES.get(endpoint, endpoint.replace(".", "/") + ".html")


def _page(label: str, endpoint: str) -> Page:
    kept: dict[str, Page] = current_app.extensions.setdefault(_KEPT, {})
    if endpoint not in kept:
        kept[endpoint] = _made(label, endpoint)
    return kept[endpoint]


def _made(label: str, endpoint: str) -> Page:
    environment = current_app.jinja_env
    loader = current_app.create_global_jinja_loader()
    tree = environment.parse(loader.get_source(environment, template_of(endpoint))[0])
    context = {"rules": settings()}
    leads = (_alone([nodes.Output([lead])], tree) for lead in _lead_of(tree))
    lead = next((_rendered(lead, context) for lead in leads), "")
    blocks = [_alone([block], tree) for block in _rules_of(tree)]
    return Page(label, endpoint, lead, tuple(_rules(blocks, context)))


def _lead_of(tree: nodes.Template) -> Iterator[nodes.Expr]:
    for call in tree.find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name == "page_header" and call.args[1:]:
            yield call.args[1]


def _rules_of(tree: nodes.Template) -> Iterator[nodes.Node]:
    for block in tree.find_all(nodes.CallBlock):
        if isinstance(block.call.node, nodes.Name) and block.call.node.name == "rule":
            yield block


def _alone(body: list[nodes.Node], tree: nodes.Template) -> Template:
    """A part of a template by itself."""
    imports = list(tree.find_all(nodes.FromImport))
    for node in imports:
        node.names = [name for name in node.names if name != "rule"]
    part = nodes.Template([*imports, *body], lineno=1)
    part.set_environment(current_app.jinja_env)
    code = current_app.jinja_env.compile(part)
    return Template.from_code(current_app.jinja_env, code, current_app.jinja_env.globals)


def _rules(blocks: list[Template], context: Mapping[str, Any]) -> Iterator[Rule]:
    found: list[Rule] = []

    def keep(article: str, title: str, caller: Any) -> str:
        found.append(Rule(str(article), str(title), Markup(caller())))  # noqa: S704  (a template's own words)
        return ""

    for block in blocks:
        _rendered(block, {**context, "rule": keep})
    yield from found


def _rendered(part: Template, context: Mapping[str, Any]) -> str:
    """Nothing where it speaks of what only its page knows."""
    try:
        return part.render(context).strip()
    except UndefinedError:
        return ""
