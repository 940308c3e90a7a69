"""Read workbooks (XLSX, XLSB, XLS, ODS): every cell as text, sheet by sheet, by processes of their own."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa

from tthc_cli.ingest.files.books import workbook_process
from tthc_cli.ingest.files.find import kind_of
from tthc_cli.ingest.files.raw import GridSheet
from tthc_cli.ingest.files.refused import UnreadableError
from tthc_cli.ingest.vectors import one_piece

_MARKS = (b"\xcc", b"\xcd")
"""First bytes of combining marks in UTF-8."""
_AT_ONCE = 1 << 20


def ask(file: Path, **request: Any) -> tuple[dict[str, Any], pa.Table | None]:
    """Have a process answer a request about a file. Raises UnreadableError."""
    try:
        answer, rows = workbook_process.ask(file, **request)
    except EOFError:
        raise UnreadableError("ingest.left_harmful", "") from None
    if "error" in answer:
        raise UnreadableError(answer.get("reason") or _reason(answer["error"].lower()), answer["error"][:200])
    return answer, rows


def _reason(text: str) -> str:
    if "password" in text or "encrypt" in text:
        return "ingest.left_locked"
    return "ingest.left_harmful" if "cell limit" in text else "ingest.left_damaged"


def sheets(path: Path) -> Iterator[GridSheet]:
    """The sheets of a workbook, hidden ones included and marked.

    Raises UnreadableError when the workbook is damaged, protected by a password, or takes too much memory.
    """
    kind = kind_of(path)
    book = ask(path, ask="names", kind=kind)[0]
    for number, name in enumerate(book["names"]):
        answer, rows = ask(path, ask="sheet", kind=kind, sheet=number)
        columns = [] if rows is None else text_columns(rows)
        merges = [(at, top, bottom) for at, top, bottom in answer["merges"]]
        sheet = GridSheet(
            name, columns, answer["hidden"], merges=partial(list, merges), workbook=True, made=book["made"]
        )
        left = answer["left"] or 0
        sheet.uncalculated = [(column - left, count, rows) for column, count, rows in answer["formulas"]]
        sheet.from_1904 = answer["from_1904"]
        yield sheet


def text_columns(rows: pa.Table) -> list[pa.Array]:
    """The columns of a sheet, composed (NFC)."""
    return [_text(column) for column in rows.columns]


def _text(column: pa.ChunkedArray) -> pa.Array:
    import pyarrow.compute as pc

    whole = one_piece(column)
    if not pa.types.is_string(whole.type):
        whole = whole.cast(pa.string())
    data = memoryview(whole.buffers()[2] or b"")
    marks = any(mark in bytes(data[i : i + _AT_ONCE]) for i in range(0, len(data), _AT_ONCE) for mark in _MARKS)
    return pc.utf8_normalize(whole, form="NFC") if marks else whole
