"""The text of a cell of an HTML page is what the page shows; pages are known for what they are."""

from __future__ import annotations

import base64
import quopri
from pathlib import Path

import pytest

from tests.ingest.conftest import Desk
from tthc_cli.ingest.files.find import kind_of
from tthc_cli.ingest.files.pages.page_tables import tables
from tthc_cli.ingest.files.pages.page_text import as_utf8

HEADS = ("Mã hồ sơ", "Mã TTHC", "Ngày tiếp nhận", "Ngày hẹn trả", "Trạng thái", "Đơn vị xử lý")
CELLS = ("H99.22-230405-0001", "1.001234", "05/04/2023 08:00", "12/04/2023 17:00", "Đang xử lý", "Sở Y tế")


def table_of(*rows: tuple[str, ...]) -> str:
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in (HEADS, *rows))
    return f"<table>{body}</table>"


TABLE = table_of(CELLS)


def text(cell: str, style: str = "") -> str:
    """What is read of a cell."""
    html = f"<html><style>{style}</style><table><tr><td>a</td><td>{cell}</td></tr></table></html>"
    (table,) = tables(as_utf8(html.encode()))
    return table.rows[0][1]


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("<span style='display:none'>20230405081500</span>05/04/2023", "05/04/2023"),
        ("<span style='DISPLAY : None; color:red'>1</span>2", "2"),
        ("<span style='visibility: hidden'>1</span>2", "2"),
        ("<span style='mso-hide:all'>1</span>2", "2"),
        ("<span hidden>1</span>2", "2"),
        ("<span class='sr-only'>Ngày </span>05/04/2023", "05/04/2023"),
        ("<span class='d-none d-md-inline'>Sở Y tế</span>", "Sở Y tế"),
        ("<span style='text-decoration:none'>Sở Y tế</span>", "Sở Y tế"),
        ("<b>Sở <i>Y</i></b> tế", "Sở Y tế"),
        ("a<script>b</script><style>c</style><template>d</template><noscript>e</noscript><!-- f -->g", "ag"),
        ("12/04/2023<br/><div style='background:#f44336'>Quá hạn</div>", "12/04/2023 Quá hạn"),
        ("Sở Y tế<div>Phòng 1</div><p>Tầng 2</p><ul><li>A</li><li>B</li></ul>", "Sở Y tế Phòng 1 Tầng 2 A B"),
        ("<table><tr><td>Cấp</td><td>chứng chỉ</td></tr></table>", "Cấp chứng chỉ"),
        ("<input value='05/04/2023 08:15'>", "05/04/2023 08:15"),
        ("<input type=hidden value=1><input type='Submit' value='Lưu'>Sở", "Sở"),
        ("<input type=checkbox checked>", "x"),
        ("<input type=checkbox>", ""),
        ("<label><input type=radio checked> Có</label><label><input type=radio> Không</label>", "Có"),
        ("<select><option>A<option selected>B</select>", "B"),
        ("<select><option>A</option><option>B</option></select>", "A"),
        ("<select multiple><option selected>A</option><option>B</option><option selected>C</option></select>", "A C"),
        ("<textarea rows=2>Sở Y tế</textarea>", "Sở Y tế"),
        ("Sở Y tế<button>Xem chi tiết</button>", "Sở Y tế"),
        ("<a href='/hoso?id=1' title='Xem chi tiết'>H99-1</a>", "H99-1"),
    ],
)  # fmt: skip
def test_text_of_a_cell(cell: str, shown: str) -> None:
    assert text(cell) == shown


@pytest.mark.parametrize(
    ("style", "shown"),
    [
        (".k{display:none}", "2"),
        ("td span.k , .other { color: red; display : none !important }", "2"),
        ("/* .k */ .tip .k{visibility:hidden}", "12"),
        (".k{display:none} .k{display:inline}", "12"),
        ("@media print { .k { display: none } }", "12"),
        (".k:hover{display:none}", "12"),
        ("#i{display:none}", "2"),
        (".K2{display:none}", "12"),
    ],
)
def test_rules_of_the_page(style: str, shown: str) -> None:
    assert text("<span id=i class='x k'>1</span>2", style) == shown


