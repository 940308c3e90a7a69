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


def test_marks_by_nine_criteria_are_not_missed_by_decision_766(said) -> None:  # type: ignore[no-untyped-def]
    out = said(units=UNITS, so=TYPED + "H99.01,2023Q2,c7,1,2,VP\nH99.01,2023Q2,c5:received,1,2,VP\n")
    assert "c7" not in out
    assert "c5" not in out


def test_typed_figures_of_other_periods_only(said) -> None:  # type: ignore[no-untyped-def]
    assert "không có của kỳ 2023Q2" in said(units=UNITS, so=TYPED + "H99.01,2023Q1,1.1,1,2,VP\n")


def test_units_without_a_dossier_are_named(said) -> None:  # type: ignore[no-untyped-def]
    assert "1 đơn vị không có hồ sơ nào trong dữ liệu của kỳ: Sở Hai." in said(units=UNITS, ho_so=DOSSIERS)


def test_a_period_without_dossiers(said) -> None:  # type: ignore[no-untyped-def]
    assert "Không có hồ sơ nào tiếp nhận hay giải quyết trong kỳ 2022Q4." in said("2022Q4", units=UNITS, ho_so=DOSSIERS)


def test_no_unit_table(said) -> None:  # type: ignore[no-untyped-def]
    assert "không có danh mục đơn vị" in said(ho_so=DOSSIERS)


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


DAYS = "03/04/2023 08:00,10/04/2023 16:30,07/04/2023 15:00,9"
HEAD = "MaHoSo,MaTTHC,NgayTiepNhan,NgayHenTra,NgayKetThucXuLy,TrangThaiHoSo,DonViXuLy\n"
GOOD = f"H99.01-230403-0001,1.000001,{DAYS},H99.01\n"
PROCEDURES = "MaTTHC,TenTTHC,MucDoDVC,CapThucHien,CoQuanThucHien\n1.000001,Một,Toàn trình,so,Sở Một\n"


def test_data_that_begin_after_the_period(said) -> None:  # type: ignore[no-untyped-def]
    late = "H99.01-230502-0001,1.000001,04/05/2023 08:00,10/05/2023 16:30,07/05/2023 15:00,9,H99.01\n"
    out = said(units=UNITS, ho_so=HEAD + late)
    assert "được tiếp nhận ngày 04/05/2023, sau khi kỳ bắt đầu (01/04/2023)" in out


def test_data_that_begin_on_the_first_working_day_are_whole(said) -> None:  # type: ignore[no-untyped-def]
    assert "sau khi kỳ bắt đầu" not in said(units=UNITS, ho_so=HEAD + GOOD)


def test_a_typed_figure_that_is_not_used_because_the_data_tell(said) -> None:  # type: ignore[no-untyped-def]
    out = said(units=UNITS, so=TYPED + "H99.01,2023Q2,2.1,1,2,VP\n", ho_so=HEAD + GOOD)
    assert "1 số nhập tay không được dùng vì dữ liệu đã cho biết: 2.1 H99.01." in out


def test_finished_dossiers_without_a_receipt_date(said) -> None:  # type: ignore[no-untyped-def]
    lost = "H99.01-230403-0002,1.000001,,10/04/2023 16:30,07/04/2023 15:00,9,H99.01\n"
    before = "H99.01-230103-0003,1.000001,,10/01/2023 16:30,07/01/2023 15:00,9,H99.01\n"
    assert "1 hồ sơ đã xong (trong kỳ, hoặc không rõ ngày xong) không có ngày tiếp nhận" in said(
        units=UNITS, ho_so=HEAD + GOOD + lost + before
    )


def test_an_ended_units_typed_figure_over_the_data_of_its_successor(said) -> None:  # type: ignore[no-untyped-def]
    units = (
        "MaDonVi,TenDonVi,Cap,DonViCha,HieuLucTu,HieuLucDen,DonViKeThua\nH99,UBND tỉnh,tinh,,,,\n"
        "H99.01,Sở Một,so,H99,,,\nH99.03,Sở Cũ,so,H99,,31/03/2023,H99.01\n"
    )
    out = said(
        units=units, so="MaDonVi,Ky,ChiTieu,TuSo,MauSo,Nguon,GhiDe\nH99.03,2023Q2,2.1,1,2,VP,1\n", ho_so=HEAD + GOOD
    )
    assert "2.1 ghi theo mã đã hết hiệu lực H99.03 đang thay cho dữ liệu của đơn vị kế thừa H99.01" in out


def test_procedure_codes_that_the_catalogue_lacks(said) -> None:  # type: ignore[no-untyped-def]
    strange = "".join(f"H99.01-230403-000{i},{code},{DAYS},H99.01\n" for i, code in ((2, "1.000098"), (3, "1.000099")))
    more = f"H99.01-230403-0004,1.000099,{DAYS},H99.01\n"
    out = said(units=UNITS, tthc=PROCEDURES, ho_so=HEAD + GOOD + strange + more)
    assert "2 mã thủ tục của 3 hồ sơ tiếp nhận trong kỳ không có trong danh mục thủ tục: 1.000099, 1.000098." in out


def test_an_agency_of_the_catalogue_that_matches_no_unit(said) -> None:  # type: ignore[no-untyped-def]
    out = said(units=UNITS, tthc=PROCEDURES.replace("Sở Một\n", "Sở Lạ\n"), ho_so=HEAD + GOOD)
    assert 'cơ quan thực hiện "Sở Lạ" không khớp đơn vị nào (1 thủ tục' in out


def test_the_share_of_dossiers_that_files_tell_of(said) -> None:  # type: ignore[no-untyped-def]
    told = HEAD.strip() + ",DuocTaiSuDung\n" + GOOD.strip() + ",1\n"
    untold = HEAD + "".join(f"H99.02-230403-000{i},1.000001,{DAYS},H99.02\n" for i in range(1, 4))
    assert "UBND tỉnh chỉ được chấm trên phần hồ sơ mà tệp nguồn có đủ cột: 4.4 (25%)" in said(
        units=UNITS, ho_so=told, ho_so_thieu=untold
    )


def test_units_that_need_not_offer_copies_are_named(said) -> None:  # type: ignore[no-untyped-def]
    out = said(units=UNITS, ban_sao="MaDonVi,Ky,SoBanSao\nH99.01,2023Q2,3\n", ho_so=HEAD + GOOD)
    assert "2 đơn vị không có trong bảng bản sao chứng thực" in out


def test_totals_of_an_unknown_unit(said) -> None:  # type: ignore[no-untyped-def]
    out = said(units=UNITS, bc="MaDonVi,Ky,TongTiepNhan\nH99.77,2023Q2,3\n", ho_so=HEAD + GOOD)
    assert "1 đơn vị trong số của hệ thống báo cáo không khớp đơn vị nào trong kỳ: H99.77." in out
