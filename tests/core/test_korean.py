"""Particles follow the last sound of the word before them."""

from __future__ import annotations

import pytest

from portal.korean import PAIRS, Word, particle, with_particle


@pytest.mark.parametrize(
    ("pair", "after_vowel", "after_consonant", "after_rieul"),
    [
        ("은/는", "녹취는", "녹음은", "파일은"),
        ("이/가", "녹취가", "녹음이", "파일이"),
        ("을/를", "녹취를", "녹음을", "파일을"),
        ("과/와", "녹취와", "녹음과", "파일과"),
        ("으로/로", "녹취로", "녹음으로", "파일로"),
        ("이나/나", "녹취나", "녹음이나", "파일이나"),
        ("이라/라", "녹취라", "녹음이라", "파일이라"),
    ],
)
def test_a_particle_follows_the_last_sound(
    pair: str, after_vowel: str, after_consonant: str, after_rieul: str
) -> None:
    said = [with_particle(word, pair) for word in ("녹취", "녹음", "파일")]

    assert said == [after_vowel, after_consonant, after_rieul]


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("제7조제1항", "제7조제1항을"),
        ("2026-0001", "2026-0001을"),
        ("3", "3을"),
        ("2", "2를"),
        ("과장(직무대리)", "과장(직무대리)을"),
        ("「운영 지침」", "「운영 지침」을"),
        ("USB", "USB를"),
        ("PDF·HTML", "PDF·HTML을"),
        ("", "를"),
    ],
)
def test_numbers_letters_and_brackets_are_read_aloud(word: str, said: str) -> None:
    assert with_particle(word, "을/를") == said


def test_a_word_takes_its_particle_in_a_format() -> None:
    assert f"{Word('팀장'):이/가} {Word('검토'):으로/로}" == "팀장이 검토로"
    assert f"{Word('팀장'):>4}|{Word('팀장')}" == "  팀장|팀장"


def test_an_unknown_pair_is_an_error_not_a_guess() -> None:
    for pair in ("를/을", "은는", "와/과"):
        with pytest.raises(ValueError, match="unknown particle"):
            particle("녹취", pair)
    assert all(particle("녹취", pair) == pair.split("/")[1] for pair in PAIRS)