def test_hidden_rows_are_told(desk: Desk) -> None:
    second = "".join(f"<td>{cell}</td>" for cell in (CELLS[0].replace("0001", "0002"), *CELLS[1:]))
    desk.put("a.xls", TABLE.replace("</table>", f"<tr style='display:none'>{second}</tr></table>"))
    assert desk.run().accepted == 1
    assert [(i.code, i.value) for i in desk.issues()] == [("hidden_rows", "1")]


def test_hidden_rows_without_text_are_not_worth_a_word(desk: Desk) -> None:
    desk.put("a.xls", TABLE.replace("</table>", "<tr height=0 style='display:none'><td></td></tr></table>"))
    assert desk.run().accepted == 1
    assert desk.issues() == []


def test_hidden_cells_take_no_room(desk: Desk) -> None:
    desk.put("a.xls", TABLE.replace("<tr><td>H99", "<tr><td style='display:none'>7</td><td>H99"))
    assert desk.run().accepted == 1
    assert [(i.code, i.value) for i in desk.issues()] == [("hidden_cells", "1")]
    assert desk.rows()[0]["MaTTHC"] == "1.001234"


def test_rows_behind_a_hidden_one_keep_their_numbers(desk: Desk) -> None:
    third = "".join(f"<td>{cell}</td>" for cell in ("H99.22-230405-0003", "1.001234", "ngày mai", *CELLS[3:]))
    desk.put("a.xls", TABLE.replace("</table>", f"<tr hidden><td>x</td></tr><tr>{third}</tr></table>"))
    desk.run()
    assert ("not_a_date", 4) in [(i.code, i.row) for i in desk.issues()]


def test_hidden_table_is_a_hidden_sheet(desk: Desk) -> None:
    desk.put("a.xls", f"<html>{TABLE}<div style='display:none'>{TABLE.replace('0001', '0002')}</div></html>")
    report = desk.run()
    assert report.accepted == 1
    assert [s.note for s in report.sheets if s.note] == ["ingest.note_hidden"]


def test_table_that_only_lays_out_the_page(desk: Desk) -> None:
    desk.put("a.xls", f"<table><tr><td>Menu</td></tr><tr><td>{TABLE}</td></tr></table>")
    assert desk.run().accepted == 1


def test_tables_in_cells_are_their_text(desk: Desk) -> None:
    desk.put("a.xls", TABLE.replace("Sở Y tế", "<table><tr><td>Sở</td><td>Y tế</td></tr></table>"))
    desk.run()
    assert desk.rows()[0]["DonViXuLy"] == "Sở Y tế"


def test_cells_within_a_form(desk: Desk) -> None:
    desk.put(
        "a.xls",
        TABLE.replace("<tr><td>H99", "<tr><form><td>H99").replace("</td></tr></table>", "</td></form></tr></table>"),
    )
    assert desk.run().accepted == 1


@pytest.mark.parametrize(
    "data",
    [
        b"<meta charset=utf-8><style>" + b".a{color:red}\n" * 900 + b"</style>" + TABLE.encode(),
        b"<!-- " + b"x" * 9000 + b" -->" + TABLE.encode(),
        b'<?xml version="1.0" encoding="UTF-8"?>\n<html>' + TABLE.encode() + b"</html>",
        b"\xef\xbb\xbf\r\n<div>" + TABLE.encode() + b"</div>",
        f"<html>{TABLE}</html>".encode("utf-16"),
        f"<style>{'.a{color:red}' * 900}</style>{TABLE}".encode("utf-16"),
        f"<html>{TABLE}</html>".encode("utf-16-le"),
        b"Danh sach\n<table>" + TABLE.encode().removeprefix(b"<table>"),
    ],
    ids=["style", "comment", "xml", "bom", "utf16", "utf16_style", "utf16_no_bom", "line_above"],
)  # fmt: skip
def test_pages_known_for_what_they_are(desk: Desk, data: bytes) -> None:
    desk.put("a.xls", data)
    assert desk.run().accepted == 1
    assert desk.rows()[0]["DonViXuLy"] == "Sở Y tế"


