"""What forms ask of dossiers beside form II.06: letters, payment, boundaries, intake, causes; parameters, rows, weeks;
and the control slip of one dossier. One small office, worked by hand."""

from __future__ import annotations

import shutil
import subprocess
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.command import taken_in, tthc
from tests.statements.at_a_moment import LOG, MORE_UNITS, code, csv, log_rows
from tthc_cli.forms.reading import SHIPPED

FULL, PART = "1.000001", "1.000002"
PROCEDURES = f"""MaTTHC,TenTTHC,MucDoDVC,TenLinhVuc,CapThucHien,CoQuanThucHien,CoPhiLePhi,HieuLucDen
{FULL},Cấp bản sao,Toàn trình,Hộ tịch,xa,,,
{PART},Cấp phép,Một phần,Đất đai,so,H98.01,Có,
1.000003,Hết hiệu lực,Một phần,Đất đai,so,H98.01,,31/12/2023
1.000004,Nhiều cấp,Một phần,Đất đai,so;xa,,,
"""
MARCH = {"NgayTiepNhan": datetime(2024, 3, 4, 8), "NgayHenTra": datetime(2024, 3, 20, 16, 30), "DonViXuLy": "H98.01"}
DIRECT, ONLINE, POST = 1, 2, 3
LATE = datetime(2024, 3, 25, 9)
DOSSIERS: list[dict[str, Any]] = [
    {**MARCH, "KenhThucHien": ONLINE, "MaTTHC": FULL, "NgayKetThucXuLy": datetime(2024, 3, 11, 9), "TrangThaiHoSo": 10,
     "PhiDiaGioi": "", "NgayNopHoSo": "", "NgayTuChoi": "", "NgayBoSung": "", "Gia": "", "DuocThanhToanTrucTuyen": ""},
    {**MARCH, "KenhThucHien": ONLINE, "MaTTHC": PART, "NgayKetThucXuLy": LATE, "TrangThaiHoSo": 10, "Gia": 50_000,
     "DuocThanhToanTrucTuyen": 1},
    {**MARCH, "KenhThucHien": POST, "MaTTHC": PART, "NgayKetThucXuLy": LATE, "TrangThaiHoSo": 10, "Gia": 50_000},
    {**MARCH, "KenhThucHien": DIRECT, "MaTTHC": PART, "TrangThaiHoSo": 4, "PhiDiaGioi": "Có",
     "NgayCoQuanThamQuyenNhan": datetime(2024, 3, 4, 9)},
    {**MARCH, "KenhThucHien": DIRECT, "MaTTHC": PART, "TrangThaiHoSo": 4},
    {**MARCH, "KenhThucHien": DIRECT, "MaTTHC": PART, "TrangThaiHoSo": 7, "NgayKetThucXuLy": LATE},
    {**MARCH, "KenhThucHien": DIRECT, "MaTTHC": PART, "TrangThaiHoSo": 8},
    {**MARCH, "KenhThucHien": DIRECT, "MaTTHC": PART, "TrangThaiHoSo": 5, "NgayBoSung": datetime(2024, 3, 6, 9)},
    {"DonViXuLy": "H98.01", "KenhThucHien": ONLINE, "MaTTHC": FULL, "NgayNopHoSo": datetime(2024, 3, 29, 14),
     "TrangThaiHoSo": 2, "NgayTiepNhan": datetime(2024, 4, 1, 9), "NgayHenTra": datetime(2024, 4, 8, 16, 30)},
    {"DonViXuLy": "H98.01", "KenhThucHien": ONLINE, "MaTTHC": FULL, "NgayNopHoSo": datetime(2024, 3, 26, 8),
     "TrangThaiHoSo": 1},
    {"DonViXuLy": "H98.01", "KenhThucHien": ONLINE, "MaTTHC": FULL, "NgayNopHoSo": datetime(2024, 3, 26, 8),
     "TrangThaiHoSo": 3, "NgayTuChoi": datetime(2024, 3, 27, 8)},
]  # fmt: skip
"""1 early; 2 and 3 late, 2 with a letter; 4 and 5 open past due, 4 with a letter; 6 withdrawn late; 7 stopped; 8 waits
since 6/3; 9 filed on Friday 29/3 and taken in on 1/4; 10 filed on Tuesday 26/3 and not taken in; 11 refused on 27/3."""
LETTERS = "MaHoSo,SoVanBan,NgayBanHanh\n" + "".join(f"{code(n)},{n}/XL,19/03/2024\n" for n in (2, 4))
CAUSES = f"MaHoSo,MaNguyenNhan\n{code(4)},Quy định\n{code(7)},Phối hợp\n"
PETITIONS = """MaPAKN,DonViXuLy,NgayGui,NgayXuLyXong,NgayTuChoi,NgayCongKhai,PhanLoai
1,H98.01,01/12/2023,,,,Hành vi hành chính
2,H98.01,01/12/2023,05/02/2024,,06/02/2024,Quy định TTHC
3,H98.01,01/12/2023,05/12/2023,,06/12/2023,Quy định TTHC
4,H98.01,10/01/2024,,12/01/2024,,Hành vi hành chính
5,H98.02,10/02/2024,15/02/2024,,02/04/2024,Quy định TTHC
6,H98.02,10/02/2024,05/04/2024,,06/04/2024,Khác
7,H98.02,10/04/2024,,,,Khác
"""
STEPS = [
    [datetime(2024, 3, 4, 9), 2, "Một cửa", datetime(2024, 3, 4, 8), datetime(2024, 3, 4, 10)],
    [datetime(2024, 3, 13, 9), 4, "Phòng A", None, datetime(2024, 3, 12, 17)],
    [datetime(2024, 3, 14, 9), 4, "H98.02", datetime(2024, 3, 13, 10), datetime(2024, 3, 18, 17)],
    [datetime(2024, 3, 25, 9), 10, "Phòng A", datetime(2024, 3, 14, 9), datetime(2024, 3, 20, 17)],
]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    rows = [{"MaHoSo": code(at), **row} for at, row in enumerate(DOSSIERS, 1)]
    head = ",".join(dict.fromkeys(name for row in rows for name in row))
    folder = taken_in(
        tmp_path_factory.mktemp("forms"), units=MORE_UNITS, procedures=PROCEDURES, hoso=csv(head, rows),
        apologies=LETTERS, late_causes=CAUSES, petitions=PETITIONS, tien_trinh=csv(LOG, log_rows(code(2), STEPS)),
    )  # fmt: skip
    (folder / "forms").mkdir()
    for name in ("HN-A", "HN-07a", "07a"):
        text = (SHIPPED / f"{name}.toml").read_text("utf-8").replace("valid_to = 2020-10-20", "")
        early = text.replace("valid_from = 2026-01-01", "valid_from = 2020-01-01")
        (folder / "forms" / f"{name}.toml").write_text(early, encoding="utf-8")
    return folder


