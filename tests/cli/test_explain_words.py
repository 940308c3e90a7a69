"""`tthc explain` for a person: which period is meant, days as people write them, a row that is called a row."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.test_exit_codes import GOOD, HEADINGS, UNITS
from tests.command import taken_in, tthc

DOSSIER = "H99.02-230403-0001"


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = taken_in(tmp_path_factory.mktemp("province"), units=UNITS, ho_so=HEADINGS + GOOD)
    assert tthc("score", "--quarter", "2023Q2", "--workspace", folder, "--quiet").code == 0
    return folder


def explained(folder: Path, *words: str) -> str:
    """What is printed, as one line: tables fold."""
    ended = tthc("explain", *words, "--workspace", folder)
    assert ended.code == 0, ended.err
    return " ".join(ended.out.split())


@pytest.mark.parametrize("words", [("H99.02",), ("H99.02", "2.1"), (DOSSIER,)])
def test_every_answer_names_its_period_and_how_far_it_looks(province: Path, words: tuple[str, ...]) -> None:
    assert "Quý II năm 2023, số liệu đến 30/06/2023 23:59" in explained(province, *words)


def test_a_dossier_is_told_with_vietnamese_dates_and_its_row(province: Path) -> None:
    told = explained(province, DOSSIER)
    assert "Tiếp nhận: 03/04/2023" in told
    assert "ho_so.csv › dòng 2" in told


def test_a_verdict_stands_beside_the_title_of_its_component(province: Path) -> None:
    assert "2.1 Tỷ lệ hồ sơ xử lý đúng hạn" in explained(province, DOSSIER)


def test_a_unit_is_told_with_the_next_step(province: Path) -> None:
    assert "tthc explain H99.02 2.1" in explained(province, "H99.02")


def test_a_mean_time_is_told_in_working_days_not_as_a_share(province: Path) -> None:
    # 03/04 từ 8 giờ: 7 giờ; ba ngày trọn: 24 giờ; 07/04 đến 15 giờ: 6 giờ. 37 giờ / 8 = 4,625 ngày làm việc
    assert "trung bình 4,63 ngày" in explained(province, "H99.02")
    told = explained(province, "H99.02", "2.2")
    assert "trung bình 4,63 ngày làm việc (1 hồ sơ)" in told
    assert "Tử số" not in told


def test_a_component_that_was_not_assessed_says_so(province: Path) -> None:
    assert "Không đánh giá: không có đủ số liệu để tính" in explained(province, "H99.02", "3.6")
    assert "Không đánh giá" not in explained(province, "H99.02", "2.1")
