"""Read the tables of an HTML page, such as many systems send out under the name .xls."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tthc_cli.ingest.raw import GridSheet, Merge, grid_of_rows
from tthc_cli.ingest.read_sheet import UnreadableError

MAX_BYTES = 300 << 20
MAX_SPAN = 1000


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
    first of them."""
    merges: list[Merge] = []
    grid: list[list[str]] = []
    taken: dict[int, set[int]] = {}
    spanning = set(table.xpath(".//tr[*[@colspan or @rowspan]]"))
    for y, row in enumerate(table.iter("tr")):
        if row not in spanning and y not in taken:
            grid.append([_text(cell) for cell in row if cell.tag in ("td", "th")])
            continue
        cells: list[str] = []
        at = 0
        for cell in row:
            if cell.tag not in ("td", "th"):
                continue
            while at in taken.get(y, ()):
                cells.append("")
                at += 1
            wide, tall = _span(cell.get("colspan")), _span(cell.get("rowspan"))
            cells += [_text(cell), *[""] * (wide - 1)]
            if tall > 1 and wide == 1:
                merges.append((at, y + 1, y + tall))
            for below in range(y + 1, y + tall):
                taken.setdefault(below, set()).update(range(at, at + wide))
            at += wide
        taken.pop(y, None)
        grid.append(cells)
    return grid, merges


def _text(cell: Any) -> str:
    text = "".join(cell.itertext()) if len(cell) else cell.text
    return " ".join(text.split()) if text else ""


def _span(text: str | None) -> int:
    return max(1, min(int(text), MAX_SPAN)) if text and text.strip().isdigit() else 1
