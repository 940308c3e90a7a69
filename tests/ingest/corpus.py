"""The ugly corpus: the same dossiers in every shape that exports are found in.

Each shape is a function from rows to the bytes of a file. `docs/shapes.md` is made from this list by
`python -m tests.ingest.corpus`.
"""

from __future__ import annotations

import io
import unicodedata
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from openpyxl import Workbook

from tthc_cli.ingest.cleaning.legacy_fonts import _TCVN3_FROM, _TCVN3_TO, _VNI


@dataclass(frozen=True)
class Dossier:
    """What is put into a file, and must come out of it."""

    code: str
    received: datetime
    due: datetime
    status: int
    unit: str


STATUS = {4: "Đang xử lý", 9: "Đã xử lý xong", 10: "Đã trả kết quả"}
HEADINGS = ("Mã hồ sơ", "Ngày tiếp nhận", "Ngày hẹn trả", "Trạng thái", "Đơn vị xử lý")
SAMPLE = tuple(
    Dossier(
        f"H99.22.16-230{4 + i % 2}{i + 1:02d}-{i:04d}",
        datetime(2023, 4 + i % 2, i + 1, 8, i),
        datetime(2023, 6, 28 - i),
        (4, 9, 10)[i % 3],
        ("Sở Công Thương", "H99.20.01")[i % 2],
    )
    for i in range(20)
)

Rows = Sequence[Dossier]


def grid(rows: Rows) -> list[list[str]]:
    """The dossiers as texts, day first."""
    return [[d.code, f"{d.received:%d/%m/%Y %H:%M}", f"{d.due:%d/%m/%Y}", STATUS[d.status], d.unit] for d in rows]


def lines(cells: Sequence[Sequence[str]], delimiter: str = ",", end: str = "\n") -> str:
    """Cells as delimited text; a cell that holds the delimiter, a quote or a line break is quoted."""

    def one(cell: str) -> str:
        return '"' + cell.replace('"', '""') + '"' if any(c in cell for c in (delimiter, '"', "\n")) else cell

    return "".join(delimiter.join(one(c) for c in row) + end for row in cells)


def plain(rows: Rows, delimiter: str = ",", end: str = "\n") -> str:
    return lines([HEADINGS, *grid(rows)], delimiter, end)


def _book(sheets: dict[str, list[list[object]]], hidden: Sequence[str] = (), merge: Sequence[str] = ()) -> bytes:
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, cells in sheets.items():
        sheet = book.create_sheet(name)
        for row in cells:
            sheet.append(row)
        for area in merge:
            sheet.merge_cells(area)
        if name in hidden:
            sheet.sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _typed(rows: Rows) -> list[list[object]]:
    return [[d.code, d.received, d.due, STATUS[d.status], d.unit] for d in rows]


