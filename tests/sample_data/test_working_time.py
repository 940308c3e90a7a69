"""Due dates of the sample province, worked by hand on the calendar of 2023."""

from datetime import date

import numpy as np
import pytest

from calendar_2023 import DAYS, MINUTES, to_time, to_work


@pytest.mark.parametrize(
    ("received", "working_days", "due"),
    [
        # Thứ Sáu 14/4 + 3 ngày làm việc: 17, 18, 19/4.
        ("2023-04-14T09:00", 3, "2023-04-19T09:00"),
        # 27/4 + 3: 28/4; nghỉ 29/4 đến 3/5; 4/5, 5/5.
        ("2023-04-27T15:20", 3, "2023-05-05T15:20"),
        # 19/1 + 1: Tết nghỉ 20 đến 26/1; 27/1.
        ("2023-01-19T07:30", 1, "2023-01-27T07:30"),
        # 30/12 + 1: nghỉ bù 2/1; 3/1.
        ("2022-12-30T16:00", 1, "2023-01-03T16:00"),
    ],
)
def test_days_off_do_not_count(received: str, working_days: int, due: str) -> None:
    start = to_work(np.datetime64(received, "s"))
    assert to_time(np.array([start + working_days * MINUTES]))[0] == np.datetime64(due, "s")


def test_hours_skip_the_lunch_break() -> None:
    # 10:30 + 4 giờ: một giờ đến 11:30, ba giờ từ 13:30.
    start = to_work(np.datetime64("2023-06-05T10:30", "s"))
    assert to_time(np.array([start + 240]))[0] == np.datetime64("2023-06-05T16:30", "s")


def test_june_2023_has_22_working_days() -> None:
    june = (np.datetime64(date(2023, 6, 1)) <= DAYS) & (np.datetime64(date(2023, 6, 30)) >= DAYS)
    assert june.sum() == 22
