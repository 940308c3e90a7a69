"""Part delimited text into records the careful way: breaks in quotes are honoured, a stray quote spoils one row."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

DELIMITERS = (",", ";", "\t", "|")
_MAX_LINES = 200


@dataclass(frozen=True, slots=True)
class Record:
    """One record: its cells, and how many lines of text it takes."""

    cells: list[str]
    lines: int


_LINE_END = re.compile(r"\n|\r(?=[^\r\n])")
"""A line feed; or a carriage return that no line feed follows, as between files of two systems put together."""


def text_lines(text: str) -> list[str]:
    """The lines of a text without the line feeds at their ends; what follows the last of these comes last."""
    return _LINE_END.split(text) if "\r" in text else text.split("\n")


def _strict(text: str, delimiter: str) -> list[str] | None:
    try:
        rows = list(csv.reader([text], delimiter=delimiter, strict=True))
    except csv.Error:
        return None
    return rows[0] if len(rows) == 1 else None


def _holds_records(text: str, delimiter: str, width: int) -> bool:
    """Whether a quoted text over several lines seems to have swallowed whole records."""
    _, *inner, last = text.split("\n")
    inner.append(last.split('"')[0])
    return width > 2 and any(line.count(delimiter) >= width - 1 for line in inner)


def records(lines: Sequence[str], delimiter: str, width: int | None = None) -> Iterator[Record]:
    """The records of some lines (without their line ends).

    A quoted field may go on over lines, up to the first line end at which all quotes are closed, when the record then
    has `width` cells; else its quote is taken literally.
    """
    at = 0
    while at < len(lines):
        line = lines[at].rstrip("\r")
        if '"' not in line:
            yield Record(line.split(delimiter), 1)
            at += 1
            continue
        cells = _strict(line, delimiter)
        taken = 1
        if cells is None:
            open_quotes = line.count('"')
            for end in range(at + 1, min(at + _MAX_LINES, len(lines))):
                open_quotes += lines[end].count('"')
                if open_quotes % 2:
                    continue
                text = "\n".join(part.rstrip("\r") for part in lines[at : end + 1])
                whole = _strict(text, delimiter)
                right = whole is not None and (width is None or len(whole) == width)
                if whole is not None and right and not _holds_records(text, delimiter, len(whole)):
                    cells, taken = whole, end + 1 - at
                break
        if cells is None:
            cells = line.split(delimiter)
            if width is not None and len(cells) != width:
                loose = next(csv.reader([line], delimiter=delimiter), [])
                cells = loose if len(loose) == width else cells
        yield Record(cells, taken)
        at += taken


def delimiter_of(lines: Sequence[str]) -> str:
    """The delimiter under which most lines part into equally many cells, and many."""
    best, chosen = 0, ","
    for delimiter in DELIMITERS:
        widths = Counter(len(r.cells) for r in records(lines, delimiter) if any(c.strip() for c in r.cells))
        score = max((count * (width - 1) for width, count in widths.items()), default=0)
        if score > best:
            best, chosen = score, delimiter
    return chosen
