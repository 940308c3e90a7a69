"""2.2: handling time by procedure in its own unit, worked by hand."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from tests.indicators.dossiers import CODE, context, dossier_table
from tthc_cli.counting.duration_counts import Lengths, LengthTally, in_tenths
from tthc_cli.facts.dossiers import DossierFacts
from tthc_cli.indicators.qd766.on_time import handling_times, own_times

HOUR = 3600


def facts(unit: int, **dossier: object) -> DossierFacts:
    procedure = {"MaTTHC": CODE, "TenTTHC": "Thủ tục mẫu", "ThoiHanGiaiQuyet": "5", "DonViThoiHan": unit}
    usual = {"NgayTiepNhan": "2023-04-07 15:00", "NgayKetThucXuLy": "2023-04-10 09:00", "TrangThaiHoSo": 9}
    return DossierFacts(dossier_table([usual | dossier]), context(procedures=[procedure]))


def handling_times_of(facts: DossierFacts) -> tuple[np.ndarray, np.ndarray]:
    """Rows of the finished dossiers that were received in the period, and how many seconds each took."""
    finished, working, elapsed = handling_times(facts)
    rows = np.flatnonzero(finished)
    return rows, own_times(facts, working, elapsed)[rows]


@pytest.mark.parametrize(
    ("unit", "seconds"),
    [
        (1, 4 * HOUR),  # thứ Sáu 15:00-17:00, thứ Hai 07:00-09:00: 4 giờ làm việc
        (3, 4 * HOUR),  # ngày làm việc: cùng đồng hồ làm việc
        (2, 66 * HOUR),  # ngày lịch: từ thứ Sáu 15:00 đến thứ Hai 09:00 là 2 ngày 18 giờ
        (4, 66 * HOUR),
    ],
)
def test_time_runs_by_the_unit_of_the_procedure(unit: int, seconds: int) -> None:
    rows, found = handling_times_of(facts(unit))
    assert (rows.tolist(), found.tolist()) == ([0], [seconds])


def test_waiting_for_a_supplement_does_not_count() -> None:
    waited = {"NgayBoSung": "2023-04-08 09:00", "NgayTiepNhanBoSung": "2023-04-09 09:00"}
    _, found = handling_times_of(facts(2, **waited))
    assert found.tolist() == [42 * HOUR]


def test_only_dossiers_received_in_the_period_and_finished_count() -> None:
    assert not len(handling_times_of(facts(2, NgayTiepNhan="2023-03-31 15:00"))[0])
    assert not len(handling_times_of(facts(2, NgayKetThucXuLy=None, TrangThaiHoSo=4))[0])


def test_a_working_day_is_eight_hours_of_office() -> None:
    units = [{"MaTTHC": str(unit), "DonViThoiHan": unit} for unit in (1, 2, 3, 4)]
    found = context(procedures=units).unit_seconds
    assert (found / HOUR).tolist() == [1, 24, 8, 720, 8]  # the last: a procedure that the catalogue does not list


def test_lengths_are_in_tenths_of_the_unit() -> None:
    one = facts(3)
    rows = np.zeros(4, np.intp)
    assert in_tenths(one, rows[:1], np.array([4 * HOUR])).tolist() == [5]  # 4 giờ = 0,5 ngày làm việc
    # 0,05 ngày làm tròn thành 0,1; kém một giây thì thành 0; không có thời gian âm
    assert [int(in_tenths(one, rows[:1], np.array([s]))[0]) for s in (1440, 1439, -5)] == [1, 0, 0]


@pytest.mark.parametrize(("share", "expected"), [(0.5, 1.0), (0.9, 2.0), (1.0, 9.0)])
def test_percentiles_by_nearest_rank(share: float, expected: float) -> None:
    # 5 hồ sơ 1,0 ngày; 4 hồ sơ 2,0 ngày; 1 hồ sơ 9,0 ngày; nhóm sau chỉ có một hồ sơ
    found = Lengths(np.array([3, 3, 3, 8]), np.array([10, 20, 90, 7]), np.array([5, 4, 1, 1]))
    assert found.percentile(share).tolist() == [expected, 0.7]


def test_lengths_add_up_in_any_order_short_and_long() -> None:
    rng = np.random.default_rng(3)
    rows, tenths = rng.integers(0, 40, 500), rng.integers(0, 3, 500) ** 7 * 20 + rng.integers(0, 3, 500)
    whole = LengthTally()
    for start in (300, 0, 100, 200, 400):
        part = slice(start, start + 100)
        counted = Lengths.counted(rows[part], tenths[part])
        whole.add(counted.group, counted.tenths, counted.dossiers)
    expected = Counter(zip(rows.tolist(), tenths.tolist(), strict=True))
    assert max(expected)[1] > 2048  # longer than what pages hold
    found = whole.of(np.arange(45))
    listed = list(zip(found.group.tolist(), found.tenths.tolist(), found.dossiers.tolist(), strict=True))
    assert listed == [(*key, expected[key]) for key in sorted(expected)]
    assert whole.of(np.array([7])).tenths.tolist() == sorted(t for r, t in expected if r == 7)
