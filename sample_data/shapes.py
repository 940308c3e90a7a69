"""The shapes in which people hold their files: CSV, workbooks with title rows and merged headings, HTML named .xls.

The same rows always give the same bytes: no clock, no user name, fixed times inside the zip container.
"""

from __future__ import annotations

import html
import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
import pandas as pd
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

MOTTO = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc")


def stamps(moments: pd.Series, form: str) -> pd.Series:
    """Moments as text in a strftime form; never happened = "". Due dates at midnight keep no time of day."""
    text = moments.dt.strftime(form).fillna("")
    short = {"%Y%m%d%H%M%S": "%Y%m%d"}.get(form, "%d/%m/%Y")
    bare = (moments.notna() & (moments == moments.dt.normalize())).to_numpy()
    return text.where(~bare, moments.dt.strftime(short))


def write_csv(path: Path, frame: pd.DataFrame, separator: str = ",", bom: bool = True) -> None:
    """One CSV with Windows line ends, as portals give."""
    frame.to_csv(path, sep=separator, index=False, encoding="utf-8-sig" if bom else "utf-8", lineterminator="\r\n")


@dataclass(frozen=True, slots=True)
class Heading:
    """A column of a report: its heading, and the merged group above it, if any."""

    title: str
    group: str = ""


@dataclass(frozen=True, slots=True)
class Top:
    """What stands above the table."""

    agency: str
    title: str
    first: str
    last: str
    exported: str

    @property
    def period(self) -> str:
        return f"Từ ngày {self.first} đến ngày {self.last}"


def write_report(path: Path, top: Top, headings: Sequence[Heading], columns: Sequence[Sequence[object]]) -> None:
    """A workbook as a department prints it: motto, agency, title, period, two-row heading with merged groups, a row
    of column numbers, STT, the rows, "Tổng cộng" and a place to sign."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Hồ sơ"
    width = len(headings) + 1
    bold, middle = Font(bold=True), Alignment(horizontal="center", vertical="center", wrap_text=True)

    def put(row: int, column: int, text: str, until: int = 0, down: int = 0) -> None:
        cell = sheet.cell(row, column, text)
        cell.font, cell.alignment = bold, middle
        if until > column or down:
            sheet.merge_cells(start_row=row, start_column=column, end_row=row + down, end_column=max(until, column))

    put(1, 1, "UBND TỈNH SÔNG VÂN", 5)
    put(1, width - 7, MOTTO[0], width)
    put(2, 1, top.agency.upper(), 5)
    put(2, width - 7, MOTTO[1], width)
    put(4, 1, top.title, width)
    put(5, 1, top.period, width)
    put(6, 1, f"Ngày kết xuất: {top.exported}", width)
    put(8, 1, "STT", down=1)
    column = 2
    while column <= width:
        heading = headings[column - 2]
        last = column
        while heading.group and last < width and headings[last - 1].group == heading.group:
            last += 1
        if heading.group:
            put(8, column, heading.group, last)
            for c in range(column, last + 1):
                put(9, c, headings[c - 2].title)
        else:
            put(8, column, heading.title, down=1)
        column = last + 1
    for c in range(1, width + 1):
        put(10, c, f"({c})")
        sheet.column_dimensions[get_column_letter(c)].width = 6 if c == 1 else 18
    for number, values in enumerate(zip(*columns, strict=True), 1):
        sheet.append((number, *values))
    count = len(columns[0])
    put(11 + count, 1, "Tổng cộng", 2)
    sheet.cell(11 + count, 3, f"{count} hồ sơ").font = bold
    put(13 + count, width - 5, "Sông Vân, ngày      tháng      năm", width)
    put(14 + count, width - 5, "NGƯỜI LẬP BIỂU", width)
    put(15 + count, width - 5, "(Ký, ghi rõ họ tên)", width)
    sheet.freeze_panes = "C11"
    save_workbook(book, path)


def write_list(path: Path, title: str, headings: Sequence[str], columns: Sequence[Sequence[object]]) -> None:
    """A plain workbook: a title row, a blank row, one heading row, the rows."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Danh mục"
    sheet.append([title])
    sheet.append([])
    sheet.append(list(headings))
    for cell in sheet[3]:
        cell.font = Font(bold=True)
    for values in zip(*columns, strict=True):
        sheet.append(values)
    save_workbook(book, path)


def excel_moments(moments: pd.Series) -> list[datetime | None]:
    """Moments as Excel dates; never happened = an empty cell."""
    return [None if pd.isna(m) else m for m in moments.astype("datetime64[us]").dt.to_pydatetime()]


_CLOCK = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def save_workbook(book: Workbook, path: Path) -> None:
    """Save with fixed times and properties, packed as small as zip goes."""
    book.properties.creator = "Hệ thống một cửa tỉnh Sông Vân"
    raw = io.BytesIO()
    book.save(raw)
    with zipfile.ZipFile(raw) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as new:
        for name in sorted(old.namelist(), key=lambda n: (n != "[Content_Types].xml", n)):
            data = old.read(name)
            if name == "docProps/core.xml":
                data = _CLOCK.sub(b"2023-08-02T00:00:00Z", data)
            info = zipfile.ZipInfo(name, (2023, 8, 2, 0, 0, 0))
            info.external_attr, info.create_system = 0o600 << 16, 3
            new.writestr(info, data, zipfile.ZIP_DEFLATED, 9)


def write_html(path: Path, top: Top, headings: Sequence[str], columns: Sequence[Sequence[object]]) -> None:
    """An HTML table, to be named .xls, as web reports are "exported to Excel"."""
    width = len(headings) + 1
    lines = [
        '<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head>'
        '<meta http-equiv="Content-Type" content="text/html; charset=utf-8"></head><body><table border=1>',
        f"<tr><td colspan={width}><b>{html.escape(top.agency.upper())}</b></td></tr>",
        f"<tr><td colspan={width}><b>{html.escape(top.title)}</b></td></tr>",
        f"<tr><td colspan={width}>{top.period}</td></tr>",
        f"<tr><td colspan={width}>Ngày kết xuất: {top.exported}</td></tr>",
        "<tr>" + "".join(f"<th>{html.escape(h)}</th>" for h in ("STT", *headings)) + "</tr>",
    ]
    for number, values in enumerate(zip(*columns, strict=True), 1):
        cells = "".join(f"<td>{html.escape('' if v is None else str(v))}</td>" for v in (number, *values))
        lines.append(f"<tr>{cells}</tr>")
    lines.append(f"<tr><td colspan=2><b>Tổng cộng</b></td><td>{len(columns[0])} hồ sơ</td></tr></table></body></html>")
    path.write_text("\r\n".join(lines), encoding="utf-8", newline="")


def words(codes: pd.Series, table: dict[int, str]) -> list[str]:
    """Codes as words; an unknown code is a mistake of the generator."""
    return [table[int(code)] for code in codes]


def ticks(flags: pd.Series) -> list[str]:
    """1 as "x", 0 as an empty cell."""
    return np.where(flags.to_numpy() > 0, "x", "").tolist()
