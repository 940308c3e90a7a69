"""The workbook holds the stored score, as values and as formulas, and nothing in it can run."""

import io
import re
import zipfile
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import openpyxl
import pytest

from tests.render.fixtures import HOSTILE, LOST, earlier_card, large_card, small_card
from tthc_cli.office.workbook import pack
from tthc_cli.render import write_xlsx
from tthc_cli.render.excel import workbook_bytes
from tthc_cli.render.view.building import build_view

FIRST = 13
"""Sheets before those of the units."""


@pytest.fixture(scope="module")
def small_bytes():
    return workbook_bytes(build_view(small_card(), "vi", lost=LOST, history=[earlier_card()]))


@pytest.fixture(scope="module")
def values(small_bytes):
    return openpyxl.load_workbook(io.BytesIO(small_bytes), data_only=True)


@pytest.fixture(scope="module")
def formulas(small_bytes):
    return openpyxl.load_workbook(io.BytesIO(small_bytes))


def table(sheet, heading):
    """Rows below the row whose first cell is `heading`, as dicts."""
    rows = list(sheet.iter_rows(values_only=True))
    start = next(i for i, row in enumerate(rows) if row[0] == heading)
    return [dict(zip(rows[start], row, strict=True)) for row in rows[start + 1 :]]


def test_sheets(values):
    assert values.sheetnames[:FIRST] == [
        "Mục lục", "Tổng hợp", "Ma trận", "Biểu đồ", "II.06", "II.06 lĩnh vực", "II.06 đơn vị, lĩnh vực",
        "Mất điểm, tóm tắt", "Hồ sơ mất điểm", "Thời gian giải quyết", "Bước quá hạn", "Chất lượng số liệu",
        "Phương pháp",
    ]  # fmt: skip
    assert len(values.sheetnames) == FIRST + 10


def test_every_stored_number_of_the_ranking_is_a_cached_value(values):
    rows = {row["Mã"]: row for row in table(values["Tổng hợp"], "Hạng")}
    for unit in small_card().units:
        row = rows[unit.id]
        assert row["Tổng điểm"] == (float(unit.total) if unit.total is not None else None)
        assert row["Hạng"] == unit.rank
        assert row["Quy về 100"] == (float(unit.percent) if unit.percent is not None else None)
        assert row["Tối đa được tính"] == unit.assessed_max


def test_every_component_of_every_unit_is_on_its_sheet(values):
    card = small_card()
    titles = dict(zip((u.id for u in card.units), values.sheetnames[FIRST:], strict=True))
    for unit in card.units:
        rows = {row["Mã"]: row for row in table(values[titles[unit.id]], "Mã")}
        for score in card.components_of(unit.id):
            row = rows[score.id]
            assert row["Điểm"] == (None if score.points is None else float(score.points))
            assert row["Tử số"] == (None if score.numerator is None else pytest.approx(float(score.numerator)))
            assert row["Mẫu số"] == (None if score.denominator is None else pytest.approx(float(score.denominator)))
            lost = None if score.points is None else float(score.max - score.points)
            assert row["Điểm mất"] == (lost if lost is None else pytest.approx(lost))


def test_points_totals_and_grades_are_formulas(formulas):
    sheet = formulas["UBND tỉnh Sông Hương"]
    by_id = {row[0].value: row for row in sheet.iter_rows(min_row=10)}
    assert (
        by_id["2.1"][6].value
        == '=IF(AND(ISNUMBER(C16),ISNUMBER(D16)),IF(D16=0,0,ROUND(MIN(H16,H16*C16/(D16*F16)),2)),"")'
    )
    assert by_id["5.1"][6].value.startswith("=IF(AND(ISNUMBER(C34),ISNUMBER(D34)),IF(D34=0,H34,")
    assert formulas["Tổng hợp"]["E10"].value == "='UBND tỉnh Sông Hương'!G37"
    assert formulas["Tổng hợp"]["H10"].value.startswith("='UBND tỉnh Sông Hương'!I")


def test_says_period_rulebook_as_of_and_sources(values):
    text = "\n".join(str(row[0].value) for row in values["Tổng hợp"].iter_rows(max_row=8))
    for part in ("Quý II năm 2023", "qd766-law, bản 1", "01/07/2023", "1 tệp, 1.180 dòng được nhận"):
        assert part in text


def test_names_from_exports_never_become_formulas(formulas):
    for sheet in formulas.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    apart_from_sheets = re.sub(r"'(?:[^']|'')*'!", "", cell.value)
                    assert "cmd" not in apart_from_sheets and "HYPERLINK" not in cell.value
    assert any(row[2].value == HOSTILE[0] and row[2].data_type == "s" for row in formulas["Tổng hợp"].iter_rows())


def test_names_that_are_all_signs_make_valid_sheet_names(values):
    assert not any(re.search(r"[\[\]:*?/\\]", name) or len(name) > 31 for name in values.sheetnames)


