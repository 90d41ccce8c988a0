"""Every form of every page that somebody with a login can reach, as it stands there."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any
from urllib.parse import urldefrag, urlsplit

import html5lib
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException

import factories
from portal.accounts.models import Account
from portal.demo.town import PASSWORD, STAFF

_NS = "{http://www.w3.org/1999/xhtml}"
LOGINS = tuple(member.login for member in STAFF)
#: So many pages of one kind a person looks at.
_OF_A_KIND = 3


@dataclass(frozen=True)
class Form:
    """One form: whose page it is on, where it goes, and what its fields hold."""

    login: str
    endpoint: str
    address: str
    fields: tuple[tuple[str, str], ...]
    files: tuple[str, ...]

    @property
    def kind(self) -> tuple[str, frozenset[str]]:
        """The same for the same form of another person or row."""
        return self.endpoint, frozenset(name for name, _value in self.fields)


def enter(app: Flask, login: str, password: str = PASSWORD) -> FlaskClient:
    """A browser in which this person of the demo is logged in."""
    client = app.test_client()
    answer = client.post("/login", data={"login": login, "password": password})
    assert answer.status_code == 303, login
    return client


def enter_as(app: Flask, account: Account) -> FlaskClient:
    """A browser in which somebody whom a test made is logged in."""
    return enter(app, account.login, factories.PASSWORD)


def endpoint_of(app: Flask, address: str, method: str = "GET") -> str | None:
    try:
        found = app.url_map.bind("localhost").match(urlsplit(address).path, method=method)
    except HTTPException:
        return None
    return str(found[0])


def forms_of(app: Flask, login: str) -> list[Form]:
    """Each kind of form once, found by following the links from the first page."""
    client, waiting, seen = enter(app, login), ["/"], set[str]()
    kinds, found = Counter[str](), dict[tuple[str, frozenset[str]], Form]()
    while waiting:
        address = waiting.pop(0)
        endpoint = endpoint_of(app, address)
        if endpoint in (None, "static") or address in seen or kinds[endpoint] >= _OF_A_KIND:
            continue
        seen.add(address)
        kinds[str(endpoint)] += 1
        answer = client.get(address, follow_redirects=True)
        if answer.mimetype != "text/html":
            continue
        page = html5lib.parse(answer.text)
        links = (link.get("href", "") for link in page.iter(f"{_NS}a"))
        waiting += [urldefrag(link).url for link in links if link.startswith("/")]
        for form in page.iter(f"{_NS}form"):
            made = _form(app, login, address, form)
            if made:
                found.setdefault(made.kind, made)
    return list(found.values())


def _form(app: Flask, login: str, page: str, form: Any) -> Form | None:
    address = form.get("action") or form.get("hx-post") or page
    if form.get("method", "get").lower() != "post" and not form.get("hx-post"):
        return None
    endpoint = endpoint_of(app, address, "POST")
    if endpoint in (None, "accounts.logout", "accounts.login"):
        return None
    fields, files = [], []
    for name in ("input", "textarea", "select", "button"):
        for field in form.iter(f"{_NS}{name}"):
            called = field.get("name")
            if field.get("type") == "file":
                files.append(called)
            elif called and called != "csrf_token" and _counts(field):
                fields.append((called, _value(field)))
    return Form(login, str(endpoint), address, tuple(dict(fields).items()), tuple(files))


def _counts(field: Any) -> bool:
    return field.get("type") not in ("radio", "reset") or field.get("checked") is not None


def _value(field: Any) -> str:
    if field.tag == f"{_NS}textarea":
        return "".join(field.itertext()) or "확인하였습니다."
    if field.tag == f"{_NS}select":
        options = [option.get("value", "") for option in field.iter(f"{_NS}option")]
        return next((value for value in options if value), "")
    return field.get("value") or {"date": "2026-11-20", "time": "10:00"}.get(
        field.get("type", "text"), "확인"
    )
