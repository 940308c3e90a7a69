"""`--evaluation nine-criteria` and `--subjects`: stored beside Decision 766, asked for by the same commands."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.command import scored, taken_in, tthc
from tthc_cli import frames

DOSSIERS = (
    "MaHoSo,MaTTHC,NgayTiepNhan,NgayHenTra,NgayKetThucXuLy,TrangThaiHoSo,KenhThucHien,SoLanBoSung\n"
    "H99.02-230403-0001,1.000001,03/04/2023 08:00,10/04/2023 16:30,05/04/2023 09:00,9,1,0\n"
    "H99.02-230403-0002,1.000001,03/04/2023 08:00,10/04/2023 16:30,11/04/2023 09:00,9,1,1\n"
    "H99.08-230403-0001,1.000001,03/04/2023 08:00,10/04/2023 16:30,10/04/2023 09:00,9,1,0\n"
)
LOG = (
    "MaHoSo,ThoiDiemXuLy,PhongBanXuLy,TrangThai,NgayBatDau,NgayKetThucTheoQuyDinh\n"
    "H99.02-230403-0001,04/04/2023 09:00,Phòng A,4,03/04/2023 08:00,05/04/2023 17:00\n"
    "H99.02-230403-0001,05/04/2023 09:00,Phòng B,9,04/04/2023 09:00,05/04/2023 17:00\n"
    "H99.02-230403-0002,11/04/2023 09:00,Phòng A,9,03/04/2023 08:00,10/04/2023 16:30\n"
)
UNITS = (
    "MaDonVi,TenDonVi,Cap,DonViCha\nH99,UBND tỉnh Sông Vân,tinh,\nH99.02,Sở Công Thương,so,H99\n"
    "H99.08,Sở Tư pháp,so,H99\n"
)
SLIPS = (
    "MaPhieu,MaHoSo,NgayDanhGia,DanhGia,TieuChi1,TieuChi3\n"
    "S1,H99.02-230403-0001,30/06/2023 23:59,1,0,\n"
    "S2,H99.08-230403-0001,01/07/2023 00:00,1,0,0\n"
)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("nine")
    taken_in(folder, units=UNITS, ho_so=DOSSIERS, process_log=LOG, slips=SLIPS)
    assert tthc("score", "--quarter", "2023Q2", "--workspace", folder, "--quiet").code == 0
    return folder


def test_a_slip_at_23_59_of_the_last_day_counts_and_one_a_minute_later_does_not(small: Path) -> None:
    card = scored(small, "2023Q2", "--evaluation", "nine-criteria")
    marks = {(s["id"], c["id"]): c["marks"] for s in card["subjects"] for c in s["criteria"]}
    # H99.02: phiếu cho hồ sơ 1 điểm 0 ở chỉ số 1; hồ sơ 2 trễ, 0. H99.08: đúng ngày hẹn, 1.
    assert marks["H99.02", "c1"] == {"0": 2, "1": 0, "2": 0}
    assert marks["H99.08", "c1"] == {"0": 0, "1": 1, "2": 0}


def test_a_blank_answer_is_no_mark(small: Path) -> None:
    card = scored(small, "2023Q2", "--evaluation", "nine-criteria")
    (c3,) = (c for s in card["subjects"] if s["id"] == "H99.02" for c in s["criteria"] if c["id"] == "c3")
    # Phiếu bỏ trống câu 3: suy từ bổ sung, không lần nào 2, một lần 1.
    assert (c3["marks"], c3["source"]) == ({"0": 0, "1": 1, "2": 1}, "derived")


def test_a_unit_above_has_the_marks_of_all_dossiers_below(small: Path) -> None:
    card = scored(small, "2023Q2", "--evaluation", "nine-criteria")
    means = {s["id"]: c["mean"] for s in card["subjects"] for c in s["criteria"] if c["id"] == "c1"}
    # (0 + 0 + 1) / 3, không phải trung bình của 0 và 1.
    assert means["H99"] == pytest.approx(1 / 3)


def test_answers_are_counted_as_they_were_given_not_as_marks(small: Path) -> None:
    """One slip of the quarter, about H99.02: satisfied in all, not by criterion 1; criterion 3 is blank."""
    scored(small, "2023Q2", "--evaluation", "nine-criteria")
    answers = frames.scorecard(small, "2023Q2", "tt01-2018").beside.answers
    found = {(a.unit, a.question): (a.unsatisfied, a.satisfied, a.very_satisfied, a.slips) for a in answers}
    assert found == {(unit, question): (told == 0, told == 1, 0, 1)
                     for unit in ("H99", "H99.02") for question, told in (("overall", 1), ("c1", 0))}  # fmt: skip


TYPED = (
    "MaDonVi,Ky,ChiTieu,TuSo,MauSo,NguoiCham,LyDoTru\n"
    "H99.08,2023Q2,c1,2,2,Tự chấm,\nH99.08,2023Q2,c1,0.5,2,Thẩm định,Trễ nhiều\nH99.02,2023Q2,c4,2,2,Tự chấm,\n"
)
FINDINGS = (
    "MaPhatHien,DonVi,MaHoSo,MaKiemTra,NgayPhatHien\n"
    "K1,Sở Công Thương,H99.02-230403-0001,D2,05/05/2023\nK2,Sở Công Thương,,U6,05/05/2023\n"
    "K3,Sở Công Thương,,U1,05/05/2023\nK4,Sở Lạ,,U6,05/05/2023\n"
)
MORE_SLIPS = SLIPS + (
    "S3,H99.02-230403-0001,,1,2,\n"  # không có ngày: trước phiếu S1
    "S4,H99.02-230403-0099,01/05/2023 08:00,1,2,2\n"  # không có hồ sơ này
)


def given(folder: Path, *, parts: int) -> dict[str, Any]:
    """The score of the small province with marks given, its rows in so many files, back to front."""
    folder.mkdir()
    files = {"ho_so": DOSSIERS, "process_log": LOG, "phieu": MORE_SLIPS, "nhap": TYPED, "kiem": FINDINGS}
    split = {"units": UNITS}
    for name, text in files.items():
        head, *rows = text.splitlines()
        for part in range(parts):
            body = rows[part::parts][:: -1 if parts > 1 else 1]
            split |= {f"{name}_{part}": "\n".join([head, *body]) + "\n"} if body else {}
    taken_in(folder, **split)
    return scored(folder, "2023Q2", "--evaluation", "nine-criteria")


def test_marks_given_stand_in_order_and_stay_out_of_the_means_above(tmp_path: Path) -> None:
    """Criterion 1 by hand. H99.02: dossier 1 has 0 by inspection K1 (before the slips), dossier 2 is late, 0. H99.08:
    0,5 appraised; its dossier, in time, has 1, and the province (0 + 0 + 1) / 3 = 0,3. Criterion 5 of H99.02: K2, 0."""
    card = given(tmp_path / "one", parts=1)
    found = {(s["id"], c["id"]): c for s in card["subjects"] for c in s["criteria"]}
    told = {unit: (found[unit, "c1"]["points"], found[unit, "c1"]["source"]) for unit in ("H99", "H99.02", "H99.08")}
    assert told == {"H99": (0.3, "inspection, derived"), "H99.02": (0, "inspection, derived"), "H99.08": (0.5, "typed")}
    assert (found["H99.02", "c5"]["points"], found["H99.02", "c5"]["source"]) == (0, "inspection")
    assert found["H99.02", "c5"]["marks"] == {"0": 1, "1": 0, "2": 0}
    own = {s["id"]: s["self"] for s in card["subjects"]}
    assert own["H99.08"]["points"] == {"c1": 2}
    assert own["H99.08"]["unexplained"] == []
    assert (own["H99.02"]["total"], found["H99.02", "c4"]["source"]) == (2, "derived"), "its own mark does not stand"


def test_marks_that_stand_for_nothing_are_told(tmp_path: Path) -> None:
    """Marks of dossiers: c1 of dossier 1 (K1), c1 and c3 of a dossier that is not there (S4)."""
    given(tmp_path / "one", parts=1)
    said = tthc("score", "--quarter", "2023Q2", "--evaluation", "nine-criteria", "--workspace", tmp_path / "one").err
    assert "2 trong 3 điểm mà phiếu và kiểm tra của kỳ cho hồ sơ không được dùng" in said, said
    assert "mã kiểm tra U1" in said
    assert "1 đơn vị không có trong kỳ không được dùng: Sở Lạ" in said


def test_order_and_split_of_files_change_nothing(tmp_path: Path) -> None:
    one, three = (given(tmp_path / str(parts), parts=parts) for parts in (1, 3))
    assert one["subjects"] == three["subjects"]


def test_decision_766_stays_the_last_score_and_both_lie_side_by_side(small: Path) -> None:
    before = tthc("explain", "H99.02", "--workspace", small, "--json").json
    scored(small, "2023Q2", "--evaluation", "nine-criteria")
    assert tthc("explain", "H99.02", "--workspace", small, "--json").json == before
    assert {p.name for p in (small / "scores" / "2023Q2").iterdir()} >= {"qd766", "tt01-2018"}
    nine = tthc("explain", "H99.02", "--evaluation", "nine-criteria", "--workspace", small, "--json").json
    assert [c["id"] for c in nine["components"]][:2] == ["c1", "c2"]


def test_a_score_of_decision_766_says_nothing_of_marks(small: Path) -> None:
    assert scored(small, "2023Q2").keys().isdisjoint({"evaluation", "subjects"})


def test_divisions_have_the_dossiers_in_which_they_have_a_step(small: Path) -> None:
    card = scored(small, "2023Q2", "--subjects", "divisions")
    found = {(s["id"], c["id"]): (c["mean"], c["source"]) for s in card["subjects"] for c in s["criteria"]}
    # Phòng A: hai hồ sơ; bước của nó: xong trước ngày hạn 2, quá hạn 0. Phòng B: một hồ sơ; bước xong trong ngày hạn 1.
    assert found["H99.02/Phòng A", "c2"] == (1.0, "derived")
    assert found["H99.02/Phòng B", "c2"] == (1.0, "derived")
    assert found["H99.02/Phòng A", "c3"] == (1.5, "derived")
    assert found["H99.02/Phòng B", "c3"] == (2.0, "derived")
    assert {s["grade"] for s in card["subjects"]} == {None}
    assert {u["ungraded_reason"] for u in card["units"]} == {"not_in_law"}


def test_a_plan_of_the_province_grades_divisions_too(small: Path) -> None:
    card = scored(small, "2023Q2", "--subjects", "divisions", "--rulebook", "vi-du-tinh")
    assert {s["id"]: s["grade"] for s in card["subjects"]}["H99.02/Phòng B"] is not None


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--evaluation", "nine"), "qd766, nine-criteria"),
        (("--subjects", "teams"), "units, divisions, officials"),
        (("--evaluation", "qd766", "--subjects", "divisions"), "--evaluation nine-criteria"),
        (("--rulebook", "tt01-2018", "--evaluation", "qd766"), "thuộc nine-criteria"),
        (("--rulebook", "tt01-2018", "--subjects", "officials"), "chỉ chấm units"),
        (("--rulebook", "qd766", "--rulebook", "tt01-2018"), "thuộc hai luật"),
        (("--subjects", "officials"), "MaCanBo"),
    ],
)
def test_what_cannot_be_asked_is_said(small: Path, options: tuple[str, ...], words: str) -> None:
    ended = tthc("score", "--quarter", "2023Q2", *options, "--workspace", small)
    assert ended.code in (2, 3, 4), ended.err
    assert words in ended.err


def test_after_the_decree_ended_a_rulebook_is_named(small: Path) -> None:
    ended = tthc("score", "--quarter", "2025Q3", "--evaluation", "nine-criteria", "--workspace", small)
    assert "--rulebook" in ended.err
    card = scored(small, "2025Q3", "--rulebook", "tt01-2018")
    assert card["rulebook"]["id"] == "tt01-2018"


def test_a_score_of_divisions_answers_and_reports(small: Path, tmp_path: Path) -> None:
    scored(small, "2023Q2", "--subjects", "divisions")
    asked = ("--quarter", "2023Q2", "--subjects", "divisions", "--workspace", small)
    told = tthc("explain", "H99.02/Phòng A", "c2", *asked)
    assert (told.code, "trung bình 1,00" in told.out) == (0, True), told.err
    assert tthc("whatif", "H99.02/Phòng A", *asked).code == 0
    ended = tthc("report", *asked, "--format", "html", "--format", "xlsx", "--out", tmp_path)
    assert ended.code == 0, ended.err
    assert {p.name for p in tmp_path.iterdir()} == {
        f"tthc-2023Q2-tt01-2018-officials-divisions.{e}" for e in ("html", "xlsx")
    }
    assert "không theo divisions" in tthc("explain", "H99.02-230403-0001", *asked).err


def test_the_same_data_give_the_same_bytes(small: Path, tmp_path: Path) -> None:
    scored(small, "2023Q2", "--evaluation", "nine-criteria")
    place = small / "scores" / "2023Q2" / "tt01-2018"
    first = {p.name: p.read_bytes() for p in place.iterdir()}
    shutil.rmtree(small / "cache", ignore_errors=True)
    scored(small, "2023Q2", "--evaluation", "nine-criteria")
    assert {p.name: p.read_bytes() for p in place.iterdir()} == first


def test_a_dossier_marked_1_is_among_the_lost_marks(small: Path) -> None:
    scored(small, "2023Q2", "--evaluation", "nine-criteria")
    asked = ("--quarter", "2023Q2", "--evaluation", "nine-criteria", "--workspace", small)
    found = tthc("list", "lost", *asked, "--json").json
    listed = [dict(zip([c["id"] for c in found["columns"]], row, strict=True)) for row in found["rows"]]
    # Hồ sơ H99.08 xong đúng ngày hẹn: 1 ở chỉ số 1, 1 ở chỉ số 7; không phải bổ sung: đủ 2 ở chỉ số 3 và 4.
    assert {row["component"] for row in listed if row["dossier"] == "H99.08-230403-0001"} == {"c1", "c7"}
    told = tthc("explain", "H99.08", "c1", *asked)
    assert "H99.08-230403-0001" in told.out, told.err


def test_a_division_lists_its_dossiers_with_less_than_2(small: Path, tmp_path: Path) -> None:
    scored(small, "2023Q2", "--subjects", "divisions")
    asked = ("--quarter", "2023Q2", "--subjects", "divisions", "--workspace", small)
    told = tthc("explain", "H99.02/Phòng A", *asked, "--json").json
    # Hồ sơ 1: phiếu cho 0 ở chỉ số 1. Hồ sơ 2: trễ 0 ở 1, bước trễ 0 ở 2, bổ sung một lần 1 ở 3, trễ 0 ở 7.
    assert {(x["dossier"][-4:], x["component"], x["reason"]) for x in told["lost"]} == {
        ("0001", "c1", "slip_0"), ("0002", "c1", "longer"), ("0002", "c2", "longer"), ("0002", "c3", "one_contact"),
        ("0002", "c7", "late_uncomplained_0"),
    }  # fmt: skip
    assert {(x["source"], x["row"]) for x in told["lost"] if x["dossier"].endswith("0002")} == {
        ("exports/ho_so.csv", 3)
    }
    shown = tthc("explain", "H99.02/Phòng A", "c3", *asked)
    assert ("230403-0002" in shown.out, "230403-0001" in shown.out) == (True, False), shown.err
    assert tthc("explain", "H99.02/Phòng A", *asked, "--out", tmp_path / "mất.csv").code == 0
    assert len((tmp_path / "mất.csv").read_text("utf-8-sig").splitlines()) == 6
    # Phòng B chỉ có hồ sơ 1: 0 ở chỉ số 1 theo phiếu, bước xong trong ngày hạn 1 ở chỉ số 2. Sở Tư pháp không có bước.
    rows = tthc("list", "lost", *asked, "--json").json["rows"]
    assert sorted(row[:2] for row in rows) == [
        *(["H99.02/Phòng A", c] for c in ("c1", "c1", "c2", "c3", "c7")), ["H99.02/Phòng B", "c1"],
        ["H99.02/Phòng B", "c2"],
    ]  # fmt: skip
