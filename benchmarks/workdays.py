"""Working-day arithmetic against numpy.busday_offset and numpy.busday_count: same answers, and the ratio of times.

    python benchmarks/workdays.py [--rows 5000000]

The days lie in 2020 to 2023, when no Saturday was worked: numpy cannot express those.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np

from tthc_cli.workdays import DAY, WorkCalendar, day_number, national_calendar


def seconds(work: Callable[[], Any], rounds: int = 5) -> float:
    """Median time of a piece of work."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rows", type=int, default=5_000_000)
    rows = parser.parse_args().rows
    random = np.random.default_rng(766)
    day = random.integers(day_number(date(2020, 1, 1)), day_number(date(2023, 9, 1)), rows)
    count = random.integers(1, 30, rows)
    moment = day * DAY + random.integers(0, DAY, rows)
    later = moment + random.integers(0, 60 * DAY, rows)

    calendar = WorkCalendar()
    off = np.array(sorted(national_calendar()[0]), dtype="datetime64[D]")
    theirs = np.busdaycalendar(holidays=off)
    dates = day.astype("datetime64[D]")
    due = calendar.add_working_days(day, count)
    if not np.array_equal(due, np.busday_offset(dates, count, roll="preceding", busdaycal=theirs).astype(np.int64)):
        raise SystemExit("add_working_days and numpy.busday_offset disagree")
    counted = np.busday_count(dates + 1, due.astype("datetime64[D]") + 1, busdaycal=theirs)
    if not np.array_equal(calendar.working_days_between(day, due), counted):
        raise SystemExit("working_days_between and numpy.busday_count disagree")

    ours = seconds(lambda: calendar.add_working_days(day, count))
    numpys = seconds(lambda: np.busday_offset(dates, count, roll="preceding", busdaycal=theirs))
    print(f"rows                              {rows:>12,}")
    print(f"add_working_days                  {ours:>12.3f} s")
    print(f"numpy.busday_offset               {numpys:>12.3f} s   ratio {ours / numpys:.2f}")
    ends = due.astype("datetime64[D]")
    ours = seconds(lambda: calendar.working_days_between(day, due))
    numpys = seconds(lambda: np.busday_count(dates + 1, ends + 1, busdaycal=theirs))
    print(f"working_days_between              {ours:>12.3f} s")
    print(f"numpy.busday_count                {numpys:>12.3f} s   ratio {ours / numpys:.2f}")
    for name, work in (
        ("end_of_working_day", lambda: calendar.end_of_working_day(day)),
        ("working_seconds_between", lambda: calendar.working_seconds_between(moment, later)),
        ("add_working_hours", lambda: calendar.add_working_hours(moment, count)),
        ("due, four units mixed", lambda: calendar.due(moment, count, count % 4 + 1)),
    ):
        print(f"{name:<33} {seconds(work):>12.3f} s")


if __name__ == "__main__":
    main()