def form(folder: Path, name: str, *options: str) -> dict[str, Any]:
    ended = tthc("form", name, "--workspace", folder, "--json", *options)
    assert ended.code == 0, ended.err
    found: dict[str, Any] = ended.json
    return found


QUARTER = ("--quarter", "2024Q1", "--window", "calendar")


def figures(made: dict[str, Any], row: int = 0) -> dict[int, int]:
    return {int(number): value for number, value in made["rows"][row]["figures"].items()}


def test_the_columns_of_ha_noi(small: Path) -> None:
    """Received 8, none carried: 1 fully online, 1 partly, 1 by post, 5 directly, of which 1 boundary-free. Handled 4:
    1 early, 3 late (2 with a letter). Open 4: the one that waits within due, three past due (4 with a letter). Of
    a fee are 2 (paid online), 3, and by the catalogue 4 to 8."""
    found = figures(form(small, "HN-A", *QUARTER))
    assert [found[n] for n in range(3, 11)] == [8, 5, 1, 1, 0, 1, 0, 1]
    assert [found[n] for n in range(11, 16)] == [4, 1, 1, 2, 3]
    assert [found[n] for n in range(16, 21)] == [4, 1, 1, 2, 3]
    assert [found[n] for n in range(21, 24)] == [7, 1, 6]
    assert (found[24], found[28]) == (1, 1)


