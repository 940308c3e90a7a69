"""Read the tables of an HTML page or web archive, such as many systems send out under the name .xls.

They are opened by a process of their own; see `workbook_child`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa

from tthc_cli.ingest.files.books.read_sheet import ask, text_columns
from tthc_cli.ingest.files.find import is_web_archive
from tthc_cli.ingest.files.raw import GridSheet, Merge, grid_of_rows
from tthc_cli.ingest.files.refused import UnreadableError

MAX_BYTES = 300 << 20


def sheets(path: Path) -> Iterator[GridSheet]:
    """One sheet a table that holds data. Raises UnreadableError for a page too large, cut off, damaged, or without
    tables."""
    for number, name in enumerate(ask(path, ask="names", kind="html")[0]["names"]):
        answer, rows = ask(path, ask="sheet", kind="html", sheet=number)
        merges = [(at, top, bottom) for at, top, bottom in answer["merges"]]

        def given(merges: list[Merge] = merges) -> list[Merge]:
            return merges

        sheet = GridSheet(
            name, [] if rows is None else text_columns(rows), answer["hidden"], answer["numbers"],
            given if merges else None,
        )  # fmt: skip
        sheet.told = [(code, row, value) for code, row, value in answer["told"]]
        sheet.ragged = frozenset(answer["ragged"])
        yield sheet


class Page:
    """A page that is open in the process that reads pages."""

    def __init__(self, path: Path) -> None:
        self._tables = list(_tables(path))
        self.names = [name for name, _ in self._tables]

    def sheet(self, number: int) -> tuple[dict[str, Any], pa.RecordBatch | None]:
        """What there is to say of a table, and its rows."""
        name, one = self._tables[number]
        columns = grid_of_rows(name, one.rows).columns
        told = {
            "hidden": one.hidden, "numbers": one.numbers, "merges": one.merges, "told": one.told,
            "ragged": one.ragged, "rows": bool(columns),
        }  # fmt: skip
        rows = pa.RecordBatch.from_arrays(columns, [str(i) for i in range(len(columns))]) if columns else None
        return told, rows


def _tables(path: Path) -> Iterator[tuple[str, Any]]:
    from tthc_cli.ingest.files.pages.page_tables import tables
    from tthc_cli.ingest.files.pages.page_text import as_utf8
    from tthc_cli.ingest.files.pages.web_archive import pages

    size = path.stat().st_size
    if size > MAX_BYTES:
        raise UnreadableError("ingest.left_too_large", f"{size >> 20} MB")
    data = path.read_bytes()
    if is_web_archive(data):
        yield from pages(data)
        return
    found = tables(as_utf8(data))
    for number, one in enumerate(found, 1):
        yield "" if len(found) == 1 else f"Bảng {number}", one
