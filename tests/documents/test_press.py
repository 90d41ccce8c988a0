"""A web worker holds nothing of what renders, and a child that dies is replaced."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from reportlab.pdfbase.ttfonts import TTFontFile

from documents.samples import APPLICATION
from portal.config import Config
from portal.documents import coverage, form1, press
from portal.documents.errors import DocumentError

HEAVY = {"reportlab", "xhtml2pdf", "pypdf", "pypdfium2", "numpy", "soundfile", "alembic"}
SERVED = """
import sys
from portal import served
page = served().test_client().get("/login")
assert page.status_code == 200
print(*sys.modules)
"""


@pytest.fixture(scope="module")
def child() -> Iterator[press.Press]:
    made = press.Press(most_seconds=60)
    yield made
    made.close()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.usefixtures("app")
def test_a_web_worker_that_answers_a_page_holds_nothing_of_what_renders(config: Config) -> None:
    environment = {
        **os.environ,
        "PORTAL_DATA": str(config.data),
        "PORTAL_DATABASE_URL": config.database_url,
        "PORTAL_MASTER_KEY_FILE": str(config.master_key_file),
    }
    printed = subprocess.run(
        [sys.executable, "-c", SERVED], env=environment, capture_output=True, check=True, text=True
    ).stdout
    assert {name.partition(".")[0] for name in printed.split()} & HEAVY == set()


def test_the_child_prints_the_same_paper_and_is_replaced_when_it_is_killed(
    child: press.Press,
) -> None:
    here = form1.render(APPLICATION)
    assert child.render("portal.documents.form1", APPLICATION) == here
    first = child.pid
    assert first is not None
    # Stopped, so that it is surely at work when it is killed.
    os.kill(first, signal.SIGSTOP)
    killing = threading.Timer(0.3, os.kill, (first, signal.SIGKILL))
    killing.start()
    assert child.render("portal.documents.form1", APPLICATION) == here
    assert child.pid != first


def test_a_paper_that_takes_too_long_is_given_up_in_words_and_the_next_one_is_printed(
    child: press.Press,
) -> None:
    child.render("portal.documents.form1", APPLICATION)
    assert child.pid is not None
    child.most_seconds = 0.1
    os.kill(child.pid, signal.SIGSTOP)
    with pytest.raises(DocumentError, match="다시 눌러"):
        child.render("portal.documents.form1", APPLICATION)
    child.most_seconds = 60
    assert child.render("portal.documents.form1", APPLICATION)


def test_what_is_refused_in_the_child_is_said_here(child: press.Press) -> None:
    with pytest.raises(DocumentError, match="글꼴에 없는 글자"):
        child.render("portal.documents.form1", replace(APPLICATION, applicant_name="😀"))


def test_everything_that_renders_goes_through_the_press() -> None:
    modules = Path(press.__file__).parent.glob("*.py")
    rendering = [m for m in modules if "import render_pdf" in m.read_text("utf-8")]
    assert len(rendering) >= 7
    assert [m.name for m in rendering if "\n@pressed\ndef render(" not in m.read_text()] == []


@pytest.mark.parametrize("family", coverage.STACK)
def test_the_letters_of_a_font_are_those_that_reportlab_reads(family: str) -> None:
    for _, weight in coverage.WEIGHTS:
        known = TTFontFile(str(coverage.font_file(family, weight))).charToGlyph
        ours = coverage.letters_of(family, weight)
        assert {p for p in ours if not chr(p).isspace()} == {
            p for p in known if not chr(p).isspace()
        }
