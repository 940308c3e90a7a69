"""Compliance cost (tests/cases/cost.yaml), and the lists about procedures: worked by hand."""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.command import put, taken_in, tthc
from tests.statements.at_a_moment import CASES, cases, log_rows
from tests.statements.at_a_moment import csv as csv_of
from tests.statements.test_overdue import UNITS

COST = cases("cost.yaml")
AT = ("--as-of", "2024-04-10T16:00")
PROCEDURES = (
    "MaTTHC,TenTTHC,TenLinhVuc,MucDoDVC,HieuLucDen,LyDoMotPhan\n"
    "1.000001,Đăng ký khai sinh,Hộ tịch,Một phần,,\n"
    "1.000002,Đăng ký thường trú,Cư trú,Toàn trình,,\n"
    "1.000003,Cấp giấy phép,Công thương,Một phần,,Phải kiểm tra thực địa (Luật X)\n"
    "1.000004,Cấp lại giấy phép,Công thương,,,\n"
    "1.000005,Thủ tục đã hết hiệu lực,Công thương,Một phần,2023-12-31,\n"
)
STEP_HEAD = (
    "MaTTHC,PhuongAn,SoThuTu,NhomCongViec,CongViec,SoGio,ThuNhapGio,ThueDichVu,PhiLePhi,KenhThucHien,SoLanMotNam,"
    "SoDoiTuong,CanCu"
)
DOSSIER_HEAD = "MaHoSo,MaTTHC,DonViXuLy,NgayTiepNhan,NgayHenTra,NgayKetThucXuLy,TrangThaiHoSo,KenhThucHien,Gia"
_GROUPS = {1: "Chuẩn bị hồ sơ", 2: "Nộp hồ sơ", 3: "Nộp phí, lệ phí", 5: "Công việc khác"}


def table(head: str, rows: list[list[Any]]) -> str:
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerows([head.split(","), *(["" if c is None else c for c in row] for row in rows)])
    return stream.getvalue()


def dossier(number: int, procedure: str = "1.000001", channel: str = "", fee: Any = None, **more: str) -> list[Any]:
    own = {
        "received": "02/04/2024 08:00",
        "due": "09/04/2024 17:00",
        "finished": "05/04/2024 10:00",
        "status": "9",
    } | more
    code = f"H98.01-240402-{number:04d}"
    return [code, procedure, "H98.01", own["received"], own["due"], own["finished"], own["status"], channel, fee]


def of_case(case: dict[str, Any]) -> dict[str, str]:
    """The files of a case."""
    dossiers = [dossier(n, "1.000001", *own) for n, own in enumerate(case.get("dossiers", ()))]
    steps = [
        ["1.000001", variant, number, _GROUPS[group], "Việc", *rest, ""]
        for variant, number, group, *rest in case["tasks"]
    ]
    files = {
        "units": UNITS, "procedures": PROCEDURES, "cost_steps": table(STEP_HEAD, steps),
        "hoso": table(DOSSIER_HEAD, [*dossiers, dossier(900, "1.000002")]),
    }  # fmt: skip
    income = [[year, amount, "Niên giám"] for year, amount in case.get("income", ())]
    return files | ({"cost_parameters": table("Nam,ThuNhapDauNguoi,CanCu", income)} if income else {})


@pytest.mark.parametrize("case", COST, ids=[case["case"] for case in COST])
def test_cost_of_a_procedure(case: dict[str, Any], tmp_path: Path) -> None:
    taken_in(tmp_path, **of_case(case))
    (found,) = tthc("form", "cost", *AT, "--workspace", tmp_path, "--json").json["procedures"]
    year = found["year"]
    told = [found["once_before"], found["once_after"], *(year[k] for k in ("before", "after", "saving"))]
    assert [*told, year["saving_percent"]] == case["expect"]


