"""Hostile values in every field, address, header: no 500, no trace, an answer in Korean."""

from __future__ import annotations

import os
import re
import sys
from io import BytesIO
from itertools import cycle, islice
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from portal.ids import public_id
from trust.corpus import MARKUP, RAW, TEXTS
from trust.pages import LOGINS, Form, enter, forms_of

#: How many values each field gets.
_EACH = 4 if os.environ.get("PORTAL_TRUST_LONG") else 1
#: Every how many-th value each header gets.
_EVERY = 1 if os.environ.get("PORTAL_TRUST_LONG") else 2
_KOREAN = re.compile("[가-힣]")
_LEAKS = re.compile(r"Traceback \(most|sqlalchemy|psycopg|werkzeug\.|\.py\"?, line", re.I)
#: Every name that any page reads from the address.
_QUERY = (
    *("q", "state", "from", "to", "since", "until", "page", "per_page", "year", "month", "kind"),
    *("tab", "show", "no", "number", "call", "person", "open", "version", "shown", "next", "typed"),
    *("role", "action", "by", "on", "days", "from_on", "until_on", "event", "subject", "result"),
)
_HEADERS = (
    *("Accept", "Accept-Encoding", "Accept-Language", "Authorization", "Cookie", "Forwarded"),
    *("Host", "HX-Boosted", "HX-Current-URL", "HX-Request-Type", "HX-Target", "If-Match"),
    *("If-Modified-Since", "If-None-Match", "If-Range", "Origin", "Range", "Referer"),
    *("X-CSRFToken", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto"),
)
_IN_HEADERS = (
    *("", "\xff\xfe\x00", "bytes=0-,1-,2-,3-", "bytes=9999999999999999999999-", "bytes=-0"),
    *('W/"', "x" * 3_500, "Bearer " + "x" * 2_000, "div#" + "x" * 500, "127.0.0.1, 127.0.0.1"),
    *("=; portal=; portal=.x.y", "portal=eyJ4IjoxfQ.x.y", "gzip;q=NaN", "x.example"),
    *("%0d%0aSet-Cookie:x", "text/html;q=9e99,*/*;q=-1"),
)


def wrong_with(answer: TestResponse, tried: str) -> list[str]:
    """What an answer to a hostile request must not be."""
    found = []
    if answer.status_code >= 500:
        found.append(f"{tried}: {answer.status_code}")
    if answer.mimetype in ("text/html", "application/json", "text/plain"):
        if _LEAKS.search(answer.text):
            found.append(f"{tried}: leaks")
        if MARKUP in answer.text:
            found.append(f"{tried}: markup")
        if answer.status_code >= 400 and answer.mimetype == "text/html" and answer.data:
            found += [] if _KOREAN.search(answer.text) else [f"{tried}: not in Korean"]
    if answer.location and not answer.location.startswith("/"):
        found.append(f"{tried}: leads to {answer.location}")
    return found


def test_every_field_of_every_form_stands_hostile_values(demo: Flask) -> None:
    values, wrong, asked = cycle(TEXTS.items()), list[str](), set[tuple[str, frozenset[str]]]()
    tried = 0
    for login in LOGINS:
        client = enter(demo, login)
        for form in forms_of(demo, login):
            if form.kind in asked:
                continue
            asked.add(form.kind)
            for name, _value in form.fields:
                for called, value in islice(values, min(_EACH, len(TEXTS))):
                    answer = _send(client, form, {name: value})
                    wrong += wrong_with(answer, f"{form.endpoint} {name}={called} ({login})")
                    tried += 1
                    if (answer.location or "").startswith("/login"):
                        client = enter(demo, login)
    sys.stdout.write(
        f"\nFIGURES {tried} hostile values in {len(asked)} forms: {len(wrong)} wrong\n"
    )
    assert wrong == []
    assert len({endpoint for endpoint, _fields in asked}) > 25, sorted(asked)


def _send(client: FlaskClient, form: Form, changed: dict[str, str]) -> TestResponse:
    fields: dict[str, Any] = {**dict(form.fields), **changed}
    fields |= {name: (BytesIO(b""), "") for name in form.files}
    kind = "multipart/form-data" if form.files else "application/x-www-form-urlencoded"
    return client.post(form.address, data=fields, content_type=kind)


def _addresses(app: Flask) -> list[Rule]:
    rules = (rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ()))
    rules = (rule for rule in rules if rule.endpoint != "health.ready")  # no worker: 503
    return sorted(rules, key=lambda rule: rule.endpoint)


