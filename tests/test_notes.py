"""What `tthc score` says besides the numbers: figures that were not used, data that seem to be missing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.command import tthc

UNITS = "MaDonVi,TenDonVi,Cap,DonViCha\nH99,UBND tỉnh,tinh,\nH99.01,Sở Một,so,H99\nH99.02,Sở Hai,so,H99\n"
TYPED = "MaDonVi,Ky,ChiTieu,TuSo,MauSo,Nguon\n"
DOSSIERS = "MaHoSo,NgayTiepNhan,NgayHenTra,TrangThaiHoSo,DonViXuLy\nH99.01-230403-0001,03/04/2023,10/04/2023,4,H99.01\n"


@pytest.fixture
def said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    monkeypatch.chdir(tmp_path)

    def run(period: str = "2023Q2", **files: str) -> str:
        for name, text in files.items():
            (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
        tthc("ingest", *(f"{name}.csv" for name in files))
        return tthc("score", "--quarter", period).err

    return run


def test_a_typed_figure_of_an_unknown_unit(said) -> None:  # type: ignore[no-untyped-def]
    out = said(units=UNITS, so=TYPED + "H99.77,2023Q2,1.1,1,2,VP\nH99.01,2023Q2,1.1,1,2,VP\n")
    assert 'Số nhập tay 1.1 của "H99.77" không được dùng' in out
    assert "H99.01" not in out.replace("gần giống: H99.01", "")


def test_a_typed_figure_of_an_unknown_indicator(said) -> None:  # type: ignore[no-untyped-def]
    out = said(units=UNITS, so=TYPED + "H99.01,2023Q2,9.9,1,2,VP\n")
    assert "Số nhập tay 9.9 của H99.01 không được dùng: bộ quy tắc không có chỉ số này." in out


def test_typed_figures_of_other_periods_only(said) -> None:  # type: ignore[no-untyped-def]
    assert "không có của kỳ 2023Q2" in said(units=UNITS, so=TYPED + "H99.01,2023Q1,1.1,1,2,VP\n")


def test_units_without_a_dossier_are_named(said) -> None:  # type: ignore[no-untyped-def]
    assert "1 đơn vị không có hồ sơ nào trong dữ liệu của kỳ: Sở Hai." in said(units=UNITS, ho_so=DOSSIERS)


def test_a_period_without_dossiers(said) -> None:  # type: ignore[no-untyped-def]
    assert "Không có hồ sơ nào tiếp nhận hay giải quyết trong kỳ 2022Q4." in said("2022Q4", units=UNITS, ho_so=DOSSIERS)


def test_no_unit_table(said) -> None:  # type: ignore[no-untyped-def]
    assert "Không có danh mục đơn vị" in said(ho_so=DOSSIERS)


def test_a_period_that_has_not_begun_is_refused(said) -> None:  # type: ignore[no-untyped-def]
    assert "kỳ 2099Q1 chưa bắt đầu (từ 01/01/2099)" in said("2099Q1", units=UNITS, ho_so=DOSSIERS)


def test_a_name_from_an_export_cannot_steer_the_terminal(said) -> None:  # type: ignore[no-untyped-def]
    rows = DOSSIERS.replace("H99.01\n", "Phòng \x1b[31mĐỏ\x1b]0;x\x07\n")
    assert "\x1b" not in said(units=UNITS, ho_so=rows)


def test_columns_that_are_not_used_are_named(said, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "ho_so.csv").write_text(
        "STT,MaHoSo,NgayTiepNhan,Cột lạ,DonViXuLy\n1,H99.01-230403-0001,03/04/2023,x,H99.01\n", encoding="utf-8"
    )
    out = tthc("ingest", "ho_so.csv").err
    assert "ho_so.csv: các cột không dùng: Cột lạ." in out


def test_totals_of_some_months_of_the_quarter_only(said) -> None:  # type: ignore[no-untyped-def]
    months = ["H99.01,2023-04,20", "H99.01,2023-05,20", "H99.01,2023-06,9", "H99.02,2023-04,100", "H99.02,2023-06,90"]
    out = said(units=UNITS, ho_so=DOSSIERS, bc="MaDonVi,Ky,TongTiepNhan\n" + "\n".join(months) + "\n")
    assert "1 đơn vị có số của hệ thống báo cáo cho một phần kỳ 2023Q2, chưa đủ các tháng: H99.02." in out


def test_names_that_match_no_unit_come_with_what_to_do_said_once(said) -> None:  # type: ignore[no-untyped-def]
    two = DOSSIERS + DOSSIERS.splitlines()[1].replace("0001", "0002").replace(",H99.01", ",Phòng Lạ") + "\n"
    out = said(units=UNITS, hs=two + two.splitlines()[1].replace("0001", "0003").replace(",H99.01", ",Ban Lạ") + "\n")
    assert out.count("không khớp đơn vị nào: 1 hồ sơ") == 2
    assert out.count("ghi thêm vào cột TenKhac của đúng đơn vị") == 1


def test_what_to_do_about_names_is_not_said_where_all_match(said) -> None:  # type: ignore[no-untyped-def]
    assert "TenKhac" not in said(units=UNITS, hs=DOSSIERS)
