"""What a draft of the unit table makes of small data, and what a check finds; each row worked out by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from openpyxl import Workbook

from tests.command import put, taken_in, tthc

HEADS = "MaHoSo,MaTTHC,NgayTiepNhan,NgayHenTra,TrangThaiHoSo,DonViXuLy\n"


def dossiers(*units: tuple[str, str, int], procedure: str = "1.000001") -> str:
    """A file of dossiers: (unit code in MaHoSo, DonViXuLy, how many)."""
    rows = []
    for place, (code, name, count) in enumerate(units):
        for number in range(count):
            serial = f"{code}-230403-{place:02}{number:02}"
            rows.append(f'{serial},{procedure},03/04/2023 08:00,10/04/2023 16:30,4,"{name}"\n')
    return HEADS + "".join(rows)


def drafted(folder: Path, *options: str, **files: str) -> dict[str, dict[str, Any]]:
    """The rows of the draft by code."""
    taken_in(folder, **files)
    ended = tthc("units", "propose", "--workspace", folder, "--json", *options)
    assert ended.code == 0, ended.err
    return {unit["id"]: unit for unit in ended.json["units"]}


def test_spellings_of_one_place_are_one_unit(tmp_path: Path) -> None:
    spelled = [("H98.20.01", name, 3) for name in ("UBND xã Tân An", "Xã Tân An", "UBND X. Tân An", "H98.20.01")]
    unit = drafted(tmp_path, hoso=dossiers(*spelled))["H98.20.01"]
    assert (unit["name"], unit["level"], unit["dossiers"]) == ("UBND xã Tân An", "xa", 12)
    assert unit["other_names"] == ["UBND X. Tân An", "Xã Tân An"]


def test_names_that_differ_in_accents_are_two_units(tmp_path: Path) -> None:
    hoa = [("H98.20.01", "UBND xã Tân Hòa", 5), ("H98.20.02", "UBND xã Tân Hóa", 5)]
    units = drafted(tmp_path, hoso=dossiers(*hoa))
    assert (units["H98.20.01"]["name"], units["H98.20.02"]["name"]) == ("UBND xã Tân Hòa", "UBND xã Tân Hóa")
    assert [units[code]["dossiers"] for code in ("H98.20.01", "H98.20.02")] == [5, 5]


def test_a_parent_without_dossiers_follows_from_the_codes(tmp_path: Path) -> None:
    units = drafted(tmp_path, hoso=dossiers(("H98.20.01", "UBND xã Ba", 5), ("H98.20.02", "UBND xã Tư", 5)))
    assert (units["H98.20.01"]["parent"], units["H98.20"]["parent"], units["H98"]["parent"]) == ("H98.20", "H98", None)
    assert (units["H98.20"]["level"], units["H98.20"]["sure"]) == ("huyen", "low")
    assert units["H98.20"]["checks"] == ["no_name", "level"]


def test_old_codes_are_the_new_ones(tmp_path: Path) -> None:
    units = drafted(tmp_path, hoso=dossiers(("000.01.20.H98", "UBND xã Ba", 4)))
    assert units["H98.20.01"]["dossiers"] == 4


def test_a_department_known_by_its_code_is_named_by_the_catalogue(tmp_path: Path) -> None:
    catalogue = "MaTTHC,TenTTHC,MucDoDVC,CapThucHien,CoQuanThucHien\n1.000007,Bảy,Toàn trình,so,Sở Y tế\n"
    units = drafted(tmp_path, hoso=dossiers(("H98.07", "H98.07", 9), procedure="1.000007"), thutuc=catalogue)
    assert (units["H98.07"]["name"], units["H98.07"]["level"]) == ("Sở Y tế", "so")
    assert units["H98.07"]["checks"] == ["one_source"]


def test_a_department_known_by_its_code_is_named_by_its_file(tmp_path: Path) -> None:
    """The name stands in another table; the file of its dossiers is called after it."""
    petitions = "MaPAKN,DonViXuLy,NgayGui\nP1,Sở Y tế,03/04/2023 08:00\n"
    units = drafted(tmp_path, so_y_te_thang_4=dossiers(("H98.07", "H98.07", 9)), pakn=petitions)
    assert units["H98.07"]["name"] == "Sở Y tế"
    assert "Sở Y tế" not in units


def test_two_kinds_of_evidence_are_sure(tmp_path: Path) -> None:
    catalogue = "MaTTHC,TenTTHC,MucDoDVC,CapThucHien,CoQuanThucHien\n1.000007,Bảy,Toàn trình,so,Sở Y tế\n"
    rows = dossiers(("H98.07", "H98.07", 9), procedure="1.000007")
    unit = drafted(tmp_path, so_y_te_thang_4=rows, thutuc=catalogue)["H98.07"]
    assert (unit["sure"], unit["checks"]) == ("high", [])


def test_an_abbreviation_is_another_name(tmp_path: Path) -> None:
    catalogue = "MaTTHC,TenTTHC,MucDoDVC,CapThucHien,CoQuanThucHien\n1.000009,Chín,Toàn trình,so,Sở KH&ĐT\n"
    units = drafted(tmp_path, hoso=dossiers(("H98.04", "Sở Kế hoạch và Đầu tư", 5)), thutuc=catalogue)
    assert (units["H98.04"]["other_names"], units["H98.04"]["checks"]) == (["Sở KH&ĐT"], ["names"])


def test_the_code_of_a_service_centre_names_none_of_its_units(tmp_path: Path) -> None:
    """Ten dossiers of each of three departments bear the code of the centre."""
    centre = [("H98.60", name, 10) for name in ("Sở Y tế", "Sở Nội vụ", "Sở Tư pháp")]
    units = drafted(tmp_path, hoso=dossiers(*centre))
    assert units["H98.60"]["checks"][0] == "shared_counter"
    assert {units[name]["dossiers"] for name in ("Sở Y tế", "Sở Nội vụ", "Sở Tư pháp")} == {10}
    assert units["Sở Y tế"]["checks"] == ["no_code"]


def test_a_centre_with_the_code_of_the_province_is_a_unit_of_its_own(tmp_path: Path) -> None:
    units = drafted(tmp_path, hoso=dossiers(("H98", "Trung tâm Phục vụ hành chính công", 6), ("H98.07", "Sở Y tế", 9)))
    centre = units["Trung tâm Phục vụ hành chính công"]
    assert (centre["dossiers"], centre["parent"], centre["checks"]) == (6, "H98", ["no_code", "level"])
    assert units["H98"]["dossiers"] == 0


def test_an_office_inside_a_unit_is_another_name_of_it(tmp_path: Path) -> None:
    inside = [("H98.20", "UBND huyện Hai", 9), ("H98.20", "Phòng Tư pháp huyện Hai", 6)]
    units = drafted(tmp_path, hoso=dossiers(*inside))
    assert units["H98.20"]["dossiers"] == 15
    assert units["H98.20"]["other_names"] == ["Phòng Tư pháp huyện Hai"]


def test_two_communes_of_one_name_keep_their_codes(tmp_path: Path) -> None:
    both = [("H98.20.01", "UBND xã Tân An", 6), ("H98.21.03", "UBND xã Tân An", 4)]
    units = drafted(tmp_path, hoso=dossiers(*both))
    assert [(units[c]["name"], units[c]["dossiers"]) for c in ("H98.20.01", "H98.21.03")] == [
        ("UBND xã Tân An", 6), ("UBND xã Tân An", 4),
    ]  # fmt: skip


def test_without_codes_the_district_behind_a_name_is_its_parent(tmp_path: Path) -> None:
    bare = [("X", "UBND huyện Bình Sơn", 4), ("X", "UBND xã Tân An - huyện Bình Sơn", 3), ("X", "Xã Lạ", 3)]
    units = drafted(tmp_path, hoso=dossiers(*bare))
    assert units["UBND xã Tân An - huyện Bình Sơn"]["parent"] == "UBND huyện Bình Sơn"
    assert units["Xã Lạ"]["checks"] == ["no_code", "parent"]


def test_without_codes_the_file_of_a_district_is_the_parent(tmp_path: Path) -> None:
    units = drafted(
        tmp_path, huyen_binh_son=dossiers(("X", "Xã Tân An", 3)), khac=dossiers(("Y", "UBND huyện Bình Sơn", 4))
    )
    assert units["Xã Tân An"]["parent"] == "UBND huyện Bình Sơn"


def test_the_name_of_the_province_stands_behind_others(tmp_path: Path) -> None:
    units = drafted(tmp_path, hoso=dossiers(("H98.07", "Sở Y tế tỉnh Vân Hải", 4)))
    assert (units["H98"]["name"], units["H98"]["level"]) == ("UBND tỉnh Vân Hải", "tinh")


def test_a_code_of_another_province_is_doubted(tmp_path: Path) -> None:
    units = drafted(tmp_path, hoso=dossiers(("H98.07", "Sở Y tế", 30), ("G22.01", "Cục Lạ", 2)))
    assert units["G22.01"]["checks"][0] == "other_province"
    assert units["G22.01"]["sure"] == "low"
    assert set(units) == {"H98", "H98.07", "G22.01"}


def test_what_may_be_a_person_is_not_proposed(tmp_path: Path) -> None:
    units = drafted(tmp_path, hoso=dossiers(("H98.07", "Sở Y tế", 4), ("X", "Nguyễn Mẫu 0912345678", 1)))
    assert set(units) == {"H98", "H98.07"}


def test_a_table_that_is_there_is_kept_and_added_to(tmp_path: Path) -> None:
    table = (
        "MaDonVi,TenDonVi,Cap,DonViCha,TenKhac,HieuLucTu,HieuLucDen,DonViKeThua,CapBanSaoDienTu\n"
        "H98,UBND tỉnh Thử,tinh,,,,,,\nH98.07,Sở Y tế,so,H98,SYT,01/01/2021,,,1\n"
        "H98.06,Sở Cũ,so,H98,,,28/02/2022,H98.07,\n"
    )
    rows = dossiers(("H98.07", "SYT", 4), ("H98.08", "Sở Tư pháp", 40))
    units = drafted(tmp_path, units=table, hoso=rows)
    assert {code: unit["sure"] for code, unit in units.items()} == {
        "H98": "kept", "H98.07": "kept", "H98.06": "kept", "H98.08": "high",
    }  # fmt: skip
    assert units["H98.06"]["valid_to"] == "2022-02-28"
    assert units["H98.06"]["successors"] == ["H98.07"]
    assert units["H98.07"]["dossiers"] == 4


def test_a_misspelt_name_goes_to_the_unit_of_its_code(tmp_path: Path) -> None:
    units = drafted(tmp_path, units=TABLE, hoso=dossiers(("H98.20.01", "UBND xã Baa", 4), ("H98.07", "Sở Y tế", 9)))
    unit = units["H98.20.01"]
    assert (unit["other_names"], unit["dossiers"], unit["checks"]) == (["UBND xã Baa"], 4, ["names"])
    assert set(units) == {"H98", "H98.07", "H98.08", "H98.20", "H98.20.01", "H98.20.02"}


def test_nothing_to_draft_from(tmp_path: Path) -> None:
    put(tmp_path, thutuc="MaTTHC,TenTTHC,MucDoDVC\n1.000007,Bảy,Toàn trình\n")
    tthc("ingest", tmp_path / "exports", "--workspace", tmp_path, "--quiet")
    ended = tthc("units", "propose", "--workspace", tmp_path)
    assert (ended.code, (tmp_path / "units.xlsx").exists()) == (3, False)


TABLE = (
    "MaDonVi,TenDonVi,Cap,DonViCha\nH98,UBND tỉnh Thử,tinh,\nH98.07,Sở Y tế,so,H98\nH98.08,Sở Tư pháp,so,H98.07\n"
    "H98.20,UBND huyện Hai,huyen,H98\nH98.20.01,UBND xã Ba,xa,H98\nH98.20.02,Phường Tư,huyen,H98.20\n"
)


def test_a_check_tells_names_parents_levels_and_idle_units(tmp_path: Path) -> None:
    """Eight dossiers of Nơi lạ go by the code of Sở Y tế; three of Nơi nào by none. Sở Tư pháp stands below another
    department; xã Ba is coded below huyện Hai and stands below the province; Phường Tư is said to be a district."""
    taken_in(
        tmp_path, units=TABLE,
        hoso=dossiers(
            ("H98.07", "H98.07", 5), ("H98.07", "Nơi lạ", 8), ("X", "Nơi nào", 3), ("H98.07", "UBND xã Ba", 4)
        ),
    )  # fmt: skip
    ended = tthc("units", "check", "--workspace", tmp_path, "--json")
    assert ended.code == 1
    found = {(row[0], row[1] or row[2]) for row in ended.json["rows"]}
    assert found == {
        ("unmatched", "Nơi nào"), ("unmatched_code", "Nơi lạ"), ("code_of_another", "H98.20.01"),
        ("parent_height", "H98.08"), ("parent_height", "H98.20.02"), ("parent_code", "H98.08"),
        ("parent_code", "H98.20.01"),
        ("level_name", "H98.20.02"), ("no_dossiers", "H98.08"), ("no_dossiers", "H98.20"),
        ("no_dossiers", "H98.20.02"),
    }  # fmt: skip


def book(folder: Path, sheets: dict[str, list[list[str]]]) -> Path:
    """A workbook of dossiers without a column of units: (heading, rows) by sheet."""
    made = Workbook()
    made.remove(made.worksheets[0])
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in [["Mã hồ sơ", "Mã TTHC", "Ngày tiếp nhận", "Ngày hẹn trả"], *rows]:
            sheet.append(row)
    folder.mkdir(parents=True, exist_ok=True)
    made.save(folder / "bao_cao.xlsx")
    return folder


def row(code: str) -> list[str]:
    return [code, "1.000001", "03/04/2023 08:00", "10/04/2023 16:30"]


def test_names_of_sheets_are_units(tmp_path: Path) -> None:
    sheets = {name: [row(f"{name[-1]}-{n}") for n in range(4)] for name in ("UBND xã Tân An", "Sở Nội vụ")}
    book(tmp_path / "exports", sheets)
    units = drafted(tmp_path)
    assert (units["UBND xã Tân An"]["dossiers"], units["UBND xã Tân An"]["level"]) == (4, "xa")
    assert (units["Sở Nội vụ"]["dossiers"], units["Sở Nội vụ"]["parent"]) == (4, "ALL")


def test_titles_of_groups_of_rows_are_units(tmp_path: Path) -> None:
    rows = [["I. Sở Y tế"], row("H98.07-230403-0001"), row("H98.07-230403-0002"), ["II. UBND huyện Hai"]]
    book(tmp_path / "exports", {"Quý II": [*rows, row("H98.20-230403-0001")]})
    units = drafted(tmp_path)
    assert (units["H98.07"]["name"], units["H98.07"]["dossiers"]) == ("Sở Y tế", 2)
    assert (units["H98.20"]["name"], units["H98.20"]["dossiers"]) == ("UBND huyện Hai", 1)


def test_communes_in_the_sheet_of_a_district_stand_below_it(tmp_path: Path) -> None:
    """The sheet is named after the district; its rows name the communes themselves."""
    made = Workbook()
    sheet = made.worksheets[0]
    sheet.title = "Huyện Bình Sơn"
    sheet.append(["Mã hồ sơ", "Mã TTHC", "Ngày tiếp nhận", "Ngày hẹn trả", "Đơn vị xử lý"])
    for number, unit in enumerate(["Xã Tân An", "Xã Tân An", "UBND huyện Bình Sơn"]):
        sheet.append([*row(f"X-{number}"), unit])
    (tmp_path / "exports").mkdir()
    made.save(tmp_path / "exports" / "ho_so.xlsx")
    assert drafted(tmp_path)["Xã Tân An"]["parent"] == "UBND huyện Bình Sơn"
