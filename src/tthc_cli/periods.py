"""Reporting periods: calendar months, quarters, halves and years, and the administrative windows of
Nghị định 09/2019/NĐ-CP (a quarter runs from the 15th of the month before it to the 14th of its last month).

A period is written "2023-06", "2023Q2", "2023H1" or "2023", or as people write it ("Quý II/2023", "06/2023",
"6 tháng đầu năm 2023"); or, seen from a day, "last" ("truoc") for the one that ended last and "this" ("nay") for the
one that runs. Times are local and naive.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from tthc_cli.errors import UsageError
from tthc_cli.text import fold

PeriodKind = Literal["month", "quarter", "half", "year"]
WindowStyle = Literal["calendar", "nd09"]

_LAST, _THIS = frozenset({"last", "truoc"}), frozenset({"this", "nay"})
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


@dataclass(frozen=True, slots=True)
class Days:
    """A week, or days chosen one by one; scores are of no such periods, forms may be."""

    kind: Literal["week", "days"]
    start: datetime
    end: datetime
    """The first moment after it."""
    style: WindowStyle = "calendar"

    @property
    def id(self) -> str:
        if self.kind == "week":
            year, week, _ = self.start.isocalendar()
            return f"{year}W{week:02d}"
        return f"{self.start:%Y-%m-%d}--{self.last_day:%Y-%m-%d}"

    @property
    def last_day(self) -> datetime:
        """Midnight that begins the last day of the period."""
        return self.end - timedelta(days=1)

    def previous(self) -> Days:
        """As many days just before."""
        return Days(self.kind, self.start - (self.end - self.start), self.start, self.style)

    def __str__(self) -> str:
        return self.id


Window = Period | Days
_WEEK = re.compile(r"(\d{4})-?W(\d{1,2})", re.IGNORECASE)


def parse_week(text: str) -> Days:
    """The week from Monday to Sunday that "2026W37" names (ISO 8601). Raises UsageError.

    >>> parse_week("2026W37").start.date().isoformat(), parse_week("2026W01").previous().id
    ('2026-09-07', '2025W52')
    """
    found = _WEEK.fullmatch(text.strip())
    try:
        monday = datetime.fromisocalendar(int(found[1]), int(found[2]), 1) if found else None
    except ValueError:
        monday = None
    if monday is None or not _YEARS[0] <= monday.year <= _YEARS[1]:
        raise UsageError("week_form", value=text)
    return Days("week", monday, monday + timedelta(days=7))


def days_between(first: date, last: date) -> Days:
    """The days from one to another, both included. Raises UsageError where they are in no order."""
    if last < first or not _YEARS[0] <= first.year <= last.year <= _YEARS[1]:
        raise UsageError("days_order", first=first.isoformat(), last=last.isoformat())
    end = datetime(last.year, last.month, last.day) + timedelta(days=1)
    return Days("days", datetime(first.year, first.month, first.day), end)


def parse_period(
    text: str, style: WindowStyle = "calendar", kind: PeriodKind | None = None, today: date | None = None
) -> Period:
    """The period that `text` names. Words for the last and the running period need a day to be seen from, and a kind
    where they name none.

    Raises UsageError, with the periods that may be meant, when the text is no period, or not of the wanted kind.

    >>> parse_period("Quý II/2023").start.isoformat(), parse_period("2023Q2", "nd09").start.isoformat()
    ('2023-04-01T00:00:00', '2023-03-15T00:00:00')
    >>> parse_period("last", kind="quarter", today=date(2023, 7, 5)).id
    '2023Q2'
    """
    seen = _seen_from(text, style, kind, today)
    if seen is not None:
        return _of_kind(text, seen, kind)
    found = _spelled(text, kind)
    if found is None:
        raise UsageError("period_form", value=text, near=_listed(_meant(text, style, kind, today)))
    if found.months:
        near = (f"{found.year}H1", f"{found.year}Q3", f"{found.year}")
        raise UsageError("period_no_months", value=text, months=found.months, near=_listed(near))
    if not _YEARS[0] <= found.year <= _YEARS[1]:
        raise UsageError("period_year", value=text, first=_YEARS[0], last=_YEARS[1])
    if not 1 <= found.index <= 12 // _MONTHS[found.kind]:
        raise UsageError(_NO_SUCH[found.kind], value=text, near=_listed(_in_range(found)))
    return _of_kind(text, Period(found.kind, found.year, found.index, style), kind)


def spelled_period(text: str) -> str | None:
    """The id of the period that a text names by itself; None when it is none.

    >>> spelled_period("6 tháng đầu năm 2023"), spelled_period("quý này")
    ('2023H1', None)
    """
    try:
        return parse_period(text).id
    except UsageError:
        return None


def _of_kind(text: str, period: Period, kind: PeriodKind | None) -> Period:
    """The period, where it is of the wanted kind. Raises UsageError with those of that kind that it is in, or that are
    in it."""
    if kind in (None, period.kind):
        return period
    if _MONTHS[kind] > period.months:
        whole = Period(kind, period.year, (period.index - 1) * period.months // _MONTHS[kind] + 1)
        near: tuple[str, ...] = (whole.id,)
    else:
        count = period.months // _MONTHS[kind]
        near = tuple(Period(kind, period.year, (period.index - 1) * count + i).id for i in range(1, count + 1))
    raise UsageError("period_kind", value=text, kind=kind, found=period.kind, period=period.id, near=_listed(near))


@dataclass(frozen=True, slots=True)
class _Found:
    """What a text names, whether there is such a period or not; `months` of a span that is none ("9 tháng")."""

    kind: PeriodKind
    year: int
    index: int
    months: int = 0


_YEARS = (2000, 2100)
_NO_SUCH = {"month": "period_no_month", "quarter": "period_no_quarter", "half": "period_no_half"}
_KINDS: dict[str, PeriodKind] = {
    "thang": "month", "t": "month", "month": "month", "quy": "quarter", "qui": "quarter", "q": "quarter",
    "quarter": "quarter", "nua": "half", "h": "half", "half": "half", "nam": "year", "year": "year",
}  # fmt: skip
"""Words for kinds of periods, folded."""
_NUMBERS = {
    "i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8, "ix": 9, "x": 10, "xi": 11, "xii": 12,
    "mot": 1, "nhat": 1, "hai": 2, "ba": 3, "tu": 4, "bon": 4, "sau": 6, "bay": 7, "tam": 8, "chin": 9, "muoi": 10,
    "first": 1, "second": 2, "third": 3, "fourth": 4, "dau": 1, "cuoi": 2,
}  # fmt: skip
"""Numbers in words, and which half "đầu năm" and "cuối năm" are."""
_ROMAN = frozenset({"i", "ii", "iii", "iv"})
_FILLING = frozenset({"nam", "year", "ky", "ca", "of", "the", "st", "nd", "rd", "th"})
_TOKEN = re.compile(r"\d+|q(?=[iv]+(?![a-z]))|[a-z]+")
_SPANS: dict[int, PeriodKind] = {3: "quarter", 6: "half", 12: "year"}
"""Kinds by the months they last: "3 tháng đầu năm" is the first quarter."""


def _tokens(text: str) -> list[str]:
    return _TOKEN.findall(fold(text))


def _spelled(text: str, kind: PeriodKind | None) -> _Found | None:
    """What a text names by itself. A bare number before a year ("2/2023") is of the wanted kind, else a month."""
    words = [word for word in _tokens(text) if word not in _FILLING]
    years = [word for word in words if len(word) == 4 and word.isdigit()]
    if len(years) != 1:
        return None
    year = int(years[0])
    if len(words) == 1:
        return _Found("year", year, 1)
    at = words.index(years[0])
    if at not in (0, len(words) - 1):
        return None
    rest = words[:at] + words[at + 1 :]
    return _span(rest, year) or _numbered(rest, year, kind)


def _span(rest: list[str], year: int) -> _Found | None:
    """Months from the beginning or to the end of a year: "6 tháng đầu năm", "12 tháng"."""
    shape = [word for word in rest if word not in ("dau", "cuoi")]
    if len(shape) != 2 or shape[1] not in ("thang", "t", "months") or len(rest) > 3:
        return None
    months = _number(shape[0])
    ends = rest[2:]
    if months is None or (not ends and (months == 6 or shape[1] == "t")):
        return None
    if months not in _SPANS or (not ends and months != 12):
        return _Found("year", year, 1, months)
    return _Found(_SPANS[months], year, 12 // months if ends == ["cuoi"] else 1)


def _numbered(rest: list[str], year: int, kind: PeriodKind | None) -> _Found | None:
    """A number with the word for a kind on either side of it, or alone."""
    if len(rest) == 1:
        return _bare(rest[0], year, kind)
    if len(rest) != 2:
        return None
    for word, number_word in ((rest[0], rest[1]), (rest[1], rest[0])):
        found, number = _KINDS.get(word), _number(number_word)
        if found in (None, "year") or number is None or (found == "month" and word != rest[0]):
            continue
        return _Found(found, year, number) if found == "half" or number_word not in ("dau", "cuoi") else None
    return None


def _bare(word: str, year: int, kind: PeriodKind | None) -> _Found | None:
    """A number that no word for a kind stands beside; Roman numbers are of quarters."""
    if word in _ROMAN:
        return _Found("quarter", year, _NUMBERS[word])
    number = _number(word) if word.isdigit() else None
    if number is None:
        return None
    fits = kind in ("quarter", "half") and not word.startswith("0") and number <= 12 // _MONTHS[kind]
    return _Found(kind if kind is not None and fits else "month", year, number)


def _number(word: str) -> int | None:
    return int(word) if word.isdigit() and len(word) <= 2 else _NUMBERS.get(word)


def _in_range(found: _Found) -> tuple[str, ...]:
    """Periods that may be meant by one whose number is too large or too small."""
    if found.index < 1:
        return (Period(found.kind, found.year, 1).id,)
    last = Period(found.kind, found.year, 12 // _MONTHS[found.kind]).id
    if found.kind == "half" and found.index <= 4:
        return f"{found.year}Q{found.index}", last
    if found.kind == "quarter" and found.index <= 12:
        return f"{found.year}-{found.index:02d}", f"{found.year}Q{(found.index + 2) // 3}"
    return (last,)


def _meant(text: str, style: WindowStyle, kind: PeriodKind | None, today: date | None) -> tuple[str, ...]:
    """Periods that may be meant by a text that is none."""
    words = _tokens(text)
    if day := re.fullmatch(r"(?:\d{1,2} (\d{1,2}) (20\d\d)|(20\d\d) (\d{1,2}) \d{1,2})", " ".join(words)):
        month, year = int(day[1] or day[4]), day[2] or day[3]
        return (f"{year}-{month:02d}", f"{year}Q{(month + 2) // 3}") if 1 <= month <= 12 else ()
    if both := re.fullmatch(r"0?6 t(?:hang)?(?: nam)? (20\d\d)", " ".join(words)):
        return f"{both[1]}H1", f"{both[1]}-06"
    if today is not None and " ".join(words) in _LAST | _THIS:
        return tuple(_seen_from(text, style, one, today).id for one in _MONTHS)  # type: ignore[union-attr]
    if not words:
        return ()
    digits = re.sub(r"(?<=\d)[oO]|[oO](?=\d)", "0", text)
    for other in (
        digits,
        re.sub(r"(?<!\d)(\d\d)$", r"20\1", text.strip()),
        _respelled(words),
        f"{text} {_year(today)}",
    ):
        found = _spelled(other, kind)
        if found and not found.months and _YEARS[0] <= found.year <= _YEARS[1] and other.strip() != text.strip():
            fits = 1 <= found.index <= 12 // _MONTHS[found.kind]
            return (Period(found.kind, found.year, found.index).id,) if fits else _in_range(found)
    return ()


def _year(today: date | None) -> str:
    return "" if today is None else str(today.year)


def _respelled(words: list[str]) -> str:
    """The words, each that is none put right by the nearest that is one."""
    from difflib import get_close_matches

    known = [*(word for word in _KINDS if len(word) > 2), *_NUMBERS, *_FILLING]
    return " ".join(
        word if word.isdigit() or word in known else "".join(get_close_matches(word, known, n=1, cutoff=0.6)) or word
        for word in words
    )


def _listed(near: tuple[str, ...]) -> str:
    return ", ".join(near) or "–"


_OUTER = {"qua": "", "roi": "", "ngoai": "truoc", "vua": "truoc", "previous": "last", "current": "this"}
"""Other words for the last and the running period."""


def _seen_from(text: str, style: WindowStyle, kind: PeriodKind | None, today: date | None) -> Period | None:
    """The last or the running period, where the text says so: "quý trước", "tháng này", "last quarter"."""
    words = [word for word in (_OUTER.get(word, word) for word in _tokens(text)) if word not in ("", "ky")]
    which = [word for word in words if word in _LAST | _THIS]
    if len(which) != 1 or today is None:
        return None
    rest = " ".join(word for word in words if word != which[0])
    named = "half" if rest in ("6 thang", "nua nam", "half year") else _KINDS.get(rest)
    if (rest and named is None) or (named or kind) is None:
        return None
    running = _running(named or kind or "year", style, today)
    return running if which[0] in _THIS else running.previous()


def _running(kind: PeriodKind, style: WindowStyle, today: date) -> Period:
    """The period that `today` belongs to."""
    period = Period(kind, today.year + 1, 1, style)
    while period.start.date() > today:
        period = period.previous()
    return period
