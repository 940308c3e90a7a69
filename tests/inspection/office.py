"""A small office whose dossiers, letters, log, slips and petitions come from tests/cases/inspection.yaml."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from tests.command import taken_in
from tests.statements.at_a_moment import cases, csv

CASES: list[dict[str, Any]] = cases("inspection.yaml")
AT = datetime(2024, 4, 30, 12)
UNITS = """MaDonVi,TenDonVi,Cap,DonViCha
H98,UBND tỉnh Thử,tinh,
H98.01,Sở Một,so,H98
H98.20,UBND huyện Hai,huyen,H98
"""
PROCEDURES = """MaTTHC,TenTTHC,TenLinhVuc,ThoiHanGiaiQuyet,DonViThoiHan,CoPhiLePhi,TraKetQua
1.000001,Cấp phép,Xây dựng,5,Ngày làm việc,Có,Có
1.000002,Xác nhận,Hộ tịch,5,Ngày làm việc,Không,Có
1.000003,Đăng ký,Đất đai,5,Ngày làm việc,Có,Có
"""
USUAL = {
    "MaTTHC": "1.000001", "DonViXuLy": "H98.01", "NgayNopHoSo": "2024-04-01 07:30", "NgayTiepNhan": "2024-04-01 08:00",
    "NgayHenTra": "2024-04-08 17:00", "NgayKetThucXuLy": "2024-04-05 10:00", "NgayTra": "2024-04-05 15:00",
    "TrangThaiHoSo": 10, "DuongDanTepTinKetQua": "kq.pdf", "HoSoCoThanhPhanSoHoa": 1,
}  # fmt: skip
HEAD = ",".join([
    "MaHoSo", *USUAL, "SoLanBoSung", "NgayBoSung", "NgayTiepNhanBoSung", "NgayTuChoi", "NgayHenTraTruoc",
    "NgayHenTraMoi", "Gia",
])  # fmt: skip
LETTERS = "MaHoSo,SoVanBan,NgayBanHanh,NgayHenTraCu,NgayHenTraMoi"
LOG = "MaHoSo,ThoiDiemXuLy,TrangThai,PhongBanXuLy,NgayBatDau,NgayKetThucTheoQuyDinh"


def code(number: int) -> str:
    return f"H98.01-240401-{number:04d}"


def _rows(head: str, key: str) -> list[dict[str, Any]]:
    names = head.split(",")[1:]
    return [
        {"MaHoSo": code(number), **dict(zip(names, row, strict=True))}
        for number, case in enumerate(CASES, 1) for row in case.get(key, ())
    ]  # fmt: skip


def _log(rows: list[dict[str, Any]]) -> str:
    """With seconds, which the other files do without."""
    lines = [
        [f"{v:%d/%m/%Y %H:%M:%S}" if isinstance(v, datetime) else str(v or "") for v in _moments(row).values()]
        for row in rows
    ]  # fmt: skip
    return "\n".join([LOG, *(",".join(line) for line in lines)]) + "\n"


def _moments(row: dict[str, Any]) -> dict[str, Any]:
    def told(value: Any) -> Any:
        try:
            return datetime.fromisoformat(value)
        except (TypeError, ValueError):
            return value

    return {name: told(value) for name, value in row.items()}


def files() -> dict[str, str]:
    """The exports: case n is dossier n."""
    numbered = list(enumerate(CASES, 1))
    dossiers = [{"MaHoSo": code(n), **USUAL, **case.get("dossier", {})} for n, case in numbered]
    slips = [{"MaPhieu": f"P{n}", "MaHoSo": code(n), "NgayDanhGia": "2024-04-06"} for n, c in numbered if c.get("slip")]
    petitions = [
        {"MaPAKN": f"K{n}", "DonViXuLy": "H98.01", "NgayGui": "2024-04-06 09:00", "MaHoSo": code(n)}
        for n, case in numbered if case.get("petition")
    ]  # fmt: skip
    return {
        "units": UNITS, "procedures": PROCEDURES, "hoso": csv(HEAD, dossiers),
        "so_xin_loi": csv(LETTERS, _rows(LETTERS, "letters")), "tien_trinh": _log(_rows(LOG, "log")),
        "phieu": csv("MaPhieu,MaHoSo,NgayDanhGia", slips),
        "phan_anh": csv("MaPAKN,DonViXuLy,NgayGui,MaHoSo", petitions),
    }  # fmt: skip


def office(folder: Path) -> Path:
    """A workspace that holds them."""
    return taken_in(folder, **files())
