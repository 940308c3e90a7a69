"""`tthc list officials|divisions`: what each did in a period, by hand; no points, no grade, names never stored."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.command import put, taken_in, tthc
from tests.ingest.test_personal_scan import texts_of
from tests.render.fixtures import make_card
from tthc_cli.jobs.officials import named_card

UNITS = (
    "MaDonVi,TenDonVi,Cap,DonViCha\nH99,UBND tỉnh Sông Vân,tinh,\nH99.02,Sở Công Thương,so,H99\n"
    "H99.08,Sở Tư pháp,so,H99\n"
)
DOSSIERS = """MaHoSo,MaTTHC,NgayTiepNhan,NgayHenTra,NgayKetThucXuLy,TrangThaiHoSo
H99.02-230403-0001,1.000001,03/04/2023 08:00,10/04/2023 16:30,07/04/2023 09:00,9
H99.02-230403-0002,1.000001,03/04/2023 08:00,10/04/2023 16:30,12/04/2023 10:00,9
H99.02-230403-0003,1.000001,03/04/2023 08:00,28/04/2023 16:30,,4
H99.02-230110-0004,1.000001,10/01/2023 08:00,31/03/2023 16:30,20/03/2023 09:00,9
H99.08-230601-0005,1.000001,01/06/2023 08:00,28/07/2023 16:30,01/07/2023 00:00,9
"""
LOG = """MaHoSo,NguoiXuLy,ThoiDiemXuLy,PhongBanXuLy,TrangThai,NgayBatDau,NgayKetThucTheoQuyDinh,MaCanBo
H99.02-230403-0001,Trần Bí Mật,03/04/2023 09:00,Phòng Một,2,03/04/2023 08:00,03/04/2023 12:00,CB-1
H99.02-230403-0001,Lê Kín Đáo,07/04/2023 09:00,Phòng Hai,9,03/04/2023 09:00,06/04/2023 17:00,CB-2
H99.02-230403-0002,Trần Bí Mật,03/04/2023 10:00,Phòng Một,2,03/04/2023 08:00,,CB-1
H99.02-230403-0002,Lê Kín Đáo,12/04/2023 10:00,Phòng Hai,9,03/04/2023 10:00,10/04/2023 17:00,CB-2
H99.02-230403-0003,Trần Bí Mật,04/04/2023 10:00,Phòng Một,5,03/04/2023 08:00,,CB-1
H99.02-230403-0003,Lê Kín Đáo,04/04/2023 15:00,Phòng Hai,5,04/04/2023 10:00,,CB-2
H99.02-230403-0003,Lê Kín Đáo,10/04/2023 08:00,Phòng Hai,4,04/04/2023 15:00,,CB-2
H99.02-230110-0004,Trần Bí Mật,20/03/2023 09:00,Phòng Một,9,10/01/2023 08:00,,CB-1
H99.08-230601-0005,Trần Bí Mật,30/06/2023 23:59,Phòng Một,4,01/06/2023 08:00,,CB-1
H99.08-230601-0005,Trần Bí Mật,01/07/2023 00:00,Phòng Một,9,30/06/2023 23:59,,CB-1
"""
LETTERS = (
    "MaHoSo,SoVanBan,NgayBanHanh,NgayHenTraCu,NgayHenTraMoi\n"
    "H99.02-230403-0002,12/XL,07/04/2023,10/04/2023,14/04/2023\n"
)
PETITIONS = (
    "MaPhanAnh,MaHoSo,DonViXuLy,NgayGui,NgayTuChoi,PhanLoai,KetQuaXacMinh,NgayXuLyXong\n"
    "P1,H99.02-230403-0002,H99.02,20/04/2023,,Hành vi hành chính,,\n"
    "P2,H99.02-230110-0004,H99.02,15/05/2023,,Khác,,\n"
    "P3,H99.02-230403-0001,H99.02,16/05/2023,17/05/2023,Hành vi hành chính,,\n"
    "P4,H99.02-230403-0002,H99.02,18/05/2023,,Hành vi hành chính,Sai sự thật,25/05/2023\n"
)
NAMES = "MaCanBo,DonVi,HoTen\nCB-1,,Trần Bí Mật\n"
KEEP = '[officials]\nkeep = "code"\nnames = "can_bo.csv"\n'
Q2 = ("--quarter", "2023Q2")
BY_HAND: dict[tuple[str, str], dict[str, Any]] = {
    # CB-1: bước ở hồ sơ 1 (đúng hạn), 2 (quá hạn, xin lỗi 07/04, phản ánh hành vi), 3 (yêu cầu bổ sung); hồ sơ 4 xong
    # từ quý I, nhưng phản ánh về nó đến trong kỳ. Phản ánh bị từ chối không tính; đã xác
    # minh là sai sự thật thì không phải phản ánh về hành vi.
    ("H99.02", "CB-1"): {
        "took_part": 3, "finished_count": 2, "on_time": 1, "finished_late": 1, "on_time_share": 50.0, "own_steps": 3,
        "late_steps": 0, "supplements_asked": 1, "supplemented": 1, "letters": 1, "without_letter": 0, "petitions": 3,
        "conduct": 1,
    },
    # CB-2: cùng ba hồ sơ ấy; bước của mình ở hồ sơ 1 và 2 quá hạn bước; ghi lại trạng thái 5 không phải là yêu cầu mới.
    ("H99.02", "CB-2"): {
        "took_part": 3, "finished_count": 2, "on_time": 1, "finished_late": 1, "on_time_share": 50.0, "own_steps": 4,
        "late_steps": 2, "supplements_asked": 0, "supplemented": 1, "letters": 1, "without_letter": 0, "petitions": 2,
        "conduct": 1,
    },
    # CB-1 ở đơn vị khác: bước lúc 23:59 ngày cuối kỳ tính; bước và lúc xong 00:00 ngày sau không tính.
    ("H99.08", "CB-1"): {
        "took_part": 1, "finished_count": 0, "on_time": 0, "finished_late": 0, "on_time_share": None, "own_steps": 1,
        "late_steps": 0, "supplements_asked": 0, "supplemented": 0, "letters": 0, "without_letter": 0, "petitions": 0,
        "conduct": 0,
    },
}  # fmt: skip


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("takers")
    (folder / "tthc.toml").write_text(KEEP, "utf-8")
    (folder / "can_bo.csv").write_text(NAMES, "utf-8")
    files = {"units": UNITS, "ho_so": DOSSIERS, "tien_trinh": LOG, "xin_loi": LETTERS, "phan_anh": PETITIONS}
    return taken_in(folder, **files)


def rows(folder: Path, name: str, *options: str) -> dict[tuple[str, str], dict[str, Any]]:
    ended = tthc("list", name, *options, "--json", "--workspace", folder)
    assert ended.code == 0, ended.err
    ids = [column["id"] for column in ended.json["columns"]]
    found = [dict(zip(ids, row, strict=True)) for row in ended.json["rows"]]
    who = name.removesuffix("s")
    return {(r.pop("unit"), r.pop(who)): {k: v for k, v in r.items() if k != "unit_name"} for r in found}


def test_officials_by_hand(office: Path) -> None:
    assert rows(office, "officials", *Q2) == BY_HAND


def test_divisions_by_hand(office: Path) -> None:
    """Each official sits in one division here."""
    seat = {"CB-1": "Phòng Một", "CB-2": "Phòng Hai"}
    assert rows(office, "divisions", *Q2) == {(unit, seat[who]): row for (unit, who), row in BY_HAND.items()}


def test_a_period_is_seen_at_its_end_and_never_changes(office: Path, tmp_path: Path) -> None:
    asked = ("list", "officials", *Q2, "--format", "csv", "--workspace", office, "--out")
    assert tthc(*asked, tmp_path).code == 0
    assert [p.name for p in tmp_path.iterdir()] == ["officials-2023-06-30.csv"]
    later = rows(office, "officials", *Q2, "--as-of", "2023-08-01")
    assert later["H99.08", "CB-1"] == BY_HAND["H99.08", "CB-1"], "what follows the period is not of it"


@pytest.mark.parametrize(
    ("quarter", "words"),
    [("2023Q2", ("--subjects officials",)), ("2025Q3", ("118/2025/NĐ-CP", "335/2025/NĐ-CP", "không tính mức ấy"))],
)
def test_where_the_grade_is_or_why_there_is_none(office: Path, quarter: str, words: tuple[str, ...]) -> None:
    told = " ".join(tthc("list", "officials", "--quarter", quarter, "--workspace", office).out.split())
    assert [word for word in words if word not in told] == []


@pytest.mark.parametrize("kind", ["officials", "divisions"])
def test_a_score_after_the_decree_points_to_the_list(office: Path, kind: str) -> None:
    ended = tthc("score", "--quarter", "2025Q3", "--subjects", kind, "--workspace", office)
    assert ended.code == 3
    assert [word for word in ("335/2025/NĐ-CP", f"tthc list {kind}", "--rulebook") if word not in ended.err] == []


def test_after_the_decree_units_are_scored_by_decision_766(office: Path) -> None:
    ended = tthc("score", "--quarter", "2025Q3", "--json", "--workspace", office)
    assert ended.json["rulebook"]["id"] == "qd766"


def test_names_are_joined_when_printing(office: Path, tmp_path: Path) -> None:
    asked = ("list", "officials", *Q2, "--workspace", office)
    assert "Trần Bí" in tthc(*asked).out
    assert tthc(*asked, "--format", "xlsx", "--out", tmp_path).code == 0
    sheet = load_workbook(next(tmp_path.glob("*.xlsx"))).worksheets[0]
    assert "Trần Bí Mật" in {cell.value for row in sheet.iter_rows() for cell in row}
    shown = tthc("score", *Q2, "--subjects", "officials", "--workspace", office).out
    assert "Trần Bí Mật (CB-1)" in " ".join(shown.split())


def test_names_are_stored_nowhere_and_programs_get_codes(office: Path) -> None:
    asked = ("list", "officials", *Q2, "--workspace", office)
    assert tthc("score", *Q2, "--subjects", "officials", "--workspace", office).code == 0
    told = [tthc(*asked, "--json").out, tthc("explain", "H99.02/CB-1", "c1", *Q2, "--subjects", "officials",
            "--workspace", office).out]  # fmt: skip
    places = (office / "warehouse", office / "scores", office / "logs")
    told += [texts_of(p) for place in places for p in place.rglob("*") if p.is_file()]
    assert [word for word in ("Bí Mật", "Kín Đáo") if word in "\n".join(told)] == []


@pytest.mark.parametrize("command", [("list", "officials"), ("score", "--subjects", "officials")])
def test_a_workspace_that_keeps_no_officials_answers_nothing_of_them(
    office: Path, tmp_path: Path, command: tuple[str, ...]
) -> None:
    put(tmp_path, units=UNITS, ho_so=DOSSIERS, tien_trinh=LOG)
    taken_in(tmp_path)
    ended = tthc(*command, *Q2, "--workspace", tmp_path)
    assert (ended.code, 'keep = "code"' in ended.err) == (3, True)
    settings = office / "tthc.toml"
    settings.write_text("", "utf-8")
    try:
        assert 'keep = "code"' in tthc(*command, *Q2, "--workspace", office).err
    finally:
        settings.write_text(KEEP, "utf-8")


def test_a_code_with_a_dash_is_named_whole() -> None:
    """The code and the unit stand beside each other with a dash between them, and codes may hold one."""
    card = make_card([("H99.01/A – 1", "A – 1 – Sở Một", "so", "H99.01", {}, {})])
    named = named_card(replace(card, subjects="officials"), {"A – 1": "Trần Thử"})
    assert named.units[0].name == "Trần Thử (A – 1) – Sở Một"
