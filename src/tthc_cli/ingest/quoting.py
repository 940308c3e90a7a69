"""What a message may quote of a file: dates, codes, numbers, words of the dictionary; the rest is masked."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Any

from tthc_cli.private import MASK, is_told, masked
from tthc_cli.schema import all_tables, word_file
from tthc_cli.text import fold, nfc, spelled

_WORD = re.compile(r"[^\W\d_]+")
_EDGES = "\"'“”‘’,;:()[]{}<>=/+…|*#%&!?~-–—."
_FIGURE = re.compile(r"[\d.,:/\-–%+hHT]*\d[\d.,:/\-–%+hHTZ]*")
_CODE = re.compile(r"[A-ZĐ\d./\-–_+]+")
_DAY = re.compile(r"\d{1,4}[/.\-]\d{1,2}[/.\-]\d{1,4}")
_OUR_OWN = ("VNI", "TCVN")
_MOST = 60
"""Letters of the longest heading that is named."""
_DIGITS = 4
"""Digits of such a heading: a year."""
_NAMES = 6
"""Words of the longest name of a person."""
JOINT = " › "
"""Between the parts of a grouped heading."""


def _texts(node: Any) -> list[str]:
    if isinstance(node, dict):
        return [text for part in node.values() for text in _texts(part)]
    return [text for part in node for text in _texts(part)] if isinstance(node, list) else [str(node)]


@cache
def _phrases() -> frozenset[str]:
    """Every heading, name and word of the dictionary, folded."""
    return frozenset(fold(text) for text in _vocabulary())


@cache
def _vocabulary() -> tuple[str, ...]:
    columns = [column for table in all_tables() for column in table.columns]
    texts = [text for c in columns for text in (c.name, c.meaning_vi, c.meaning_en, *c.headings, *c.parts)]
    texts += [word for c in columns for words in c.codes.values() for word in words]
    texts += [text for name in ("nothing", "dates") for text in _texts(word_file(name))]
    texts += [text for table in all_tables() for text in (table.name, table.label_vi, table.label_en)]
    return (*texts, *_OUR_OWN)


@cache
def _known() -> frozenset[str]:
    """The words of the dictionary, one by one."""
    return frozenset(spelled(word) for text in _vocabulary() for word in _WORD.findall(nfc(text)))


@cache
def _family() -> tuple[frozenset[str], frozenset[str]]:
    names = word_file("names")["family"]
    return frozenset(map(spelled, names)), frozenset(map(fold, names))


def _may_be_a_name(words: list[str]) -> bool:
    """Whether words are those of a person: capitalised, a family name first."""
    return len(words) <= _NAMES and all(word[0].isupper() for word in words) and _led_by_family(words)


@lru_cache(maxsize=65536)
def quoted(text: str) -> str:
    """A text as a message may quote it.

    >>> quoted("31/02/2024"), quoted("Nguyễn Văn An, 31/02/2024"), quoted("Đang xử lý")
    ('31/02/2024', '… 31/02/2024', 'Đang xử lý')
    """
    if _DAY.fullmatch(text) and masked(text) == text:
        return text
    plain = masked(text)
    tokens = plain.split()
    figures = [_is_figure(token) for token in tokens]
    words = [w for token, figure in zip(tokens, figures, strict=True) if not figure for w in _WORD.findall(nfc(token))]
    if all(spelled(word) in _known() for word in words) and not _may_be_a_name(words):
        return plain
    if fold(plain) in _phrases():
        return plain
    kept = [token if _is_exact(token) else MASK for token in tokens]
    return " ".join(token for at, token in enumerate(kept) if token != MASK or at == 0 or kept[at - 1] != MASK)


def _is_figure(token: str) -> bool:
    """Whether a word is a date, a number or a code."""
    bare = token.strip(_EDGES)
    if not any(c.isdecimal() for c in bare):
        return False
    return bool(_FIGURE.fullmatch(bare) or _CODE.fullmatch(bare) or is_told(bare))


def _is_exact(token: str) -> bool:
    """Whether a word is a whole date or code, whatever stands around it."""
    bare = token.strip(_EDGES)
    return bool(_DAY.fullmatch(bare)) or is_told(bare)


def heading(text: str, trusted: bool = True) -> str:
    """A heading as a message may name it, each of its joined parts: "…" where one may be somebody's data.

    `trusted`: most cells beside it are known headings.

    >>> heading("Ghi chú khác"), heading("Trần Văn An › Ngày tiếp nhận")
    ('Ghi chú khác', '… › Ngày tiếp nhận')
    """
    return JOINT.join(part if _tellable(part, trusted) else MASK for part in text.split(JOINT))


def _tellable(text: str, trusted: bool) -> bool:
    if not text.strip() or fold(text) in _phrases():
        return True
    if len(text) > _MOST or sum(c.isdecimal() for c in text) > _DIGITS or masked(text) != text:
        return False
    words = _WORD.findall(nfc(text))
    known = sum(spelled(word) in _known() for word in words)
    return (known * 2 >= len(words) > 0 and not _may_be_a_name(words)) or (trusted and not _led_by_family(words))


def _led_by_family(words: list[str]) -> bool:
    """Whether words begin with a family name, however they are written."""
    accented, plain = _family()
    if len(words) < 2:
        return False
    return words[0].lower() in plain if "".join(words).isascii() else spelled(words[0]) in accented
