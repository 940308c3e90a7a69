"""Working time: Vietnam's public holidays, observed and swapped days, a province's own additions, office hours.

Days are numbers of days since 1970-01-01; times are seconds since 1970, local and naive, int64, `NAT` where unknown.
Every method takes numpy arrays (or single numbers) and returns arrays of the same shape; NAT in, NAT out.
Counting is two look-ups: how many working days lie up to a day, and which day the k-th working day is.

Periods begin on the day after the event (Civil Code 2015, Art. 147) and end on a working day (Art. 148.5); a period of
hours begins at once (Art. 147.1). Public holidays are known for 2000 to 2060; days before 1970 count as 1970-01-01,
days after 2060 as 2060-12-31.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, time
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from tthc_cli.errors import InputError

if TYPE_CHECKING:
    from tthc_cli.workspace import CalendarSettings

Ints = npt.NDArray[np.int64]
IntsLike = Ints | int

NAT = int(np.iinfo(np.int64).min)
DAY = 86_400
NOON = DAY // 2
FIRST, LAST = date(1970, 1, 1), date(2060, 12, 31)
_HOLIDAYS_FROM = 2000
OFFICE_HOURS = ("07:00-11:30", "13:30-17:00")
HOURS, DAYS, WORKING_DAYS, MONTHS = 1, 2, 3, 4
"""Codes of DonViThoiHan: working hours, calendar days, working days, months."""
_DAYS_IN_A_MONTH = 30
"""For a part of a month (Civil Code 2015, Art. 146.1)."""


def day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return day.toordinal() - 719_163


@cache
def national_calendar() -> tuple[frozenset[date], frozenset[date]]:
    """The days off of the country, observed and swapped ones included, and the Saturdays worked for them."""
    import holidays

    calendar: Any = holidays.country_holidays("VN", years=range(_HOLIDAYS_FROM, LAST.year + 1))
    return frozenset(calendar), frozenset(calendar.weekend_workdays)


def _seconds(text: str) -> int:
    moment = time.fromisoformat(text.strip())
    return moment.hour * 3600 + moment.minute * 60 + moment.second


def _spans(office_hours: Sequence[str]) -> tuple[tuple[int, int], ...]:
    """Office hours as seconds of the day. Raises InputError when they are none, overlap, or end before they begin."""
    spans = sorted((_seconds(start), _seconds(end)) for start, _, end in (text.partition("-") for text in office_hours))
    wrong = any(start >= end for start, end in spans) or any(a[1] > b[0] for a, b in pairwise(spans))
    if not spans or wrong:
        raise InputError("office_hours", value=", ".join(office_hours))
    return tuple(spans)


def _places(days: Iterable[date]) -> Ints:
    return np.array([day_number(d) for d in days if FIRST <= d <= LAST], np.int64)


class WorkCalendar:
    """Which days and hours are worked.

    days_off, working_days and half_days come on top of the national calendar; a half day is worked until noon. Raises
    InputError when a day is said to be both off and worked, or the office hours make no sense.
    """

    def __init__(
        self,
        office_hours: Sequence[str] = OFFICE_HOURS,
        days_off: Iterable[date] = (),
        working_days: Iterable[date] = (),
        half_days: Iterable[date] = (),
    ) -> None:
        off, on, half = set(days_off), set(working_days), set(half_days)
        if both := off & (on | half):
            raise InputError("day_off_and_worked", day=min(both).isoformat())
        self._spans = _spans(office_hours)
        days = np.arange(day_number(LAST) + 1)
        national_off, national_on = national_calendar()
        worked = (days + 3) % 7 < 5
        for group, value in ((national_off, False), (national_on, True), (off, False), (on, True)):
            worked[_places(group)] = value
        is_half = np.zeros(len(days), np.bool_)
        is_half[_places(half)] = True
        self._half = is_half & worked
        self._build(days, worked)

    @classmethod
    def of(cls, settings: CalendarSettings) -> WorkCalendar:
        """The calendar of a workspace."""
        return cls(settings.office_hours, settings.days_off, settings.working_days, settings.half_days)

    @property
    def day_seconds(self) -> int:
        """Working seconds of a whole day."""
        return sum(end - start for start, end in self._spans)

    def _build(self, days: Ints, worked: npt.NDArray[np.bool_]) -> None:
        mornings = tuple((start, min(end, NOON)) for start, end in self._spans if start < NOON) or self._spans[:1]
        morning_seconds = sum(end - start for start, end in mornings)
        # Indexed by day number: how many working days lie up to and including a day. Its inverse: the k-th one.
        self._upto = np.cumsum(worked, dtype=np.int32)
        self._nth = days[worked]
        closing = np.where(self._half, mornings[-1][1], self._spans[-1][1])
        following = np.minimum(np.where(worked, self._upto - 1, self._upto), len(self._nth) - 1)
        end_day = self._nth[following]
        self._end = end_day * DAY + closing[end_day]
        length = np.where(worked, np.where(self._half, morning_seconds, self.day_seconds), 0)
        self._length = length.astype(np.int32)
        # Working seconds before a day; and, of a whole day, before each of its seconds.
        self._elapsed = np.concatenate([[0], np.cumsum(length, dtype=np.int64)])
        second = np.arange(DAY)
        passed = sum((np.clip(second - a, 0, b - a) for a, b in self._spans), np.zeros(DAY, np.int64))
        self._passed = passed.astype(np.int32)

    def is_working_day(self, day: IntsLike) -> npt.NDArray[np.bool_]:
        """Whether each day is worked, wholly or half. NAT is not."""
        day = np.asarray(day, np.int64)
        out: npt.NDArray[np.bool_] = (self._length.take(day, mode="clip") > 0) & (day != NAT)
        return out

    def add_working_days(self, day: IntsLike, n: IntsLike) -> Ints:
        """The n-th working day after each day, the day itself not counted; before it when n is negative.

        0 is the day itself, or the last working day before it.
        """
        day, n = np.asarray(day, np.int64), np.asarray(n, np.int64)
        rank = n + self._upto.take(day, mode="clip")
        rank -= 1
        if n.size and n.min() < 0:
            rank += (n < 0) & ~self.is_working_day(day)
        return _known(self._nth.take(rank, mode="clip"), day)

    def working_days_between(self, a: IntsLike, b: IntsLike) -> Ints:
        """How many working days lie after day a, up to and including day b; negative when b is before a."""
        a, b = np.asarray(a, np.int64), np.asarray(b, np.int64)
        between = self._upto.take(b, mode="clip") - self._upto.take(a, mode="clip")
        return _known(between.astype(np.int64), a, b)

    def _clock(self, moment: Ints) -> Ints:
        """Working seconds from the beginning of the calendar to each moment. moment: shape (n,)."""
        day = moment // DAY
        with np.errstate(over="ignore"):  # NAT wraps round and is masked by the callers
            second = moment - day * DAY
        clock = self._elapsed.take(day, mode="clip")
        clock += np.minimum(self._passed.take(second), self._length.take(day, mode="clip"))
        return np.asarray(clock)

    def working_seconds_between(self, a: IntsLike, b: IntsLike) -> Ints:
        """Working seconds from moment a to moment b; negative when b is before a."""
        a, b = np.asarray(a, np.int64), np.asarray(b, np.int64)
        return _known(self._clock(b) - self._clock(a), a, b)

    def add_working_hours(self, moment: IntsLike, hours: npt.ArrayLike) -> Ints:
        """The first moment by which so many working hours have passed; 0 hours is the moment itself.

        Outside office hours the clock stands still: 1 hour from Friday 17:00 is Monday 08:00.
        """
        moment, hours = np.asarray(moment, np.int64), np.asarray(hours, np.float64)
        amount = np.rint(np.nan_to_num(hours) * 3600).astype(np.int64)
        target = np.clip(self._clock(moment) + amount, 1, self._elapsed[-1])
        place = np.searchsorted(self._elapsed, target, side="left") - 1
        left = target - self._elapsed[place]
        second = np.zeros(target.shape, np.int64)
        for start, end in self._spans:
            second = np.where(left > 0, start + np.minimum(left, end - start), second)
            left = left - (end - start)
        out = np.where(amount == 0, moment, place * DAY + second)
        return _known(np.where(np.isnan(hours), NAT, out), moment)

    def end_of_working_day(self, day: IntsLike) -> Ints:
        """The second at which each day's work ends (noon break of a half day); of the next working day when it is off.

        Civil Code 2015, Art. 148.5.
        """
        day = np.asarray(day, np.int64)
        return _known(self._end.take(day, mode="clip"), day)

    def due(self, received: IntsLike, amount: npt.ArrayLike, unit: IntsLike) -> Ints:
        """When a period that begins at receipt is over.

        received: seconds; amount: number, parts allowed; unit: code of DonViThoiHan (1 working hours, 2 days, 3 working
        days, 4 months). Days, working days and months begin on the day after receipt and end with the last working day;
        hours begin at receipt. The law does not speak of parts: a part of a day is that part of a day's working hours,
        a part of a month that part of 30 days. NAT for an unknown amount or unit.
        """
        received, amount, unit = np.broadcast_arrays(
            np.asarray(received, np.int64), np.asarray(amount, np.float64), np.asarray(unit, np.int64)
        )
        out = np.full(received.shape, NAT, np.int64)
        known = (received != NAT) & np.isfinite(amount)
        for code, ends in (
            (HOURS, self.add_working_hours), (DAYS, self._due_days), (WORKING_DAYS, self._due_working_days),
            (MONTHS, self._due_months),
        ):  # fmt: skip
            rows = known & (unit == code)
            if rows.any():
                out[rows] = ends(received[rows], amount[rows])
        return out

    def _due_days(self, received: Ints, amount: npt.NDArray[np.float64]) -> Ints:
        part, whole = np.modf(amount)
        last = received // DAY + whole.astype(np.int64)
        return self._with_part(received, whole, part, last, last + 1)

    def _due_working_days(self, received: Ints, amount: npt.NDArray[np.float64]) -> Ints:
        part, whole = np.modf(amount)
        day, days = received // DAY, whole.astype(np.int64)
        last = np.where(days == 0, day, self.add_working_days(day, days))
        return self._with_part(received, whole, part, last, self.add_working_days(day, days + 1))

    def _with_part(
        self, received: Ints, whole: npt.NDArray[np.float64], part: npt.NDArray[np.float64], last: Ints, following: Ints
    ) -> Ints:
        """The end of the last whole day (or receipt, when there is none) and the part of a working day after it, but
        never later than one more whole day would end."""
        end = self.end_of_working_day(last)
        rows = np.flatnonzero(part)
        if len(rows):
            since = np.where(whole[rows] == 0, received[rows], end[rows])
            later = self.add_working_hours(since, part[rows] * self.day_seconds / 3600)
            end[rows] = np.minimum(later, self.end_of_working_day(following[rows]))
        return end

    def _due_months(self, received: Ints, amount: npt.NDArray[np.float64]) -> Ints:
        part, whole = np.modf(amount)
        day = (received // DAY).astype("datetime64[D]")
        month = day.astype("datetime64[M]")
        last = month + whole.astype(np.int64)
        length = ((last + 1).astype("datetime64[D]") - last.astype("datetime64[D]")).astype(np.int64)
        offset = np.minimum((day - month.astype("datetime64[D]")).astype(np.int64), length - 1)
        end = last.astype("datetime64[D]").astype(np.int64) + offset
        return self.end_of_working_day(end + np.rint(part * _DAYS_IN_A_MONTH).astype(np.int64))


def _known(value: Ints, *given: Ints) -> Ints:
    """The value, NAT where any of the given is NAT."""
    for one in given:
        if one.size and one.min() == NAT:
            value = np.where(one == NAT, NAT, value)
    return np.asarray(value, np.int64)
