"""Whether a column writes the month before the day, or Excel swapped them: only where the values prove it."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from tthc_cli.ingest.cleaning.date_words import Order

_SLASHED = re.compile(r"\s*(\d{1,2})[/.\-](\d{1,2})[/.\-](?:\d{4}|\d{2})(?!\d)")
_WITHIN = re.compile(r"(?<!\d)(\d{1,2})[/.\-](\d{1,2})[/.\-]\d{4}(?!\d)")
_ISO = re.compile(r"\d{4}-(\d\d)-(\d\d)")
_ROWS = 20_000
_ENOUGH = 3


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the first rows of a column say about its order."""

    day_first: str = ""
    """A value whose first number cannot be a month."""
    month_first: str = ""
    """A value whose second number cannot be a month."""
    swapped: str = ""
    """A date cell, when Excel took day for month wherever it could: all date cells have days up to 12, and all
    values that stayed text have days over 12."""


def _slashed(value: str) -> re.Match[str] | None:
    """A date in figures, at the beginning or behind other words: "T4, 05/04/2023"."""
    return _SLASHED.match(value) or (None if value[4:5] == "-" else _WITHIN.search(value))


def evidence(texts: pa.Array) -> Evidence:
    """Look at the values of one column."""
    values = [v for v in pc.unique(texts.slice(0, _ROWS)).to_pylist() if v]
    slashed = [(v, int(m[1]), int(m[2])) for v in values if (m := _slashed(v))]
    cells = [(v, int(m[1]), int(m[2])) for v in values if (m := _ISO.match(v))]
    day_first = next((v for v, a, b in slashed if a > 12 >= b), "")
    month_first = next((v for v, a, b in slashed if b > 12 >= a), "")
    swapped = ""
    if (
        len(cells) >= _ENOUGH and len(slashed) >= _ENOUGH
        and all(b <= 12 for _, _, b in cells) and all(a > 12 >= b for _, a, b in slashed)
    ):  # fmt: skip
        swapped = next((v for v, a, b in cells if a != b), "")
    return Evidence(day_first, month_first, swapped)


def orders(columns: dict[str, pa.Array]) -> dict[str, tuple[Order, str]]:
    """Date column -> (its order, the value that proves it), for columns that are not day/month/year.

    A column that proves nothing follows the others of its sheet when one of them proves month first and none proves
    day first: one system writes all its dates alike. A column with proofs of both is read day first, and the values
    that are then no dates are rejected.
    """
    found = {name: evidence(texts) for name, texts in columns.items()}
    result: dict[str, tuple[Order, str]] = {n: ("swapped", e.swapped) for n, e in found.items() if e.swapped}
    proof = next((e.month_first for e in found.values() if e.month_first and not e.day_first), "")
    contrary = any(e.day_first for e in found.values())
    for name, seen in found.items():
        if seen.month_first and not seen.day_first:
            result[name] = ("mdy", seen.month_first)
        elif proof and not contrary and not seen.swapped:
            result[name] = ("mdy", proof)
    return result