def _built(rule: Rule, value: str) -> str:
    """The rule's address with a value for each id, as an attacker would type it."""
    address = re.sub(r"<(?:[^:>]*:)?[^>]*>", lambda _: quote(value, safe=""), rule.rule)
    return address or "/"


def test_every_address_stands_hostile_queries(demo: Flask) -> None:
    """All names at once, one hostile value each; every page meets some, every value some page."""
    client, wrong, n = enter(demo, "custodian"), list[str](), 0
    clients = {login: enter(demo, login) for login in ("head", "auditor", "employee")}
    values = [quote(value[:2_000]) for value in TEXTS.values()] + list(RAW)
    each = 1 + _EACH
    for rule in _addresses(demo):
        address = _built(rule, public_id()) if rule.arguments else rule.rule
        for value in [values[(n + k) % len(values)] for k in range(each)]:
            query = "&".join(f"{name}={value}" for name in _QUERY)
            for asks in (client, *clients.values()):
                answer = asks.get(f"{address}?{query}")
                wrong += wrong_with(answer, f"{rule.endpoint} ?={value[:40]}")
                if answer.status_code != 403:
                    break
        n += each
    assert wrong == []


def test_every_id_in_an_address_stands_hostile_values(demo: Flask) -> None:
    client, wrong, n = enter(demo, "custodian"), list[str](), 0
    values = [quote(value[:500], safe="") for value in TEXTS.values() if value] + list(RAW)
    for rule in demo.url_map.iter_rules():
        if not rule.arguments:
            continue
        for value in (values[n % len(values)], values[(n + 7) % len(values)], "..", "%2e%2e%2f"):
            address = re.sub(r"<[^>]*>", lambda _, value=value: value, rule.rule)
            for method in sorted((rule.methods or set()) - {"OPTIONS", "HEAD"}):
                answer = client.open(address, method=method)
                wrong += wrong_with(answer, f"{rule.endpoint} {value[:40]}")
                if answer.status_code not in (303, 400, 401, 403, 404, 405, 422):
                    wrong.append(f"{rule.endpoint} {value[:40]}: {answer.status_code}")
        n += 1
    assert wrong == []


def test_hostile_headers_give_neither_an_error_nor_more(demo: Flask) -> None:
    clients, wrong = {login: enter(demo, login) for login in ("employee", "custodian")}, list[str]()
    for n, name in enumerate(_HEADERS):
        for k, value in list(enumerate(_IN_HEADERS))[n % _EVERY :: _EVERY]:
            address = ("/calls", "/documents/blanks/form1.pdf", "/static/css/base.css")[(n + k) % 3]
            headers = {name: value, "HX-Request": "true"} if k % 2 else {name: value}
            for login, client in clients.items():
                with client.get(address, headers=headers) as answer:
                    wrong += wrong_with(answer, f"{name}: {value[:40]} ({login})")
            refused = clients["employee"].get("/intake", headers=headers)
            if refused.status_code == 200:
                wrong.append(f"{name}: {value[:40]} opens /intake")
    assert wrong == []


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("application/json", b"[" * 200_000),
        ("application/json", b'{"a":' * 50_000),
        ("application/json", b'{"login":"\\ud800"}'),
        ("application/x-www-form-urlencoded", b"a=1&" * 200_000),
        ("application/x-www-form-urlencoded", b"login=%ED%A0%80&password=%00"),
        ("multipart/form-data", b"--x"),
        ("multipart/form-data; boundary=x", b"--x\r\n" * 100_000),
        ("multipart/form-data; boundary=" + "x" * 5_000, b"--x"),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: a; name=\xff\r\n"),
        ("text/xml", b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a '&a;'>]><x>&a;</x>"),
        ("", b"\x00" * 10_000),
    ],
)
def test_bodies_that_are_no_form_are_refused(demo: Flask, kind: str, data: bytes) -> None:
    client, wrong = enter(demo, "custodian"), list[str]()
    for address in ("/login", "/find", "/applications/autosave", "/intake/official", "/session"):
        answer = client.post(address, data=data, content_type=kind)
        wrong += wrong_with(answer, f"{address} {kind}")
    assert wrong == []
