"""Working time against the official calendars and cases worked by hand."""

from __future__ import annotations

import itertools
import pickle
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tthc_cli.errors import InputError
from tthc_cli.workdays import DAY, NAT, WorkCalendar, day_number, national_calendar

CASES = Path(__file__).parent / "cases"
YEARS: dict[int, Any] = yaml.safe_load((CASES / "workdays_calendar.yaml").read_text(encoding="utf-8"))
BY_HAND: dict[str, list[dict[str, Any]]] = yaml.safe_load((CASES / "workdays.yaml").read_text(encoding="utf-8"))

ADDED = WorkCalendar(days_off=[date(2026, 1, 2)], working_days=[date(2026, 1, 10)])
CALENDAR = WorkCalendar()


def seconds(text: str) -> int:
    return int((datetime.fromisoformat(text) - datetime(1970, 1, 1)).total_seconds())


def moment(value: Any) -> str:
    return (datetime(1970, 1, 1) + timedelta(seconds=int(value))).strftime("%Y-%m-%d %H:%M")


def day(value: Any) -> date:
    return date(1970, 1, 1) + timedelta(days=int(value))


def cases(name: str) -> Any:
    return pytest.mark.parametrize("case", BY_HAND[name], ids=lambda c: " ".join(str(v) for v in c.values()))


def announced(year: int, kind: str) -> set[date]:
    return {date.fromisoformat(f"{year}-{d}") for d in YEARS[year][kind]}


@pytest.mark.parametrize("year", YEARS)
def test_the_library_has_what_was_announced_but_for_the_listed_days(year: int) -> None:
    listed = YEARS[year].get("not_in_library", {"days_off": [], "worked": []})
    missing = {kind: {date.fromisoformat(f"{year}-{d}") for d in listed[kind]} for kind in ("days_off", "worked")}
    off, worked = national_calendar()
    assert {d for d in off if d.year == year and d.weekday() < 5} == announced(year, "days_off") - missing["days_off"]
    assert {d for d in worked if d.year == year} == announced(year, "worked") - missing["worked"]


@pytest.mark.parametrize("year", YEARS)
def test_working_days_of_a_year(year: int) -> None:
    first, last = day_number(date(year - 1, 12, 31)), day_number(date(year, 12, 31))
    assert ADDED.working_days_between(first, last) == YEARS[year]["working_days"]


@pytest.mark.parametrize("year", YEARS)
def test_every_day_of_a_year(year: int) -> None:
    days = np.arange(day_number(date(year, 1, 1)), day_number(date(year + 1, 1, 1)))
    worked = {day(d) for d in days[ADDED.is_working_day(days)]}
    weekdays = {day(d) for d in days if day(d).weekday() < 5}
    assert worked == weekdays - announced(year, "days_off") | announced(year, "worked")


@cases("add_working_days")
def test_add_working_days(case: dict[str, Any]) -> None:
    assert day(CALENDAR.add_working_days(day_number(case["day"]), case["n"])) == case["is"]


@cases("working_days_between")
def test_working_days_between(case: dict[str, Any]) -> None:
    assert CALENDAR.working_days_between(day_number(case["from"]), day_number(case["to"])) == case["is"]


@cases("add_working_hours")
def test_add_working_hours(case: dict[str, Any]) -> None:
    assert moment(CALENDAR.add_working_hours(seconds(case["at"]), case["hours"])) == case["is"]


@cases("working_hours_between")
def test_working_hours_between(case: dict[str, Any]) -> None:
    assert CALENDAR.working_seconds_between(seconds(case["from"]), seconds(case["to"])) == case["is"] * 3600


@cases("end_of_working_day")
def test_end_of_working_day(case: dict[str, Any]) -> None:
    assert moment(CALENDAR.end_of_working_day(day_number(case["day"]))) == case["is"]


@cases("due")
def test_due(case: dict[str, Any]) -> None:
    assert moment(CALENDAR.due(seconds(case["received"]), case["amount"], case["unit"])) == case["is"]


def test_due_of_many_rows_at_once() -> None:
    rows = BY_HAND["due"]
    received = np.array([seconds(r["received"]) for r in rows])
    due = CALENDAR.due(received, np.array([r["amount"] for r in rows]), np.array([r["unit"] for r in rows]))
    assert [moment(d) for d in due] == [r["is"] for r in rows]


