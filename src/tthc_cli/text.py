"""Text as people compare it: Vietnamese folded to plain lower-case words, and put in dictionary order."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_NOT_WORD = re.compile(r"[^0-9a-z]+")
_STROKED_D = str.maketrans("ÐðƉɖ", "ĐđĐđ")
"""Letters of other languages that look like Đ, and are typed for it."""


def nfc(text: str) -> str:
    """The text in composed form (NFC), outer blanks removed, inner blanks folded to one; Ð is Đ."""
    composed = text if text.isascii() else unicodedata.normalize("NFC", text).translate(_STROKED_D)
    return " ".join(composed.split())


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """Lower case, without accents and punctuation, blanks folded: "Ngày  hẹn trả:" -> "ngay hen tra"."""
    if not text.isascii():
        plain = text.translate(_STROKED_D).replace("đ", "d").replace("Đ", "D")
        decomposed = unicodedata.normalize("NFKD", plain)
        text = "".join(c for c in decomposed if unicodedata.category(c) != "Mn")
    return _NOT_WORD.sub(" ", text.lower()).strip()


def spelled(word: str) -> str:
    """A word whose tone stands behind it, wherever it was written: "Hoà" and "Hòa" -> "hoa\u0300"; "Hóa" is another."""
    marks = unicodedata.normalize("NFD", nfc(word).casefold())
    letters = "".join(m for m in marks if m not in _TONES)
    return unicodedata.normalize("NFC", letters) + "".join(m for m in marks if m in _TONES)


_LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_LETTER_ORDER = {letter: index for index, letter in enumerate(_LETTERS)}
_TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}


def vietnamese_order(text: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Sort key of Vietnamese dictionaries: letters first (a ă â b c d đ e ê ...), tones (huyền, hỏi, ngã,
    sắc, nặng) only where the letters are equal."""
    letters: list[int] = []
    tones: list[int] = []
    for char in unicodedata.normalize("NFC", text).lower():
        tone = 0
        base = char
        for mark in unicodedata.normalize("NFD", char):
            if mark in _TONES:
                tone = _TONES[mark]
        if tone:
            decomposed = unicodedata.normalize("NFD", char)
            base = unicodedata.normalize("NFC", "".join(m for m in decomposed if m not in _TONES)) or char
        letters.append(_LETTER_ORDER[base] + 1000 if base in _LETTER_ORDER else ord(base) % 1000)
        tones.append(tone)
    return tuple(letters), tuple(tones)


_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def no_formula(text: str) -> str:
    """The text so that a spreadsheet cannot take it for a formula: an apostrophe goes before it.

    >>> no_formula("=1+1"), no_formula("Sở Y tế")
    ("'=1+1", 'Sở Y tế')
    """
    return "'" + text if text.startswith(_FORMULA_STARTS) else text


def file_part(code: str) -> str:
    """A unit's code as a part of a file name, whatever it holds.

    >>> file_part("Trung tâm TN/MT"), file_part("../x"), file_part("?")
    ('Trung tâm TN_MT', '.._x', 'chua-khop')
    """
    if code == "?":
        return "chua-khop"
    return "".join("_" if c in '\\/:*?"<>|' or not c.isprintable() else c for c in code)
