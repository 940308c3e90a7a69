"""Input made to harm: bounded time and memory, a clear reason, nothing executed, nothing written elsewhere."""

from __future__ import annotations

import io
import resource
import subprocess
import sys
import tracemalloc
import zipfile

import pytest
from openpyxl import Workbook

from tests.ingest.conftest import GOOD, Desk, dossiers
from tthc_cli.ingest.files.find import kind_of

TAKEN = "print(int(Path('/proc/self/status').read_text().split('VmHWM:')[1].split()[0]) >> 10)\n"
"""Prints the most memory (MiB) that a program took; `ru_maxrss` begins with that of the process which started it."""


def archive(members: dict[str, bytes], level: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", level) as target:
        for name, data in members.items():
            target.writestr(name, data)
    return out.getvalue()


def test_zip_bomb_is_not_unpacked(desk: Desk) -> None:
    desk.put("bom.zip", archive({"a.csv": b"0" * (300 << 20), "b.csv": dossiers(GOOD).encode()}))
    report = desk.run()
    assert [f.reason for f in report.left_out] == ["ingest.left_zip_bomb"]
    assert report.accepted == 1, "the other member is read"


def test_kind_of_a_workbook_is_told_without_unpacking_its_properties(desk: Desk) -> None:
    bomb = {"xl/workbook.xml": b"", "docProps/core.xml": b"0" * (64 << 20), "mimetype": b"0" * (64 << 20)}
    path = desk.put("bom.xlsx", archive(bomb))
    tracemalloc.start()
    try:
        assert kind_of(path) == "xlsx"
        assert tracemalloc.get_traced_memory()[1] < 8 << 20
    finally:
        tracemalloc.stop()


def test_properties_that_cannot_be_unpacked_are_damage(desk: Desk) -> None:
    data = bytearray(archive({"docProps/core.xml": bytes(range(256)) * 40, "xl/workbook.xml": b"<x/>"}))
    at = data.index(b"docProps/core.xml") + len(b"docProps/core.xml")
    data[at : at + 8] = b"\xff" * 8
    assert kind_of(desk.put("a.xlsx", bytes(data))) == "cut_workbook"


def test_zip_of_zips_of_zips_is_not_unpacked(desk: Desk) -> None:
    inner = archive({"c.zip": archive({"a.csv": b"x"})})
    desk.put("a.zip", archive({"b.zip": inner}))
    assert [f.reason for f in desk.run().left_out] == ["ingest.left_zip_nested"]


def test_archive_of_very_many_files_is_stopped(desk: Desk) -> None:
    desk.put("a.zip", archive({f"{i}.txt": b"" for i in range(5_200)}, zipfile.ZIP_STORED))
    assert "ingest.left_zip_too_many" in {f.reason for f in desk.run().left_out}


@pytest.mark.parametrize("name", ["../../../x.csv", "/tmp/x.csv", "..\\..\\x.csv", "C:\\x.csv", "a/../../x.csv"])
def test_paths_in_archives_lead_nowhere(desk: Desk, name: str) -> None:
    desk.put("a.zip", archive({name: dossiers(GOOD).encode()}))
    before = set(desk.workspace.root.parent.rglob("*.csv"))
    assert desk.run().accepted == 1
    assert set(desk.workspace.root.parent.rglob("*.csv")) - before <= {desk.workspace.root / "issues.csv"}


def test_protected_member_is_told(desk: Desk) -> None:
    data = bytearray(archive({"a.csv": b"x"}, zipfile.ZIP_STORED))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    desk.put("a.zip", bytes(data))
    assert [f.reason for f in desk.run().left_out] == ["ingest.left_locked"]


def test_entity_bomb_in_html_expands_to_nothing(desk: Desk) -> None:
    bomb = '<!DOCTYPE html [<!ENTITY a "aaaaaaaaaa">' + "".join(
        f'<!ENTITY {chr(98 + i)} "{("&" + chr(97 + i) + ";") * 10}">' for i in range(9)
    )
    desk.put(
        "a.xls",
        f"{bomb}]><html><table><tr><td>MaHoSo</td><td>NgayTiepNhan</td></tr><tr><td>&j;</td><td>05/04/2023</td></tr></table></html>",
    )
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    desk.run()
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200 << 10


def test_entities_in_html_read_no_file(desk: Desk) -> None:
    secret = desk.put("secret.txt", "rất mật")
    desk.put(
        "a.xls",
        f'<!DOCTYPE html [<!ENTITY f SYSTEM "file://{secret}">]><html><table><tr><td>MaHoSo</td><td>NgayTiepNhan</td>'
        "<td>TenTTHC</td></tr><tr><td>H99-1-1</td><td>05/04/2023</td><td>&f;</td></tr></table></html>",
    )
    desk.run(desk.exports / "a.xls")
    assert "mật" not in str(desk.rows())


def test_scripts_in_html_are_text(desk: Desk) -> None:
    desk.put(
        "a.xls",
        "<table><tr><td>MaHoSo</td><td>NgayTiepNhan</td></tr><tr><td>H99-1-1</td><td><script>alert(1)</script>x</td></tr></table>",
    )
    assert desk.run().rejected == 1


def test_sheet_of_16384_columns(desk: Desk) -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("x")
    sheet.append(["MaHoSo", "NgayTiepNhan", *(f"c{i}" for i in range(16_382))])
    sheet.append(["H99-1-1", "05/04/2023", *("y" for _ in range(16_382))])
    out = io.BytesIO()
    book.save(out)
    desk.put("a.xlsx", out.getvalue())
    assert desk.run().accepted == 1


def test_cell_of_a_megabyte(desk: Desk) -> None:
    desk.put("a.csv", dossiers("H99-1-1,05/04/2023," + "x" * (1 << 20), headings="MaHoSo,NgayTiepNhan,NgayHenTra"))
    assert desk.run().rejected == 1
    assert max(len(i.value) for i in desk.issues()) <= 80


def test_lines_of_quotes_end(desk: Desk) -> None:
    desk.put("a.csv", "MaHoSo,NgayTiepNhan\n" + '"\n' * 20_000)
    report = desk.run()
    assert report.rows_read == report.rejected + report.accepted


def test_control_characters_and_markup_in_names(desk: Desk) -> None:
    desk.put("=cmd\x07<b>.csv", dossiers(",1,05/04/2023,,,4"))
    report = desk.run()
    assert report.issues_path is not None
    assert "\x07" not in report.issues_path.read_text("utf-8-sig")


def test_sheet_of_a_million_rows(desk: Desk) -> None:
    """Read in a process of its own, so that its time and its memory can be told."""
    head = "".join(f'<c t="inlineStr"><is><t>{name}</t></is></c>' for name in ("MaHoSo", "NgayTiepNhan", "NgayHenTra"))
    row = '<row><c t="inlineStr"><is><t>H99-230405-{:07d}</t></is></c><c><v>45021</v></c><c><v>45026</v></c></row>'
    book = Workbook()
    empty = io.BytesIO()
    book.save(empty)
    path = desk.put("a.xlsx", b"")
    with zipfile.ZipFile(empty) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as out:
        for name in source.namelist():
            if name != "xl/worksheets/sheet1.xml":
                out.writestr(name, source.read(name))
        with out.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            start = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
            sheet.write(f"{start}<row>{head}</row>".encode())
            for first in range(0, 1_000_000, 10_000):
                sheet.write("".join(row.format(i) for i in range(first, first + 10_000)).encode())
            sheet.write(b"</sheetData></worksheet>")
    script = (
        "import sys\nfrom pathlib import Path\nfrom tthc_cli.ingest import ingest\n"
        "from tthc_cli.workspace import Settings, Workspace\nroot = Path(sys.argv[1])\n"
        "print(ingest([root / 'exports'], Workspace(root, Settings())).accepted)\n"
        f"{TAKEN}"
    )
    command = [sys.executable, "-c", script, str(desk.workspace.root)]
    told = subprocess.run(command, capture_output=True, text=True, timeout=90, check=True).stdout.split()
    assert int(told[0]) == 1_000_000
    assert int(told[1]) < 1_200, "MiB"


def measured(desk: Desk, seconds: int) -> tuple[str, int]:
    """Ingest in a process of its own: (reasons of the files left out, and rows accepted; MiB taken at most)."""
    script = (
        "import sys\nfrom pathlib import Path\nfrom tthc_cli.ingest import ingest\n"
        "from tthc_cli.workspace import Settings, Workspace\nroot = Path(sys.argv[1])\n"
        "report = ingest([root / 'exports'], Workspace(root, Settings()))\n"
        "print(*(f.reason for f in report.left_out), report.accepted)\n"
        f"{TAKEN}"
    )
    command = [sys.executable, "-c", script, str(desk.workspace.root)]
    said = subprocess.run(command, capture_output=True, text=True, timeout=seconds, check=True).stdout.split("\n")
    return said[0], int(said[1])


HTML_HEAD = "<tr><td>MaHoSo</td><td>NgayTiepNhan</td></tr>"


@pytest.mark.parametrize(
    "bomb",
    [
        '<tr><td rowspan="1000" colspan="1000">x</td></tr>' * 5_000,
        ("<tr>" + '<td rowspan="1000">x</td>' * 10 + "</tr>") * 5_000,
        ("<tr>" + '<td colspan="1000">x</td>' * 16 + "</tr>") * 5_000,
        '<tr><td colspan="99999999999999999999">x</td></tr>' * 20_000,
        "<tr>" + "<td>x</td>" * 20_000 + "</tr>",
    ],
    ids=["both", "down", "across", "huge_number", "wide"],
)
def test_spans_that_would_make_a_huge_table(desk: Desk, bomb: str) -> None:
    desk.put("a.xls", f"<html><table>{HTML_HEAD}{bomb}</table></html>")
    desk.put("b.csv", dossiers(GOOD))
    said, memory = measured(desk, seconds=60)
    assert said in ("ingest.left_too_many_cells 1", "1")
    assert memory < 700


def test_spans_of_a_wide_title_do_no_harm(desk: Desk) -> None:
    rows = "".join(f"<tr><td>H99-230405-{i:05d}</td><td>05/04/2023</td></tr>" for i in range(5_000))
    desk.put("a.xls", f'<table><tr><td colspan="1000">Danh sách</td></tr>{HTML_HEAD}{rows}</table>')
    assert desk.run().accepted == 5_000


def far_apart(cell: str) -> bytes:
    """A workbook with two cells, far from each other."""
    empty = io.BytesIO()
    Workbook().save(empty)
    rows = f'<row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="{cell}"><v>2</v></c></row>'
    start = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    with zipfile.ZipFile(empty) as source:
        members = {name: source.read(name) for name in source.namelist()}
    members["xl/worksheets/sheet1.xml"] = f"{start}{rows}</sheetData></worksheet>".encode()
    return archive(members)


def test_two_cells_at_the_ends_of_a_sheet_end_only_the_reader(desk: Desk) -> None:
    """Seventeen thousand million cells for a reader that holds the whole rectangle."""
    desk.put("a.xlsx", far_apart("XFD1048576"))
    desk.put("b.csv", dossiers(GOOD))
    desk.put_xlsx("c.xlsx", {"x": [["MaHoSo", "NgayTiepNhan"], ["H99-230405-7", "05/04/2023"]]})
    said, memory = measured(desk, seconds=60)
    assert said == "ingest.left_harmful 2"
    assert memory < 700


def test_repeated_cells_in_ods(desk: Desk) -> None:
    space = "urn:oasis:names:tc:opendocument:xmlns:"
    names = " ".join(f'xmlns:{name}="{space}{name}:1.0"' for name in ("office", "table", "text"))
    cell = (
        '<table:table-cell office:value-type="string" table:number-columns-repeated="16384"><text:p>y</text:p>'
        "</table:table-cell>"
    )
    content = (
        f'<office:document-content {names}><office:body><office:spreadsheet><table:table table:name="A">'
        f'<table:table-row table:number-rows-repeated="1048576">{cell}</table:table-row></table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    manifest = '<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    members = {"mimetype": kind, "content.xml": content, "META-INF/manifest.xml": manifest}
    desk.put("a.ods", archive({name: text.encode() for name, text in members.items()}))
    assert [f.reason for f in desk.run().left_out] == ["ingest.left_too_many_cells"]