# --- What a workspace adds ---


def test_a_day_off_of_the_province() -> None:
    calendar = WorkCalendar(days_off=[date(2023, 6, 12)])
    assert day(calendar.add_working_days(day_number(date(2023, 6, 9)), 1)) == date(2023, 6, 13)


def test_a_saturday_worked() -> None:
    calendar = WorkCalendar(working_days=[date(2023, 6, 10)])
    assert day(calendar.add_working_days(day_number(date(2023, 6, 9)), 1)) == date(2023, 6, 10)


def test_a_holiday_worked() -> None:
    calendar = WorkCalendar(working_days=[date(2023, 5, 3)])
    assert day(calendar.add_working_days(day_number(date(2023, 4, 28)), 1)) == date(2023, 5, 3)


def test_a_half_day_ends_at_noon_break_and_counts_as_a_day() -> None:
    calendar = WorkCalendar(half_days=[date(2023, 6, 9)])
    assert moment(calendar.end_of_working_day(day_number(date(2023, 6, 9)))) == "2023-06-09 11:30"
    assert moment(calendar.add_working_hours(seconds("2023-06-09 11:00"), 1)) == "2023-06-12 07:30"
    assert calendar.working_seconds_between(seconds("2023-06-09 07:00"), seconds("2023-06-09 17:00")) == 4.5 * 3600
    assert day(calendar.add_working_days(day_number(date(2023, 6, 8)), 1)) == date(2023, 6, 9)


def test_a_half_day_on_a_day_off_changes_nothing() -> None:
    calendar = WorkCalendar(half_days=[date(2023, 6, 10)])
    assert not calendar.is_working_day(day_number(date(2023, 6, 10)))


def test_other_office_hours() -> None:
    calendar = WorkCalendar(office_hours=("08:00-16:00",), half_days=[date(2023, 6, 9)])
    assert calendar.day_seconds == 8 * 3600
    assert moment(calendar.end_of_working_day(day_number(date(2023, 6, 8)))) == "2023-06-08 16:00"
    assert moment(calendar.end_of_working_day(day_number(date(2023, 6, 9)))) == "2023-06-09 12:00"


@pytest.mark.parametrize("hours", [("07:00-11:30", "11:00-17:00"), ("13:00-12:00",), ()])
def test_office_hours_that_make_no_sense_are_refused(hours: tuple[str, ...]) -> None:
    with pytest.raises(InputError, match="spans that do not overlap"):
        WorkCalendar(office_hours=hours)


def test_a_day_both_off_and_worked_is_refused() -> None:
    with pytest.raises(InputError, match="2023-06-12 is said to be both off and worked"):
        WorkCalendar(days_off=[date(2023, 6, 12)], half_days=[date(2023, 6, 12)])


# --- What is unknown, and the ends of the calendar ---


def test_unknown_in_unknown_out() -> None:
    days = np.array([NAT, day_number(date(2023, 6, 9))])
    assert CALENDAR.add_working_days(days, 1).tolist() == [NAT, day_number(date(2023, 6, 12))]
    assert CALENDAR.working_days_between(days, days).tolist() == [NAT, 0]
    assert CALENDAR.end_of_working_day(days)[0] == NAT
    assert CALENDAR.working_seconds_between(np.array([NAT, DAY]), np.array([0, NAT])).tolist() == [NAT, NAT]
    assert CALENDAR.add_working_hours(np.array([NAT]), 1).tolist() == [NAT]
    assert CALENDAR.due(np.array([NAT]), 1, 3).tolist() == [NAT]
    assert CALENDAR.is_working_day(days).tolist() == [False, True]


def test_an_unknown_amount_or_unit_has_no_due_date() -> None:
    received = np.full(3, seconds("2023-06-09 09:00"))
    due = CALENDAR.due(received, np.array([np.nan, 5, 5]), np.array([3, -1, 9]))
    assert due.tolist() == [NAT, NAT, NAT]


def test_days_far_outside_do_not_fail() -> None:
    far = np.array([day_number(date(1900, 1, 1)), day_number(date(9999, 12, 31))])
    assert np.diff(CALENDAR.end_of_working_day(far))[0] > 0
    assert CALENDAR.working_days_between(far[0], far[1]) > 20_000


