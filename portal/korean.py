"""Korean particles: which form follows a word that is known only when the page is made."""

from __future__ import annotations

import re

#: The form after a final consonant, then the form after a vowel.
PAIRS = ("은/는", "이/가", "을/를", "과/와", "으로/로", "이나/나", "이라/라", "이며/며", "아/야")

_SYLLABLES = range(0xAC00, 0xD7A4)
_FINALS = 28
_RIEUL = 8
_NO_FINAL, _SOME_FINAL = 0, 1
#: How the last sign is read: 0 영, 1 일, 3 삼, 6 육, 7 칠, 8 팔; L 엘, M 엠, N 엔, R 알.
_READ = dict.fromkeys("lr178", _RIEUL) | dict.fromkeys("mn036", _SOME_FINAL)
#: A remark in brackets and what closes a quotation are not read.
_SILENT = re.compile(r"(\([^()]*\)|[^0-9A-Za-z\uac00-\ud7a3])+$")


def particle(word: str, pair: str) -> str:
    """The form of `pair` that follows `word`: `particle("녹음", "을/를")` is `을`.

    Raises ValueError for a pair that is none of `PAIRS`.
    """
    if pair not in PAIRS:
        raise ValueError(f"unknown particle {pair!r}")
    after_consonant, after_vowel = pair.split("/")
    final = _final(word)
    if final == _NO_FINAL or (final == _RIEUL and after_vowel == "로"):
        return after_vowel
    return after_consonant


def with_particle(word: str, pair: str) -> str:
    """`녹취를`, `녹음을`, `파일로`."""
    return f"{word}{particle(word, pair)}"


class Word(str):
    """A word of the institution that takes its particle in a format: `f"{word:을/를}"`."""

    __slots__ = ()

    def __format__(self, spec: str) -> str:
        return with_particle(self, spec) if "/" in spec else super().__format__(spec)


def _final(word: str) -> int:
    """The number of the last syllable's final consonant; 0 for none."""
    last = _SILENT.sub("", word)[-1:].lower()
    if last and ord(last) in _SYLLABLES:
        return (ord(last) - _SYLLABLES.start) % _FINALS
    return _READ.get(last, _NO_FINAL)
