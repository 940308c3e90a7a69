"""An HTML page is read whole, or refused with a sentence: damaged, cut, in an unknown encoding, made to harm."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable

import pytest

from tests.ingest.conftest import GOOD, Desk, dossiers
from tthc_cli.ingest.files.pages import page_tables
from tthc_cli.ingest.files.pages.page_count import CutError, count
from tthc_cli.ingest.files.pages.page_tables import PageTable, tables
from tthc_cli.ingest.files.pages.page_text import as_utf8
from tthc_cli.ingest.files.refused import UnreadableError
from tthc_cli.messages import say

HEADS = ("Mã hồ sơ", "Mã TTHC", "Ngày tiếp nhận", "Ngày hẹn trả", "Trạng thái", "Đơn vị xử lý")
REST = ("1.001234", "05/04/2023 08:00", "12/04/2023 17:00", "Đang xử lý", "Sở Y tế")


def row_of(cells: tuple[str, ...], tag: str = "td") -> str:
    return "<tr>" + "".join(f"<{tag}>{cell}</{tag}>" for cell in cells) + "</tr>\n"


def page(rows: int) -> bytes:
    body = "".join(row_of((f"H99.22-230405-{i:04d}", *REST)) for i in range(1, rows + 1))
    return f"<html><body><table border=1>{row_of(HEADS, 'th')}{body}</table></body></html>".encode()


def read(data: bytes) -> PageTable:
    (table,) = tables(as_utf8(data))
    return table


def refused(data: bytes) -> UnreadableError:
    with pytest.raises(UnreadableError) as caught:
        tables(as_utf8(data))
    return caught.value


def codes(desk: Desk) -> list[tuple[str, int]]:
    return [(issue.code, issue.row) for issue in desk.issues()]


PAGE = page(399)


@pytest.mark.parametrize("seed", range(60))
def test_flipped_bits_lose_no_row_in_silence(seed: int) -> None:
    chance = random.Random(seed)
    data = bytearray(PAGE)
    for bit in (chance.randrange(len(data) * 8) for _ in range(5)):
        data[bit // 8] ^= 1 << bit % 8
    try:
        table = read(bytes(data))
    except UnreadableError as error:
        assert say(error.reason, "vi", detail=error.detail)
        return
    assert len(table.rows) == 400
    assert all(len(row) == 6 for n, row in zip(table.numbers, table.rows, strict=True) if n not in table.ragged)


def test_some_pages_with_flipped_bits_are_read() -> None:
    data = PAGE.replace(b"H99.22-230405-0007", b"H99.22-230405-000w")
    assert len(read(data).rows) == 400
    assert read(data).rows[7][0] == "H99.22-230405-000w"


def test_cut_anywhere_is_refused() -> None:
    whole = page(20)
    end = whole.index(b"</table>")
    reasons = {refused(whole[:size]).reason for size in range(0, end, 50)}
    assert reasons == {"ingest.left_no_table", "ingest.left_cut_off", "ingest.left_page_cut"}


def test_reader_that_drops_rows_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    whole: Callable[..., PageTable] = page_tables._read

    def broken(*given: object) -> PageTable:
        table = whole(*given)
        kept = len(table.rows) * 2 // 3
        table.rows, table.numbers, table.seen = table.rows[:kept], table.numbers[:kept], table.seen[:kept]
        return table

    assert len(read(page(8)).rows) == 9
    monkeypatch.setattr(page_tables, "_read", broken)
    error = refused(page(8))
    assert (error.reason, error.detail) == ("ingest.left_rows_differ", "9 / 6")


def test_parser_that_loses_a_cell_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    cells = page_tables._cells
    monkeypatch.setattr(page_tables, "_cells", lambda row: cells(row)[:5])
    assert (refused(page(3)).reason, refused(page(3)).detail) == ("ingest.left_cells_differ", "1: 6 / 5")


def test_row_that_lost_a_cell_is_rejected(desk: Desk) -> None:
    desk.put("a.xls", page(5).replace(b"0003</td><td>1.001234", b"0003</td>\x1ctd>1.001234"))
    report = desk.run()
    assert (report.rows_read, report.accepted, report.rejected) == (5, 4, 1)
    assert ("ragged_row", 4) in codes(desk)
    assert "H99.22-230405-0003" not in [r["MaHoSo"] for r in desk.rows()]


def test_headings_that_lost_a_cell_refuse_the_page() -> None:
    assert refused(page(5).replace(b"<th>M\xc3\xa3 TTHC", b"<4h>M\xc3\xa3 TTHC")).reason == "ingest.left_cells_differ"


def test_end_tags_left_out_are_no_damage() -> None:
    table = read(page(5).replace(b"</td>", b"").replace(b"</th>", b"").replace(b"</tr>", b""))
    assert (len(table.rows), table.ragged, table.rows[5][0]) == (6, [], "H99.22-230405-0005")


def test_end_tags_too_many_in_every_row_are_no_damage() -> None:
    table = read(page(5).replace(b"</td></tr>", b"</td></td></tr>"))
    assert (len(table.rows), table.ragged, table.rows[5][5]) == (6, [], "Sở Y tế")


def test_quote_that_swallows_rows() -> None:
    data = page(9).replace(b"<tr><td>H99", b'<tr class="a"><td>H99').replace(b'class="a"', b'class="a ', 1)
    assert refused(data).reason in ("ingest.left_rows_differ", "ingest.left_cells_differ")


def test_table_in_an_attribute_is_no_table() -> None:
    tip = '<td title="<table><tr><td>Chi tiết</td></tr></table>">Sở Y tế'
    table = read(page(3).replace("<td>Sở Y tế".encode(), tip.encode()))
    assert (len(table.rows), table.rows[1][5]) == (4, "Sở Y tế")


def test_rows_in_comments_and_scripts_are_none() -> None:
    extra = b"<!-- <tr><td>x</td></tr> --><script>var t = '<tr><td>';</script><style>/* <tr> */</style>"
    assert len(read(page(3).replace(b"<table", extra + b"<table")).rows) == 4


def test_comment_that_never_ends() -> None:
    error = refused(b"<html>\n<!-- " + page(3))
    assert (error.reason, error.detail) == ("ingest.left_page_cut", "2 / 8")


def test_page_cut_between_two_tables_is_told(desk: Desk) -> None:
    whole = page(3)
    desk.put("a.xls", whole[: whole.index(b"</body>")] + b"<br>")
    assert desk.run().accepted == 3
    assert codes(desk) == [("page_not_closed", 0)]


def test_row_begun_by_its_first_cell_alone() -> None:
    assert count(b"<table><tr><td>a</td></tr><td>b</td><td>c</td></tr></table>").cells.tolist() == [1, 2]


def test_rows_without_a_tag_of_their_own() -> None:
    data = page(3).replace(b"<tr>", b"")
    assert [row[0] for row in read(data).rows] == ["Mã hồ sơ", *(f"H99.22-230405-{i:04d}" for i in (1, 2, 3))]


def test_rows_counted_of_tables_in_one_another() -> None:
    found = count(b"<table><tr><td><table><tr><td>1</td></tr><tr></tr></table></td><td>2</td></tr></table>")
    assert (found.tables, found.owner.tolist(), found.cells.tolist(), found.ends.tolist()) == (
        2, [0, 1, 1], [2, 1, 0], [2, 1, 0],
    )  # fmt: skip


def test_quote_that_never_ends() -> None:
    with pytest.raises(CutError):
        count(b'<table><tr title="x><td>a</td></tr></table>')


def test_one_broken_letter_of_a_thousand_rows(desk: Desk) -> None:
    data = page(1000)
    at = data.index("Sở Y tế".encode(), len(data) * 9 // 10)
    row = data.count(b"<tr>", 0, at)
    desk.put("a.xls", data[: at + 2] + data[at + 3 :])
    report = desk.run()
    assert (report.rows_read, report.accepted) == (1000, 1000)
    assert codes(desk) == [("lost_text", row)]


@pytest.mark.parametrize("charset", ["x-viet-tcvn", "rot13", "utf-8", "windows-1252", "", "zip"])
def test_bytes_that_are_no_text_in_any_encoding(desk: Desk, charset: str) -> None:
    meta = f'<html><meta charset="{charset}">'.encode()
    desk.put("a.xls", page(3).replace(b"<html>", meta).replace(b"</table>", b"</table>\xff"))
    desk.put("b.csv", dossiers(GOOD))
    report = desk.run()
    assert (report.accepted, report.left_out) == (4, ())
    assert {row["DonViXuLy"] for row in desk.rows()} >= {"Sở Y tế"}
    told = [("page_encoding", 0)] if charset not in ("utf-8", "") else []
    assert codes(desk) == told


def test_page_in_another_encoding_than_it_tells(desk: Desk) -> None:
    text = page(3).decode().replace("<html>", "<html><meta charset=x-none>").replace("Sở Y tế", "UBND huyện")
    desk.put("a.xls", "".join(vietnamese_1258(c) for c in text).encode("cp1258", "replace"))
    assert desk.run().accepted == 3
    assert {row["DonViXuLy"] for row in desk.rows()} == {"UBND huyện"}
    assert ("page_encoding", 0) in codes(desk)


def vietnamese_1258(letter: str) -> str:
    """A letter as Windows-1258 writes it: the tone mark behind."""
    try:
        letter.encode("cp1258")
    except UnicodeEncodeError:
        apart = unicodedata.normalize("NFD", letter)
        tone = next((c for c in apart if c in "\u0300\u0301\u0303\u0309\u0323"), "")
        return unicodedata.normalize("NFC", apart.replace(tone, "")) + tone
    return letter


def test_nothing_behind_a_damaged_page_is_lost(desk: Desk) -> None:
    desk.put("a.xls", page(9).replace(b"<td>H99.22-230405-0005", b"<td?<td>H99.22-230405-0005"))
    desk.put("b.csv", dossiers(GOOD))
    report = desk.run()
    assert (report.accepted, [f.reason for f in report.left_out]) == (1, ["ingest.left_cells_differ"])


@pytest.mark.parametrize(
    "harm",
    [
        "<div>" * 100_000, "<td>" * 20_000, "<tr>" * 2_100_000, "<table>" * 500 + "</table>" * 500,
        '<a b="' * 50_000, "<!--" * 100_000, "<tr" + ' a=""' * 200_000 + ">", "</td>" * 300_000,
        ("<tr>" + "<td rowspan=1000>x</td>" * 2000 + "</tr>" + "<tr></tr>" * 999) * 12,
    ],
    ids=["deep", "wide", "long", "tables", "quotes", "comments", "attributes", "ends", "spans"],
)  # fmt: skip
def test_pages_made_to_harm(desk: Desk, harm: str) -> None:
    desk.put("a.xls", f"<html><table>{row_of(HEADS)}<tr><td>x</td></tr>{harm}</table></html>")
    desk.put("b.csv", dossiers(GOOD))
    report = desk.run()
    assert report.accepted == 1
    assert all(say(f.reason, "vi", **f.fields) for f in report.left_out)


def test_headings_in_a_table_of_their_own() -> None:
    data = page(2).replace(b"</th></tr>", b"</th></tr></table><table>")
    first, second = tables(as_utf8(data))
    assert [len(first.rows), len(second.rows), {len(r) for r in second.rows}] == [1, 2, {6}]
