"""One small table as a workbook: the numbers behind a chart of a paper, for whoever edits it."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime

from openpyxl import Workbook

from tthc_cli.office.package import fixed_times


def small_book(rows: Sequence[Sequence[str | float]], moment: str) -> bytes:
    """The bytes of the workbook, the same from the same rows. moment: ISO, as its last change."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for number, row in enumerate(rows, 1):
        for place, value in enumerate(row, 1):
            cell = sheet.cell(number, place, value)
            cell.data_type = "s" if isinstance(value, str) else "n"  # never a formula
    book.properties.created = datetime.fromisoformat(moment)
    stream = io.BytesIO()
    book.save(stream)
    return fixed_times(stream.getvalue(), moment)