def archive(*parts: tuple[str, str, bytes], encoding: str = "base64") -> bytes:
    """A web archive of (place, kind, content)."""
    lines = [b"MIME-Version: 1.0", b'Content-Type: multipart/related; boundary="=_N"', b"", b"Web archive.", b""]
    for place, kind, content in parts:
        packed = base64.encodebytes(content) if encoding == "base64" else quopri.encodestring(content)
        lines += [
            b"--=_N", f"Content-Location: file:///C:/a/{place}".encode(), f"Content-Type: {kind}".encode(),
            f"Content-Transfer-Encoding: {encoding}".encode(), b"", packed,
        ]  # fmt: skip
    return b"\r\n".join([*lines, b"--=_N--", b""])


@pytest.mark.parametrize("encoding", ["base64", "quoted-printable"])
def test_web_archive(desk: Desk, encoding: str) -> None:
    desk.put("a.xls", archive(("a.htm", 'text/html; charset="utf-8"', TABLE.encode()), encoding=encoding))
    assert desk.run().accepted == 1
    assert desk.rows()[0]["DonViXuLy"] == "Sở Y tế"


FRAMES = (
    "<html xmlns:x='urn:schemas-microsoft-com:office:excel'><!--[if gte mso 9]><xml><x:ExcelWorkbook>"
    "<x:ExcelWorksheets><x:ExcelWorksheet><x:Name>Sở Y tế</x:Name><x:WorksheetSource HRef='a_files/sheet001.htm'/>"
    "</x:ExcelWorksheet>"
    "<x:ExcelWorksheet><x:Name>Cũ</x:Name><x:WorksheetOptions><x:Visible>SheetHidden</x:Visible></x:WorksheetOptions>"
    "<x:WorksheetSource HRef='a_files/sheet002.htm'/></x:ExcelWorksheet></x:ExcelWorksheets></x:ExcelWorkbook></xml>"
    "<![endif]--><frameset><frame src='a_files/sheet001.htm'></frameset></html>"
)


def test_web_archive_of_a_workbook(desk: Desk) -> None:
    kind = "text/html; charset=utf-8"
    hide = "<html><td class=k>x</td></html>"
    data = archive(
        ("a.htm", kind, FRAMES.encode()),
        ("a_files/sheet001.htm", kind, TABLE.replace("<td>1.001234", "<td><b class=k>9</b>1.001234").encode()),
        ("a_files/sheet002.htm", kind, TABLE.replace("0001", "0002").encode()),
        ("a_files/tabstrip.htm", kind, hide.encode()),
        ("a_files/style.css", "text/css", b".k{display:none}"),
    )
    desk.put("a.xls", data)
    report = desk.run()
    assert [(s.sheet, s.note) for s in report.sheets] == [("Sở Y tế", ""), ("Cũ", "ingest.note_hidden")]
    assert [row["MaTTHC"] for row in desk.rows()] == ["1.001234"]


def test_web_archive_cut_off(desk: Desk) -> None:
    data = archive(("a.htm", "text/html; charset=utf-8", TABLE.encode() * 9))
    for size in range(len(data) // 4, len(data) - 20, 97):
        desk.put("a.xls", data[:size])
        assert [f.reason for f in desk.run().left_out] == ["ingest.left_cut_off"], size


def test_frames_of_a_workbook_name_the_folder(desk: Desk) -> None:
    desk.put("a.htm", FRAMES)
    assert [f.reason for f in desk.run().left_out] == ["ingest.left_frames"]


def test_letter_is_no_web_archive(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("MaHoSo,GhiChu\nH99-1,Subject: MIME-Version\n")
    assert kind_of(path) == "text"
