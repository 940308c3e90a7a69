"""Typed figures: "1.234" is read where the table proves what its mark is for, and refused where it does not."""

from __future__ import annotations

import pytest

from tests.ingest.conftest import Desk
from tthc_cli.ingest.cleaning import clean_numbers as numbers

HEAD = ["MaDonVi", "Ky", "ChiTieu", "TuSo", "MauSo"]


def figures(desk: Desk, *pairs: tuple[str, str]) -> list[tuple[str, str]]:
    lines = [f"H99;2023Q2;1.{i};{top};{bottom}" for i, (top, bottom) in enumerate(pairs, 1)]
    desk.put("a.csv", "\n".join([";".join(HEAD), *lines]) + "\n")
    desk.run()
    return [(row["TuSo"], row["MauSo"]) for row in desk.rows("typed_figures")]


def refused(desk: Desk) -> list[tuple[int, str]]:
    return [(i.row, i.column) for i in desk.issues() if i.code == "ambiguous_number"]


def test_refused_where_nothing_proves_it(desk: Desk) -> None:
    assert figures(desk, ("1.234", "2000"), ("12", "20")) == [("12", "20")]
    assert refused(desk) == [(2, "TuSo")]
    issue = desk.issues()[0]
    assert "1.234" in issue.message("vi")
    assert "không có số nào khác trong bảng" in issue.message("vi")
    assert "Viết liền" in issue.next_step("vi")


def test_read_where_the_column_proves_it(desk: Desk) -> None:
    assert figures(desk, ("1.234", "2000"), ("12,5", "20")) == [("1234", "2000"), ("12.5", "20")]


def test_read_where_another_column_of_the_table_proves_it(desk: Desk) -> None:
    assert figures(desk, ("1.234", "1.234.567"), ("12", "20")) == [("1234", "1234567"), ("12", "20")]


def test_refused_where_columns_contradict_each_other(desk: Desk) -> None:
    assert figures(desk, ("1.234", "5000"), ("12,5", "20"), ("12.5", "20")) == [("12.5", "20"), ("12.5", "20")]
    assert refused(desk) == [(2, "TuSo")]


def test_a_point_in_a_workbook_proves_nothing(desk: Desk) -> None:
    """Excel keeps 12,5 as 12.5: a number cell says nothing about how "1.234" was meant."""
    desk.put_xlsx(
        "a.xlsx", {"Số liệu": [HEAD, ["H99", "2023Q2", "1.1", 12.5, 20], ["H99", "2023Q2", "1.2", "1.234", 2000]]}
    )
    desk.run()
    assert [row["TuSo"] for row in desk.rows("typed_figures")] == ["12.5"]
    assert refused(desk) == [(3, "TuSo")]


def test_totals_of_the_reporting_system(desk: Desk) -> None:
    desk.put("a.csv", "MaDonVi;Ky;TongTiepNhan\nH99.01;2023Q2;1.234\nH99.02;2023Q2;950\n")
    desk.run()
    assert [row["TongTiepNhan"] for row in desk.rows("report_totals")] == ["950"]
    assert refused(desk) == [(2, "TongTiepNhan")]


@pytest.mark.parametrize(
    ("texts", "stored"),
    [
        (["5.000", "12"], [12]),
        (["5.000", "1.234"], [5000, 1234]),
        (["5.000", "1.234.000"], [5000, 1234000]),
        (["5.000", "1234.000"], [5, 1234]),
        (["5.000", "0.000"], [5, 0]),
        (["5.000", "1,234.0"], [5000, 1234]),
    ],
)
def test_copies_are_whole_numbers(desk: Desk, texts: list[str], stored: list[int]) -> None:
    lines = [f"H99.0{i};2023Q2;{text}" for i, text in enumerate(texts, 1)]
    desk.put("a.csv", "\n".join(["MaDonVi;Ky;SoBanSao", *lines]) + "\n")
    desk.run()
    assert [row["SoBanSao"] for row in desk.rows("certified_copies")] == stored
    assert len(refused(desk)) == len(texts) - len(stored)


@pytest.mark.parametrize("text", ["1.2.3", "1,234,5", "12 5", "1.234.56", "1,234.567,8", "--3", "1e5"])
def test_no_numbers(text: str) -> None:
    assert numbers.decimal(text) is None
    assert numbers.count(text) is None


@pytest.mark.parametrize(
    ("text", "value"), [("1.0000", 1), ("1234.000", 1234), ("1,234.00", 1234), ("1 234", 1234), ("12,0", 12)]
)
def test_counts_with_empty_decimals(text: str, value: int) -> None:
    assert numbers.count(text) == value


def test_an_amount_is_not_read_across_two_kinds_of_marks() -> None:
    assert numbers.amount("1.234,567") is None
    assert numbers.amount("120000.000") == 120000
