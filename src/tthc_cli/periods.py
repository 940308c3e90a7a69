"""Reporting periods: calendar months, quarters, halves and years, and the administrative windows of
Nghị định 09/2019/NĐ-CP (a quarter runs from the 15th of the month before it to the 14th of its last month).

A period is written "2023-06", "2023Q2", "2023H1" or "2023"; or, seen from a day, "last" ("truoc") for the one that
ended last and "this" ("nay") for the one that runs. Times are local and naive.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from tthc_cli.errors import UsageError

PeriodKind = Literal["month", "quarter", "half", "year"]
WindowStyle = Literal["calendar", "nd09"]

_FORM = re.compile(r"(?P<year>\d{4})(?:-(?P<month>0[1-9]|1[0-2])|Q(?P<quarter>[1-4])|H(?P<half>[12]))?")
_LAST, _THIS = frozenset({"last", "truoc", "trước"}), frozenset({"this", "nay"})
_MONTHS: dict[PeriodKind, int] = {"month": 1, "quarter": 3, "half": 6, "year": 12}


@dataclass(frozen=True, slots=True)
class Period:
    """One reporting period; `start` is its first second, `end` the first second after it."""

    kind: PeriodKind
    year: int
    index: int
    """Month 1-12, quarter 1-4, half 1-2; 1 for a year."""
    style: WindowStyle = "calendar"

    @property
    def id(self) -> str:
        return {
            "month": f"{self.year}-{self.index:02d}", "quarter": f"{self.year}Q{self.index}",
            "half": f"{self.year}H{self.index}", "year": f"{self.year}",
        }[self.kind]  # fmt: skip

    @property
    def months(self) -> int:
        """Months it lasts."""
        return _MONTHS[self.kind]

    def _boundary(self, month_index: int) -> datetime:
        """The window border after `month_index` months counted from year 0."""
        year, month = divmod(month_index, 12)
        if self.style == "calendar":
            return datetime(year, month + 1, 1)
        year, month = divmod(month_index - 1, 12)
        return datetime(year, month + 1, 15)

    @property
    def start(self) -> datetime:
        return self._boundary(self.year * 12 + (self.index - 1) * self.months)

    @property
    def end(self) -> datetime:
        """The first moment after the period."""
        return self._boundary(self.year * 12 + self.index * self.months)

    @property
    def last_day(self) -> datetime:
        """Midnight that begins the last day of the period."""
        return self.end - timedelta(days=1)

    def previous(self) -> Period:
        """The period of the same kind just before."""
        last = 12 // self.months
        if self.index > 1:
            return Period(self.kind, self.year, self.index - 1, self.style)
        return Period(self.kind, self.year - 1, last, self.style)

    def parts(self) -> tuple[Period, ...]:
        """The periods of the next shorter kind in it: two halves, two quarters, three months; none of a month.

        >>> [p.id for p in parse_period("2023H2").parts()]
        ['2023Q3', '2023Q4']
        """
        shorter: dict[PeriodKind, tuple[PeriodKind, int]] = {
            "year": ("half", 2), "half": ("quarter", 2), "quarter": ("month", 3),
        }  # fmt: skip
        if self.kind not in shorter:
            return ()
        kind, count = shorter[self.kind]
        return tuple(Period(kind, self.year, (self.index - 1) * count + i, self.style) for i in range(1, count + 1))

    def within(self) -> frozenset[str]:
        """Ids of the period and of all shorter ones in it."""
        return frozenset({self.id}.union(*(part.within() for part in self.parts())))

    def __str__(self) -> str:
        return self.id


def parse_period(
    text: str, style: WindowStyle = "calendar", kind: PeriodKind | None = None, today: date | None = None
) -> Period:
    """The period that `text` names. Words for the last and the running period need a kind and a day to be seen from.

    Raises UsageError when the text is no period, or not of the wanted kind.

    >>> parse_period("2023Q2").start.isoformat(), parse_period("2023Q2", "nd09").start.isoformat()
    ('2023-04-01T00:00:00', '2023-03-15T00:00:00')
    >>> parse_period("last", kind="quarter", today=date(2023, 7, 5)).id
    '2023Q2'
    """
    word = unicodedata.normalize("NFC", text).strip().lower()
    if word in _LAST | _THIS and kind is not None and today is not None:
        running = _running(kind, style, today)
        return running if word in _THIS else running.previous()
    match = _FORM.fullmatch(word.upper())
    if match is None:
        raise UsageError("period_form", value=text)
    year = int(match["year"])
    if not 2000 <= year <= 2100:
        raise UsageError("period_form", value=text)
    found: PeriodKind = (
        "month" if match["month"] else "quarter" if match["quarter"] else "half" if match["half"] else "year"
    )
    if kind is not None and kind != found:
        raise UsageError("period_kind", value=text, kind=kind)
    index = int(match["month"] or match["quarter"] or match["half"] or 1)
    return Period(found, year, index, style)


def _running(kind: PeriodKind, style: WindowStyle, today: date) -> Period:
    """The period that `today` belongs to."""
    period = Period(kind, today.year + 1, 1, style)
    while period.start.date() > today:
        period = period.previous()
    return period
