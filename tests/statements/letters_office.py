"""A small office whose dossiers, letters and log come from the case file, on Wednesday 10 April 2024, 16:00."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import yaml

from tests.command import taken_in, tthc

AT = "2024-04-10T16:00"
UNITS = """MaDonVi,TenDonVi,Cap,DonViCha
H98,UBND tỉnh Thử,tinh,
H98.01,Sở Một,so,H98
H98.20,UBND huyện Hai,huyen,H98
"""
CASES: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parents[1] / "cases" / "letters.yaml").read_text(encoding="utf-8")
)
LETTERS = "MaHoSo,SoVanBan,NgayBanHanh,NgayHenTraCu,NgayHenTraMoi,MaNguyenNhan,LyDo"
LOG = "MaHoSo,ThoiDiemXuLy,TrangThai,PhongBanXuLy,NoiDungXuLy"
SECRET = "Trần Bí Mật"


def code(number: int) -> str:
    return f"H98.01-240401-{number:04d}"


def _cell(value: Any) -> str:
    if isinstance(value, datetime):
        return value.strftime("%d/%m/%Y %H:%M")
    if isinstance(value, date):
        return value.strftime("%d/%m/%Y")
    try:
        return datetime.fromisoformat(str(value)).strftime("%d/%m/%Y %H:%M")
    except ValueError:
        return "" if value is None else str(value)


def _csv(head: str, rows: list[list[Any]]) -> str:
    return "\n".join([head, *(",".join(map(_cell, row)) for row in rows)]) + "\n"


def files() -> dict[str, str]:
    """The exports of all cases: case n is dossier n."""
    names = sorted({name for case in CASES for name in case["dossier"]})
    dossiers, letters, log = [], [], []
    for number, case in enumerate(CASES, 1):
        own = [case["dossier"].get(name) for name in names]
        dossiers.append([code(number), "1.000001", "Cấp phép", "H98.01", SECRET, "12 thôn Kín", *own])
        letters += [[code(number), *letter, f"Ông {SECRET} nộp thiếu"] for letter in case.get("letters", ())]
        log += [[code(number), *step] for step in case.get("log", ())]
    head = ",".join(["MaHoSo", "MaTTHC", "TenTTHC", "DonViXuLy", "ChuHoSo", "DiaChi", *names])
    return {
        "units": UNITS, "hoso": _csv(head, dossiers), "so_thu_xin_loi": _csv(LETTERS, letters),
        "tien_trinh": _csv(LOG, log),
    }  # fmt: skip


def office(folder: Path, settings: str = "") -> Path:
    (folder / "tthc.toml").write_text(settings, encoding="utf-8")
    return taken_in(folder, **files())


def listed(folder: Path, *options: str) -> dict[str, dict[str, Any]]:
    """The rows of the list `letters`, by dossier and column."""
    ended = tthc("list", "letters", "--as-of", AT, "--workspace", folder, "--json", *options)
    assert ended.code == 0, ended.err
    names = [column["id"] for column in ended.json["columns"]]
    rows = [dict(zip(names, row, strict=True)) for row in ended.json["rows"]]
    return {row["dossier"]: row for row in rows}
