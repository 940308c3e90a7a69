"""A workbook is read whole and right, or refused with a sentence; never in part."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.ingest.conftest import GOOD, Desk, dossiers
from tests.ingest.xlsx_parts import dossier, heading, number, package, row, sheet, text

FILES = Path(__file__).with_name("files")


def refused(desk: Desk, name: str, data: bytes) -> str:
    """The reason for which a file is left out, while another one of the folder is taken in."""
    desk.put(name, data)
    desk.put("good.csv", dossiers(GOOD))
    report = desk.run()
    assert report.accepted == 1
    (left,) = report.left_out
    return left.reason


def damaged(data: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    """The archive with a part changed behind the back of its checksum."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as target:
        for member in source.namelist():
            target.writestr(member, source.read(member))
    whole = bytearray(out.getvalue())
    with zipfile.ZipFile(io.BytesIO(data)) as source:
        old = source.read(part)
    new = change(old)
    assert len(new) == len(old) != 0
    at = whole.index(old)
    whole[at : at + len(old)] = new
    return bytes(whole)


def rows(count: int) -> list[str]:
    return [heading(), *(dossier(at) for at in range(2, 2 + count))]


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/styles.xml", "xl/workbook.xml"])
def test_wrong_checksum_of_a_part_of_xlsx(desk: Desk, part: str) -> None:
    data = damaged(package(sheet(*rows(30))), part, lambda old: old.replace(b"1", b"2"))
    assert refused(desk, "a.xlsx", data) == "ingest.left_damaged"


@pytest.mark.parametrize(("name", "part"), [("hoso.xlsb", "xl/worksheets/sheet1.bin"), ("hoso.ods", "content.xml")])
def test_wrong_checksum_of_a_part_of_other_workbooks(desk: Desk, name: str, part: str) -> None:
    data = damaged((FILES / name).read_bytes(), part, lambda old: old[:-9] + bytes([old[-9] ^ 1]) + old[-8:])
    assert refused(desk, name, data) == "ingest.left_damaged"


def test_part_that_nobody_reads_may_be_damaged(desk: Desk) -> None:
    whole = io.BytesIO(package(sheet(*rows(2))))
    with zipfile.ZipFile(whole, "a") as archive:
        archive.writestr("xl/media/image1.png", b"a picture of some length")
    desk.put("a.xlsx", damaged(whole.getvalue(), "xl/media/image1.png", bytes.swapcase))
    assert desk.run().accepted == 2


def test_row_written_twice_is_not_read_once(desk: Desk) -> None:
    """The reader keeps the second row 3 and forgets the first: 4 rows of values come out as 3."""
    data = package(sheet(heading(), dossier(2), dossier(3), dossier(3, unit="Sở Nội vụ")))
    assert refused(desk, "a.xlsx", data) == "ingest.left_miscounted"


def test_rows_behind_the_end_of_the_cells_are_not_dropped(desk: Desk) -> None:
    broken = sheet(*rows(2)).replace("</sheetData>", f"</sheetData><sheetData>{dossier(9)}</sheetData>")
    assert refused(desk, "a.xlsx", package(broken)) == "ingest.left_miscounted"


def test_refusal_names_both_counts(desk: Desk) -> None:
    desk.put("a.xlsx", package(sheet(heading(), dossier(2), dossier(3), dossier(3))))
    (left,) = desk.run().left_out
    assert left.fields == {"detail": "S1: 3 / 12 ≠ 3 / 16"}, "headings and two rows of 4 cells; one row more is written"


@pytest.mark.parametrize(
    "odd",
    [
        pytest.param("<c r='E2' t='e'><v>#N/A</v></c>", id="error"),
        pytest.param("<c r='E2'><v></v></c>", id="empty value"),
        pytest.param("<c r='E2'><v/></c>", id="no value"),
        pytest.param("<c r='E2' t='str'><f>A1</f><v></v></c>", id="empty text of a formula"),
        pytest.param("<c r='E2' t='inlineStr'><is/></c>", id="empty text"),
        pytest.param("<c r='E2' s='1'/>", id="style alone"),
        pytest.param("<c r='E2'>\n<v>1</v>\n</c>", id="broken lines"),
        pytest.param("<!-- <c><v>1</v></c> -->", id="comment"),
        pytest.param("<c r='E2' t='b'><v>1</v></c>", id="truth"),
    ],
)
def test_odd_cells_are_no_damage(desk: Desk, odd: str) -> None:
    desk.put("a.xlsx", package(sheet(heading(), dossier(2).replace("</row>", f"{odd}</row>"), dossier(3))))
    assert desk.run().accepted == 2


