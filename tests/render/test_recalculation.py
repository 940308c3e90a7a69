"""LibreOffice calculates every formula of a workbook anew and comes to the stored score."""

import io
import re
import shutil
import subprocess
import zipfile
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import openpyxl
import pytest

from tests.render.fixtures import FULL, LOST, earlier_card, large_card, make_card, small_card
from tthc_cli.render.excel import workbook_bytes
from tthc_cli.render.view.building import build_view

pytestmark = pytest.mark.skipif(
    shutil.which("soffice") is None, reason="LOUD NOTE: LibreOffice is not installed, no workbook was recalculated"
)


def without_values(data):
    """The workbook with nothing but formulas, so that whoever opens it must calculate."""
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(result, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name.startswith("xl/worksheets/sheet"):
                content = re.sub(rb"(</f>)<v>[^<]*</v>", rb"\1", content)
                content = re.sub(rb'(<c r="[A-Z]+\d+"[^>]*) t="str"(><f>)', rb"\1\2", content)
            target.writestr(name, content)
    return result.getvalue()


def recalculated(data, folder):
    (folder / "in").mkdir()
    (folder / "in" / "card.xlsx").write_bytes(without_values(data))
    profile = (folder / "profile").as_uri()
    command = ["soffice", f"-env:UserInstallation={profile}", "--headless", "--convert-to", "xlsx", "--outdir", "out"]
    subprocess.run([*command, "in/card.xlsx"], cwd=folder, check=True, capture_output=True, timeout=240)
    return openpyxl.load_workbook(folder / "out" / "card.xlsx", data_only=True)


def differences(data, folder):
    stored = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    fresh = recalculated(data, folder)
    assert fresh.sheetnames == stored.sheetnames
    compared, wrong = 0, []
    for sheet in stored.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                got, want = fresh[sheet.title][cell.coordinate].value, cell.value
                compared += 1
                if isinstance(want, (int, float)) and isinstance(got, (int, float)):
                    if abs(got - want) > 1e-9:
                        wrong.append((sheet.title, cell.coordinate, want, got))
                elif ("" if got is None else got) != ("" if want is None else want):
                    wrong.append((sheet.title, cell.coordinate, want, got))
    return compared, wrong


@pytest.mark.parametrize(("no_score", "lang"), [("excluded", "vi"), ("zero", "en")])
def test_small_province(tmp_path, no_score, lang):
    compared, wrong = differences(
        workbook_bytes(build_view(small_card(no_score), lang, lost=LOST, history=[earlier_card()])), tmp_path
    )
    assert wrong == []
    assert compared > 3000


def test_a_province_of_thirty_units(tmp_path):
    _, wrong = differences(workbook_bytes(build_view(large_card(30), "vi")), tmp_path)
    assert wrong == []


def test_points_on_the_half_of_a_hundredth(tmp_path):
    """2.1 has 20 points: n/2000 × 20 = n/100 exactly, n/4000 × 20 = n/200 ends in 5 thousandths for odd n; 3.3 has a
    target of 1/2, 4.2 of 4/5, 5.3 of 9/10."""
    units = [
        (
            f"H99.{n}",
            f"Xã {n}",
            "xa",
            None,
            FULL
            | {
                "2.1": (n, 4000), "3.3": (n, 2400), "4.2": (4 * n, 4000), "5.3": (Fraction(9 * n, 10), 1200),
                "1.1": (n, 1200), "3.1": (4 * n, 5 * 400), "4.5": (n, 800),
            },
            {},
        )
        for n in range(1, 400, 16)
    ]  # fmt: skip
    _, wrong = differences(workbook_bytes(build_view(make_card(units), "vi")), tmp_path)
    assert wrong == []


def test_a_changed_count_changes_points_total_grade_and_rank(tmp_path):
    """H99.04 with 2.1 at 590/600 instead of 600/1180: 19.67 points, total 82.87 of 94 = 88.16, first of its level."""
    book = openpyxl.load_workbook(io.BytesIO(workbook_bytes(build_view(small_card(), "vi"))))
    sheet = next(one for one in book.worksheets if "(H99.04)" in str(one["A1"].value))
    row = next(r[0].row for r in sheet.iter_rows(min_row=10) if r[0].value == "2.1")
    sheet.cell(row, 3).value, sheet.cell(row, 4).value = 590, 600
    changed = io.BytesIO()
    book.save(changed)
    ranking = recalculated(changed.getvalue(), tmp_path)["Tổng hợp"]
    line = next(r for r in ranking.iter_rows(min_row=10, values_only=True) if r[1] == "H99.04")
    assert (line[0], line[4], line[5], line[6], line[7]) == (1, 82.87, 94, 88.16, "Tốt")


def test_a_unit_without_a_total_gets_none_from_its_points(tmp_path):
    """Dossiers that match no unit have points, but no total, grade and rank."""
    card = small_card()
    units = [
        replace(u, total=None, percent=None, grade=None, rank=None, provisional=False, assessed_max=Decimal(0))
        if u.id == "H99.21"
        else u
        for u in card.units
    ]
    _, wrong = differences(workbook_bytes(build_view(replace(card, units=tuple(units)), "vi")), tmp_path)
    assert wrong == []
