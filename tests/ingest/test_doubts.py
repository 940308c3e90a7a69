"""Orders of day and month that the column proves, titles between rows, legacy fonts."""

from __future__ import annotations

from datetime import datetime

from tests.ingest.conftest import Desk, dossiers

HEAD = "MaHoSo,NgayTiepNhan,NgayHenTra"


def dates(desk: Desk, column: str = "NgayTiepNhan") -> list[str]:
    return [f"{row[column]:%Y-%m-%d}" for row in desk.rows()]


def test_month_first_where_the_column_proves_it(desk: Desk) -> None:
    desk.put("a.csv", dossiers("H99-1-1,04/05/2023,05/06/2023", "H99-1-2,04/13/2023,05/07/2023", headings=HEAD))
    desk.run()
    assert dates(desk) == ["2023-04-05", "2023-04-13"]
    assert dates(desk, "NgayHenTra") == ["2023-05-06", "2023-05-07"], "the other column of the sheet follows"
    assert [(i.code, i.column, i.row) for i in desk.issues()] == [
        ("month_first", "NgayHenTra", 0),
        ("month_first", "NgayTiepNhan", 0),
    ]


def test_day_first_where_nothing_is_proved(desk: Desk) -> None:
    desk.put("a.csv", dossiers("H99-1-1,04/05/2023,05/06/2023", headings=HEAD))
    desk.run()
    assert dates(desk) == ["2023-05-04"]
    assert not desk.issues()


def test_proofs_of_both_orders_are_read_day_first_and_the_rest_rejected(desk: Desk) -> None:
    desk.put("a.csv", dossiers("H99-1-1,13/04/2023,", "H99-1-2,04/13/2023,", "H99-1-3,04/05/2023,", headings=HEAD))
    report = desk.run()
    assert dates(desk) == ["2023-04-13", "2023-05-04"]
    assert report.rejected == 1


def test_dates_that_excel_swapped_are_swapped_back(desk: Desk) -> None:
    rows = [["MaHoSo", "NgayTiepNhan"]]
    for day in range(1, 25):  # a clerk's April in an American Excel: 04/05 became April 5 -> stored as May 4
        code = f"H99-1-{day:02d}"
        rows.append([code, datetime(2023, day, 4) if day <= 12 else f"{day:02d}/04/2023"])  # type: ignore[list-item]
    desk.put_xlsx("a.xlsx", {"HS": rows})
    desk.run()
    assert dates(desk) == [f"2023-04-{day:02d}" for day in range(1, 25)]
    assert [i.code for i in desk.issues()] == ["days_swapped"]


def test_group_titles_give_unit_and_field(desk: Desk) -> None:
    desk.put_xlsx(
        "a.xlsx",
        {
            "HS": [
                ["STT", "Mã hồ sơ", "Ngày tiếp nhận"], ["A. Sở, ban, ngành"], ["I. Sở Công Thương"], ["Lĩnh vực: Điện"],
                [1, "H99-1-1", "05/04/2023"], ["II. Sở Xây dựng"], [1, "H99-1-2", "05/04/2023"], ["Tổng cộng", 2],
            ]
        },
    )  # fmt: skip
    report = desk.run()
    assert (report.rows_read, report.accepted) == (2, 2)
    assert [(r["DonViXuLy"], r["TenLinhVuc"], r["_unit"]) for r in desk.rows()] == [
        ("Sở Công Thương", "Điện", "Sở Công Thương"), ("Sở Xây dựng", None, "Sở Xây dựng"),
    ]  # fmt: skip


def test_a_column_for_the_unit_outweighs_titles(desk: Desk) -> None:
    desk.put_xlsx(
        "a.xlsx",
        {
            "HS": [
                ["Mã hồ sơ", "Ngày tiếp nhận", "Đơn vị xử lý"],
                ["I. Sở Công Thương"],
                ["H99-1-1", "05/04/2023", "H99.22"],
            ]
        },
    )
    desk.run()
    assert [r["DonViXuLy"] for r in desk.rows()] == ["H99.22"]