def test_the_same_score_gives_the_same_bytes(small_bytes):
    assert workbook_bytes(build_view(small_card(), "vi", lost=LOST, history=[earlier_card()])) == small_bytes


def test_a_reader_that_does_not_calculate_sees_every_value(small_bytes):
    with zipfile.ZipFile(io.BytesIO(small_bytes)) as package:
        sheets = [package.read(n).decode() for n in package.namelist() if n.startswith("xl/worksheets/sheet")]
    found = [match for text in sheets for match in re.findall(r"<c r=[^>]*><f>[^<]*</f><v>[^<]*</v></c>", text)]
    assert len(found) == sum(text.count("<f>") for text in sheets) > 1000


def test_paper(formulas):
    for sheet in formulas.worksheets:
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert sheet.print_area
        assert sheet.oddFooter.right.text == "&P/&N"
    assert formulas["UBND tỉnh Sông Hương"].print_title_rows == "$9:$9"
    assert formulas["UBND tỉnh Sông Hương"].freeze_panes == "C10"


def test_only_the_chosen_units_get_a_sheet(tmp_path):
    write_xlsx(small_card(), tmp_path / "a.xlsx", "en", units=["H99.01"])
    book = openpyxl.load_workbook(tmp_path / "a.xlsx", data_only=True)
    assert book.sheetnames == [
        "Contents", "Ranking", "Matrix", "Charts", "II.06", "II.06 by field", "II.06 by unit and field",
        "Handling time", "Late steps", "Data quality", "Method", "Sở Nội vụ",
    ]  # fmt: skip
    assert {row["Code"] for row in table(book["Ranking"], "Rank")} >= {"H99", "H99.01", "H99.21.03"}


def test_a_large_province_is_written_whole():
    book = openpyxl.load_workbook(io.BytesIO(workbook_bytes(build_view(large_card(60), "vi"))), read_only=True)
    assert len(book.sheetnames) == 66


def test_form_ii_06_adds_up(values):
    rows = next(values["II.06"].iter_rows(min_row=11, max_row=11, values_only=True))
    assert rows[:14] == (1, "UBND tỉnh Sông Hương", "Tỉnh", 1180, 330, 600, 250, 930, 500, 400, 30, 250, 200, 50)


def test_form_ii_06_by_level_and_field(values, formulas):
    rows = [row[:13] for row in values["II.06 lĩnh vực"].iter_rows(min_row=11, max_row=20, values_only=True)]
    assert rows == [
        (None, "Tổng cộng", 1180, 330, 600, 250, 930, 500, 400, 30, 250, 200, 50),
        ("A", "Cấp tỉnh (cơ quan của tỉnh, sở, ban, ngành)", 180, 30, 100, 50, 110, 30, 70, 10, 70, 50, 20),
        (1, "=1+1 Hộ tịch", 10, 10, 0, 0, 10, 10, 0, 0, 0, 0, 0),
        (2, "Chưa rõ lĩnh vực", 170, 20, 100, 50, 100, 20, 70, 10, 70, 50, 20),
        ("B", "Cấp huyện", 999, 299, 500, 200, 819, 469, 330, 20, 180, 150, 30),
        (1, "Ẩm thực", 750, 200, 400, 150, 685, 420, 250, 15, 65, 50, 15),
        (2, "Đất đai", 249, 99, 100, 50, 134, 49, 80, 5, 115, 100, 15),
        ("C", "Cấp xã", 1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 0),
        (1, "Đất đai", 1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 0),
        (None,) * 13,
    ]
    sheet = formulas["II.06 lĩnh vực"]
    assert [sheet[c].value for c in ("C11", "D12", "C13", "M15")] == [
        "=SUM(C12,C15,C18)", "=SUM(D13:D14)", "=SUM(D13:F13)", "=SUM(M16:M17)",
    ]  # fmt: skip
    assert sheet.print_title_rows == "$8:$10"


def test_form_ii_06_by_unit_and_field_includes_the_units_below(values):
    rows = table(values["II.06 đơn vị, lĩnh vực"], "Mã")
    assert [(r["Mã"], r["Lĩnh vực giải quyết"], r["Tiếp nhận"]) for r in rows] == [
        ("H99", "=1+1 Hộ tịch", 10), ("H99", "Ẩm thực", 750), ("H99", "Đất đai", 250), ("H99", "Chưa rõ lĩnh vực", 170),
        ("H99.01", "=1+1 Hộ tịch", 10), ("H99.21", "Ẩm thực", 750), ("H99.21", "Đất đai", 250),
        ("H99.21.02", "Đất đai", 1),
    ]  # fmt: skip


