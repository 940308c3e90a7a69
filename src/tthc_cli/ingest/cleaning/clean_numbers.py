"""Counts, amounts of money, decimals, and yes/no, as people write them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Literal

from tthc_cli.text import fold

_YES = {"1", "x", "co", "true", "yes", "y", "da", "v", "t", "dung", "1 0", "ok"}
_NO = {"", "0", "khong", "chua", "false", "no", "n", "f", "sai", "k", "null", "0 0"}
_TICKS = {"✓", "✔", "☑", "√", "✅"}
_CROSSES = {"☐", "✗", "✘", "-", "–", "—"}


def flag(text: str) -> int | None:
    """1 for yes, 0 for no or blank, None for a word that says neither.

    >>> flag("x"), flag("Đã đồng bộ"), flag("Chưa"), flag("gì đó")
    (1, 1, 0, None)
    """
    raw = text.strip()
    if raw in _TICKS:
        return 1
    if raw in _CROSSES:
        return 0
    word = fold(raw)
    if word in _YES:
        return 1
    if word in _NO:
        return 0
    start = word.split(" ")[0]
    return 1 if start in ("da", "co") else 0 if start in ("chua", "khong") else None


_NUMBER = re.compile(
    r"(?P<sign>[+-]?)(?P<whole>\d{1,3}(?P<part>[., \u00a0\u202f])\d{3}(?:(?P=part)\d{3})*|\d+)"
    r"(?:(?P<mark>[.,])(?P<decimals>\d+))?"
)
"""A number whose thousands are parted by one mark, or not at all, and whose decimals follow another."""


def _parts(text: str) -> re.Match[str] | None:
    found = _NUMBER.fullmatch(text.strip())
    return None if found is None or (found["part"] and found["part"] == found["mark"]) else found


def _doubtful(found: re.Match[str]) -> bool:
    """Whether "1.234" is met: three digits behind a single mark, which may be thousands or decimals."""
    whole: str = found["whole"]
    return found["part"] in (".", ",") and not found["mark"] and len(whole) <= 7 and not whole.startswith("0")


Grouping = Literal["thousands", "decimals", ""]


def count(text: str, grouping: Grouping = "thousands") -> int | Literal["ambiguous"] | None:
    """A whole number, or yes/no as 1/0; None for anything else.

    A count has no decimals: the mark of "1.234" parts thousands. "5.000" may be 5 or 5000: that depends on what the
    marks of its column are for, and is "ambiguous" when that is not known.

    >>> count("1.234"), count("x"), count(""), count("-3"), count("5.000", ""), count("5.000", "decimals")
    (1234, 1, 0, None, 'ambiguous', 5)
    """
    found = _parts(text)
    if found is None:
        return flag(text)
    if found["sign"] or (found["decimals"] or "").strip("0"):
        return None
    whole: str = found["whole"]
    if found["part"] and whole.startswith("0"):
        return None if whole.strip("0.,") else 0
    if _doubtful(found) and whole.endswith("000") and grouping != "thousands":
        return int(re.split("[.,]", whole)[0]) if grouping == "decimals" else "ambiguous"
    value = int(re.sub(r"\D", "", whole))
    return value if value < 2**31 else None


def grouping(texts: Iterable[str]) -> Grouping:
    """What the marks of a column of counts are for, when some value proves it.

    >>> grouping(["5.000", "1.234"]), grouping(["5.000", "1234.000"]), grouping(["5.000", "12"])
    ('thousands', 'decimals', '')
    """
    proven: set[Grouping] = set()
    for text in texts:
        found = _parts(text)
        if found is None:
            continue
        if (found["mark"] and not found["part"]) or (found["part"] in (".", ",") and found["whole"].startswith("0")):
            proven.add("decimals")
        elif found["part"] and not (_doubtful(found) and found["whole"].endswith("000")):
            proven.add("thousands")
    return proven.pop() if len(proven) == 1 else ""


_MONEY_TAIL = re.compile(r"\s*(đồng|đ|vnđ|vnd|dong|d)\.?$", re.IGNORECASE)
_FREE = {"mien phi", "khong", "khong co", "khong thu", "0 dong", "mien"}


def amount(text: str) -> int | None:
    """An amount in đồng; None for anything else.

    >>> amount("120.000 đ"), amount("120,000.00"), amount("Miễn phí")
    (120000, 120000, 0)
    """
    raw = _MONEY_TAIL.sub("", text.strip()).strip()
    if fold(raw) in _FREE:
        return 0
    raw = raw.replace(" ", "").replace("\u00a0", "")
    found = _parts(raw)
    if found is None or found["sign"] or len((found["decimals"] or "").rstrip("0")) > 2:
        return None
    digits = re.sub(r"\D", "", found["whole"])
    return int(digits) if len(digits) <= 15 else None


Mark = Literal[".", ",", ""]


def decimal_mark(texts: Iterable[str], excel: bool = False) -> Mark:
    """Which mark a column uses for decimals, when some value can be read in one way only; "" when none can, or when
    values contradict each other.

    `excel`: the values are cells of a workbook, where a number proper always has a point, however people write; then
    "12.5" proves nothing.
    """
    proven: set[Mark] = set()
    for text in texts:
        found = _parts(text)
        if found is None or _doubtful(found) or not (found["mark"] or found["part"]):
            continue
        if excel and not found["part"] and found["mark"] == ".":
            continue
        proven.add(_own_mark(found))
    proven.discard("")
    return proven.pop() if len(proven) == 1 else ""


def _own_mark(found: re.Match[str]) -> Mark:
    part: str = found["part"] or ""
    if found["mark"]:
        return "," if found["mark"] == "," else "."
    if part in (".", ",") and found["whole"].startswith("0"):
        return "," if part == "," else "."
    return "," if part == "." else "." if part == "," else ""


def decimal_marks(columns: Mapping[str, Iterable[str]], excel: bool = False) -> dict[str, Mark]:
    """Column -> the mark of its decimals; a column that proves nothing follows the others of its table when they
    prove one mark and no other.

    >>> decimal_marks({"TuSo": ["1.234"], "MauSo": ["12,5"]})
    {'TuSo': ',', 'MauSo': ','}
    """
    found = {name: decimal_mark(texts, excel) for name, texts in columns.items()}
    proven = {mark for mark in found.values() if mark}
    common: Mark = proven.pop() if len(proven) == 1 else ""
    return {name: mark or common for name, mark in found.items()}


def decimal(text: str, mark: Mark = "") -> str | Literal["ambiguous"] | None:
    """A number in canonical form ("12.5"); None when it is none; "ambiguous" when "1.234" may be either.

    `mark` decides values such as "1.234" alone; every other value says itself what its marks are for.

    >>> decimal("12,50"), decimal("1.234,5"), decimal("1.234"), decimal("1.234", ","), decimal("12.5", ",")
    ('12.5', '1234.5', 'ambiguous', '1234', '12.5')
    """
    found = _parts(text)
    if found is None:
        return None
    whole, decimals = found["whole"], found["decimals"] or ""
    if _doubtful(found) and not mark:
        return "ambiguous"
    if not found["mark"] and found["part"] == (mark if _doubtful(found) else _own_mark(found)) != "":
        whole, _, decimals = whole.partition(found["part"])
    number = re.sub(r"\D", "", whole).lstrip("0") or "0"
    decimals = decimals.rstrip("0")
    plain = f"{number}.{decimals}" if decimals else number
    return f"-{plain}" if found["sign"] == "-" and plain != "0" else plain
