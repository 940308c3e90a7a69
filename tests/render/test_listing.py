"""Lists as workbooks: real dates, headings on every page, filters, texts that stay texts."""

from datetime import datetime

import openpyxl
import pytest

from tthc_cli.render.listing import write_listing
from tthc_cli.results.listing import Column, Listing

COLUMNS = (Column("dossier"), Column("received", "moment"), Column("due", "moment"), Column("overdue_hours", "number"))
ROWS = [("=1+1", datetime(2023, 4, 5, 8, 15), datetime(2023, 4, 20), 4.5), ("H99-2", None, None, None)]
MOMENT = "2023-06-30T23:59:59"


def written(path, columns, rows):
    write_listing(path, Listing("lost", MOMENT, columns, tuple(rows)), "vi")


@pytest.fixture
def sheet(tmp_path):
    written(tmp_path / "a.xlsx", COLUMNS, ROWS)
    return openpyxl.load_workbook(tmp_path / "a.xlsx").active


def test_dates_are_dates(sheet):
    assert [sheet[c].value for c in ("B2", "C2", "D2", "B3")] == [*ROWS[0][1:], None]
    assert (sheet["B2"].number_format, sheet["C2"].number_format) == ("dd/mm/yyyy hh:mm", "dd/mm/yyyy")


def test_texts_stay_texts(sheet):
    assert (sheet["A2"].value, sheet["A2"].data_type) == ("=1+1", "s")


def test_headings_stay_and_are_on_every_page(sheet):
    assert (sheet.freeze_panes, sheet.auto_filter.ref, sheet.print_title_rows) == ("A2", "A1:D3", "$1:$1")
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert sheet.oddFooter.right.text == "&P/&N"


def test_columns_are_as_wide_as_their_texts(tmp_path):
    written(tmp_path / "a.xlsx", (Column("row"), Column("procedure")), [("b", "Cấp lại thẻ " * 10)])
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").active
    widths = [sheet.column_dimensions[c].width for c in "AB"]
    assert widths[0] < 10 and 40 < widths[1] < 60
    assert sheet.row_dimensions[2].height > 30


def test_the_same_rows_in_csv(tmp_path):
    written(tmp_path / "a.csv", COLUMNS, ROWS)
    text = (tmp_path / "a.csv").read_text(encoding="utf-8-sig").splitlines()
    assert text[1:] == ["'=1+1,2023-04-05 08:15:00,2023-04-20 00:00:00,4.5", "H99-2,,,"]
