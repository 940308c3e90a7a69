"""The list of issues as a workbook: first what is wrong and how often, grouped, then every row."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from tthc_cli.errors import Issue
from tthc_cli.ingest.issues import neutral
from tthc_cli.messages import Lang, say
from tthc_cli.storage import write_atomic

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

DETAILS = 20_000
"""Rows listed one by one; issues.csv has them all."""
_FIXED = datetime(2000, 1, 1)


@dataclass(slots=True)
class _Group:
    example: Issue
    count: int = 0


def write_book(path: Path, issues: Iterable[Issue], lang: Lang = "vi") -> None:
    """Write issues.xlsx; without issues the file is removed. Formulas in values are neutralised, bytes are stable."""
    issues = iter(issues)
    first = next(issues, None)
    if first is None:
        path.unlink(missing_ok=True)
        return
    from openpyxl import Workbook

    groups: dict[tuple[str, str, str], _Group] = {}
    book = Workbook()
    summary, details = book.worksheets[0], book.create_sheet(say("ingest.book_rows", lang))
    summary.title = say("ingest.book_summary", lang)
    heads = ("file", "sheet", "row", "column", "value", "severity", "issue", "next", "code")
    details.append([say(f"ingest.issue_{h}", lang) for h in heads])
    for number, issue in enumerate(chain([first], issues)):
        group = groups.setdefault((issue.file, issue.code, issue.column), _Group(issue))
        group.count += 1
        if number < DETAILS:
            row = [issue.file, issue.sheet, issue.row or "", issue.column, issue.value, *_words(issue, lang)]
            details.append([neutral(c) if isinstance(c, str) else c for c in row])
    grouped = ("file", "column", "severity", "issue", "next", "code", "count", "example")
    summary.append([say(f"ingest.issue_{h}", lang) for h in grouped])
    for (file, _, column), group in sorted(groups.items(), key=lambda item: (-item[1].count, item[0])):
        words = [neutral(w) for w in _words(group.example, lang)]
        summary.append([neutral(file), column, *words, group.count, group.example.row or ""])
    for sheet, widths in ((summary, (40, 20, 12, 60, 60, 20, 10, 10)), (details, (40, 16, 8, 20, 30, 12, 60, 60, 20))):
        _dress(sheet, widths)
    write_atomic(path, _bytes(book))


def _words(issue: Issue, lang: Lang) -> list[str]:
    severity = say(f"ingest.severity_{issue.severity}", lang)
    return [severity, issue.message(lang), issue.next_step(lang), issue.code]


def _dress(sheet: Worksheet, widths: Iterable[int]) -> None:
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    for i, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(i)].width = width
        sheet.cell(1, i).font = Font(bold=True)
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions


def _bytes(book: Workbook) -> bytes:
    """The workbook with every time in it fixed."""
    book.properties.created = book.properties.modified = _FIXED
    first, second = io.BytesIO(), io.BytesIO()
    book.save(first)
    with zipfile.ZipFile(first) as source, zipfile.ZipFile(second, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            data = source.read(name)
            if name == "docProps/core.xml":
                data = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>2000-01-01T00:00:00Z", data)
            target.writestr(zipfile.ZipInfo(name, (2000, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
    return second.getvalue()