def test_hours_without_an_income_are_refused_with_their_row(tmp_path: Path) -> None:
    steps = table(STEP_HEAD, [["1.000001", "Trước", "1", "Nộp hồ sơ", "Đi nộp", 2, *[None] * 7]])
    taken_in(tmp_path, units=UNITS, procedures=PROCEDURES, hoso=table(DOSSIER_HEAD, [dossier(1)]), cost_steps=steps)
    ended = tthc("form", "cost", *AT, "--workspace", tmp_path)
    assert ended.code == 3
    assert "cost_steps.csv › dòng 2" in ended.err
    assert "ThuNhapGio" in ended.err


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """30 dossiers of procedure 1, 3 of them late, 6 sent back; 10 of 3, one complained of; none of the others."""
    late = {"finished": "10/04/2024 10:00"}
    rows = [dossier(n, channel="Trực tuyến" if n < 15 else "", **(late if n < 3 else {})) for n in range(30)]
    rows = [[*row, "1" if n < 6 else "0"] for n, row in enumerate(rows)]
    rows += [[*dossier(100 + n, "1.000003"), "0"] for n in range(10)]
    log = log_rows(
        "H98.01-240402-0100",
        [
            ["2024-04-02 08:00", 2, "Một cửa", "2024-04-02 08:00", "2024-04-02 09:00"],
            ["2024-04-04 08:00", 4, "Sở Hai", "2024-04-03 08:00", "2024-04-05 17:00"],
        ],
    )
    return taken_in(
        tmp_path_factory.mktemp("review"),
        units=UNITS + "H98.02,Sở Hai,so,H98\n",
        procedures=PROCEDURES.replace("HieuLucTu,", "HieuLucTu,HieuLucDen,")
        .replace("2021-01-01,", "2021-01-01,,")
        .replace("hiệu lực,Công thương,Một phần,2021-01-01,,", "hiệu lực,Công thương,Một phần,2021-01-01,2023-12-31,"),
        hoso=table(DOSSIER_HEAD + ",SoLanBoSung", rows),
        petitions="MaPAKN,DonViXuLy,NgayGui,MaHoSo\nP1,H98.01,05/04/2024,H98.01-240402-0105\n",
        log=csv_of("MaHoSo,ThoiDiemXuLy,TrangThai,PhongBanXuLy,NgayBatDau,NgayKetThucTheoQuyDinh", log),
        cost_steps=table(
            STEP_HEAD,
            [
                ["1.000003", "Trước", "1", "Công việc khác", "Việc", None, None, None, 50000, None, None, None, ""],
                ["1.000003", "Sau", "1", "Công việc khác", "Việc", None, None, None, 20000, None, None, None, ""],
            ],
        ),
        review_items=(
            "MaKeHoach,MaTTHC,DonVi,CanCuChon,SanPham,Han,PhuongAn,KetQua,NgayHoanThanh\n"
            "KH1,1.000003,H98.01,Theo chỉ đạo,Báo cáo,2024-04-10,Bỏ giấy tờ,Đã trình,2024-04-10\n"
            "KH1,1.000001,H98.02,Tự lựa chọn,Báo cáo,2024-04-09,,Đã trình,2024-04-10\n"
            "KH1,1.000002,H98.02,,Báo cáo,2024-04-09,,,2024-04-11\n"
            "KH1,1.000004,H98.02,,Báo cáo,2024-04-10,,,\n"
        ),
        procedure_components=(
            "MaTTHC,Loai,MaGiayTo,TenGiayTo\n"
            "1.000001,Kết quả,G1,Giấy khai sinh\n"
            "1.000003,Thành phần,G1,Giấy khai sinh\n"
            "1.000002,Thành phần,G1,Giấy khai sinh\n"
        ),
    )


def rows_of(folder: Path, name: str, *options: str) -> list[dict[str, Any]]:
    ended = tthc("list", name, "--workspace", folder, "--json", *(options or AT))
    assert ended.code == 0, ended.err
    names = [column["id"] for column in ended.json["columns"]]
    return [dict(zip(names, row, strict=True)) for row in ended.json["rows"]]


def test_candidates_have_their_grounds(office: Path) -> None:
    """1: late 3 of 30, sent back 6 of 30; 3: complained of, and has a cost; 2 and 4 never used; 5 not in force."""
    found = {row["procedure_code"]: row for row in rows_of(office, "review-candidates")}
    assert sorted(found) == ["1.000001", "1.000002", "1.000003", "1.000004"]
    first, third = found["1.000001"], found["1.000003"]
    assert (first["late_share"], first["supplement_share"], first["grounds"], first["reason"]) == (
        10.0,
        20.0,
        2,
        "late",
    )
    assert (third["petitions"], third["yearly_cost"], third["grounds"], third["reason"]) == (1, 500000, 2, "petitions")
    assert (third["selection"], first["selection"]) == ("petitions", "own")
    assert [found[code]["reason"] for code in ("1.000002", "1.000004")] == ["unused", "unused"]


def test_what_nobody_goes_through_is_not_dear(office: Path) -> None:
    """Two years later there are no dossiers in twelve months: the one with a cost costs 0 đồng a year."""
    ended = tthc("list", "review-candidates", "--as-of", "2028-06-30T12:00", "--workspace", office, "--json")
    names = [column["id"] for column in ended.json["columns"]]
    found = [dict(zip(names, row, strict=True)) for row in ended.json["rows"]]
    assert {row["procedure_code"]: row["yearly_cost"] for row in found}["1.000003"] == 0
    assert {row["reason"] for row in found} == {"unused"}


