"""Workbooks for single units, the province's own template, and PDF."""

import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from openpyxl.workbook.defined_name import DefinedName

from tests.render.fixtures import FULL, HOSTILE, LOST, make_card, small_card
from tthc_cli.errors import InputError
from tthc_cli.render import fill_template, write_pdf, write_xlsx_per_unit
from tthc_cli.render.pdf import pdf_bytes
from tthc_cli.render.template_names import named_values
from tthc_cli.render.view.building import build_view


def test_one_workbook_a_unit(tmp_path):
    files = write_xlsx_per_unit(small_card(), tmp_path, "vi", lost=LOST)
    assert len(files) == len(set(files)) == 10
    book = openpyxl.load_workbook(tmp_path / "tthc-2023Q2-qd766-law-H99.01.xlsx", data_only=True)
    assert book.sheetnames == ["Sở Nội vụ", "II.06", "Mất điểm, tóm tắt", "Hồ sơ mất điểm", "Phương pháp"]
    form = list(book["II.06"].iter_rows(min_row=11, max_row=12, values_only=True))
    assert [row[:4] for row in form] == [(None, "Tổng cộng", 10, 10), (1, "=1+1 Hộ tịch", 10, 10)]
    assert [row[4] for row in book["Hồ sơ mất điểm"].iter_rows(min_row=10, values_only=True)] == ["H99.01-230405-0017"]


def test_the_unit_of_unmatched_dossiers_has_a_readable_file_and_sheet(tmp_path):
    card = make_card([("?", "(chưa khớp đơn vị)", "khac", None, FULL, {})])
    (path,) = write_xlsx_per_unit(card, tmp_path, "vi")
    assert path.name == "tthc-2023Q2-qd766-law-chua-khop.xlsx"
    assert openpyxl.load_workbook(path).sheetnames == ["Chưa khớp", "Phương pháp"]
    (path,) = write_xlsx_per_unit(card, tmp_path, "en")
    assert path.name == "tthc-2023Q2-qd766-law-Unmatched.xlsx"


def test_two_rulebooks_in_one_folder_do_not_overwrite_each_other(tmp_path):
    card = small_card()
    other = replace(card, rulebook=replace(card.rulebook, id="qd766-portal"))
    assert not {*write_xlsx_per_unit(card, tmp_path, "vi")} & {*write_xlsx_per_unit(other, tmp_path, "vi")}


def test_a_units_workbook_names_no_other_unit(tmp_path):
    (path,) = write_xlsx_per_unit(small_card(), tmp_path, "vi", units=["H99.01"])
    book = openpyxl.load_workbook(path, data_only=True)
    text = " ".join(str(c) for s in book.worksheets for row in s.iter_rows(values_only=True) for c in row if c)
    assert "Sở Nội vụ" in text and "Sở Y tế" not in text and "Kho dữ liệu" not in text


def template(tmp_path, names):
    book = openpyxl.Workbook()
    book.active.title = "Mẫu"
    book.active["A1"] = "Biểu của tỉnh"
    book.active["B9"] = "=B2*2"
    for name, place in names.items():
        book.defined_names[name] = DefinedName(name, attr_text=f"'Mẫu'!{place}")
    path = tmp_path / "mau.xlsx"
    book.save(path)
    return path


def test_named_cells_of_a_template_are_filled(tmp_path):
    names = {
        "tthc_total": "$B$2", "tthc_points_2_1": "$B$3", "tthc_grade_in_H99_01": "$B$4", "tthc_period": "$B$5",
        "tthc_unit_in_H99_04": "$B$6", "tthc_ranking": "$D$2", "cua_tinh": "$A$1",
    }  # fmt: skip
    fill_template(small_card(), template(tmp_path, names), tmp_path / "out.xlsx", "vi")
    sheet = openpyxl.load_workbook(tmp_path / "out.xlsx")["Mẫu"]
    assert [sheet[f"B{n}"].value for n in range(2, 7)] == [84.24, 18.64, "Tốt", "Quý II năm 2023", HOSTILE[0]]
    assert sheet["B6"].data_type == "s"
    assert (sheet["A1"].value, sheet["B9"].value) == ("Biểu của tỉnh", "=B2*2")
    assert [c.value for c in sheet["D2:F2"][0]] == [1, "H99", "UBND tỉnh Sông Hương"]


def documented_names():
    return sorted(
        set(re.findall(r"`(tthc_\w+)`", Path("docs/template.md").read_text(encoding="utf-8"))) - {"tthc_totl"}
    )


def test_every_documented_name_is_filled(tmp_path):
    names = documented_names()
    places = {name: f"$A${row}" for row, name in enumerate(names, 1) if name != "tthc_ranking"}
    path = template(tmp_path, places | {"tthc_ranking": "$D$1"})
    fill_template(small_card(), path, tmp_path / "out.xlsx", "vi")
    sheet = openpyxl.load_workbook(tmp_path / "out.xlsx")["Mẫu"]
    empty = [name for name, place in places.items() if sheet[place.replace("$", "")].value is None]
    assert empty == ["tthc_provisional", "tthc_standing"]
    assert sheet["D1"].value == 1


def test_every_name_that_is_filled_is_documented():
    card = build_view(small_card(), "vi")
    known = {re.sub(r"_\d_\d$", "_2_1", key) for key in named_values(card, card.root) if "_in_" not in key}
    known = {re.sub(r"^group_\d$", "group_1", key) for key in known}
    assert {f"tthc_{key}" for key in known} <= set(documented_names())


def test_names_without_a_unit_mean_the_unit_asked_for(tmp_path):
    path = template(tmp_path, {"tthc_total": "$B$2"})
    fill_template(small_card(), path, tmp_path / "out.xlsx", "vi", units=["H99.01"])
    assert openpyxl.load_workbook(tmp_path / "out.xlsx")["Mẫu"]["B2"].value == 75.37


def test_a_name_that_means_nothing_is_refused_with_the_nearest(tmp_path):
    path = template(tmp_path, {"tthc_totl": "$B$2"})
    with pytest.raises(InputError) as caught:
        fill_template(small_card(), path, tmp_path / "out.xlsx", "vi")
    assert '"tthc_totl" không có nghĩa (gần giống: tthc_total)' in caught.value.message("vi")
    assert not (tmp_path / "out.xlsx").exists()


def test_a_template_that_is_no_workbook_is_refused(tmp_path):
    (tmp_path / "mau.xlsx").write_text("không phải tệp Excel", encoding="utf-8")
    with pytest.raises(InputError, match="not a readable"):
        fill_template(small_card(), tmp_path / "mau.xlsx", tmp_path / "out.xlsx", "vi")


@pytest.mark.skipif(shutil.which("chromium") is None, reason="LOUD NOTE: chromium is not installed, no PDF was printed")
def test_pdf_has_a_page_for_every_unit(tmp_path):
    write_pdf(small_card(), tmp_path / "a.pdf", "vi")
    data = (tmp_path / "a.pdf").read_bytes()
    assert data.startswith(b"%PDF")
    if shutil.which("pdftotext"):
        text = subprocess.run(["pdftotext", tmp_path / "a.pdf", "-"], capture_output=True, check=True, text=True).stdout
        assert "84,24" in text and "Xã Ái Nghĩa" in text


def test_a_browser_that_fails_is_told(tmp_path):
    with pytest.raises(InputError) as caught:
        pdf_bytes("<p>", browser=str(tmp_path / "none"))
    assert "Xuất --format html rồi mở và in ra PDF" in caught.value.message("vi")
