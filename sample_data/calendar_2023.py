"""Working time of the sample province: office hours on Vietnam's working days, as whole minutes.

A moment of working time is one number: (index of the working day) × 480 + (minute of that day's 480). Adding a
duration is then plain addition, over millions of rows at once.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import holidays
import numpy as np
import numpy.typing as npt

MINUTES = 480
"""Working minutes a day: 07:00-11:30 and 13:30-17:00."""
_MORNING, _MORNING_STARTS, _AFTERNOON_SHIFT = 270, 420, 540

Ints = npt.NDArray[np.int64]
Times = npt.NDArray[np.datetime64]


def working_days(first: date, last: date) -> Times:
    """Every working day from `first` to `last`, as datetime64[D]; public holidays and their observed days are off."""
    calendar: Any = holidays.country_holidays("VN", years=range(first.year, last.year + 1))
    every = np.arange(np.datetime64(first), np.datetime64(last) + 1)
    off = np.array(sorted(calendar), dtype="datetime64[D]")
    swapped = np.array(sorted(calendar.weekend_workdays), dtype="datetime64[D]")
    worked = (np.is_busday(every) & ~np.isin(every, off)) | np.isin(every, swapped)
    return every[worked]


DAYS = working_days(date(2022, 9, 1), date(2024, 12, 31))


def to_time(work: Ints) -> Times:
    """Working minutes -> datetime64[s] on the wall clock."""
    day, minute = np.divmod(np.asarray(work, np.int64), MINUTES)
    clock = minute + np.where(minute < _MORNING, _MORNING_STARTS, _AFTERNOON_SHIFT)
    return DAYS[day].astype("datetime64[s]") + (clock * 60).astype("timedelta64[s]")


def to_work(moment: np.datetime64) -> int:
    """The working minute at (or first after) a moment on the wall clock."""
    day = moment.astype("datetime64[D]")
    index = int(np.searchsorted(DAYS, day))
    if DAYS[index] != day:
        return index * MINUTES
    clock = int((moment - day).astype("timedelta64[m]").astype(np.int64))
    return index * MINUTES + int(np.clip(clock - _MORNING_STARTS, 0, _MORNING) + np.clip(clock - 810, 0, 210))


def day_index(day: date) -> int:
    """Index of the first working day on or after `day`."""
    return int(np.searchsorted(DAYS, np.datetime64(day)))