def test_progress_of_a_plan(office: Path) -> None:
    """The last day is in time; what is done after the moment is not done; a saving of 10 x 30,000."""
    found = {row["procedure_code"]: row for row in rows_of(office, "review-progress")}
    assert {code: row["plan_state"] for code, row in found.items()} == {
        "1.000003": "done_in_time", "1.000001": "done_late", "1.000002": "overdue", "1.000004": "not_due",
    }  # fmt: skip
    assert (found["1.000003"]["saving"], found["1.000003"]["saving_percent"]) == (300000, 60.0)
    assert found["1.000001"]["saving"] is None


def test_online_by_volume_until_june_2026(office: Path) -> None:
    found = rows_of(office, "online-candidates")
    assert [(r["procedure_code"], r["received"], r["online_share"]) for r in found] == [
        ("1.000001", 30, 50.0), ("1.000003", 10, 0.0),
    ]  # fmt: skip


def test_online_by_default_from_july_2026(office: Path) -> None:
    found = rows_of(office, "online-candidates", "--as-of", "2026-07-01T08:00")
    assert {r["procedure_code"]: r["finding"] for r in found} == {
        "1.000001": "no_reason", "1.000003": "reason_published", "1.000004": "level_unknown",
    }  # fmt: skip


def test_linked_by_papers_and_by_agencies(office: Path) -> None:
    """From one-stop 8:00 on 2 April to the begin at the other agency 8:00 on the 3rd: 8 working hours."""
    found = rows_of(office, "linked-candidates")
    assert [(r["kind"], r["first"][:8], r["second"][:8], r["dossiers"], r["waiting_hours"]) for r in found] == [
        ("agencies", "Sở Một", "Sở Hai", 1, 8.0),
        ("papers", "1.000001", "1.000003", 10, None),
        ("linked", "1.000001", "1.000002", 0, None),
    ]


def test_workbook_is_calculated_to_the_same_amounts(office: Path, tmp_path: Path) -> None:
    assert tthc("form", "cost", *AT, "--format", "xlsx", "--out", tmp_path, "--workspace", office).code == 0
    book = openpyxl.load_workbook(tmp_path / "cost-2024-04-10.xlsx", data_only=True)
    assert [book["Tổng hợp"].cell(5, at).value for at in range(3, 7)] == [500000, 200000, 300000, 60]
    if shutil.which("soffice") is None:
        pytest.skip("soffice")
    subprocess.run(
        ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/profile", "--convert-to",
         "xlsx:Calc MS Excel 2007 XML", "--outdir", tmp_path / "again", tmp_path / "cost-2024-04-10.xlsx"],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    again = openpyxl.load_workbook(tmp_path / "again" / "cost-2024-04-10.xlsx", data_only=True)
    for sheet in book.worksheets:
        told = [[c.value for c in row] for row in sheet.iter_rows()]
        assert told == [[c.value for c in row] for row in again[sheet.title].iter_rows()]


@pytest.mark.parametrize("shape", ["docx", "html", "csv", "json"])
def test_every_shape_is_written_the_same_again(office: Path, tmp_path: Path, shape: str) -> None:
    files = []
    for folder in (tmp_path / "a", tmp_path / "b"):
        ended = tthc(
            "form", "cost", "--procedure", "1.000003", *AT, "--format", shape, "--out", folder, "--workspace", office
        )
        assert ended.code == 0, ended.err
        files.append((folder / f"cost-2024-04-10-1.000003.{shape}").read_bytes())
    assert files[0] == files[1]


def test_bad_questions_are_answered(office: Path, tmp_path: Path) -> None:
    assert "1.999999" in tthc("form", "cost", "--procedure", "1.999999", *AT, "--workspace", office).err
    assert tthc("form", "II.06a", "--procedure", "1.000003", "--quarter", "2024Q1", "--workspace", office).code == 2
    put(tmp_path, units=UNITS, hoso=table(DOSSIER_HEAD, [dossier(1)]))
    taken_in(tmp_path)
    assert tthc("form", "cost", *AT, "--workspace", tmp_path).code == 3
    assert "review_items" in tthc("list", "review-progress", *AT, "--workspace", tmp_path).out


def test_the_sample_of_a_review_is_taken_in_and_told(sample: Path, tmp_path: Path) -> None:
    shutil.copytree(sample, tmp_path / "s")
    shutil.copytree(CASES.parents[1] / "sample_data" / "review", tmp_path / "review")
    ended = tthc("ingest", tmp_path / "review", "--workspace", tmp_path / "s", "--quiet")
    assert ended.code == 0, ended.err
    found = tthc("form", "cost", "--as-of", "2023-07-03", "--workspace", tmp_path / "s", "--json").json
    assert {one["code"] for one in found["procedures"]} == {"1.990129", "1.990139", "1.990145"}
    assert found["total"]["saving"] > 0