def test_lost_dossiers_say_why_and_where(values, formulas):
    rows = table(values["Hồ sơ mất điểm"], "Mã")
    assert rows[0]["Mã hồ sơ"] == "H99.01-230405-0017"
    assert rows[0]["Lý do"] == "giải quyết quá hạn"
    assert rows[0]["Đọc từ"] == "exports/hoso_2023_04.csv › dòng 418"
    assert (rows[0]["Ngày hẹn trả"], rows[0]["Ngày xong"]) == (datetime(2023, 4, 20), datetime(2023, 4, 25, 16, 30))
    assert rows[1]["Mã hồ sơ"] == "=1+1"
    assert all(cell.data_type != "f" for row in formulas["Hồ sơ mất điểm"].iter_rows() for cell in row)


def test_change_since_the_period_before(values):
    rows = {row["Mã"]: row for row in table(values["Tổng hợp"], "Hạng")}
    assert rows["H99"]["Thay đổi điểm (thang 100)"] == pytest.approx(3.39)
    assert rows["H99.01"]["Thay đổi hạng"] == "giảm 1"


def test_provisional_is_measured_against_the_rulebooks_own_full_marks():
    card = small_card()
    groups = (replace(card.rulebook.groups[0], max=Decimal("37.5")), *card.rulebook.groups[1:])
    card = replace(card, rulebook=replace(card.rulebook, groups=groups))
    book = openpyxl.load_workbook(io.BytesIO(workbook_bytes(build_view(card, "vi"))))
    assert book["Tổng hợp"]["I10"].value == '=IF(F10<119.5,"Tạm tính","")'


def test_a_long_list_prints_its_first_rows_and_says_so():
    data = workbook_bytes(build_view(small_card(), "vi", lost=[LOST[0]] * 1200))
    sheet = openpyxl.load_workbook(io.BytesIO(data))["Hồ sơ mất điểm"]
    assert sheet.print_area == "'Hồ sơ mất điểm'!$A$1:$K$23"
    assert sheet["A8"].value.startswith("Bản in chỉ gồm 14 dòng đầu của 1.200 dòng")
    assert sheet.tables["tthc_table_lost"].ref == "A9:K1209"


def test_texts_of_a_long_list_have_room():
    line = replace(LOST[0], procedure="1.001234 " + "Cấp lại thẻ " * 12)
    sheet = openpyxl.load_workbook(io.BytesIO(workbook_bytes(build_view(small_card(), "vi", lost=[line]))))[
        "Hồ sơ mất điểm"
    ]
    assert sheet.row_dimensions[10].height >= 3 * 13.5


def test_grades_are_listed_best_first_and_hashes_are_short(values):
    rows = list(values["Phương pháp"].iter_rows(values_only=True))
    labels = [row[1] for row in rows]
    start = labels.index("Xuất sắc")
    assert labels[start : start + 5] == ["Xuất sắc", "Tốt", "Khá", "Trung bình", "Yếu"]
    assert "cd" * 6 in rows[-1] and "cd" * 32 not in rows[-1]


def test_charts_are_native(small_bytes):
    with zipfile.ZipFile(io.BytesIO(small_bytes)) as package:
        assert len([n for n in package.namelist() if n.startswith("xl/charts/chart")]) == 2 + 10


def test_a_formula_without_a_stored_value_is_refused():
    book = openpyxl.Workbook()
    book.active["A1"] = "=1+1"
    with pytest.raises(KeyError, match="A1"):
        pack(book, {}, "2023-07-01T00:00:00")


def test_handling_times_and_late_steps_are_listed(values):
    times = table(values["Thời gian giải quyết"], "Mã")
    assert list(times[0].values()) == [
        "H99", "UBND tỉnh Sông Hương", "1.001234", "Cấp lại thẻ =1+1", "ngày làm việc", 12, 4.5, 4, 9.25, 10,
    ]  # fmt: skip
    assert times[1]["Thời hạn quy định"] is None
    steps = table(values["Bước quá hạn"], "Mã")
    assert [(s["Phòng, ban"], s["Số bước"], s["Số bước quá hạn"]) for s in steps] == [
        ("Phòng Đăng ký", 40, 3),
        ("(không ghi phòng, ban)", 5, 0),
    ]


def test_a_long_list_of_high_rows_prints_what_fits_on_one_page():
    line = replace(LOST[0], procedure="1.001234 " + "Cấp lại thẻ " * 12)
    data = workbook_bytes(build_view(small_card(), "vi", lost=[line] * 60))
    sheet = openpyxl.load_workbook(io.BytesIO(data))["Hồ sơ mất điểm"]
    last = int(sheet.print_area.rpartition("$")[2])
    heights = sum(sheet.row_dimensions[row].height for row in range(10, last + 1))
    assert 350 < heights < 495 * 183 * 5.25 / 770
    assert sheet["A8"].value.startswith(f"Bản in chỉ gồm {last - 9} dòng đầu của 60 dòng")
