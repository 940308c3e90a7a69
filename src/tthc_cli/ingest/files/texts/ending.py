"""How a text file ends: behind a record, in the middle of one, or with bytes that are no text."""

from __future__ import annotations

import codecs
from collections.abc import Collection, Sequence
from pathlib import Path

from tthc_cli.ingest.files.texts.records import records, text_lines

_TAIL = 1 << 20
_LINES = 256
"""Lines that are looked at from the end."""
_LEAST = 3
"""Cells of a column that say what its cells are like."""
_DATE = 8
"""Characters from which on cells of one length are taken for dates or codes."""
_NO_TEXT = b"\0\x1a"
"""Zero bytes that a crash left, and the mark of the end (Ctrl-Z) that some programs write."""


def text_end(path: Path) -> tuple[int, bool]:
    """How many bytes of a file come before the padding at its end, and whether that holds zero bytes."""
    zeros = False
    with path.open("rb") as stream:
        at = stream.seek(0, 2)
        while at:
            start = max(0, at - _TAIL)
            stream.seek(start)
            data = stream.read(at - start)
            kept = data.rstrip(_NO_TEXT)
            zeros |= b"\0" in data[len(kept) :]
            at = start + len(kept)
            if kept:
                break
    return at, zeros


def cut_off(path: Path, delimiter: str, width: int, headings: Collection[Sequence[str]]) -> bool:
    """Whether a UTF-8 text of records of `width` cells ends in the middle of one.

    That is in a quoted cell, in a character, behind too few cells, or without a line end in a last cell that is only
    the beginning of what the column holds (a quoted one is whole when it is closed, unless the quote that closes it
    may be the first of two). A text cut exactly behind a record ends like any other.
    """
    with path.open("rb") as stream:
        size = stream.seek(0, 2)
        stream.seek(max(0, size - _TAIL))
        data = stream.read()
    if size > _TAIL:
        data = data[data.find(b"\n") + 1 :]
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    lines = text_lines(decoder.decode(data))[-_LINES:]
    if in_quotes(lines, delimiter, width):
        return True
    if not lines[-1].strip():
        return False
    *before, last = records(lines, delimiter, width)
    if decoder.getstate()[0] or len(last.cells) < width:
        note = len(last.cells) == 1 and " " in last.cells[0].strip() and lines[-1].count('"') % 2 == 0
        return not note
    if len(last.cells) > width:
        return False
    others = [r.cells[width - 1] for r in before if len(r.cells) >= width and r.cells not in headings]
    if lines[-1].rstrip().endswith('"'):
        return any(other.startswith(f'{last.cells[-1]}"') for other in others)
    return _begun(last.cells[-1], others)


def in_quotes(lines: Sequence[str], delimiter: str, width: int) -> bool:
    """Whether the last of some lines of records of `width` cells ends inside a quoted cell.

    Whether a line begins inside one, the characters beside its quotes tell; where they may be either, the line before
    is asked. A line whose quotes fit neither has a stray one. A whole record without quotes lies outside.
    """
    quotes = 0
    for line in reversed(lines):
        if '"' not in line:
            if line.count(delimiter) >= width - 1 > 1:
                break
            continue
        fits = [_fits(line.rstrip("\r"), delimiter, inside) for inside in (False, True)]
        if not any(fits):
            continue
        quotes += line.count('"')
        if not all(fits):
            return (quotes + fits[True]) % 2 == 1
    return quotes % 2 == 1


def _fits(line: str, delimiter: str, inside: bool) -> bool:
    """Whether every quote of a line stands where one can, when the line begins `inside` a quoted cell or not."""
    at = line.find('"')
    while at >= 0:
        following = line[at + 1 : at + 2]
        if inside and following == '"':
            at += 1
        elif following not in ("", delimiter) if inside else at and line[at - 1] != delimiter:
            return False
        else:
            inside = not inside
        at = line.find('"', at + 1)
    return True


def _begun(cell: str, others: Sequence[str]) -> bool:
    """Whether a cell without a line end behind it is only the beginning of one, as the others of its column tell: it
    is blank where none is, shorter than the dates or codes of one length, or how another text begins."""
    if cell in others:
        return False
    filled = [other for other in others if other.strip()]
    if not cell.strip():
        return len(filled) == len(others) >= _LEAST
    coded = [other for other in filled if any(c.isdigit() for c in other)]
    lengths = {len(other) for other in coded} if len(coded) == len(filled) else {0}
    if len(filled) >= _LEAST and len(lengths) == 1 and len(cell) < min(lengths) >= _DATE:
        return True
    return not cell.isdecimal() and any(other.startswith(cell) for other in filled)
