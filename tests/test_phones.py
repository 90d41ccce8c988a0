import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.phones import digits, masked, shown


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("031-644-1234", "0316441234"),
        (" 031) 644 - 1234 ", "0316441234"),
        ("(031)644.1234", "0316441234"),
        ("０３１－６４４－１２３４", "0316441234"),
        ("+82 10-1234-5678", "01012345678"),
        ("+82-(0)10-1234-5678", "01012345678"),
        ("0082 31 644 1234", "0316441234"),
        ("+82 2 123 4567", "021234567"),
        ("+82 1588-1234", "15881234"),
        ("내선 1234", "1234"),
        ("031–644–1234", "0316441234"),
    ],
)
def test_what_people_type_becomes_digits(typed: str, stored: str) -> None:
    assert digits(typed) == stored


@pytest.mark.parametrize(
    "typed",
    ["", "모름", "031-644-1234, 1235", "anonymous", "sip:1234@a", "1" * 16, "031-644-1234~5"],
)
def test_nothing_is_guessed_from_what_is_not_one_number(typed: str) -> None:
    assert digits(typed) == ""


@pytest.mark.parametrize(
    ("stored", "printed", "hidden"),
    [
        ("0316441234", "031-644-1234", "031-***-1234"),
        ("03112345678", "031-1234-5678", "031-****-5678"),
        ("01012345678", "010-1234-5678", "010-****-5678"),
        ("0111234567", "011-123-4567", "011-***-4567"),
        ("021234567", "02-123-4567", "02-***-4567"),
        ("0212345678", "02-1234-5678", "02-****-5678"),
        ("07012345678", "070-1234-5678", "070-****-5678"),
        ("05051234567", "0505-123-4567", "0505-***-4567"),
        ("050712345678", "0507-1234-5678", "0507-****-5678"),
        ("15881234", "1588-1234", "****-1234"),
        ("6441234", "644-1234", "***-1234"),
        ("1234", "1234", "**34"),
        ("112", "112", "*12"),
        ("821012345678", "821012345678", "********5678"),
        ("모름", "모름", "**"),
        ("", "", ""),
    ],
)
def test_a_number_is_shown_and_masked_in_its_korean_shape(
    stored: str, printed: str, hidden: str
) -> None:
    assert shown(stored) == printed
    assert masked(stored) == hidden


@given(st.text(alphabet="0123456789", max_size=15))
def test_what_is_shown_can_be_typed_again(number: str) -> None:
    if not number.startswith("0082"):
        assert digits(shown(number)) == number


@given(st.text(alphabet="0123456789", min_size=1, max_size=20))
def test_masking_always_hides_something_and_never_more_than_four_line_digits_show(
    number: str,
) -> None:
    hidden = masked(number)

    assert "*" in hidden
    assert hidden != shown(number)


@given(st.text(max_size=40))
def test_no_typed_text_makes_it_fail(text: str) -> None:
    stored = digits(text)

    assert stored == "" or stored.isdecimal()
    shown(text)
    masked(text)
