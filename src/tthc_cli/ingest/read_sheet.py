"""Read workbooks (XLSX, XLSB, XLS, ODS): every cell as text, sheet by sheet."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa

from tthc_cli.ingest.find import kind_of
from tthc_cli.ingest.raw import GridSheet


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
    for name in workbook.sheet_names:
        try:
            sheet = workbook.load_sheet(name, header_row=None, skip_rows=0, dtypes="string")
            batch = sheet.to_arrow() if sheet.height and sheet.width else None
            hidden = sheet.visible != "visible"
        except Exception as error:
            raise UnreadableError("ingest.left_damaged", f"{name}: {str(error).splitlines()[0][:200]}") from None
        columns = [] if batch is None else [_text(batch.column(i)) for i in range(batch.num_columns)]
        yield GridSheet(name, columns, hidden)


def _text(column: pa.Array) -> pa.Array:
    import pyarrow.compute as pc

    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks()
    if not pa.types.is_string(column.type):
        column = column.cast(pa.string())
    return pc.utf8_normalize(column, form="NFC")
