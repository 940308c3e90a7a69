"""Counts, amounts of money, decimals, and yes/no, as people write them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Literal

from tthc_cli.folding import fold

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


_COUNT = re.compile(r"\d+|\d{1,3}(?:[.,  ]\d{3})+|\d+[.,]0+")


def count(text: str) -> int | None:
    """A whole number, or yes/no as 1/0; None for anything else. Dots and commas part thousands.

    >>> count("1.234"), count("x"), count(""), count("-3")
    (1234, 1, 0, None)
    """
    raw = text.strip()
    if _COUNT.fullmatch(raw):
        if re.fullmatch(r"\d+[.,]0{1,2}", raw):
            raw = re.split("[.,]", raw)[0]
        value = int(re.sub(r"\D", "", raw))
        return value if value < 2**31 else None
    return flag(text)


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
    if re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+(?:[.,]\d{1,2})?", raw):
        raw = re.sub(r"[.,]\d{1,2}$", "", raw)
        return int(re.sub(r"\D", "", raw))
    if re.fullmatch(r"\d{1,15}(?:[.,]\d{1,2})?", raw):
        return int(re.split("[.,]", raw)[0])
    return None


Mark = Literal[".", ",", ""]


def decimal_mark(texts: Iterable[str]) -> Mark:
    """Which mark a column uses for decimals, when some value proves it; "" when none does."""
    proven: set[Mark] = set()
    for text in texts:
        raw = text.strip()
        dots, commas = raw.count("."), raw.count(",")
        if dots and commas:
            proven.add("," if raw.rfind(",") > raw.rfind(".") else ".")
        elif dots > 1:
            proven.add(",")
        elif commas > 1:
            proven.add(".")
        elif (dots or commas) and not _doubtful(raw):
            proven.add("." if dots else ",")
    return proven.pop() if len(proven) == 1 else ""


def _doubtful(raw: str) -> bool:
    return re.fullmatch(r"-?[1-9]\d{0,2}[.,]\d{3}", raw) is not None


def decimal(text: str, mark: Mark = "") -> str | Literal["ambiguous"] | None:
    """A number in canonical form ("12.5"); None when it is none; "ambiguous" when "1.234" may be either.

    >>> decimal("12,50"), decimal("1.234,5"), decimal("1.234"), decimal("1.234", ",")
    ('12.5', '1234.5', 'ambiguous', '1234')
    """
    raw = text.strip().replace(" ", "").replace("\u00a0", "")
    if not re.fullmatch(r"[+-]?\d[\d.,]*", raw):
        return None
    if not mark and _doubtful(raw):
        return "ambiguous"
    mark = mark or decimal_mark([raw])
    if mark == ",":
        raw = raw.replace(".", "").replace(",", ".")
    elif mark == ".":
        raw = raw.replace(",", "")
    try:
        value = Decimal(raw)
    except InvalidOperation:
        return None
    plain = format(value, "f")
    return (plain.rstrip("0").rstrip(".") if "." in plain else plain).lstrip("+") or "0"
