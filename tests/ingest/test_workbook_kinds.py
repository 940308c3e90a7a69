"""Workbooks as other programs write them: dates from 1904, merged cells in any spelling, odd packages, old formats."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

import pytest
from msoffcrypto.format.ooxml import OOXMLFile  # type: ignore[import-untyped]

from tests.ingest.conftest import Desk
from tests.ingest.xlsx_parts import HEADINGS, MAIN, dossier, heading, number, package, row, sheet, text
from tthc_cli.cli.app import run
from tthc_cli.ingest import inspect_file
from tthc_cli.ingest.files.books import read_sheet
from tthc_cli.ingest.files.find import kind_of

FILES = Path(__file__).with_name("files")
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
AGAIN = "<extLst><ext xmlns:x15='urn:x15'><x15:workbookPr chartTrackingRefBase='1'/></ext></extLst>"


def received(desk: Desk) -> list[str]:
    return [str(r["NgayTiepNhan"]) for r in desk.rows()]


@pytest.mark.parametrize("again", ["", AGAIN])
@pytest.mark.parametrize(
    "properties",
    ["<workbookPr date1904='1'/>", "<workbookPr date1904='true'/>", "<workbookPr\n codeName='a'\n date1904 = 'on' />"],
)
def test_days_counted_from_1904(desk: Desk, properties: str, again: str) -> None:
    """Day 43,559 after 1/1/1904 is 05/04/2023; after 30/12/1899 it is 04/04/2019."""
    desk.put("a.xlsx", package(sheet(heading(), dossier(2, "43559.5")), properties=properties, epoch_again=again))
    assert desk.run().accepted == 1
    assert received(desk) == ["2023-04-05 12:00:00"]


@pytest.mark.parametrize(
    "properties", ["", "<workbookPr/>", "<workbookPr date1904='0'/>", "<workbookPr date1904='false'/>"]
)
def test_days_counted_from_1900(desk: Desk, properties: str) -> None:
    desk.put("a.xlsx", package(sheet(heading(), dossier(2, "45021.5")), properties=properties, epoch_again=AGAIN))
    assert desk.run().accepted == 1
    assert received(desk) == ["2023-04-05 12:00:00"]


def test_number_in_a_column_of_dates_counts_from_1904_too(desk: Desk) -> None:
    """Style 0 shows a number: no program calls it a date, but the column does."""
    cells = text("A2", "H99-1-1"), number("B2", "43559.5", style=0), text("C2", "10/04/2023"), text("D2", "Sở 43559")
    desk.put("a.xlsx", package(sheet(heading(), row(2, *cells)), properties="<workbookPr date1904='1'/>"))
    desk.run()
    (stored,) = desk.rows()
    assert (str(stored["NgayTiepNhan"]), str(stored["NgayHenTra"])[:10]) == ("2023-04-05 12:00:00", "2023-04-10")
    assert stored["DonViXuLy"] == "Sở 43559"


@pytest.mark.parametrize("name", ["days_1904.xls", "days_1904.ods"])
def test_other_workbooks_that_count_from_1904(desk: Desk, name: str) -> None:
    """Written by LibreOffice: 05/04/2023 12:00 and 06/04/2023 06:00, days 43,559.5 and 43,560.25 after 1/1/1904."""
    desk.put(name, (FILES / name).read_bytes())
    desk.run()
    assert received(desk) == ["2023-04-05 12:00:00", "2023-04-06 06:00:00"]


def test_xls_that_counts_from_1904(desk: Desk) -> None:
    """The record DATEMODE (0x22) of an XLS file: 1 for 1904."""
    data = (FILES / "hoso.xls").read_bytes()
    assert data.count(b"\x22\0\x02\0\0\0") == 1
    path = desk.put("a.xls", data.replace(b"\x22\0\x02\0\0\0", b"\x22\0\x02\0\1\0"))
    assert [s.from_1904 for s in read_sheet.sheets(path)] == [True]


def unit_of(desk: Desk, content: str, **written: str) -> list[str]:
    desk.put("a.xlsx", package(content, **written))
    desk.run()
    return [r["DonViXuLy"] for r in desk.rows()]


MERGED = [
    "<mergeCells count='1'><mergeCell ref='D2:D4'/></mergeCells>",
    '<mergeCells><mergeCell xmlns:a="urn:a" a:uid="1" ref="D2:D4"></mergeCell></mergeCells>',
    "<mergeCells>\n<mergeCell\n\tref = 'D2:D4'\n/>\n</mergeCells>",
    "<mergeCells><mergeCell ref='$D$2:$D$4'/></mergeCells>",
    "<mergeCells><mergeCell ref='d2:d4'/></mergeCells>",
    "<mergeCells><mergeCell ref='D4:D2'/></mergeCells>",
    f"<m:mergeCells xmlns:m='{MAIN}'><m:mergeCell ref='D2:D4'/></m:mergeCells>",
    "<!-- <mergeCell ref='A2:A9'/> --><mergeCells><mergeCell ref='D2:D4'/></mergeCells>",
]


@pytest.mark.parametrize("after", MERGED)
def test_merged_cells_in_any_spelling(desk: Desk, after: str) -> None:
    content = sheet(
        heading(), dossier(2), dossier(3, unit=""), dossier(4, unit=""), dossier(5, unit="Sở B"), after=after
    )
    assert unit_of(desk, content) == ["Sở Y tế"] * 3 + ["Sở B"]


@pytest.mark.parametrize(
    "written",
    [
        {"link": "d3p1:id"},
        {"target": "/xl/worksheets/sheet{}.xml"},
        {"target": "./worksheets/sheet{}.xml"},
        {"target": "../xl/worksheets/sheet{}.xml"},
        {"target": "worksheets\\sheet{}.xml"},
        {"target": "Worksheets/Sheet{}.xml"},
        {"slash": "\\"},
        {"space": STRICT},
    ],
    ids=str,
)
def test_packages_in_any_spelling(desk: Desk, written: dict[str, str]) -> None:
    after = "<mergeCells><mergeCell ref='D2:D3'/></mergeCells>"
    assert unit_of(desk, sheet(heading(), dossier(2), dossier(3, unit=""), after=after), **written) == ["Sở Y tế"] * 2


def test_sheets_of_a_package_with_backslashes_keep_their_order(desk: Desk) -> None:
    parts = [sheet(heading(), dossier(at, unit=f"Sở {at}")) for at in (2, 3, 4)]
    desk.put("a.xlsx", package(*parts, slash="\\"))
    assert [s.sheet for s in desk.run().sheets] == ["S1", "S2", "S3"]
    assert [r["DonViXuLy"] for r in desk.rows()] == ["Sở 2", "Sở 3", "Sở 4"]


def encrypted(data: bytes, password: str) -> bytes:
    out = io.BytesIO()
    OOXMLFile(io.BytesIO(data)).encrypt(password, out)
    return out.getvalue()


def many() -> bytes:
    """More than 4,096 bytes, below which the library that encrypts writes a container that nobody can open."""
    return package(sheet(heading(), *(dossier(at, unit=f"Sở {at * 7919 % 1000}") for at in range(2, 1_002))))


def test_workbook_with_the_password_that_excel_knows(desk: Desk) -> None:
    desk.put("a.xlsx", encrypted(many(), "VelvetSweatshop"))
    report = desk.run()
    assert (report.accepted, report.left_out) == (1_000, ())


def test_workbook_with_a_password_of_its_own(desk: Desk) -> None:
    desk.put("a.xlsx", encrypted(many(), "mật khẩu"))
    assert [f.reason for f in desk.run().left_out] == ["ingest.left_locked"]


def test_encrypted_workbook_that_is_damaged(desk: Desk) -> None:
    """A small one, of which the library that encrypts writes over the first part itself: the password is right."""
    desk.put("a.xlsx", encrypted(package(sheet(heading(), dossier(2))), "VelvetSweatshop"))
    assert [f.reason for f in desk.run().left_out] == ["ingest.left_protected"]


@pytest.mark.parametrize("kept", [0.3, 0.6, 0.9])
def test_encrypted_workbook_cut_short(desk: Desk, kept: float) -> None:
    data = encrypted(many(), "VelvetSweatshop")
    desk.put("a.xlsx", data[: int(len(data) * kept)])
    (left,) = desk.run().left_out
    assert left.reason in ("ingest.left_locked", "ingest.left_damaged", "ingest.left_protected")


SPACE = "urn:schemas-microsoft-com:office:spreadsheet"


def cell(kind: str, value: str, more: str = "") -> str:
    return f'<Cell{more}><Data ss:Type="{kind}">{value}</Data></Cell>'


def xml_2003(*rows: str, options: str = "", before: str = "") -> str:
    table = f'<Worksheet ss:Name="Danh sách"><Table>{"".join(rows)}</Table>{options}</Worksheet>'
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<?mso-application progid="Excel.Sheet"?>\n'
        f'<Workbook xmlns="{SPACE}" xmlns:ss="{SPACE}" xmlns:x="urn:schemas-microsoft-com:office:excel">'
        f"{before}{table}</Workbook>"
    )


HEAD_2003 = "<Row>" + "".join(cell("String", name) for name in HEADINGS) + "</Row>"


def line_2003(number: int, unit: str = "Sở Y tế", more: str = "", at: str = "2023-04-05T08:15:00.000") -> str:
    cells = cell("String", f"H99-230405-{number:04d}") + cell("DateTime", at) + cell("String", "10/04/2023")
    return f"<Row>{cells}{cell('String', unit, more) if unit else ''}</Row>"


def test_xml_of_excel_2003(desk: Desk) -> None:
    desk.put("a.xls", xml_2003(HEAD_2003, line_2003(1), line_2003(2, at="2023-04-05T08:14:59.997")))
    report = desk.run()
    assert [(s.sheet, s.rows_read, s.accepted) for s in report.sheets] == [("Danh sách", 2, 2)]
    assert received(desk) == ["2023-04-05 08:15:00"] * 2


def test_xml_of_excel_2003_with_places_and_merged_cells(desk: Desk) -> None:
    """Row 5 by its index (rows 3 and 4 are blank), the unit by its index, merged down over two rows."""
    first = line_2003(1, more=' ss:MergeDown="1"')
    unit = cell("String", "Sở B", ' ss:Index="4"')
    skipped = f'<Row ss:Index="5">{cell("String", "H99-1-9")}{cell("String", "05/04/2023")}{unit}</Row>'
    path = desk.put("a.xls", xml_2003(HEAD_2003, first, line_2003(2, unit=""), skipped))
    (only,) = read_sheet.sheets(path)
    assert only.merges is not None
    assert only.merges() == [(3, 2, 3)]
    desk.run()
    assert {r["MaHoSo"]: (r["DonViXuLy"], r["_row"]) for r in desk.rows()} == {
        "H99-230405-0001": ("Sở Y tế", 2), "H99-230405-0002": ("Sở Y tế", 3), "H99-1-9": ("Sở B", 5),
    }  # fmt: skip


def test_hidden_sheet_of_xml_of_excel_2003(desk: Desk) -> None:
    hidden = "<x:WorksheetOptions><x:Visible>SheetHidden</x:Visible></x:WorksheetOptions>"
    desk.put("a.xls", xml_2003(HEAD_2003, line_2003(1), options=hidden))
    assert [f.reason for f in desk.run().left_out] == ["ingest.note_hidden"]


def test_xml_of_excel_2003_that_counts_from_1904(desk: Desk) -> None:
    line = f"<Row>{cell('String', 'H99-1-1')}{cell('Number', '43559.5')}{cell('String', '')}</Row>"
    desk.put("a.xls", xml_2003(HEAD_2003, line, before="<x:ExcelWorkbook><x:Date1904/></x:ExcelWorkbook>"))
    desk.run()
    assert received(desk) == ["2023-04-05 12:00:00"]


def test_xml_of_excel_2003_cut_short(desk: Desk) -> None:
    whole = xml_2003(HEAD_2003, *(line_2003(i) for i in range(40)))
    desk.put("a.xls", whole[: len(whole) // 2])
    assert [f.reason for f in desk.run().left_out] == ["ingest.left_damaged"]


def test_formula_of_xml_of_excel_2003_without_a_value(desk: Desk) -> None:
    line = f"<Row>{cell('String', 'H99-1-1')}{cell('String', '05/04/2023')}<Cell ss:Formula='=RC[-1]+5'/></Row>"
    desk.put("a.xls", xml_2003(HEAD_2003, line))
    desk.run()
    assert [(i.code, i.column, i.value) for i in desk.issues()] == [("uncalculated", "NgayHenTra", "1: 2")]


def records(*cells: tuple[int, int, str | float], version: int = 0x809, end: bool = True) -> bytes:
    """An XLS sheet as bare records, as small PHP scripts write them: BOF, LABEL and NUMBER, EOF."""
    out = struct.pack("<HHHHHH", version, 8, 0, 0x10, 0, 0)
    for at, column, value in cells:
        if isinstance(value, str):
            data = value.encode()
            out += struct.pack("<HHHHHH", 0x204, 8 + len(data), at, column, 0, len(data)) + data
        else:
            out += struct.pack("<HHHHHd", 0x203, 14, at, column, 0, value)
    return out + (struct.pack("<HH", 0x0A, 0) if end else b"")


LINES: list[tuple[int, int, str | float]] = [
    *((0, i, name) for i, name in enumerate(HEADINGS)),
    (1, 0, "H99-1-1"), (1, 1, 45021.5), (1, 2, "10/04/2023"), (1, 3, "Sở Y tế"),
]  # fmt: skip


def test_bare_records_of_a_sheet(desk: Desk) -> None:
    path = desk.put("a.xls", records(*LINES))
    assert kind_of(path) == "biff"
    assert desk.run().accepted == 1
    (stored,) = desk.rows()
    assert (str(stored["NgayTiepNhan"]), stored["DonViXuLy"]) == ("2023-04-05 12:00:00", "Sở Y tế")


def test_bare_records_that_break_off(desk: Desk) -> None:
    desk.put("a.xls", records(*LINES, end=False))
    assert [f.reason for f in desk.run().left_out] == ["ingest.left_cut_off"]


def test_bare_records_of_a_whole_workbook_are_named(desk: Desk) -> None:
    desk.put("a.xls", records(*LINES).replace(struct.pack("<HH", 0, 0x10), struct.pack("<HH", 0x600, 5), 1))
    assert [f.reason for f in desk.run().left_out] == ["ingest.left_bare_xls"]


def two_sheets(second: list[str]) -> bytes:
    return package(sheet(heading(), dossier(2), dossier(3)), sheet(*second))


def moved(at: int, code: int) -> str:
    """The dossier with a code, in another row."""
    return dossier(at).replace(f"H99-230405-{at:04d}", f"H99-230405-{code:04d}")


def test_sheet_without_headings_has_those_of_the_one_before(desk: Desk) -> None:
    desk.put("a.xlsx", two_sheets([moved(1, 4), moved(2, 5)]))
    report = desk.run()
    assert [(s.sheet, s.accepted, s.note) for s in report.sheets] == [("S1", 2, ""), ("S2", 2, "ingest.note_carried")]
    assert [(r["MaHoSo"][-4:], r["_sheet"], r["_row"]) for r in desk.rows()] == [
        ("0002", "S1", 2), ("0003", "S1", 3), ("0004", "S2", 1), ("0005", "S2", 2),
    ]  # fmt: skip
    (view,) = inspect_file(desk.exports / "a.xlsx", desk.workspace)
    assert [(s.table, s.rows, s.note) for s in view.sheets] == [
        ("dossiers", 2, ""),
        ("dossiers", 2, "ingest.note_carried"),
    ]


def test_title_above_rows_without_headings_is_no_row(desk: Desk) -> None:
    desk.put("a.xlsx", two_sheets([row(1, text("A1", "Danh sách (tiếp theo)")), moved(2, 4), moved(3, 5)]))
    assert [s.rows_read for s in desk.run().sheets] == [2, 2]


WIDER = row(1, text("A1", "H99-1-1"), number("B1", "45021.5"), number("C1", "45026"), text("D1", "Sở"), text("E1", "x"))
NO_DATE = row(1, text("A1", "H99-1-1"), text("B1", "chờ"), text("C1", "chờ"), text("D1", "Sở Y tế"))
NO_KEY = row(1, text("A1", ""), number("B1", "45021.5"), number("C1", "45026"), text("D1", "Sở Y tế"))


@pytest.mark.parametrize("line", [WIDER, NO_DATE, NO_KEY], ids=["wider", "no dates", "no key"])
def test_sheet_that_does_not_fit_the_headings_before_is_named_and_ends_the_run_with_1(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    second = [
        line,
        line.replace("'A1'", "'A2'").replace("r='1'", "r='2'").replace("1'", "2'").replace("t='2'", "t='1'"),
    ]
    desk.put("a.xlsx", two_sheets(second))
    monkeypatch.chdir(desk.workspace.root)
    assert run(["ingest", "exports"]) == 1
    assert "exports/a.xlsx › S2" in desk.workspace.log_file.read_text("utf-8")
    assert len(desk.rows()) == 2


def test_sheet_of_remarks_beside_a_table_ends_the_run_with_0(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.put("a.xlsx", two_sheets([row(1, text("A1", "Ghi chú")), row(2, text("A2", "Số liệu đến 30/6"))]))
    monkeypatch.chdir(desk.workspace.root)
    assert run(["ingest", "exports"]) == 0


def test_workbook_that_tthc_wrote_is_known_in_any_spelling(desk: Desk) -> None:
    core = (
        "<c:coreProperties xmlns:c='http://schemas.openxmlformats.org/package/2006/metadata/core-properties' "
        "xmlns:d='http://purl.org/dc/elements/1.1/'><d:creator\n>tthc 1.2</d:creator></c:coreProperties>"
    )
    whole = io.BytesIO(package(sheet(heading(), dossier(2))))
    with zipfile.ZipFile(whole, "a") as archive:
        archive.writestr("docProps/core.xml", core)
    desk.put("a.xlsx", whole.getvalue())
    assert [f.reason for f in desk.run().left_out] == ["ingest.left_our_own"]


def test_sheets_of_an_ods_that_the_reader_does_not_see_are_no_empty_file(desk: Desk) -> None:
    """The namespace of tables under another prefix than its usual one, which the reader does not know."""
    out = io.BytesIO()
    with zipfile.ZipFile(FILES / "merged.ods") as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            if name == "content.xml":
                data = data.replace(b"table:", b"bang:").replace(b":table=", b":bang=")
                data = data.replace(b"xmlns:bang:", b"xmlns:table:")
            target.writestr(name, data)
    desk.put("a.ods", out.getvalue())
    (left,) = desk.run().left_out
    assert (left.reason, left.fields) == ("ingest.left_miscounted", {"detail": "0 ≠ 1"})
