"""Every page of the menu, and the forms behind it, in the words of the invented city."""

from __future__ import annotations

import re

from flask import Flask

import factories
from portal.roles import Role
from second_city.city import foreign_words, logged_in

_LINKS = re.compile(r'href="(/[a-z][a-z0-9/_-]*)"')
#: No page of the frame: the style sheets and the way out.
_OTHER = re.compile(r"^/(static|logout|favicon)")


def test_whatever_the_menu_leads_to_is_in_the_citys_words(app: Flask) -> None:
    """One person with every role sees every entry."""
    client = logged_in(app, factories.account(*Role, department_name="스마트도시과"))
    waiting = sorted(set(_LINKS.findall(client.get("/").text)))
    seen: set[str] = set()
    while waiting and len(seen) < 60:
        link = waiting.pop(0)
        if link in seen or _OTHER.match(link) or link.endswith((".pdf", ".zip")):
            continue
        seen.add(link)
        answer = client.http.get(link, follow_redirects=True)
        if answer.mimetype == "text/html":
            said = foreign_words(re.sub(r"<[^>]*>", "", answer.text))
            assert not said, f"{link} says {said[:3]}"
            waiting += sorted(set(_LINKS.findall(answer.text)) - seen)
    assert {"/intake", "/ledger", "/compliance", "/settings"} <= seen
