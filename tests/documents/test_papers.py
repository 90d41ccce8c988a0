"""What holds for every paper, with typical, longest and strangest data."""

import hashlib
import subprocess
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from documents import samples
from documents.reading import fonts_of, images_of, letters_on, overprinted, text_of
from portal.documents import form1, form2

PAGES = {
    "form1 longest": 4, "form2 longest": 4, "form2 strangest": 3, "form3 pages": 3,
    "form3 longest": 21, "refusal longest": 2, "not found longest": 2, "expiry longest": 2,
    "supplement longest": 2, "note longest": 2, "check longest": 6, "restriction typical": 2,
    "restriction longest": 2, "restriction strangest": 2, "lift longest": 2,
    "third party typical": 3, "third party longest": 4,
}  # fmt: skip
#: Images besides the QR, which every paper with a number has: signatures.
SIGNATURES = {
    "form1 signed": 1, "form1 organisation": 1, "form1 reason 600": 1, "form1 longest": 1,
    "form2 signed": 2, "form2 five recordings": 2, "form2 longest": 2, "form2 strangest": 2,
}  # fmt: skip
#: One of each kind of paper: what other processes must draw to the same bytes.
KINDS = [
    "form2 signed", "form1 strangest", "form3 pages", "refusal strangest", "not found typical",
    "expiry typical", "supplement typical", "slip strangest", "note strangest",
    "destruction typical", "check signed", "restriction strangest", "lift strangest",
    "destruction paper strangest", "third party strangest", "blank application",
    "blank power-of-attorney",
]  # fmt: skip
NAMES = list(samples.papers())


@cache
def paper(name: str) -> bytes:
    return samples.papers()[name]()


@pytest.mark.parametrize("name", NAMES)
def test_every_font_named_in_a_paper_is_embedded(name: str) -> None:
    fonts = fonts_of(paper(name))

    assert fonts
    assert all(fonts.values()), fonts


@pytest.mark.parametrize("name", NAMES)
def test_a_paper_has_the_pages_it_should(name: str) -> None:
    assert len(letters_on(paper(name))) == PAGES.get(name, 1)


@pytest.mark.parametrize("name", NAMES)
def test_no_letter_lies_over_another_or_off_the_page(name: str) -> None:
    for (left, bottom, right, top), letters in letters_on(paper(name)):
        assert overprinted(letters) == []
        for letter, box in letters:
            inside = (
                box[0] > left + 20 and box[1] > bottom + 15 and box[2] < right - 20 and box[3] < top
            )
            assert inside, letter


@pytest.mark.parametrize("name", NAMES)
def test_a_paper_has_its_signatures_and_its_qr_and_no_other_image(name: str) -> None:
    pdf = paper(name)
    numbered = "문서확인번호" in text_of(pdf)

    assert images_of(pdf) == SIGNATURES.get(name, 0) + numbered


def test_the_same_input_gives_the_same_bytes_in_another_process() -> None:
    tests = Path(__file__).parents[1]
    code = (
        "import sys, hashlib; from documents import samples; p = samples.papers();"
        "print([hashlib.sha256(p[n]()).hexdigest() for n in sys.argv[1:]])"
    )

    other = subprocess.run(
        [sys.executable, "-c", code, *KINDS], cwd=tests, check=True, capture_output=True, text=True,
        env={"PYTHONPATH": f"{tests}:{tests.parent}", "PYTHONHASHSEED": "77"},
    )  # fmt: skip

    assert other.stdout.strip() == str([hashlib.sha256(paper(n)).hexdigest() for n in KINDS])


def test_every_kind_of_paper_is_among_those_drawn_twice() -> None:
    """A paper that is added needs its samples, and one of them drawn in another process."""
    first = {name.split(" ")[0] for name in NAMES}
    assert first == {name.split(" ")[0] for name in KINDS}


@pytest.mark.parametrize("name", [n for n in NAMES if n.endswith("elsewhere")])
def test_another_citys_words_replace_icheons_everywhere(name: str) -> None:
    text = text_of(paper(name)).replace("경기도이천시부악로40(중리동)", "")

    assert "녹음" in text
    for word in ("이천", "녹취", "과장"):
        assert word not in text


def test_templates_hold_no_citys_words() -> None:
    folder = Path(__file__).parents[2] / "templates" / "documents"

    for template in folder.glob("*.html"):
        text = template.read_text("utf-8")
        assert not [w for w in ("이천", "녹취", "녹음", "팀장", "과장", "제7조") if w in text], (
            template
        )


@pytest.mark.parametrize(
    "typed", ["가나다라마바사", "이천시 부악로 ", "W", "①㎡洪", "A 1-", "가\n"]
)
def test_forms_with_every_box_at_its_limit_print_whole(typed: str) -> None:
    def fill(length: int) -> str:
        return (typed * length)[:length]

    application = replace(
        samples.APPLICATIONS["signed"], applicant_name=fill(100), birth_or_number=fill(300),
        address_or_department=fill(300), purpose=fill(300), relation_to_subject=fill(300),
        reason=fill(5000), calls=samples.requested_calls(20), evidence=(fill(300),) * 3,
    )  # fmt: skip
    rows = tuple(
        replace(row, purpose=f"{row.control_no} {fill(280)}", remarks=fill(300))
        for row in samples.receipt_rows(7)
    )
    receipt = replace(
        samples.RECEIPTS["signed"], rows=rows, transferor_department=fill(300),
        transferor_rank=fill(100), transferor_name=fill(100), transferee_address=fill(300),
        transferee_name=fill(100),
    )  # fmt: skip

    for pdf in (form1.render(application), form2.render(receipt)):
        for _, letters in letters_on(pdf):
            assert overprinted(letters) == []
