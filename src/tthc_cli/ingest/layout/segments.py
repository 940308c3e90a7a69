"""Several tables on one sheet: each, with its own headings below a blank row, is read as a sheet of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import takewhile
from unicodedata import normalize

import numpy as np

from tthc_cli.ingest.files.raw import GridSheet, RawSheet, grid_of_rows
from tthc_cli.ingest.files.refused import UnreadableError
from tthc_cli.ingest.files.texts.ending import cut_off
from tthc_cli.ingest.files.texts.read_csv import CsvSheet
from tthc_cli.ingest.files.texts.records import Record, records, text_lines
from tthc_cli.ingest.layout.locate import MAX_DEPTH, Located, locate
from tthc_cli.ingest.layout.match import Vocabulary, squash
from tthc_cli.ingest.vectors import vector

_AFTER_BLANK = 4
"""A second table's headings are looked for in this many rows below a blank one."""
_CANDIDATES = 5_000
MAX_TEXT = 32 << 20
"""A larger text is taken for one table."""


def segments(sheets: Iterable[RawSheet], vocabularies: Sequence[Vocabulary]) -> Iterator[RawSheet]:
    """The sheets, those with several tables parted; the second table of sheet "A" is called "A (2)"."""
    for one in sheets:
        sheet = (_grid_if_parted(one, vocabularies) or one) if isinstance(one, CsvSheet) else one
        if not isinstance(sheet, GridSheet) or sheet.hidden or not sheet.columns:
            yield sheet
            continue
        starts = _starts(sheet, vocabularies)
        stops = [*starts[1:], len(sheet.rows)]
        for number, (start, stop) in enumerate(zip(starts, stops, strict=True), 1):
            if len(starts) == 1:
                yield sheet
            else:
                columns = [c.slice(start, stop - start) for c in sheet.columns]
                name = sheet.name if number == 1 else f"{sheet.name} ({number})"
                yield sheet.part(columns, sheet.rows[start:stop], name)


def _grid_if_parted(sheet: CsvSheet, vocabularies: Sequence[Vocabulary]) -> GridSheet | None:
    """A text as a grid when, below a blank line, a line stands that may be another table's headings."""
    if sheet.path.stat().st_size > MAX_TEXT:
        return None
    text = sheet.path.read_bytes().removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace")
    lines = text_lines(text)
    words = frozenset().union(*(v.known for v in vocabularies))
    blank = [i for i, line in enumerate(lines) if not line.strip(f' \r"{sheet.delimiter}')]
    for row in {b + step for b in blank[:_CANDIDATES] for step in range(1, _AFTER_BLANK + 1)}:
        cells = lines[row].split(sheet.delimiter) if row < len(lines) else []
        if sum(squash(cell.strip('"\r ')) in words for cell in cells if cell and len(cell) < 100) >= 2:
            break
    else:
        return None
    if lines[-1] == "":
        lines.pop()
    found = list(records(lines, sheet.delimiter))
    widths = Counter(len(r.cells) for r in _behind_blank(found))
    if widths and cut_off(sheet.path, sheet.delimiter, widths.most_common(1)[0][0], []):
        raise UnreadableError("ingest.left_cut_off", "")
    return grid_of_rows(sheet.name, [[normalize("NFC", c) if c.strip() else "" for c in r.cells] for r in found])


def _behind_blank(found: Sequence[Record]) -> Iterator[Record]:
    """The records behind the last blank one, from the last."""
    return takewhile(lambda r: any(cell.strip() for cell in r.cells), reversed(found))


def _starts(sheet: GridSheet, vocabularies: Sequence[Vocabulary]) -> list[int]:
    """Where each table of the sheet begins, titles above it included; [0] for a single table."""
    filled = np.zeros(len(sheet.rows), np.int32)
    for column in sheet.columns:
        filled += vector(column.is_valid())
    blank = np.flatnonzero(filled == 0)
    near = {int(b) + step for b in blank[:_CANDIDATES] for step in range(1, _AFTER_BLANK + 1)}
    if not len(blank):
        return [0]
    main = locate(sheet.head, vocabularies)
    near |= {main.heading} if isinstance(main, Located) else set()
    words = frozenset().union(*(v.known for v in vocabularies))
    starts = [0]
    current: tuple[str, tuple[str, ...]] | None = None
    at = 0
    for row in sorted({*near, *range(_AFTER_BLANK)}):
        if row >= len(filled) or filled[row] < 2:
            continue
        head = [[c[i].as_py() or "" for c in sheet.columns] for i in range(row, min(row + MAX_DEPTH, len(filled)))]
        if sum(squash(cell) in words for cell in head[0] if cell and len(cell) < 100) < 2:
            continue
        found = locate(head, vocabularies)
        if not isinstance(found, Located) or found.heading != 0:
            continue
        seen = found.match.table.name, tuple(h for h in found.headings if h)
        before = blank[blank < row]
        if current is None or (len(before) and before[-1] > at):
            if current not in (None, seen):
                starts.append(int(before[-1]) + 1)
            current, at = seen, row
    return starts
