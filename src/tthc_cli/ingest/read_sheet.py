"""Read workbooks (XLSX, XLSB, XLS, ODS): every cell as text, sheet by sheet."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pyarrow as pa

from tthc_cli.ingest.find import kind_of
from tthc_cli.ingest.merged import merges_of
from tthc_cli.ingest.raw import GridSheet

_MARKS = (b"\xcc", b"\xcd")
"""First bytes of combining marks in UTF-8."""
_AT_ONCE = 1 << 20


class UnreadableError(Exception):
    """A file that claims to be of a kind cannot be read as such; `detail` is the reader's own word."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(reason, detail)
        self.reason = reason
        self.detail = detail


def sheets(path: Path) -> Iterator[GridSheet]:
    """The sheets of a workbook, hidden ones included and marked.

    Raises UnreadableError when the workbook is damaged or protected by a password.
    """
    import fastexcel

    try:
        named_right = path.suffix.lower() == f".{kind_of(path)}"
        workbook = fastexcel.read_excel(path if named_right else path.read_bytes())
    except Exception as error:
        text = str(error).splitlines()[0] if str(error) else type(error).__name__
        locked = "password" in text.lower() or "encrypt" in text.lower()
        raise UnreadableError("ingest.left_locked" if locked else "ingest.left_damaged", text[:200]) from None
    merges = path if kind_of(path) == "xlsx" else None
    for number, name in enumerate(workbook.sheet_names):
        try:
            sheet = workbook.load_sheet(name, header_row=None, skip_rows=0, dtypes="string")
            batch = sheet.to_arrow() if sheet.height and sheet.width else None
            hidden = sheet.visible != "visible"
        except Exception as error:
            raise UnreadableError("ingest.left_damaged", f"{name}: {str(error).splitlines()[0][:200]}") from None
        columns = [] if batch is None else [_text(batch.column(i)) for i in range(batch.num_columns)]
        merged = partial(merges_of, merges, number) if merges else None
        yield GridSheet(name, columns, hidden, merges=merged, workbook=True)


def _text(column: pa.Array) -> pa.Array:
    import pyarrow.compute as pc

    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks()
    if not pa.types.is_string(column.type):
        column = column.cast(pa.string())
    data = memoryview(column.buffers()[2] or b"")
    marks = any(mark in bytes(data[i : i + _AT_ONCE]) for i in range(0, len(data), _AT_ONCE) for mark in _MARKS)
    return pc.utf8_normalize(column, form="NFC") if marks else column
