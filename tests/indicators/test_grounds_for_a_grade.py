"""A unit with nothing to count, or assessed on too small a part of the points, has no grade and no rank."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.command import component, scored, taken_in, tthc

UNITS = (
    "MaDonVi,TenDonVi,Cap,DonViCha,CapBanSaoDienTu\nH99,UBND tỉnh,tinh,,\nH99.01,Sở Một,so,H99,1\n"
    "H99.02,Sở Hai,so,H99,1\nH99.03,Sở Ba,so,H99,\n"
)
PROCEDURES = (
    "MaTTHC,TenTTHC,MucDoDVC,TraKetQua,CoPhiLePhi,DoiTuongThucHien,CapThucHien,CoQuanThucHien,SoThanhPhanCongKhai\n"
    "1.000001,Một,Toàn trình,x,x,1,so,Sở Một;Sở Hai,7\n"
)
DOSSIERS = (
    "MaHoSo,MaTTHC,NgayTiepNhan,NgayHenTra,NgayKetThucXuLy,TrangThaiHoSo,DonViXuLy,KenhThucHien,DaDongBo,"
    "DuongDanTepTinKetQua,Gia,DuocThanhToanTrucTuyen,HoSoCoThanhPhanSoHoa,DuocTaiSuDung,DuocLayTuKhoDMQG,MaCSDL\n"
    "H99.01-230403-0001,1.000001,03/04/2023 08:00,10/04/2023 16:30,07/04/2023 15:00,9,H99.01,2,1,kq,1000,1,1,1,1,DC\n"
)
COPIES = "MaDonVi,Ky,SoBanSao\nH99.01,2023Q2,3\nH99.03,2023Q2,5\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return taken_in(tmp_path_factory.mktemp("grounds"), units=UNITS, tthc=PROCEDURES, ho_so=DOSSIERS)


def unit(card: dict[str, Any], code: str) -> tuple[object, object, object]:
    found = next(u for u in card["units"] if u["id"] == code)
    return found["grade"], found["rank"], found["ungraded_reason"]


def test_a_unit_with_dossiers_is_graded(folder: Path) -> None:
    assert unit(scored(folder, "2023Q2"), "H99.01") == ("excellent", 1, None)


def test_a_unit_with_procedures_alone_has_nothing_to_count(folder: Path) -> None:
    card = scored(folder, "2023Q2")
    assert component(card, "H99.02", "3.1")["denominator"] == 1
    assert unit(card, "H99.02") == (None, None, "nothing_to_count")


def test_the_share_that_must_be_assessed_is_a_setting(folder: Path) -> None:
    settings = folder / "tthc.toml"
    settings.write_text("[scoring]\ngrade_from = 90\n", encoding="utf-8")
    try:
        assert unit(scored(folder, "2023Q2"), "H99.01") == (None, None, "too_little_assessed")
    finally:
        settings.unlink()


def test_whatif_and_compare_cope_with_no_grade(folder: Path) -> None:
    scored(folder, "2023Q2")
    found = tthc("whatif", "H99.02", "--quarter", "2023Q2", "--workspace", folder)
    assert "Chưa đủ căn cứ xếp loại" in found.out
    assert "cao nhất" not in found.out
    assert tthc("compare", "2023Q2", "2023Q2", "--workspace", folder).code == 0


def test_units_that_should_offer_copies_are_those_of_the_unit_table(tmp_path: Path) -> None:
    taken_in(tmp_path, units=UNITS, tthc=PROCEDURES, ho_so=DOSSIERS, ban_sao=COPIES)
    card = scored(tmp_path, "2023Q2")
    counts = {u: (component(card, u, "4.3")["numerator"], component(card, u, "4.3")["denominator"])
              for u in ("H99", "H99.01", "H99.02", "H99.03")}  # fmt: skip
    assert counts == {"H99": (1, 2), "H99.01": (1, 1), "H99.02": (0, 1), "H99.03": (0, 0)}
    told = tthc("explain", "H99", "4.3", "--quarter", "2023Q2", "--workspace", tmp_path)
    assert "units.csv" in told.out