@pytest.mark.parametrize("prefix", ["x", "main"])
def test_cells_of_another_prefix(desk: Desk, prefix: str) -> None:
    import re

    plain = sheet(*rows(3)).replace("xmlns=", f"xmlns:{prefix}=")
    desk.put("a.xlsx", package(re.sub(r"<(/?)(\w)", rf"<\1{prefix}:\2", plain)))
    assert desk.run().accepted == 3


def test_no_bit_of_an_xls_loses_rows(desk: Desk) -> None:
    """Length of a small record of the sheet made longer by 2,048, so that it hides all cells: 0 rows, were it read."""
    data = (FILES / "hoso.xls").read_bytes()
    at = data.index(b"\x0f\0\x02\0\x01\0")
    assert refused(desk, "a.xls", data[: at + 3] + b"\x08" + data[at + 4 :]) == "ingest.left_damaged"


def test_cell_of_an_xls_that_strayed(desk: Desk) -> None:
    """The row of one cell, in the middle of the table, with its highest bit set."""
    data = (FILES / "hoso.xls").read_bytes()
    cells = [i for i in range(len(data) - 14) if data[i : i + 4] == b"\xfd\0\x0a\0" and data[i + 6 : i + 8] == b"\2\0"]
    at = cells[len(cells) // 2] + 5
    assert refused(desk, "a.xls", data[:at] + b"\x40" + data[at + 1 :]) == "ingest.left_damaged"


@pytest.mark.parametrize("kept", [0.95, 0.7, 0.4])
def test_xls_cut_short(desk: Desk, kept: float) -> None:
    data = (FILES / "hoso.xls").read_bytes()
    assert refused(desk, "a.xls", data[: int(len(data) * kept)]) == "ingest.left_damaged"


def bomb(parts: dict[str, bytes]) -> bytes:
    """A workbook whose parts are replaced."""
    out = io.BytesIO()
    whole = io.BytesIO(package(sheet(*rows(2))))
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target:
        for name in source.namelist():
            target.writestr(name, parts.get(name, source.read(name)))
    return out.getvalue()


def test_description_with_a_comment_of_many_megabytes(desk: Desk) -> None:
    comment = b"<workbook><!--" + b"x" * (100 << 20) + b"--></workbook>"
    assert refused(desk, "a.xlsx", bomb({"xl/workbook.xml": comment})) == "ingest.left_zip_bomb"


def test_description_that_is_large_without_a_bomb(desk: Desk) -> None:
    comment = b"<workbook><!--" + b"x" * (40 << 20) + b"--></workbook>"
    assert refused(desk, "a.xlsx", bomb({"xl/workbook.xml": comment})) == "ingest.left_too_large"


def test_entities_of_a_workbook_are_refused(desk: Desk) -> None:
    entities = "".join(f"<!ENTITY {chr(98 + i)} '{f'&{chr(97 + i)};' * 10}'>" for i in range(8))
    content = sheet(heading(), dossier(2, unit="&i;"))
    data = package(f"<!DOCTYPE worksheet [<!ENTITY a 'aaaaaaaaaa'>{entities}]>{content}")
    assert refused(desk, "a.xlsx", data) == "ingest.left_damaged"


def test_five_thousand_sheets(desk: Desk) -> None:
    assert refused(desk, "a.xlsx", package(*["<worksheet/>"] * 5_000)) == "ingest.left_too_many_sheets"


def test_ods_of_twenty_million_elements(desk: Desk) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        archive.writestr("content.xml", b"<a>" + b"<b/>" * 20_000_000 + b"</a>")
    assert len(out.getvalue()) < 100 << 10
    assert refused(desk, "a.ods", out.getvalue()) == "ingest.left_zip_bomb"


def test_text_of_a_workbook_meets_no_nested_pattern(desk: Desk) -> None:
    """A megabyte that a pattern with repetition inside repetition would try for minutes; the sheet itself is sound."""
    began = time.monotonic()
    desk.put("a.xlsx", (FILES / "nested_pattern.xlsx").read_bytes())
    desk.put("good.csv", dossiers(GOOD))
    assert desk.run().accepted >= 1
    assert time.monotonic() - began < 20


def test_main_process_opens_no_workbook(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """What tells a workbook from an archive happens elsewhere: here nothing may be unpacked or parsed."""

    def forbidden(*_: object, **__: object) -> None:
        raise AssertionError("opened in the main process")

    desk.put("a.xlsx", package(sheet(*rows(2))))
    desk.put("b.ods", (FILES / "merged.ods").read_bytes())
    desk.put("c.xls", (FILES / "merged.xls").read_bytes())
    monkeypatch.setattr(zipfile, "ZipFile", forbidden)
    monkeypatch.setattr("lxml.etree.fromstring", forbidden)
    monkeypatch.setattr("lxml.etree.iterparse", forbidden)
    report = desk.run()
    assert {s.path for s in report.sheets} == {"exports/a.xlsx", "exports/b.ods", "exports/c.xls"}


def test_formula_that_was_never_calculated_is_told(desk: Desk) -> None:
    """Written by a script: rows 2 and 4 are due "five days after", nobody knows when; row 3 was calculated."""
    due = [row(at, text(f"A{at}", f"H99-230405-{at:04d}"), number(f"B{at}", "45021.5"), cell) for at, cell in (
        (2, "<c r='C2' s='1'><f>B2+5</f></c>"), (3, "<c r='C3' s='1'><f>B3+5</f><v>45026.5</v></c>"),
        (4, "<c r='C4' s='1'><f>B4+5</f><v></v></c>"))]  # fmt: skip
    desk.put("a.xlsx", package(sheet(heading(), *due)))
    report = desk.run()
    assert report.accepted == 3
    (issue,) = desk.issues()
    assert (issue.code, issue.sheet, issue.row, issue.column, issue.value) == (
        "uncalculated",
        "S1",
        2,
        "NgayHenTra",
        "2: 2, 4",
    )
    assert [str(r["NgayHenTra"])[:10] for r in desk.rows()] == ["None", "2023-04-10", "None"]
    assert [s.left_unread for s in report.sheets] == [True]


@pytest.mark.parametrize(("told", "expected"), [("<calcPr fullCalcOnLoad='1'/>", ["1: 2"]), ("<calcPr/>", [])])
def test_formula_with_nought_in_place_of_a_value(desk: Desk, told: str, expected: list[str]) -> None:
    """Some libraries write 0 for each formula and say in the workbook that all are still to be calculated."""
    due = "<c r='C2' s='1'><f>B2+5</f><v>0</v></c>", "<c r='C3' s='1'><f>B3+5</f><v>45026.5</v></c>"
    lines = [row(2 + i, text(f"A{2 + i}", f"H99-1-{i}"), number(f"B{2 + i}", "45021.5"), c) for i, c in enumerate(due)]
    desk.put("a.xlsx", package(sheet(heading(), *lines), epoch_again=told))
    assert desk.run().accepted == 2
    assert [i.value for i in desk.issues() if i.code == "uncalculated"] == expected


def test_formula_in_a_column_that_is_not_used_is_no_matter(desk: Desk) -> None:
    extra = dossier(2).replace("</row>", "<c r='E2'><f>1+1</f></c></row>")
    desk.put(
        "a.xlsx",
        package(sheet(heading((*("MaHoSo", "NgayTiepNhan", "NgayHenTra", "DonViXuLy"), "Ghi chú riêng")), extra)),
    )
    report = desk.run()
    assert (report.accepted, desk.issues(), report.sheets[0].left_unread) == (1, [], False)


def test_formula_that_gives_an_empty_text_is_calculated(desk: Desk) -> None:
    extra = row(
        2, text("A2", "H99-1-1"), number("B2", "45021.5"), "<c r='C2' t='str'><f>IF(1,\"\",\"\")</f><v></v></c>"
    )
    desk.put("a.xlsx", package(sheet(heading(), extra)))
    assert (desk.run().accepted, desk.issues()) == (1, [])
