"""Read the tables of an HTML page, such as many systems send out under the name .xls."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tthc_cli.ingest.files.raw import GridSheet, Merge, grid_of_rows
from tthc_cli.ingest.files.read_sheet import UnreadableError

MAX_BYTES = 300 << 20
MAX_SPAN = 1000
MAX_WIDTH = 16_384
MAX_CELLS = 50_000_000
"""Cells of one table, counting those missing at the end of a short row."""
MAX_SPANNED = 10_000_000
"""Cells in rows where some cell reaches over several columns or rows."""


def sheets(path: Path) -> list[GridSheet]:
    """One sheet a table that holds no other table. Raises UnreadableError for a page too large or without tables."""
    from lxml import etree

    size = path.stat().st_size
    if size > MAX_BYTES:
        raise UnreadableError("ingest.left_too_large", f"{size >> 20} MB")
    data = path.read_bytes()
    low = data.lower().replace(b"\0", b"")
    if low.count(b"<table") > low.count(b"</table"):
        raise UnreadableError("ingest.left_cut_off", "")
    encoding = _encoding(data)
    try:
        parser = etree.HTMLParser(encoding=encoding, no_network=True, huge_tree=False, remove_comments=True)
        root = etree.fromstring(data, parser)
    except (etree.LxmlError, ValueError) as error:
        raise UnreadableError("ingest.left_damaged", str(error)[:200]) from None
    if root is None:
        raise UnreadableError("ingest.left_no_table", "")
    tables = [t for t in root.iter("table") if t.find(".//table") is None]
    if not tables:
        raise UnreadableError("ingest.left_no_table", "")
    return [grid_of_rows("" if len(tables) == 1 else f"Bảng {i}", *_rows(t)) for i, t in enumerate(tables, 1)]


def _encoding(data: bytes) -> str:
    import re

    if data.startswith(b"\xef\xbb\xbf"):
        return "utf-8"
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    declared = re.search(rb"charset=[\"']?([\w-]+)", data[:4096])
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        name = declared[1].decode("ascii").lower() if declared else "windows-1258"
        return "windows-1258" if name in ("utf-8", "utf8") else name
    return "utf-8"


def _rows(table: Any) -> tuple[list[list[str]], list[Merge]]:
    """The cells of a table as a grid, and those that reach down: a cell over several rows or columns stands in the
    first of them.

    Raises UnreadableError when the spans make a table of more than MAX_CELLS.
    """
    merges: list[Merge] = []
    grid: list[list[str]] = []
    hanging: dict[int, int] = {}
    spanned = width = 0
    spanning = set(table.xpath(".//tr[*[@colspan or @rowspan]]"))
    for y, row in enumerate(table.iter("tr")):
        if row not in spanning and not hanging:
            cells = [_text(cell) for cell in row if cell.tag in ("td", "th")]
        else:
            cells = _placed(row, hanging, merges, y)
            spanned += len(cells)
            while cells and not cells[-1]:
                cells.pop()
        grid.append(cells)
        width = max(width, len(cells))
        if width > MAX_WIDTH or spanned > MAX_SPANNED or width * len(grid) > MAX_CELLS:
            raise UnreadableError("ingest.left_too_many_cells", f"{len(grid):,} × {width:,}")
    return grid, merges


def _placed(row: Any, hanging: dict[int, int], merges: list[Merge], y: int) -> list[str]:
    """The cells of one row, in the columns that the cells above leave free. `hanging`: column -> rows, from this one
    on, over which a cell above reaches; it is brought up to date."""
    cells: list[str] = []
    started: dict[int, int] = {}
    for cell in row:
        if cell.tag not in ("td", "th") or len(cells) > MAX_WIDTH:
            continue
        while len(cells) in hanging:
            cells.append("")
        wide, tall = _span(cell.get("colspan")), _span(cell.get("rowspan"))
        at = len(cells)
        cells += [_text(cell), *[""] * (wide - 1)]
        if tall > 1:
            started.update(dict.fromkeys(range(at, at + wide), tall - 1))
            if wide == 1:
                merges.append((at, y + 1, y + tall))
    for column, left in list(hanging.items()):
        if left > 1:
            hanging[column] = left - 1
        else:
            del hanging[column]
    hanging.update(started)
    return cells


def _text(cell: Any) -> str:
    if len(cell):
        for part in cell.iter("br", "p", "div", "li"):
            part.tail = f" {part.tail or ''}"
    text = "".join(cell.itertext()) if len(cell) else cell.text
    return " ".join(text.split()) if text else ""


def _span(text: str | None) -> int:
    return max(1, min(int(text.strip()[:6]), MAX_SPAN)) if text and text.strip().isdecimal() else 1
