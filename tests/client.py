"""A test client that checks every page it gets, as a browser and a screen reader would."""

from __future__ import annotations

from collections import Counter
from typing import Any

import html5lib
from flask import Flask
from werkzeug.test import TestResponse

from factories import PASSWORD
from portal.accounts.models import Account

_NS = "{http://www.w3.org/1999/xhtml}"


class PageClient:
    """`get` and `post` work as a form does: the CSRF token of the last page is sent along."""

    def __init__(self, app: Flask) -> None:
        self.http = app.test_client()
        self.token = ""
        self.page: Any = None

    def log_in(self, account: Account, password: str = PASSWORD) -> PageClient:
        login = account.login
        self.get("/login")
        answer = self.post("/login", {"login": login, "password": password})
        assert answer.status_code == 303, "the login was refused"
        self.get(answer.location)
        return self

    def get(self, address: str, status: int = 200, **options: Any) -> TestResponse:
        answer = self.http.get(address, **options)
        while status == 200 and answer.status_code in (302, 303):
            answer = self.http.get(answer.location, **options)
        assert answer.status_code == status, (
            f"{address}: {answer.status_code}\n{answer.text[:2000]}"
        )
        self._look_at(answer, options)
        return answer

    def post(
        self, address: str, fields: dict[str, Any] | None = None, **options: Any
    ) -> TestResponse:
        data = {"csrf_token": self.token, **(fields or {})}
        answer = self.http.post(address, data=data, **options)
        self._look_at(answer, options)
        return answer

    def _look_at(self, answer: TestResponse, options: dict[str, Any]) -> None:
        if answer.mimetype != "text/html" or not answer.data or answer.status_code in (302, 303):
            return
        if "HX-Request" in options.get("headers", {}):
            self.page = html5lib.parseFragment(answer.text)
            check_ids(self.page)
            return
        self.page = check_page(answer.text)
        token = self.page.find(f".//{_NS}input[@name='csrf_token']")
        if token is not None:
            self.token = token.get("value")


def check_page(html: str) -> Any:
    """The parsed page; fails where it is not what a page of this portal must be."""
    parser = html5lib.HTMLParser(strict=False)
    page = parser.parse(html)
    errors = [
        e for e in parser.errors if e[1] not in ("unexpected-html-element-in-foreign-content",)
    ]
    assert not errors, f"the HTML does not parse: {errors[:3]}"
    assert page.get("lang") == "ko"
    headings = list(page.iter(f"{_NS}h1"))
    assert len(headings) == 1, f"{len(headings)} h1 elements"
    h1, title = _text(headings[0]), _text(page.find(f".//{_NS}title"))
    assert h1, "the h1 is empty"
    assert title.startswith(h1), f"the title {title!r} does not begin with the h1 {h1!r}"
    check_ids(page)
    _check_labels(page)
    _check_no_inline(page)
    _check_addresses(page)
    return page


def check_ids(page: Any) -> None:
    ids = Counter(element.get("id") for element in page.iter() if element.get("id"))
    assert not [name for name, n in ids.items() if n > 1], f"ids given twice: {ids.most_common(3)}"


def _check_labels(page: Any) -> None:
    bound = {label.get("for") for label in page.iter(f"{_NS}label")}
    inside = {id(field) for label in page.iter(f"{_NS}label") for field in label.iter()}
    for name in ("input", "select", "textarea"):
        for field in page.iter(f"{_NS}{name}"):
            if field.get("type") in ("hidden", "submit", "button"):
                continue
            labelled = field.get("id") in bound or id(field) in inside
            assert labelled or field.get("aria-label") or field.get("aria-labelledby"), (
                f"no label for {name} {field.get('name')!r}"
            )


def _check_no_inline(page: Any) -> None:
    for script in page.iter(f"{_NS}script"):
        assert script.get("src") or script.get("type") == "application/json", "an inline script"
    for element in page.iter():
        attributes = element.attrib if isinstance(element.tag, str) else {}
        assert "style" not in attributes, f"an inline style on {element.tag}"
        assert not [a for a in attributes if a.startswith("on")], (
            f"an inline handler on {element.tag}"
        )


def _check_addresses(page: Any) -> None:
    """What is typed is posted: names and numbers must stand in no address (`portal.finding`)."""
    for form in page.iter(f"{_NS}form"):
        if form.get("method", "get").lower() == "post":
            continue
        typed = [
            field.get("name")
            for field in form.iter(f"{_NS}input")
            if field.get("type", "text") in ("text", "search", "tel", "email")
        ]
        assert set(typed) <= {"no"}, f"typed text goes into the address: {typed}"


def _text(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())
