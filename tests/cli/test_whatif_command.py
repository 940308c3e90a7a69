"""`tthc whatif` and `tthc compare`, on figures worked by hand."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.province import FIGURES, commands, make_workspace
from tests.command import taken_in
from tests.command import tthc as run

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "binh-thuan.toml"


@pytest.fixture(scope="module")
def scored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = make_workspace(tmp_path_factory.mktemp("scored"))
    for quarter in ("2023Q1", "2023Q2"):
        assert commands(folder)("score", "--quarter", quarter, "--quiet") == 0
    return folder


@pytest.fixture
def tthc(scored: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., int]:
    capsys.readouterr()
    return commands(scored)


def text(capsys: pytest.CaptureFixture[str]) -> str:
    out = capsys.readouterr().out
    assert max(map(len, out.splitlines()), default=0) <= 100
    return " ".join(out.split())


def test_whatif_shows_gains_and_the_way(tthc: Callable[..., int], capsys: pytest.CaptureFixture[str]) -> None:
    # H99.02: 19,40/26 = 74,62. Tốt: 79,995% của 26 = 20,7987 -> 20,80, thiếu 1,40. 2.1: 7 hồ sơ × 0,2 điểm = 1,40
    assert tthc("whatif", "H99.02", "--quarter", "2023Q2") == 0
    out = text(capsys)
    assert "Hiện nay: 19,40/26 điểm, quy về 100 là 74,62, xếp loại Khá (tạm tính: mới đánh giá được 26" in out
    assert "14,00/20 70/100 30 0,2000 30 20,00" in out
    assert "Cách ngắn nhất lên loại Tốt (từ 80): khắc phục 7 trường hợp." in out
    assert "7 hồ sơ 70 → 77 14,00 → 15,40 +1,40" in out
    assert "Chấm lại với các tử số này: 20,80/26 điểm, quy về 100 là 80,00, xếp loại Tốt" in out
    assert "Mỗi chỉ số tính riêng" in out


def test_whatif_as_json(tthc: Callable[..., int], capsys: pytest.CaptureFixture[str]) -> None:
    tthc("whatif", "sở công thương", "--json")
    said = json.loads(capsys.readouterr().out)
    assert (said["schema"], said["period"], said["unit"]["id"]) == (1, "2023Q2", "H99.02")
    assert said["way"]["steps"] == [{"id": "2.1", "count": 7, "numerator": 77, "points": 15.4, "gain": 1.4}]
    assert (said["way"]["rescored"]["total"], said["way"]["rescored"]["grade"]) == (20.8, "good")
    assert said["next_grade"] == {"key": "good", "lower": 80}


def test_whatif_of_a_unit_in_the_best_grade(tthc: Callable[..., int], capsys: pytest.CaptureFixture[str]) -> None:
    tthc("whatif", "H99.08")
    assert "Đơn vị đã ở mức xếp loại cao nhất (Xuất sắc" in text(capsys)


def test_whatif_in_english(tthc: Callable[..., int], capsys: pytest.CaptureFixture[str]) -> None:
    tthc("whatif", "H99.02", "--lang", "en")
    assert "Shortest way to Good (from 80): 7 put right." in text(capsys)


def test_whatif_answers_an_unknown_unit_with_the_nearest(
    tthc: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert tthc("whatif", "Sở Công Thưong") == 0
    assert tthc("whatif", "H99.2") == 3
    assert "gần giống: H99.02" in capsys.readouterr().err


def test_whatif_of_a_period_that_is_not_scored(tthc: Callable[..., int], capsys: pytest.CaptureFixture[str]) -> None:
    assert tthc("whatif", "H99.02", "--quarter", "2022Q4") == 3
    assert "chưa có điểm kỳ 2022Q4" in capsys.readouterr().err


def test_compare_shows_points_ranks_grades_and_what_drove_them(
    tthc: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    # 20,80/26 = 80,00 -> 19,40/26 = 74,62
    assert tthc("compare", "2023Q1", "2023Q2") == 0
    out = text(capsys)
    assert "So sánh Quý I năm 2023 với Quý II năm 2023" in out
    assert "H99.02 Sở Công Thương 80,00 74,62 −5,38 2 Tốt* → Khá*" in out
    assert "chủ yếu: 2.1 −2,00; 3.3 +0,60" in out
    assert "các chỉ số không đổi điểm" in out


def test_compare_of_one_unit_shows_numerators_then_and_now(
    tthc: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    tthc("compare", "2023Q1", "2023Q2", "--unit", "H99.02")
    out = text(capsys)
    assert "2.1 Tỷ lệ hồ sơ xử lý đúng hạn 80/100 → 70/100 16,00 → 14,00 −2,00" in out
    assert "Sở Tư pháp" not in out


def test_compare_as_json(tthc: Callable[..., int], capsys: pytest.CaptureFixture[str]) -> None:
    tthc("compare", "2023Q1", "2023Q2", "--unit", "H99.02", "--json")
    (unit,) = json.loads(capsys.readouterr().out)["units"]
    assert unit["change"] == {"total": -1.4, "percent": -5.38, "rank": 0}
    assert unit["drivers"] == ["2.1", "3.3"]


def test_compare_says_which_period_is_not_scored(tthc: Callable[..., int], capsys: pytest.CaptureFixture[str]) -> None:
    assert tthc("compare", "2022Q4", "2023Q2") == 3
    assert "chưa có điểm kỳ 2022Q4 theo bộ quy tắc qd766. Chạy `tthc score`" in capsys.readouterr().err


def test_compare_tells_of_two_rulebooks(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = make_workspace(tmp_path)
    (folder / "rulebooks").mkdir()
    shutil.copy(EXAMPLE, folder / "rulebooks")
    for quarter in ("2023Q1", "2023Q2"):
        commands(folder)("score", "--quarter", quarter, "--quiet")
    capsys.readouterr()
    assert commands(folder)("compare", "2023Q1", "2023Q2") == 0
    out = text(capsys)
    assert "hai bộ quy tắc khác nhau (qd766, bản 1 và binh-thuan, bản 1)" in out
    assert "tthc rules diff qd766 binh-thuan" in out


def test_compare_tells_of_a_changed_maximum(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = make_workspace(tmp_path, {**FIGURES, ("H99.02", "2023Q2", "3.6"): (0, 50)})
    for quarter in ("2023Q1", "2023Q2"):
        commands(folder)("score", "--quarter", quarter, "--quiet")
    capsys.readouterr()
    commands(folder)("compare", "2023Q1", "2023Q2")
    assert "chủ yếu: điểm tối đa 26 → 32; 2.1 −2,00" in text(capsys)


MERGER = """MaDonVi,TenDonVi,Cap,DonViCha,HieuLucTu,HieuLucDen,DonViKeThua
H99,UBND tỉnh Sông Vân,tinh,,,,
H99.31,UBND xã Bình Sơn,xa,H99,,30/06/2025,H99.51
H99.32,UBND xã Tân An,xa,H99,,30/06/2025,H99.51
H99.33,UBND xã Vĩnh Hải,xa,H99,,30/06/2025,
H99.51,UBND xã Bình Tân,xa,H99,01/07/2025,,
"""


def test_compare_across_a_merger_names_successors(tmp_path: Path) -> None:
    folder = taken_in(tmp_path, units=MERGER)
    for quarter in ("2025Q2", "2025Q3"):
        assert run("score", "--quarter", quarter, "--workspace", folder, "--quiet").code == 0
    told = " ".join(run("compare", "2025Q2", "2025Q3", "--workspace", folder).out.split())
    assert "Chỉ có trong Quý II năm 2025: H99.33 UBND xã Vĩnh Hải Điểm" in told
    assert told.count("nay là H99.51 UBND xã Bình Tân") == 2
    assert "kế thừa H99.31 UBND xã Bình Sơn; H99.32 UBND xã Tân An" in told
    one = run("compare", "2025Q2", "2025Q3", "--unit", "H99.31", "--lang", "en", "--workspace", folder).out
    assert "now H99.51 UBND xã Bình Tân" in " ".join(one.split())
    shutil.rmtree(folder / "warehouse")
    plain = " ".join(run("compare", "2025Q2", "2025Q3", "--workspace", folder).out.split())
    assert "nay là" not in plain
    assert "Chỉ có trong Quý III năm 2025: H99.51 UBND xã Bình Tân" in plain
