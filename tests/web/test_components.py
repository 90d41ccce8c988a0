"""The component page: what every page built on these components inherits."""

import re
import runpy
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element

import html5lib
import pytest
from flask import Flask

ROOT = Path(__file__).resolve().parents[2]
PAGES = [
    "/gallery",
    "/gallery?errors=1",
    "/gallery?flash=1",
    "/focus",
    "/focus?sign=1",
    "/error/404",
]
CONTROLS = {"input", "select", "textarea"}


@pytest.fixture(scope="module")
def app() -> Flask:
    made: Flask = runpy.run_path(str(ROOT / "bench" / "gallery"))["create_gallery"]()
    return made


@pytest.fixture(params=PAGES)
def html(app: Flask, request: pytest.FixtureRequest) -> str:
    return app.test_client().get(request.param).text


def parse(html: str) -> Element:
    tree: Element = html5lib.parse(html, namespaceHTMLElements=False)
    return tree


def elements(tree: Element) -> Iterator[Element]:
    return (node for node in tree.iter() if isinstance(node.tag, str))


def text_of(node: Element) -> str:
    return " ".join("".join(node.itertext()).split())


def test_a_page_has_one_heading_and_its_title_begins_with_it(html: str) -> None:
    tree = parse(html)
    headings = [text_of(node) for node in elements(tree) if node.tag == "h1"]
    title = next(text_of(node) for node in elements(tree) if node.tag == "title")

    assert len(headings) == 1
    assert title.startswith(f"{headings[0]} - ")


def test_ids_are_unique(html: str) -> None:
    ids = Counter(node.get("id") for node in elements(parse(html)) if node.get("id"))

    assert [name for name, count in ids.items() if count > 1] == []


def test_every_reference_to_an_id_finds_it(html: str) -> None:
    nodes = list(elements(parse(html)))
    ids = {node.get("id") for node in nodes}
    names = ("for", "aria-describedby", "aria-labelledby", "commandfor", "popovertarget")
    referred = {ref for node in nodes for name in names for ref in (node.get(name) or "").split()}
    referred |= {
        link.removeprefix("#") for node in nodes if (link := node.get("href") or "").startswith("#")
    }

    assert referred - ids == set()


def test_every_control_has_a_label(html: str) -> None:
    nodes = list(elements(parse(html)))
    labelled = {node.get("for") for node in nodes if node.tag == "label"}
    wrapped = {
        id(inner) for node in nodes if node.tag == "label" for inner in node.iter() if inner != node
    }
    bare = [
        node.get("name")
        for node in nodes
        if node.tag in CONTROLS and node.get("type") not in ("hidden", "submit")
        if node.get("id") not in labelled and id(node) not in wrapped
    ]

    assert bare == []


def test_nothing_needs_an_exception_from_the_content_security_policy(html: str) -> None:
    for node in elements(parse(html)):
        assert node.tag != "style"
        assert not [name for name in node.attrib if name == "style" or name.startswith("on")]
        if node.tag == "script":
            assert node.get("src", "").startswith("/static/")


def test_nothing_points_to_another_host(html: str) -> None:
    for node in elements(parse(html)):
        for name in ("src", "href", "action", "hx-get", "hx-post"):
            assert not re.match(r"(https?:)?//", node.get(name) or "")


def test_every_form_that_changes_something_carries_the_token(html: str) -> None:
    for form in (node for node in elements(parse(html)) if node.tag == "form"):
        if form.get("method") == "post":
            assert [n for n in form.iter("input") if n.get("name") == "csrf_token"]


def test_an_error_stands_beside_its_field_and_in_the_summary(app: Flask) -> None:
    tree = parse(app.test_client().get("/gallery?errors=1").text)
    nodes = {node.get("id"): node for node in elements(tree)}

    assert nodes["name"].get("aria-invalid") == "true"
    assert "name-error" in (nodes["name"].get("aria-describedby") or "")
    assert "성명을 입력해 주십시오." in text_of(nodes["name-error"])
    links = [text_of(n) for n in elements(tree) if n.tag == "a" and n.get("href") == "#name"]
    assert links == ["성명 (기관·단체명): 성명을 입력해 주십시오."]


def test_the_code_field_takes_pasted_and_filled_in_codes(app: Flask) -> None:
    nodes = {node.get("id"): node for node in elements(parse(app.test_client().get("/focus").text))}

    assert nodes["code"].get("autocomplete") == "one-time-code"
    assert nodes["code"].get("inputmode") == "numeric"
    assert nodes["code"].get("maxlength") is None


def test_all_style_sheets_together_stay_under_40_kilobytes() -> None:
    sheets = list((ROOT / "static" / "css").glob("*.css"))

    assert sum(sheet.stat().st_size for sheet in sheets) < 40 * 1024


def test_style_sheets_and_scripts_load_nothing_from_elsewhere() -> None:
    for folder in ("css", "js"):
        for path in (ROOT / "static" / folder).iterdir():
            text = path.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
            assert not re.search(r"https?://|@import|url\(.?data:", text), path.name
