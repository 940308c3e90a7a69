"""A list in every form says the same: rows, words, totals; nothing in it can be taken for a formula."""

from __future__ import annotations

import csv
import io
import json
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from tthc_cli.errors import UsageError
from tthc_cli.render.listing import FILE_FORMATS, listing_bytes, write_listing
from tthc_cli.results.listing import Column, Listing

LISTING = Listing(
    name="overdue",
    as_of="2024-04-10T16:00:00",
    columns=(
        Column("unit"), Column("dossier"), Column("due", "moment"), Column("overdue_days", "number"),
        Column("status", "word", "lists.status"), Column("row", "count"),
    ),
    rows=(
        ("H98.01", "H98.01-240401-0001", datetime(2024, 4, 8, 16), 2.0, "4", 7),
        ("H98.02", "=1+1", None, 0.5, "unknown", 9),
    ),
    totals={"dossiers": 2},
    notes=("no_units",),
)  # fmt: skip


def test_csv_has_words_and_no_formula() -> None:
    data = listing_bytes(LISTING, "csv", "vi")
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    assert rows == [
        ["Đơn vị", "Mã hồ sơ", "Hẹn trả", "Quá hạn (ngày làm việc)", "Trạng thái", "Dòng"],
        ["H98.01", "H98.01-240401-0001", "2024-04-08 16:00:00", "2.0", "Đang xử lý", "7"],
        ["H98.02", "'=1+1", "", "0.5", "không rõ", "9"],
    ]


def test_json_has_keys_for_words_and_its_columns() -> None:
    found = json.loads(listing_bytes(LISTING, "json", "en"))
    assert found["schema"] == 1
    assert (found["list"], found["as_of"], found["unit"]) == ("overdue", "2024-04-10T16:00:00", None)
    assert found["columns"][2] == {"id": "due", "title": "Due", "type": "moment"}
    assert found["rows"][0] == ["H98.01", "H98.01-240401-0001", "2024-04-08T16:00:00", 2.0, "4", 7]
    assert found["totals"] == {"dossiers": 2}
    assert "unit table" in found["notes"][0]


def test_the_workbook_has_real_dates_and_numbers(tmp_path: Path) -> None:
    write_listing(tmp_path / "a.xlsx", LISTING, "vi")
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").worksheets[0]
    assert [c.value for c in sheet[2]] == ["H98.01", "H98.01-240401-0001", datetime(2024, 4, 8, 16), 2, "Đang xử lý", 7]
    assert (sheet["B3"].data_type, sheet["B3"].value) == ("s", "=1+1")


def test_the_page_escapes_and_needs_no_script() -> None:
    page = listing_bytes(LISTING, "html", "vi").decode()
    assert "<script" not in page
    assert page.count("<tr>") == 3
    assert "08/04/2024 16:00" in page
    assert "Số hồ sơ: 2" in page


@pytest.mark.parametrize("form", FILE_FORMATS)
def test_same_list_same_bytes(form: str) -> None:
    assert listing_bytes(LISTING, form, "vi") == listing_bytes(LISTING, form, "vi")


def test_another_ending_is_refused_with_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as raised:
        write_listing(tmp_path / "a.doc", LISTING, "en")
    assert ".xlsx" in raised.value.message("en")


def test_some_rows_are_counted_anew() -> None:
    steps = Listing(
        "late-steps",
        "2024-04-10",
        (Column("unit"), Column("steps", "count")),
        (("a", 3), ("b", 4)),
        totals={"steps": 7},
    )
    assert steps.only((("b", 4),)).totals == {"steps": 4}
    assert LISTING.only(LISTING.rows[:1]).totals == {"dossiers": 1}