def test_a_form_says_how_old_its_data_are(small: Path) -> None:
    """The last that the files tell is of 1/4/2024; 30/4 is 29 days later, and 31/3 is before it."""
    told = [one for one in form(small, "HN-A", "--month", "2024-04")["notes"] if "Dữ liệu mới nhất" in one]
    assert told == [
        "Dữ liệu mới nhất xuất ngày 01/04/2024, 29 ngày trước thời điểm ấy: "
        "việc xảy ra sau ngày xuất chưa có trong biểu."
    ]
    assert not [one for one in form(small, "HN-A", *QUARTER)["notes"] if "Dữ liệu mới nhất" in one]


def test_a_form_says_that_nothing_is_stored_of_its_period(small: Path) -> None:
    made = [form(small, "07a", *period)["notes"] for period in (("--month", "2021-05"), QUARTER)]
    assert [any("không có hồ sơ nào" in one for one in notes) for notes in made] == [True, False]


def test_a_moment_is_told_as_people_write_it(small: Path) -> None:
    assert any("xét lúc 31/03/2024 23:59," in one for one in form(small, "HN-A", *QUARTER)["notes"])


def test_what_was_filed_and_not_taken_in_when_the_window_ended(small: Path) -> None:
    """At midnight of 31/3: 9 had lain since 14:00 of a Friday, under 8 working hours, though it was taken in later; 10
    for days; 11 had been refused."""
    found = figures(form(small, "HN-A", *QUARTER))
    assert (found[25], found[26], found[27]) == (1, 1, 1)


def test_causes_typed_in_are_told_apart_and_rules_have_a_part_of_their_own(small: Path) -> None:
    """Past due are 4 (rules), 7 (another agency), 5 (nothing typed)."""
    made = form(small, "07a", *QUARTER)
    assert [figures(made)[n] for n in range(3, 9)] == [3, 1, 0, 0, 1, 1]
    part = made["parts"][0]
    assert [(row["label"], row["figures"]["3"]) for row in part["rows"]] == [("Tổng số", 1), (f"{PART} Cấp phép", 1)]


PARAMETERS = {
    'withdrawn = "processed"': ('withdrawn = "excluded"', {3: 7, 10: 2, 7: 3}),
    'withdrawn = "processed" ': ('withdrawn = "on_time" ', {3: 8, 9: 1, 10: 2}),
    'stopped = "processed"': ('stopped = "excluded"', {3: 7, 11: 3, 13: 2}),
    'stopped = "processed" ': ('stopped = "on_time" ', {3: 8, 9: 1, 11: 3}),
    'waiting = "open"': ('waiting = "on_time"', {3: 8, 9: 1, 12: 0}),
    'waiting = "open" ': ('waiting = "excluded" ', {3: 7, 11: 3, 12: 0}),
}


@pytest.mark.parametrize("whole", PARAMETERS)
def test_a_parameter_says_how_some_dossiers_count(whole: str, small: Path) -> None:
    """Without it: received 8; early 1, on time 0, late 3; open 4: within due 1, past due 3."""
    changed, wanted = PARAMETERS[whole]
    made = changed_form(small, whole.strip(), changed.strip(), *QUARTER)
    found = figures(made)
    assert {number: found[number] for number in wanted} == wanted
    assert all(check["holds"] for check in made["checks"])


def changed_form(small: Path, old: str, new: str, *options: str) -> dict[str, Any]:
    """Form II.06a of a province that changed a line of it."""
    text = (SHIPPED / "II.06a.toml").read_text("utf-8").replace("valid_from = 2020-10-21", "valid_from = 2020-01-01")
    text = text.replace('code = "II.06a"', 'code = "own"', 1)
    assert old in text
    file = small / "forms" / "own.toml"
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    try:
        return form(small, "own", *options)
    finally:
        file.unlink()


def test_a_check_that_fails_names_the_dossiers(small: Path) -> None:
    """6 was open on 17/3 and withdrawn on 25/3. Where withdrawn ones are in no column it was in (11) of the two weeks
    before, and is not in (6) of these."""
    days = ("--from", "2024-03-18", "--to", "2024-03-31")
    made = changed_form(small, 'withdrawn = "processed"', 'withdrawn = "excluded"', *days)
    check = made["checks"][1]
    assert (check["left"], check["right"], check["dossiers"]) == (6, 7, [code(6)])
    assert code(6) in made["notes"][-1]


