"""Where the units are not known, none is graded or ranked; asked for all the same, every output says so."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.workbook.defined_name import DefinedName

from tests.command import scored, taken_in, tthc

UNITS = "MaDonVi,TenDonVi,Cap,DonViCha\nH99,UBND tỉnh,tinh,\nH99.01,Sở Một,so,H99\nH99.02,Sở Hai,so,H99\n"
HEADS = "MaHoSo,MaTTHC,NgayTiepNhan,NgayHenTra,NgayKetThucXuLy,TrangThaiHoSo,DonViXuLy,KenhThucHien\n"
SETTINGS = "[scoring]\ngrade_from = 0\n"
PERIOD = ("--quarter", "2023Q2")


def dossier(unit: str, number: int) -> str:
    return f"X-{number},1.000001,03/04/2023 08:00,10/04/2023 16:30,07/04/2023 15:00,9,{unit},2\n"


KNOWN = "".join(dossier("H99.01", n) for n in range(8))
STRANGE = "".join(dossier("Nơi lạ", n) for n in range(8, 10))
"""Two of ten dossiers: 80% match."""


def workspace(folder: Path, settings: str = SETTINGS, **files: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "tthc.toml").write_text(settings, encoding="utf-8")
    return taken_in(folder, **files)


def standing(folder: Path, *options: str) -> set[tuple[object, object, object]]:
    """(grade given, ranked, reason) of the units but for the one of what matches none."""
    units = scored(folder, "2023Q2", *options)["units"]
    return {(u["grade"] is not None, u["rank"] is not None, u["ungraded_reason"]) for u in units if u["id"] != "?"}


@pytest.fixture(scope="module")
def tableless(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return workspace(tmp_path_factory.mktemp("withheld"), ho_so=HEADS + KNOWN + dossier("Sở Hai", 20))


def test_without_a_table_units_have_points_and_no_grade(tableless: Path) -> None:
    assert standing(tableless) == {(False, False, "no_unit_table")}
    assert all(u["total"] is not None for u in scored(tableless, "2023Q2")["units"])


def test_the_first_screen_says_the_next_step(tableless: Path) -> None:
    ended = tthc("score", *PERIOD, "--workspace", tableless)
    head = ended.out.split("Hạng")[0]
    assert "tthc units propose" in " ".join(head.split())


def test_the_workbook_calculates_no_grade_either(tableless: Path, tmp_path: Path) -> None:
    scored(tableless, "2023Q2")
    assert tthc("report", "--format", "xlsx", *PERIOD, "--out", tmp_path, "--workspace", tableless).code == 0
    (file,) = tmp_path.glob("*.xlsx")
    formulas = [str(c.value) for s in load_workbook(file) for row in s.iter_rows() for c in row if c.data_type == "f"]
    grades = [formula for formula in formulas if "tthc_grade_label" in formula]
    assert grades
    assert all("IF(FALSE," in formula for formula in grades)


def test_units_without_grades_are_in_order_of_their_names(tmp_path: Path) -> None:
    """Sở Hai has its dossier on time, Sở Bốn late: by points the other way round."""
    late = dossier("Sở Bốn", 1).replace("07/04/2023", "17/04/2023")
    card = scored(workspace(tmp_path, ho_so=HEADS + late + dossier("Sở Hai", 2)), "2023Q2")
    units = {u["id"]: u["total"] for u in card["units"] if u["level"] == "so"}
    assert list(units) == ["Sở Bốn", "Sở Hai"]
    assert units["Sở Bốn"] < units["Sở Hai"]


def test_too_few_dossiers_of_known_units(tmp_path: Path) -> None:
    """80% match, the limit is 90%."""
    folder = workspace(tmp_path, units=UNITS, ho_so=HEADS + KNOWN + STRANGE)
    assert {reason for _, _, reason in standing(folder)} == {"few_matched"}
    said = tthc("score", *PERIOD, "--workspace", folder).err
    assert "80%" in said
    assert "tthc units check" in said


def test_the_limit_is_a_setting(tmp_path: Path) -> None:
    settings = SETTINGS + "unit_coverage = 80\n"
    folder = workspace(tmp_path, settings, units=UNITS, ho_so=HEADS + KNOWN + STRANGE)
    assert {reason for _, _, reason in standing(folder)} <= {None, "nothing_to_count"}


def test_a_limit_over_a_hundred_is_refused(tmp_path: Path) -> None:
    (tmp_path / "tthc.toml").write_text("[scoring]\nunit_coverage = 101\n", encoding="utf-8")
    ended = tthc("score", *PERIOD, "--workspace", tmp_path)
    assert ended.code == 3
    assert "unit_coverage" in ended.err


def test_whatif_promises_no_grade(tableless: Path) -> None:
    scored(tableless, "2023Q2")
    found = tthc("whatif", "H99.01", *PERIOD, "--workspace", tableless, "--json").json
    assert (found["now"]["ungraded_reason"], found["all_right"]["grade"], found["way"]) == ("no_unit_table", None, None)


@pytest.fixture(scope="module")
def anyway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = workspace(tmp_path_factory.mktemp("anyway"), ho_so=HEADS + KNOWN + dossier("Sở Hai", 20))
    assert standing(folder, "--grade-anyway") == {(True, True, None)}
    yield folder


def test_graded_anyway_is_told_by_the_score(anyway: Path) -> None:
    shown = tthc("score", *PERIOD, "--grade-anyway", "--workspace", anyway)
    assert "--grade-anyway" in shown.out
    assert "--grade-anyway" in shown.err
    assert scored(anyway, "2023Q2", "--grade-anyway")["graded_anyway"] == "no_unit_table"


@pytest.mark.parametrize("form", ["xlsx", "html", "docx", "json", "csv"])
def test_graded_anyway_is_told_by_every_report(form: str, anyway: Path, tmp_path: Path) -> None:
    scored(anyway, "2023Q2", "--grade-anyway")
    ended = tthc("report", "--format", form, *PERIOD, "--out", tmp_path, "--workspace", anyway)
    assert ended.code == 0, ended.err
    (file,) = tmp_path.glob(f"*.{form}")
    data = file.read_bytes()
    if form in ("xlsx", "docx"):
        with zipfile.ZipFile(file) as book:
            data = b"".join(book.read(name) for name in book.namelist())
    said = "chỉ để tham khảo" if form == "docx" else "--grade-anyway"  # a paper is sent out
    assert said.encode() in data.replace(b"&#45;", b"-")


def test_graded_anyway_is_told_by_a_filled_template(anyway: Path, tmp_path: Path) -> None:
    book = Workbook()
    book.worksheets[0].title = "A"
    for name, place in (("tthc_grade", "A!$A$1"), ("tthc_standing", "A!$A$2")):
        book.defined_names[name] = DefinedName(name, attr_text=place)
    book.save(tmp_path / "mau.xlsx")
    scored(anyway, "2023Q2", "--grade-anyway")
    ended = tthc(
        "report", "--template", tmp_path / "mau.xlsx", *PERIOD, "--out", tmp_path / "out", "--workspace", anyway
    )
    assert ended.code == 0, ended.err
    (file,) = (tmp_path / "out").glob("*.xlsx")
    sheet = load_workbook(file).worksheets[0]
    assert "(chưa đủ danh mục đơn vị)" in str(sheet["A1"].value)
    assert "--grade-anyway" in str(sheet["A2"].value)


def test_graded_anyway_is_told_by_comparisons_and_whatifs(anyway: Path) -> None:
    for period in ("2023Q2", "2023-04"):
        scored(anyway, period, "--grade-anyway")
    for command in (("compare", "2023-04", "2023Q2"), ("whatif", "H99.01", *PERIOD)):
        assert "--grade-anyway" in " ".join(tthc(*command, "--workspace", anyway).out.split()), command


def test_with_a_table_nothing_is_said_of_it(tmp_path: Path) -> None:
    folder = workspace(tmp_path, units=UNITS, ho_so=HEADS + KNOWN)
    card = scored(folder, "2023Q2", "--grade-anyway")
    assert "graded_anyway" not in card
