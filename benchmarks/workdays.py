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
from document import table, write_section

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
    parser.add_argument("--date", help="day of the measurement, for the document")
    given = parser.parse_args()
    rows = given.rows
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

    ends = due.astype("datetime64[D]")
    compared = (
        (
            "add_working_days", lambda: calendar.add_working_days(day, count),
            "numpy.busday_offset", lambda: np.busday_offset(dates, count, roll="preceding", busdaycal=theirs),
        ),
        (
            "working_days_between", lambda: calendar.working_days_between(day, due),
            "numpy.busday_count", lambda: np.busday_count(dates + 1, ends + 1, busdaycal=theirs),
        ),
    )  # fmt: skip
    lines: list[tuple[str, str, str, str, str]] = []
    for name, ours, peer, numpys in compared:
        own, other = seconds(ours), seconds(numpys)
        lines.append((name, f"{own:.3f}", peer, f"{other:.3f}", f"{own / other:.2f}"))
    alone = (
        ("end_of_working_day", lambda: calendar.end_of_working_day(day)),
        ("working_seconds_between", lambda: calendar.working_seconds_between(moment, later)),
        ("add_working_hours", lambda: calendar.add_working_hours(moment, count)),
        ("due, four units mixed", lambda: calendar.due(moment, count, count % 4 + 1)),
    )
    lines += [(name, f"{seconds(work):.3f}", "", "", "") for name, work in alone]
    headings = ("what", "seconds", "against", "seconds", "ratio")
    text = f"{rows:,} rows each; results checked to be equal. numpy has no working hours and no worked Saturdays.\n\n"
    text += table(headings, lines)
    print(text)
    if given.date:
        write_section("workdays", "Working time", given.date, text)


if __name__ == "__main__":
    main()