def test_what_waits_over_two_windows_is_carried_into_each(small: Path) -> None:
    """8 waits since 6/3/2024. At the end of March 4 are open; all of them are carried into the second quarter, and into
    the third, where 9 is too."""
    second, third = (form(small, "II.06a", "--quarter", q, "--window", "calendar") for q in ("2024Q2", "2024Q3"))
    assert (figures(second)[6], figures(third)[6]) == (4, 5)
    assert [check["holds"] for made in (second, third) for check in made["checks"]] == [True] * 4


def test_rows_by_procedure_and_by_branch(small: Path) -> None:
    found = form(small, "II.06d", *QUARTER, "--rows", "procedure")["rows"]
    assert [(row["label"], row["figures"]["3"]) for row in found[1:]] == [
        (f"{FULL} Cấp bản sao", 1),
        (f"{PART} Cấp phép", 7),
    ]
    branches = form(small, "II.06d", *QUARTER, "--rows", "branch")["rows"]
    by_name = {row["label"]: row["figures"]["3"] for row in branches[1:]}
    assert (by_name["Sở Một"], by_name["Sở Hai"], sum(by_name.values())) == (8, 0, 8)


def test_a_week_from_monday_to_sunday(small: Path) -> None:
    """Week 10 of 2024 is 4/3 to 10/3: eight received, none ended; before it nothing was open."""
    made = form(small, "07a/BTP", "--week", "2024W10")
    assert (made["period"], made["from"], made["to"]) == ("2024W10", "2024-03-04", "2024-03-10")
    assert [figures(made)[n] for n in (3, 8, 9, 13)] == [8, 0, 0, 8]


def test_any_days(small: Path) -> None:
    """Of 11/3 to 25/3: eight carried over, four ended."""
    made = form(small, "07a/BTP", "--from", "2024-03-11", "--to", "25/03/2024")
    assert [figures(made)[n] for n in (3, 8, 9, 13)] == [8, 8, 4, 4]


def test_a_form_by_week_is_not_made_for_a_year(small: Path) -> None:
    ended = tthc("form", "07a/BTP", "--year", "2024", "--workspace", small)
    assert (ended.code, "week" in ended.err) == (2, True)


def test_petitions_are_counted_by_kind_and_time(small: Path) -> None:
    """Carried over: 1 (conduct, open) and 2 (rules, handled). New: 4 (conduct, refused), 5 (rules, handled; published
    in April), 6 (other, open). 3 was handled before; 7 came later."""
    made = form(small, "II.05b", *QUARTER)
    found = figures(made)
    assert [found[n] for n in range(3, 8)] == [5, 2, 2, 2, 3]
    assert [found[n] for n in range(8, 13)] == [3, 1, 2, 1, 2]
    assert [found[n] for n in range(13, 17)] == [2, 1, 0, 1]
    assert made["checks"][0]["holds"]
    assert any("1 phản ánh" in text for text in made["notes"])


def test_petitions_of_one_unit(small: Path) -> None:
    assert figures(form(small, "II.05b", *QUARTER, "--unit", "H98.02"))[3] == 2


def test_procedures_in_force_are_counted_by_level(small: Path) -> None:
    """In force are 3: one of communes, one of Sở Một alone, one of departments and communes, which counts at both."""
    made = form(small, "II.07b", *QUARTER)
    assert [figures(made)[n] for n in range(3, 8)] == [4, 2, 0, 2, None]
    lines = {row["label"]: row["figures"]["3"] for row in made["rows"][1:] if row["figures"]["3"]}
    assert lines == {"Sở Một": 1, "Chung của nhiều đơn vị: Sở, ban, ngành": 1, "Chung của nhiều đơn vị: Cấp xã": 2}


def test_procedures_of_one_department_are_none_of_communes(small: Path) -> None:
    """Its own, and that of departments and communes; the procedure of communes is not its."""
    found = figures(form(small, "II.07b", *QUARTER, "--unit", "H98.01"))
    assert [found[n] for n in range(3, 7)] == [2, 2, 0, 0]


def slip(small: Path, at: str, dossier: str = code(2)) -> dict[str, Any]:
    return form(small, "PKS", "--dossier", dossier, "--as-of", at)