def _zip(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def _html(cells: Sequence[Sequence[str]], head: str = "") -> str:
    body = "".join("<tr>" + "".join(f"<td>{c}</td>" for c in row) + "</tr>" for row in cells)
    return f"<html><head><meta charset='utf-8'></head><body><table>{head}{body}</table></body></html>"


def _legacy(text: str, table: dict[str, str]) -> str:
    return "".join(table.get(c, c) for c in text)


_TCVN3 = {new: old for old, new in zip(_TCVN3_FROM, _TCVN3_TO, strict=True)}
_VNI_BACK = {new: old for old, new in _VNI.items() if len(new) == 1 and new.islower() == old.islower()}


def _cp1258(text: str) -> bytes:
    marks = unicodedata.normalize("NFD", text)
    for pair, letter in {
        "a\u0302": "â",
        "e\u0302": "ê",
        "o\u0302": "ô",
        "a\u0306": "ă",
        "o\u031b": "ơ",
        "u\u031b": "ư",
    }.items():
        marks = marks.replace(pair, letter).replace(pair.upper(), letter.upper())
        base, mark = pair
        marks = marks.replace(base + "\u0323" + mark, letter + "\u0323")
    return marks.encode("cp1258")


def _titled(rows: Rows) -> list[list[object]]:
    head: list[list[object]] = [
        ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"], ["Độc lập - Tự do - Hạnh phúc"], [], ["DANH SÁCH HỒ SƠ"],
        ["Từ ngày 01/04/2023 đến ngày 30/06/2023"], ["STT", *HEADINGS], [f"({i})" for i in range(1, 7)],
    ]  # fmt: skip
    body: list[list[object]] = [[i, *row] for i, row in enumerate(_typed(rows), 1)]
    return [
        *head,
        *body,
        ["Tổng cộng", len(rows)],
        [],
        [None, None, None, None, "Giám đốc"],
        [None, None, None, None, "(Ký tên)"],
    ]


def _two_row_heading(rows: Rows) -> list[list[object]]:
    head: list[list[object]] = [
        ["Mã hồ sơ", "Thời gian", None, "Trạng thái", "Đơn vị xử lý"],
        [None, "Ngày tiếp nhận", "Ngày hẹn trả", None, None],
    ]  # fmt: skip
    return [*head, *_typed(rows)]


def _grouped(rows: Rows) -> list[list[object]]:
    out: list[list[object]] = [["STT", *HEADINGS[:4]], ["I. Sở, ban, ngành"]]
    for number, unit in enumerate(dict.fromkeys(d.unit for d in rows), 1):
        out.append([f"{number}. {unit}" if unit.startswith("Sở") else f"{number}. UBND xã {unit}"])
        out += [[i, *row[:4]] for i, row in enumerate(_typed([d for d in rows if d.unit == unit]), 1)]
    return out


def _repeated_heading(rows: Rows) -> str:
    cells: list[Sequence[str]] = []
    for start in range(0, len(rows), 7):
        cells += [HEADINGS, *grid(rows[start : start + 7]), [""] * 5]
    return lines(cells)


def _swapped(rows: Rows) -> list[list[object]]:
    out: list[list[object]] = [list(HEADINGS)]
    for d in rows:
        received: object = f"{d.received:%d/%m/%Y %H:%M}"
        if d.received.day <= 12:
            received = d.received.replace(month=d.received.day, day=d.received.month)
        out.append([d.code, received, f"{d.due:%Y-%m-%d}", STATUS[d.status], d.unit])
    return out


@dataclass(frozen=True)
class Shape:
    """One shape: its name, what it is in words, and how to make it."""

    name: str
    en: str
    file: str
    make: Callable[[Rows], bytes]


def _text(name: str, en: str, make: Callable[[Rows], str], encoding: str = "utf-8", file: str = "a.csv") -> Shape:
    return Shape(name, en, file, lambda rows: make(rows).encode(encoding))


def _sheet(name: str, en: str, make: Callable[[Rows], list[list[object]]], file: str = "a.xlsx") -> Shape:
    return Shape(name, en, file, lambda rows: _book({"Hồ sơ": make(rows)}))


SHAPES: tuple[Shape, ...] = (
    _text("csv_utf8", "CSV, UTF-8", plain),
    _text("csv_utf8_bom", "CSV, UTF-8 with a byte order mark", plain, "utf-8-sig"),
    _text("csv_semicolon", "CSV with semicolons", lambda r: plain(r, ";")),
    _text("csv_pipe", "CSV with pipes", lambda r: plain(r, "|")),
    _text("tsv", "Text with tabs", lambda r: plain(r, "\t"), file="a.tsv"),
    _text("csv_crlf", "CSV with Windows line ends", lambda r: plain(r, end="\r\n")),
    _text("csv_sep_line", "CSV that begins with sep=;", lambda r: "sep=;\n" + plain(r, ";")),
    _text("unicode_text", "Excel's Unicode Text: UTF-16 LE, tabs", lambda r: plain(r, "\t", "\r\n"), "utf-16", "a.txt"),
    Shape("utf16_be", "UTF-16 BE", "a.txt", lambda r: b"\xfe\xff" + plain(r, "\t").encode("utf-16-be")),
    Shape("windows_1258", "CSV, Windows-1258", "a.csv", lambda r: _cp1258(plain(r))),
    _text("nfd", "Vietnamese in combining marks (NFD)", lambda r: unicodedata.normalize("NFD", plain(r))),
    Shape("tcvn3", "Legacy font TCVN3 (ABC)", "a.csv", lambda r: _legacy(plain(r), _TCVN3).encode("cp1252")),
    _text("vni", "Legacy font VNI", lambda r: _legacy(plain(r), _VNI_BACK)),
    _text(
        "quoted_line_breaks",
        "Cells with line breaks and quotes in quotes",
        lambda r: lines([["Trích yếu", *HEADINGS], *(['Một\nhai, "ba"', *row] for row in grid(r))]),
    ),
    _text(
        "titles_above",
        "Title rows above the table",
        lambda r: lines([["CỘNG HÒA", "", "", "", ""], ["", "", "", "", ""], HEADINGS, *grid(r)]),
    ),
    _text("repeated_headings", "Headings repeated every page, blank rows", _repeated_heading),
    _text(
        "month_first",
        "Dates as month/day/year",
        lambda r: lines(
            [
                HEADINGS,
                *([d.code, f"{d.received:%m/%d/%Y %H:%M}", f"{d.due:%m/%d/%Y}", STATUS[d.status], d.unit] for d in r),
            ]
        ),
    ),
    _text(
        "two_digit_years",
        "Years of two digits",
        lambda r: lines(
            [
                HEADINGS,
                *([d.code, f"{d.received:%d/%m/%y %H:%M}", f"{d.due:%d/%m/%y}", STATUS[d.status], d.unit] for d in r),
            ]
        ),
    ),
    _text(
        "service_dates",
        "Dates of the national portal, yyyyMMddHHmmss",
        lambda r: lines(
            [
                HEADINGS,
                *([d.code, f"{d.received:%Y%m%d%H%M%S}", f"{d.due:%Y%m%d%H%M%S}", str(d.status), d.unit] for d in r),
            ]
        ),
    ),
    _text(
        "old_codes",
        "Unit codes in the old form, 000.16.22.H99",
        lambda r: lines([HEADINGS, *([row[0].replace("H99.22.16", "000.16.22.H99"), *row[1:]] for row in grid(r))]),
    ),
    _sheet("xlsx", "XLSX, nothing but a table", lambda r: [list(HEADINGS), *_typed(r)]),
    _sheet("xlsx_named_xls", "XLSX under the name .xls", lambda r: [list(HEADINGS), *_typed(r)], "a.xls"),
    _sheet("xlsx_titles_total", "Motto, STT, column numbers, Tổng cộng, signature", _titled),
    Shape(
        "two_row_heading",
        "Headings in two rows, merged",
        "a.xlsx",
        lambda r: _book({"Hồ sơ": _two_row_heading(r)}, merge=["A1:A2", "B1:C1", "D1:D2", "E1:E2"]),
    ),
    _sheet("text_cells", "Every cell a text", lambda r: [list(HEADINGS), *(list(row) for row in grid(r))]),
    _sheet(
        "excel_serials",
        "Dates as Excel's serial numbers",
        lambda r: [
            list(HEADINGS),
            *(
                [
                    d.code,
                    str((d.received - datetime(1899, 12, 30)).total_seconds() / 86400),
                    str((d.due - datetime(1899, 12, 30)).days),
                    STATUS[d.status],
                    d.unit,
                ]
                for d in r
            ),
        ],
    ),
    _sheet("excel_swapped", "Day and month swapped by Excel", _swapped),
    _sheet(
        "blank_edges",
        "Blank rows and columns around the table",
        lambda r: [[], [None, *HEADINGS], [], *([None, *row] for row in _typed(r))],
    ),
    Shape(
        "sheet_a_month",
        "One sheet a month, a sheet of notes, a hidden sheet",
        "a.xlsx",
        lambda r: _book(
            {
                "T4": [list(HEADINGS), *_typed([d for d in r if d.received.month == 4])],
                "T5": [list(HEADINGS), *_typed([d for d in r if d.received.month == 5])],
                "Ghi chú": [["Số liệu tạm tính"]],
                "Cũ": [list(HEADINGS), *_typed(r)],
            },
            hidden=["Cũ"],
        ),
    ),
    _text("html_named_xls", "HTML table under the name .xls", lambda r: _html([HEADINGS, *grid(r)]), file="a.xls"),
    _text(
        "html_spans",
        "HTML table with spanning cells",
        lambda r: _html(
            grid(r),
            "<tr><td colspan=5>Danh sách</td></tr><tr><th rowspan=2>Mã hồ sơ</th><th colspan=2>Thời gian</th>"
            "<th rowspan=2>Trạng thái</th><th rowspan=2>Đơn vị xử lý</th></tr>"
            "<tr><th>Ngày tiếp nhận</th><th>Ngày hẹn trả</th></tr>",
        ),
        file="a.xls",
    ),
    Shape(
        "zip",
        "ZIP of several files",
        "a.zip",
        lambda r: _zip({"1.csv": plain(r[:10]).encode(), "thu muc/2.csv": plain(r[10:], ";").encode("utf-16")}),
    ),
    Shape("zip_in_zip", "ZIP in a ZIP", "a.zip", lambda r: _zip({"trong.zip": _zip({"1.csv": plain(r).encode()})})),
)


FILES = {"hoso.xls": "XLS as Excel 97 writes it (BIFF)", "hoso.xlsb": "XLSB", "hoso.ods": "ODS"}
"""Files in `files/` that hold the sample with motto, STT, column numbers, total and signature; the XLSB was written
with pyxlsbwriter, the others with LibreOffice."""


def document() -> str:
    """The page of shapes."""
    filed = [f"| {en} | `files/{name}` | without a suffix |" for name, en in FILES.items()]
    rows = [f"| {shape.en} | `{shape.name}` | `{shape.file}` |" for shape in SHAPES]
    about = (
        "# Shapes of files that are read\n\n"
        "Each is tested: the same list of dossiers, written in that shape, must come out row by row. "
        "What a file is, is judged by its first bytes, never by its name.\n\n| shape | test | file |\n|---|---|---|\n"
    )
    return (
        about
        + "\n".join([*rows, *filed])
        + "\n\nWritten by `python -m tests.ingest.corpus` from `tests/ingest/corpus.py`.\n"
    )


if __name__ == "__main__":
    Path(__file__).parents[2].joinpath("docs", "shapes.md").write_text(document(), encoding="utf-8")
