"""Fees in one column, in parts side by side, or as a total beside its parts."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from tests.ingest.conftest import Desk
from tthc_cli.ingest import inspect_file
from tthc_cli.ingest.cleaning.legacy_fonts import convert
from tthc_cli.schema import _column

HEAD = "Mã hồ sơ,Ngày tiếp nhận,Trạng thái"


def fees(desk: Desk, headings: str, *cells: str) -> list[int | None]:
    """The stored fee of each dossier of a file with those fee columns; cells as "50000;20000"."""
    lines = [f"H99-230405-{i},05/04/2023,Đã trả kết quả;{c}" for i, c in enumerate(cells, 1)]
    desk.put("a.csv", "\n".join([f"{HEAD},{headings}".replace(",", ";"), *(x.replace(",", ";") for x in lines)]) + "\n")
    report = desk.run()
    assert not report.left_out, report.left_out
    assert report.accepted == len(cells)
    return [row["Gia"] for row in sorted(desk.rows(), key=lambda row: row["_row"])]


@pytest.mark.parametrize(
    ("cells", "fee"),
    [
        ("50000;20000", 70_000),
        ("50.000 đ;20.000 đ", 70_000),
        (";20000", 20_000),
        ("50000;", 50_000),
        ("0;0", 0),
        ("0;", 0),
        ("Miễn phí;20000", 20_000),
        (";", None),
    ],
)
def test_fee_and_charge_side_by_side_are_added_up(desk: Desk, cells: str, fee: int | None) -> None:
    assert fees(desk, "Phí,Lệ phí", cells) == [fee]
    assert desk.issues() == []


@pytest.mark.parametrize("remark", [" (đồng)", "(VNĐ)", " [ĐVT: đồng]", " (đơn vị tính: đồng)", " (đ)"])
def test_a_remark_that_the_amount_is_in_dong_is_no_part_of_the_heading(desk: Desk, remark: str) -> None:
    assert fees(desk, f"Phí{remark},Lệ phí{remark}", "50000;20000") == [70_000]


@pytest.mark.parametrize("heading", ["Phí (nghìn đồng)", "Phí (triệu)"])
def test_an_amount_in_another_unit_is_not_taken_for_dong(desk: Desk, heading: str) -> None:
    assert fees(desk, heading, "50") == [None]


def test_a_duration_in_days_is_not_taken_for_a_due_date(desk: Desk) -> None:
    desk.put("a.csv", "Mã hồ sơ,Ngày tiếp nhận,Thời hạn (đồng)\nH99-230405-1,05/04/2023,10/04/2023\n")
    desk.run()
    assert [row["NgayHenTra"] for row in desk.rows()] == [None]


def test_either_alone_is_the_fee(desk: Desk) -> None:
    assert fees(desk, "Lệ phí", "20000") == [20_000]


@pytest.mark.parametrize("total", ["Phí, lệ phí", "Tổng phí", "Số tiền phải nộp", "Giá"])
def test_a_total_beside_its_parts_is_not_counted_twice(desk: Desk, total: str) -> None:
    assert fees(desk, f"Phí,Lệ phí,{total.replace(',', '')}", "50000;20000;70000") == [70_000]


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 0, 1), (0, 2, 1)])
def test_a_blank_total_leaves_the_parts(desk: Desk, order: Sequence[int]) -> None:
    columns = [["Phí", "Lệ phí", "Tổng phí"], ["50000", "20000", ""], ["50000", "20000", "90000"], ["", "", ""]]
    headings, *rows = [[row[i] for i in order] for row in columns]
    assert fees(desk, ",".join(headings), *(";".join(row) for row in rows)) == [70_000, 90_000, None]


def test_a_total_below_its_parts_is_told_and_used(desk: Desk) -> None:
    assert fees(desk, "Phí,Lệ phí,Tổng phí", "50000;20000;60000") == [60_000]
    (issue,) = desk.issues()
    assert (issue.row, issue.severity) == (2, "warning")
    assert issue.message("vi") == "Tổng số tiền nhỏ hơn các khoản cộng lại: 60000 < 70000; dùng số tổng"


@pytest.mark.parametrize(
    ("cells", "heading", "fee"), [("abc1;20000", "Phí (Gia)", 20_000), ("50000;-2", "Lệ phí (Gia)", 50_000)]
)
def test_a_part_that_is_no_amount_is_told_by_its_own_heading(desk: Desk, cells: str, heading: str, fee: int) -> None:
    assert fees(desk, "Phí,Lệ phí", cells) == [fee]
    assert [issue.heading("vi") for issue in desk.issues()] == [heading]


def test_both_parts_below_one_heading(desk: Desk) -> None:
    desk.put_xlsx(
        "a.xlsx",
        {"Hồ sơ": [["Mã hồ sơ", "Ngày tiếp nhận", "Mức thu", None, None], [None, None, "Phí", "Lệ phí", "Cộng"],
                   ["H99-230405-1", "05/04/2023", 50_000, 20_000, 70_000]]},
    )  # fmt: skip
    desk.run()
    assert [row["Gia"] for row in desk.rows()] == [70_000]


@pytest.mark.parametrize("headings", ["Phí,Lệ phí,Lệ phí", "Tổng phí,Lệ phí", "Phí,Lệ phí,Số tiền,Tổng phí"])
def test_fees_that_may_be_counted_twice_are_asked_for(desk: Desk, headings: str) -> None:
    width = headings.count(",") + 1
    desk.put("a.csv", f"{HEAD},{headings}\nH99-230405-1,05/04/2023,Đã trả kết quả{',1' * width}\n")
    (left,) = desk.run().left_out
    assert left.fields["column"] == "Gia"


def test_parts_in_a_legacy_font(desk: Desk) -> None:
    lines = "Mã hồ sơ,Ngày tiếp nhận,Phí,Lệ phí\nH99-230405-1,05/04/2023,50000,20000\n"
    old = "".join(next((c for c in map(chr, range(161, 256)) if convert(c, "TCVN3") == x), x) for x in lines)
    assert old != lines
    desk.put("a.csv", old)
    desk.run()
    assert [row["Gia"] for row in desk.rows()] == [70_000]


def test_an_alias_settles_which_one_is_the_fee(new_desk: Callable[..., Desk]) -> None:
    desk = new_desk("own", aliases={"dossiers": {"Gia": ["Lệ phí"]}})
    assert fees(desk, "Phí,Lệ phí", "50000;20000") == [20_000]


def test_the_reader_of_a_file_is_told_what_is_added_up(desk: Desk) -> None:
    path = desk.put("a.csv", f"{HEAD},Phí,Lệ phí,Tổng phí\nH99-230405-1,05/04/2023,Đã trả kết quả,1,2,3\n")
    ((sheet,),) = (view.sheets for view in inspect_file(path, desk.workspace))
    assert (sheet.added, sheet.total) == ({"Gia": ("Phí", "Lệ phí")}, {"Gia": "Tổng phí"})
    assert [c.column for c in sheet.columns[3:]] == ["Gia", "Gia", "Gia"]


def test_only_amounts_have_parts() -> None:
    with pytest.raises(ValueError, match="only amounts have parts"):
        _column({"name": "NgayTra", "type": "timestamp", "vi": "x", "en": "x", "parts": ["a", "b"]})
