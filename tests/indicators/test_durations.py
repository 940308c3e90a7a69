"""2.2: handling time by procedure in its own unit, worked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from tests.indicators.dossiers import CODE, context, dossier_table
from tthc_cli.indicators.durations import count_times, handling_times_of, percentile, unit_seconds
from tthc_cli.indicators.facts import DossierFacts

HOUR = 3600


def facts(unit: int, **dossier: object) -> DossierFacts:
    procedure = {"MaTTHC": CODE, "TenTTHC": "Thủ tục mẫu", "ThoiHanGiaiQuyet": "5", "DonViThoiHan": unit}
    usual = {"NgayTiepNhan": "2023-04-07 15:00", "NgayKetThucXuLy": "2023-04-10 09:00", "TrangThaiHoSo": 9}
    return DossierFacts(dossier_table([usual | dossier]), context(procedures=[procedure]))


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
    assert [unit_seconds(u, 8 * HOUR) for u in (1, 2, 3, 4)] == [HOUR, 24 * HOUR, 8 * HOUR, 720 * HOUR]


def test_counts_are_in_tenths_of_the_unit() -> None:
    found = count_times(facts(3), np.zeros(1, np.int64), 8 * HOUR)
    assert (found.keys & 0xFFFFFFFF).tolist() == [5]  # 4 giờ = 0,5 ngày làm việc
    assert (found.dossiers.tolist(), found.seconds.tolist()) == ([1], [4 * HOUR])


@pytest.mark.parametrize(("share", "expected"), [(0.5, 1.0), (0.9, 2.0), (1.0, 9.0)])
def test_percentiles_by_nearest_rank(share: float, expected: float) -> None:
    # 5 hồ sơ 1,0 ngày; 4 hồ sơ 2,0 ngày; 1 hồ sơ 9,0 ngày
    assert percentile(np.array([10, 20, 90]), np.array([5, 4, 1]), share) == expected