def test_the_slip_tells_each_step_with_its_result(small: Path) -> None:
    """Handed over on the day it was due: on time; on 13/3, due 12/3: late; 14/3, due 18/3: early; 25/3, due 20/3: late.
    Where the log does not say when a step was received, it is when the one before handed over."""
    rows = slip(small, "2024-04-30")["rows"]
    told = [(row["label"], row["figures"]["4"], row["figures"]["5"], row["figures"]["7"]) for row in rows]
    assert told == [
        ("Một cửa", "2024-03-04T08:00:00", "2024-03-04T09:00:00", "on_time"),
        ("Phòng A", "2024-03-04T09:00:00", "2024-03-13T09:00:00", "late"),
        ("Sở Hai", "2024-03-13T10:00:00", "2024-03-14T09:00:00", "early"),
        ("Phòng A", "2024-03-14T09:00:00", "2024-03-25T09:00:00", "late"),
    ]
    assert {row["figures"][number] for row in rows for number in ("8", "9", "10")} == {None}


def test_the_slip_names_the_agencies_that_take_part(small: Path) -> None:
    about = slip(small, "2024-04-30")["about"]
    assert (about["agency"], about["partners"], about["finished"]) == ("Sở Một", "Sở Hai", "2024-03-25T09:00:00")


def test_the_slip_of_a_day_past_shows_the_step_that_stood_then_and_none_after(small: Path) -> None:
    """On 21/3 the last step had been received on 14/3, and was past its own due time of 20/3."""
    rows = slip(small, "2024-03-21")["rows"]
    assert len(rows) == 4
    last = rows[-1]["figures"]
    assert (last["4"], last["5"], last["7"]) == ("2024-03-14T09:00:00", "", "late")


def test_the_slip_is_by_the_circular_of_its_day(small: Path) -> None:
    assert "01/2018" in slip(small, "2024-04-30")["circular"]
    assert "03/2025" in slip(small, "2025-10-01")["circular"]


def test_a_dossier_that_is_not_stored_is_told(small: Path) -> None:
    ended = tthc("form", "PKS", "--dossier", "H98.01-240401-9999", "--workspace", small)
    assert (ended.code, "H98.01-240401-9999" in ended.err) == (3, True)


@pytest.mark.parametrize("options", [("PKS", "--quarter", "2024Q1"), ("II.06a", "--dossier", code(2))])
def test_a_slip_is_of_a_dossier_and_other_forms_of_a_period(options: tuple[str, ...], small: Path) -> None:
    assert tthc("form", *options, "--workspace", small).code == 2


FORMS = ("HN-A", "07a", "II.05b", "II.06a", "II.06d", "II.07b")


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LOUD NOTE: LibreOffice is not installed")
def test_libreoffice_works_out_the_same_figures(small: Path, tmp_path: Path) -> None:
    """Of every form, on every sheet, in one run."""
    from openpyxl import load_workbook

    for options in (*((name, *QUARTER) for name in FORMS), ("07a/BTP", "--week", "2024W10")):
        assert tthc("form", *options, "--workspace", small, "--format", "xlsx", "--out", tmp_path).code == 0
    books = sorted(tmp_path.glob("*.xlsx"))
    command = ["soffice", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless", "--convert-to"]
    command += ["xlsx", "--outdir", str(tmp_path / "out"), *map(str, books)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    for book in books:
        ours, theirs, written = (
            load_workbook(file, data_only=data)
            for file, data in ((book, True), (tmp_path / "out" / book.name, True), (book, False))
        )
        for sheet in ours:
            formulas = [c.coordinate for row in written[sheet.title] for c in row if c.data_type == "f"]
            found = {at: theirs[sheet.title][at].value for at in formulas}
            assert found == {at: sheet[at].value for at in formulas}, (book.name, sheet.title)
            assert formulas, (book.name, sheet.title)
    assert len(books) == len(FORMS) + 1


def test_the_day_on_which_it_is_due_is_that_of_the_level(small: Path) -> None:
    """Of a province on the 25th of the last month, of a department on the 20th (from memory)."""
    days = [form(small, "II.06a", *QUARTER, "--unit", unit)["due"] for unit in ("H98", "H98.01")]
    assert days == ["2024-03-25", "2024-03-20"]


def test_the_sheet_says_who_fills_it_in(small: Path) -> None:
    ended = tthc("form", "II.06a", *QUARTER, "--workspace", small)
    assert "Đơn vị lập biểu: Cơ quan, đơn vị trực tiếp giải quyết TTHC." in " ".join(ended.out.split())
