"""Working days and hours, one day at a time: Vietnam's holidays and swapped Saturdays, 07:00-11:30 and 13:30-17:00."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import cache

import holidays

_VIETNAM = holidays.country_holidays("VN", years=range(2021, 2026))
_SATURDAYS_WORKED = set(_VIETNAM.weekend_workdays)
DAY_SECONDS = 8 * 3600


@cache
def worked(day: date) -> bool:
    return day in _SATURDAYS_WORKED or (day.weekday() < 5 and day not in _VIETNAM)


def working_days_later(day: date, count: int) -> date:
    """The count-th working day after a day."""
    while count:
        day += timedelta(days=1)
        count -= worked(day)
    return day


def closing(day: date) -> datetime:
    """17:00 of a day, or of the next working day when it is off."""
    while not worked(day):
        day += timedelta(days=1)
    return datetime.combine(day, time(17))


def working_seconds(start: datetime, end: datetime) -> int:
    """Office seconds between two moments."""
    total = 0.0
    day = start.date()
    while day <= end.date():
        if worked(day):
            for opens, closes in ((time(7), time(11, 30)), (time(13, 30), time(17))):
                first = max(start, datetime.combine(day, opens))
                last = min(end, datetime.combine(day, closes))
                total += max(0.0, (last - first).total_seconds())
        day += timedelta(days=1)
    return int(total)


def working_seconds_later(moment: datetime, seconds: int) -> datetime:
    """The first moment by which so many office seconds have passed."""
    day = moment.date()
    while True:
        if worked(day):
            for opens, closes in ((time(7), time(11, 30)), (time(13, 30), time(17))):
                first = max(moment, datetime.combine(day, opens))
                left = int((datetime.combine(day, closes) - first).total_seconds())
                if 0 < seconds <= left:
                    return first + timedelta(seconds=seconds)
                seconds -= max(0, left)
        day += timedelta(days=1)