def test_empty_arrays_stay_empty() -> None:
    none = np.zeros(0, np.int64)
    assert CALENDAR.add_working_days(none, 3).shape == (0,)
    assert CALENDAR.working_seconds_between(none, none).shape == (0,)
    assert CALENDAR.due(none, np.zeros(0), none).shape == (0,)


def test_a_calendar_travels_to_another_process() -> None:
    copy = pickle.loads(pickle.dumps(ADDED))
    assert copy.working_days_between(20_000, 21_000) == ADDED.working_days_between(20_000, 21_000)


# --- Properties ---

DAYS = st.integers(day_number(date(2018, 1, 1)), day_number(date(2027, 12, 31)))
MOMENTS = st.integers(day_number(date(2018, 1, 1)) * DAY, day_number(date(2027, 12, 31)) * DAY)
COUNTS = st.integers(0, 300)


@given(DAYS, st.integers(1, 60))
def test_adding_days_is_walking_the_calendar(start: int, n: int) -> None:
    off, worked = national_calendar()
    days = (date(1970, 1, 1) + timedelta(days=start + i) for i in itertools.count(1))
    walk = (d for d in days if d in worked or (d.weekday() < 5 and d not in off))
    assert day(CALENDAR.add_working_days(start, n)) == next(itertools.islice(walk, n - 1, None))


@given(DAYS, COUNTS, COUNTS)
def test_adding_in_two_steps_is_adding_once(start: int, a: int, b: int) -> None:
    assert CALENDAR.add_working_days(CALENDAR.add_working_days(start, a), b) == CALENDAR.add_working_days(start, a + b)


@given(DAYS, COUNTS)
def test_between_undoes_adding(start: int, n: int) -> None:
    assert CALENDAR.working_days_between(start, CALENDAR.add_working_days(start, n)) == n


@given(DAYS, st.integers(1, 300))
def test_going_back_undoes_going_forth(start: int, n: int) -> None:
    first = CALENDAR.add_working_days(start, 1)
    assert CALENDAR.add_working_days(CALENDAR.add_working_days(first, n), -n) == first


@given(DAYS, DAYS, COUNTS)
def test_a_later_day_is_never_due_earlier(a: int, b: int, n: int) -> None:
    early, late = min(a, b), max(a, b)
    assert CALENDAR.add_working_days(early, n) <= CALENDAR.add_working_days(late, n)
    assert CALENDAR.end_of_working_day(early) <= CALENDAR.end_of_working_day(late)


@given(DAYS, DAYS, DAYS)
def test_days_between_add_up(a: int, b: int, c: int) -> None:
    between = CALENDAR.working_days_between
    assert between(a, b) + between(b, c) == between(a, c)


@given(MOMENTS, MOMENTS, MOMENTS)
def test_seconds_between_add_up(a: int, b: int, c: int) -> None:
    between = CALENDAR.working_seconds_between
    assert between(a, b) + between(b, c) == between(a, c)
    assert abs(int(between(a, b))) <= abs(a - b)


@given(MOMENTS, st.integers(0, 2000))
def test_seconds_between_undo_adding_hours(start: int, quarters: int) -> None:
    end = CALENDAR.add_working_hours(start, quarters / 4)
    assert end >= start
    assert CALENDAR.working_seconds_between(start, end) == quarters * 900


@given(MOMENTS, st.sampled_from([2, 3, 4]), st.integers(0, 60))
def test_periods_in_days_end_with_a_working_day_after_receipt(received: int, unit: int, amount: int) -> None:
    due = int(CALENDAR.due(received, amount, unit))
    assert CALENDAR.is_working_day(due // DAY)
    assert due % DAY == 17 * 3600
    assert due // DAY >= received // DAY + (amount > 0)


@given(MOMENTS, st.sampled_from([1, 2, 3, 4]), st.integers(0, 240))
def test_more_time_is_never_due_earlier(received: int, unit: int, quarters: int) -> None:
    amounts = np.array([quarters, quarters + 1]) / 4
    due = CALENDAR.due(np.array([received, received]), amounts, np.array([unit, unit]))
    if amounts[0] > 0:
        assert due[0] <= due[1]
