"""The tables of an HTML page, every row and cell of them checked by a count of the page's own."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np

from tthc_cli.ingest.files.pages.page_count import Count, CutError, count
from tthc_cli.ingest.files.pages.page_shown import Hidden, hidden_in, is_known, text_of
from tthc_cli.ingest.files.pages.page_text import LOST, PageText
from tthc_cli.ingest.files.raw import Merge
from tthc_cli.ingest.files.refused import UnreadableError

MAX_SPAN = 1000
MAX_WIDTH = 16_384
MAX_CELLS = 50_000_000
"""Cells of one table, counting those missing at the end of a short row."""
MAX_SPANNED = 10_000_000
"""Cells in rows where some cell reaches over several columns or rows."""
_CELL = ("td", "th")
_INERT_ROWS = "count(//tr[not(ancestor::table)][ancestor::template or ancestor::noscript])"
MAX_PARTS = 40_000_000
"""Tags, and two for each attribute: what the memory that a page takes goes by."""
MAX_ROWS = 2_000_000

Told = tuple[str, int, str]
"""(code of an issue, number of the row or 0, what it is about)."""


@dataclass(slots=True)
class PageTable:
    """One table of a page."""

    rows: list[list[str]]
    numbers: list[int]
    """The number of each row, from 1; rows that are not shown have one too."""
    merges: list[Merge] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    ragged: list[int] = field(default_factory=list)
    """Numbers of rows in which a tag of a cell is damaged."""
    hidden: bool = False
    seen: list[int] = field(default_factory=list)
    """How many cells every row has, rows that are not shown included."""
    unshown: int = 0
    """Rows that are not shown."""
    left_out: int = 0
    """Cells with a text, in rows that are shown, that are not."""


def tables(page: PageText, sheets: Sequence[str] = ()) -> list[PageTable]:
    """The tables that hold data: of tables within one another, the one with most cells. `sheets`: style sheets.

    Raises UnreadableError when the page is cut off, too large, or holds other rows than can be read.
    """
    data = page.data
    parts = data.count(b"<") + 2 * data.count(b"=")
    if parts > MAX_PARTS:
        raise UnreadableError("ingest.left_too_large", f"{parts:,} <…>")
    with ThreadPoolExecutor(1) as pool:
        counting = pool.submit(count, data)
        root = _parsed(data)
        try:
            counted = counting.result()
        except CutError as cut:
            if cut.table:
                raise UnreadableError("ingest.left_cut_off", "") from None
            place = f"{data.count(10, 0, cut.at) + 1:,} / {cut.at + 1:,}"
            raise UnreadableError("ingest.left_page_cut", place) from None
    if counted.bare:
        root = _parsed(_with_rows(data, counted.bare))
    if len(counted.cells) > MAX_ROWS:
        raise UnreadableError("ingest.left_too_many_cells", f"{len(counted.cells):,}")
    found = list(root.iter("table")) if root is not None else []
    if not found and not len(counted.cells):
        raise UnreadableError("ingest.left_frames" if b"<frameset" in data.lower() else "ingest.left_no_table", "")
    low = data.lower()
    hidden = hidden_in(root, low, sheets) if found else Hidden()
    own = [_own_rows(table, len(found) > 1) for table in found]
    chosen = _chosen(found, [[len(_cells(row)) for row in rows] for rows in own] if len(found) > 1 else [])
    read = [_read(rows, hidden, table) for table, rows in zip(found, own, strict=True)]
    _check(read, counted, root)
    result: list[PageTable] = []
    for number in chosen:
        one = read[number]
        one.hidden = found[number] in hidden or hidden.above(found[number])
        _doubt(one, counted, number, own[number])
        _tell(one, page, low)
        result.append(one)
    return result


def _parsed(data: bytes) -> Any:
    """The root of the page; None when it has none."""
    from lxml import etree

    parser = etree.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(data, parser)
    except (etree.LxmlError, ValueError) as error:
        harmful = "unknown error" in str(error)  # of memory
        reason = "ingest.left_harmful" if harmful else "ingest.left_damaged"
        raise UnreadableError(reason, str(error)[:200]) from None
    stop = next((e for e in parser.error_log if e.level == etree.ErrorLevels.FATAL), None)
    if stop is not None:
        raise UnreadableError("ingest.left_damaged", f"{stop.message.strip()[:150]}: {stop.line}:{stop.column}")
    return root


def _with_rows(data: bytes, bare: Sequence[int]) -> bytes:
    """The page with a tag before each row that has none, as browsers take it."""
    return b"<tr>".join(data[start:stop] for start, stop in pairwise([0, *bare, len(data)]))


def _own_rows(table: Any, several: bool) -> list[Any]:
    """The rows of a table without those of tables in its cells."""
    rows = list(table.iter("tr"))
    if several and table.find(".//table") is not None:
        rows = [row for row in rows if next(row.iterancestors("table")) is table]
    return rows


def _cells(row: Any) -> list[Any]:
    """The cells of a row, those within a form or the like included."""
    cells = list(row.iterchildren(*_CELL))
    if len(cells) == len(row):
        return cells
    cells = []
    for child in row:
        if child.tag in _CELL:
            cells.append(child)
        else:
            cells += [c for c in child.iter(*_CELL) if next(c.iterancestors("tr", *_CELL)) is row]
    return cells


def _chosen(found: Sequence[Any], seen: Sequence[Sequence[int]]) -> list[int]:
    """The numbers of the tables that hold data; a table within another is part of a cell when it is the smaller one,
    else the outer one only lays it out. `seen`: cells of every row."""
    if len(found) == 1:
        return [0]
    number = {table: i for i, table in enumerate(found)}
    within: dict[int, list[int]] = {}
    for i, table in enumerate(found):
        if next(table.iterancestors("template", "noscript"), None) is not None:
            continue
        outer = next(table.iterancestors("table"), None)
        within.setdefault(-1 if outer is None else number[outer], []).append(i)
    sizes = [(max(rows, default=0), sum(rows)) for rows in seen]
    largest = list(sizes)
    for i in range(len(found) - 1, -1, -1):
        for inner in within.get(i, ()):
            largest[i] = max(largest[i][0], largest[inner][0]), max(largest[i][1], largest[inner][1])
    chosen: list[int] = []
    waiting = within.get(-1, [])
    while waiting:
        chosen += [i for i in waiting if sizes[i] == largest[i]]
        waiting = [inner for i in waiting if sizes[i] != largest[i] for inner in within.get(i, ())]
    return sorted(chosen)


def _check(read: Sequence[PageTable], counted: Count, root: Any) -> None:
    """Raises UnreadableError unless each table has the rows and cells that were counted in the page."""
    rows = sum(len(one.rows) + one.unshown for one in read)
    strays = root.xpath(_INERT_ROWS) if len(counted.owner) and counted.owner[0] < 0 else 0
    if len(read) != counted.tables or rows + strays != len(counted.cells):
        raise UnreadableError("ingest.left_rows_differ", f"{len(counted.cells):,} / {rows:,}")
    for number, one in enumerate(read):
        cells = counted.cells[counted.of(number)].tolist()
        if len(one.rows) + one.unshown != len(cells) or len(one.seen) != len(cells):
            raise UnreadableError("ingest.left_rows_differ", f"{len(cells):,} / {len(one.rows) + one.unshown:,}")
        if one.seen != cells:
            row = next(i for i, (a, b) in enumerate(zip(one.seen, cells, strict=True)) if a != b)
            raise UnreadableError("ingest.left_cells_differ", f"{row + 1:,}: {cells[row]:,} / {one.seen[row]:,}")


def _doubt(one: PageTable, counted: Count, number: int, own: Sequence[Any]) -> None:
    """Find the rows in which the tag is lost that begins a cell: their other cells may stand one column too far left.
    Such a row has more ends of cells than beginnings, or elements that no page has, and not the usual number of cells.

    Raises UnreadableError when that may be the row of headings.
    """
    rows = counted.of(number)
    cells, ends = counted.cells[rows], counted.ends[rows]
    if not len(cells):
        return
    usual = int(np.bincount(cells).argmax())
    odd = np.flatnonzero((ends != cells) | (cells != usual))
    if not len(odd) or len(odd) * 2 > len(cells):
        return
    first = int(np.argmax((cells == usual) & (ends == cells)))
    places = {n: i for i, n in enumerate(one.numbers)}
    for row in odd.tolist():
        texts = one.rows[places[row + 1]] if row + 1 in places else []
        damaged = ends[row] > cells[row] or (
            cells[row] > 1 and not all(is_known(e.tag) for e in own[row].iterdescendants("*"))
        )
        if (damaged and cells[row] != usual) or (ends[row] != cells[row] and any("<" in text for text in texts)):
            if row < first:
                raise UnreadableError("ingest.left_cells_differ", f"{row + 1:,}: {ends[row]:,} / {cells[row]:,}")
            one.ragged.append(row + 1)


def _tell(one: PageTable, page: PageText, low: bytes) -> None:
    opened = low.find(b"<html", 0, 4096) >= 0 or low.find(b"<body", 0, 4096) >= 0
    if opened and b"</html" not in low[-4096:] and b"</body" not in low[-4096:]:
        one.told.append(("page_not_closed", 0, ""))
    if page.guessed:
        one.told.append(("page_encoding", 0, page.guessed))
    if page.mixed:
        one.told.append(("mixed_encoding", 0, ""))
    if LOST.encode() in page.data:
        for n, row in zip(one.numbers, one.rows, strict=True):
            if any(LOST in text for text in row):
                one.told.append(("lost_text", n, ""))


def _read(rows: Sequence[Any], hidden: Hidden, table: Any) -> PageTable:
    """The cells of a table as a grid, and those that reach down: a cell over several rows or columns stands in the
    first of them.

    Raises UnreadableError when the spans make a table of more than MAX_CELLS.
    """
    one = PageTable([], [])
    hanging: dict[int, int] = {}
    spanned = width = lost = 0
    spanning = set(table.xpath(".//tr[*[@colspan or @rowspan]]"))
    some = bool(hidden.gone or hidden.unseen)
    for number, row in enumerate(rows, 1):
        cells = _cells(row)
        one.seen.append(len(cells))
        if some:
            if row in hidden or row.getparent() in hidden:
                one.unshown += 1
                lost += any(text_of(cell, hidden) for cell in cells)
                continue
            shown = [cell for cell in cells if cell not in hidden.gone]
            one.left_out += sum(1 for cell in cells if cell in hidden.gone and text_of(cell, hidden))
            cells = shown
        if row not in spanning and not hanging:
            if some:
                texts = [_text(cell, hidden) for cell in cells]
            else:
                raw = [text_of(cell, hidden) if len(cell) else cell.text for cell in cells]
                texts = [" ".join(text.split()) if text else "" for text in raw]
        else:
            texts = _placed(cells, hidden, hanging, one.merges, len(one.rows))
            spanned += len(texts) + len(hanging)
            while texts and not texts[-1]:
                texts.pop()
        one.rows.append(texts)
        one.numbers.append(number)
        width = max(width, len(texts))
        if width > MAX_WIDTH or spanned > MAX_SPANNED or width * len(one.rows) > MAX_CELLS:
            raise UnreadableError("ingest.left_too_many_cells", f"{len(one.rows):,} × {width:,}")
    last = len(one.numbers) - 1
    one.merges = [(at, one.numbers[top], one.numbers[min(bottom, last)]) for at, top, bottom in one.merges]
    if lost:
        one.told.append(("hidden_rows", 0, f"{lost:,}"))
    if one.left_out:
        one.told.append(("hidden_cells", 0, f"{one.left_out:,}"))
    return one


def _placed(row: Sequence[Any], hidden: Hidden, hanging: dict[int, int], merges: list[Merge], y: int) -> list[str]:
    """The cells of one row, in the columns that the cells above leave free. `hanging`: column -> rows, from this one
    on, over which a cell above reaches; it is brought up to date."""
    cells: list[str] = []
    started: dict[int, int] = {}
    for cell in row:
        if len(cells) > MAX_WIDTH:
            break
        while len(cells) in hanging:
            cells.append("")
        wide, tall = _span(cell.get("colspan")), _span(cell.get("rowspan"))
        at = len(cells)
        cells += [_text(cell, hidden), *[""] * (wide - 1)]
        if tall > 1:
            started.update(dict.fromkeys(range(at, at + wide), tall - 1))
            if wide == 1:
                merges.append((at, y, y + tall - 1))
    for column, left in list(hanging.items()):
        if left > 1:
            hanging[column] = left - 1
        else:
            del hanging[column]
    hanging.update(started)
    return cells


def _text(cell: Any, hidden: Hidden) -> str:
    if cell in hidden.unseen:
        return ""
    if len(cell):
        return text_of(cell, hidden)
    text = cell.text
    return " ".join(text.split()) if text else ""


def _span(text: str | None) -> int:
    return max(1, min(int(text.strip()[:6]), MAX_SPAN)) if text and text.strip().isdecimal() else 1
