"""One date in any form that people and programs write: in words, with a zone, with a badge beside it.

Every word must be accounted for: a text with more in it than a date is no date. The words are in
`dictionary/words/dates.toml`.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, lru_cache
from typing import Any, Literal

from tthc_cli.clock import AHEAD
from tthc_cli.ingest.cleaning.nothing import is_nothing
from tthc_cli.schema import word_file

Order = Literal["dmy", "mdy", "swapped"]
"""How a column is written. "swapped": Excel took the day for the month in cells that are dates, not in texts."""
FIRST_YEAR, LAST_YEAR = 1990, 2100
_DAY = 86_400
_EPOCH = datetime(1970, 1, 1)
_LONGEST = 120
"""A longer text is no date."""
_NOTHING = "-/. 0:_"
"""A text of nothing else is blank: "00/00/0000", "--", "__/__/____"."""

_SEP = r"(?:\s?[/.\-\\]\s?|\s)"
_DMY = re.compile(rf"(?<!\d)(\d{{1,2}}){_SEP}(\d{{1,2}})(?:{_SEP}|\s?,?\s?nam\s?)(\d{{4}})(?!\d)")
_YMD = re.compile(rf"(?<!\d)(\d{{4}}){_SEP}(\d{{1,2}}){_SEP}(\d{{1,2}})(?!\d)")
_SHORT = re.compile(r"(?<![\d.:])(\d{1,2})\s?[/.\-]\s?(\d{1,2})\s?[/.\-]\s?(\d{2})(?!\d)")
_PACKED = re.compile(r"(\d{4})(\d\d)(\d\d)[t ](\d\d):?(\d\d):?(\d\d)?(?!\d)")
_YEAR_LAST = re.compile(r"([a-z]{3,9} \d{1,2}) (\d{1,2}:\d\d:\d\d(?: [a-z]{1,4}(?:[+-]\d\d:?\d\d)?)?) (\d{4})$")
_WORD = re.compile("[a-z]{3}")
_WEEKDAY = re.compile(r"(?<![a-z])thu\s?[2-7](?=\s?,|\s+ngay|\s+\d{1,2}[/.\-])")
_ASP = re.compile(r"\\?/date\((-?\d{1,15})(?:[+-]\d{4})?\)\\?/")
_SERIAL = re.compile(r"\d{5}(?:[.,]\d{1,20})?")
_COLONS = re.compile(r"(?<![\d:])(\d{1,2})\s?:\s?(\d{1,2})(?:\s?:\s?(\d{1,2})(?:[.,:]\d{1,9})?)?(?![\d:])")
_LETTERS = re.compile(
    r"(?<!\d)(\d{1,2})\s?(?:h|g|gio|hrs?)(?![a-z])\s?"
    r"(?:(\d{1,2})(?:\s?(?:[:']|(?:m|p|ph|phut)(?![a-z]))\s?(?:(\d{1,2})\s?(?:(?:s|giay)(?![a-z]))?)?)?)?(?!\d)"
)
_DOTS = re.compile(r"(?<![\d.])(\d{1,2})\.(\d\d)(?:\.(\d\d)(?:[.,]\d{1,9})?)?(?!\d)")
_ZONE = re.compile(
    r"\s?(?P<name>(?:z|gmt|utc|ict)(?![a-z]))?\s?"
    r"(?:(?P<sign>[+-])(?P<h>\d{1,2})(?::?(?P<m>\d\d)(?::\d\d)?)?(?!\d))?(?:\s?\([^()\d]*\))?"
)


@dataclass(frozen=True, slots=True)
class Words:
    """The words of `dictionary/words/dates.toml`."""

    none: frozenset[str]
    idle: frozenset[str]
    badges: frozenset[str]
    badge_units: frozenset[str]
    halves: dict[str, str]
    worded: re.Pattern[str]
    """Day, month and year around "tháng"."""
    english: tuple[re.Pattern[str], re.Pattern[str]]
    """Month, day, year; day, month, year."""
    badge: re.Pattern[str]
    months: dict[str, int]


def load() -> dict[str, Any]:
    """The file as it is."""
    return word_file("dates")


def any_of(words: Any) -> str:
    """A pattern of one of some words, the longest first."""
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


@cache
def words() -> Words:
    """The words, ready for use."""
    raw = load()
    local = {word: int(n) for n, names in raw["months"].items() for word in names}
    english = {word: int(n) for n, names in raw["months_english"].items() for word in names}
    named = any_of(english)
    return Words(
        none=frozenset(raw["none"]),
        idle=frozenset(raw["idle"]),
        badges=frozenset(raw["badges"]),
        badge_units=frozenset(raw["badge_units"]) | {w for phrase in raw["badges"] for w in phrase.split()},
        halves={word: half for half, names in raw["halves"].items() for word in names},
        worded=re.compile(
            rf"(?<!\d)(\d{{1,2}})\s?(?:thang|thg)\.?\s?(\d{{1,2}}|{any_of(local)})[\s,/.\-]{{0,3}}(?:nam\s?)?(\d{{4}})(?!\d)"
        ),
        english=(
            re.compile(rf"(?<![a-z])({named})[\s.,/\-]{{0,3}}(\d{{1,2}})(?:st|nd|rd|th)?[\s,/\-]{{1,3}}(\d{{4}})(?!\d)"),
            re.compile(rf"(?<!\d)(\d{{1,2}})(?:st|nd|rd|th)?[\s.,/\-]{{0,3}}({named})[\s.,/\-]{{1,3}}(\d{{4}}|\d\d)(?!\d)"),
        ),
        badge=re.compile(rf"(?<![a-z])(?:{any_of(raw['badges'])})(?![a-z])"),
        months=local | english,
    )  # fmt: skip


def plain(text: str) -> str:
    """Lower case without accents, marks of no width and quotes; digits of every width as usual ones; blanks folded."""
    if not text.isascii():
        wide = unicodedata.normalize("NFKC", text).replace("đ", "d").replace("Đ", "D")
        apart = unicodedata.normalize("NFD", wide)
        text = "".join(
            "-" if unicodedata.category(c) == "Pd" or c == "\u2212" else c
            for c in apart if unicodedata.category(c) not in ("Mn", "Cf")
        )  # fmt: skip
    return " ".join(text.lower().split()).strip("'\" ")


@lru_cache(maxsize=65536)
def odd_time(text: str, order: Order = "dmy") -> int | Literal["bad"] | None:
    """Seconds since 1970 of one value in any form known; None for a blank or "none" date; "bad" for no date.

    Two-digit years are of this century. Excel serials count days from 30/12/1899. A time with a zone becomes
    Vietnam's.
    """
    if len(text) > _LONGEST:
        return "bad"
    raw = plain(text)
    if not raw.strip(_NOTHING) or is_nothing(raw) or " ".join(re.findall(r"[a-z0-9]+", raw)) in words().none:
        return None
    counted = _counted(raw)
    found: tuple[tuple[int, int, int], int | None] | None
    if isinstance(counted, datetime):
        seconds = int((counted - counted.replace(hour=0, minute=0, second=0)).total_seconds())
        found = (counted.year, counted.month, counted.day), seconds
    else:
        found = None if counted == "bad" else _parts(raw, order)
    if found is None:
        return "bad"
    date, clock = found
    return None if is_none(*date) else "bad" if clock is None else _moment(*date, clock)


def is_none(year: int, month: int, day: int) -> bool:
    """Whether programs write this day where there is no date."""
    return year in (0, 1, 9999) or 1000 <= year <= 1900 or (year, month, day) in ((1970, 1, 1), (1969, 12, 31))


def _moment(year: int, month: int, day: int, clock: int) -> int | Literal["bad"]:
    try:
        moment = datetime(year, month, day) + timedelta(seconds=clock)
    except (ValueError, OverflowError):
        return "bad"
    if not (FIRST_YEAR <= year <= LAST_YEAR and FIRST_YEAR <= moment.year <= LAST_YEAR):
        return "bad"
    return int((moment - _EPOCH).total_seconds())


def _counted(raw: str) -> datetime | Literal["bad"] | None:
    """A value that a program counts from some day: milliseconds since 1970 in UTC, Excel's serials."""
    asp = _ASP.fullmatch(raw)
    if asp or re.fullmatch(r"1\d{12}", raw):
        try:
            return _EPOCH + timedelta(seconds=int(asp[1] if asp else raw) // 1000 + AHEAD)
        except OverflowError:
            return "bad"
    if not _SERIAL.fullmatch(raw):
        return None
    days = raw.replace(",", ".")
    serial = float(days)
    exact = 1 if len(days.partition(".")[2]) >= 5 else 60
    return datetime(1899, 12, 30) + timedelta(int(serial), round(serial % 1 * _DAY / exact) * exact)


def _parts(raw: str, order: Order) -> tuple[tuple[int, int, int], int | None] | None:
    """((year, month, day), seconds of the day; None when what stands beside the date is no time)."""
    if re.fullmatch(r"\d{8}(\d{4}|\d{6}|\d{9})?", raw):
        return _digits(raw)
    raw = _WEEKDAY.sub(" ", raw)
    raw = _PACKED.sub(lambda m: f"{m[1]}-{m[2]}-{m[3]} {m[4]}:{m[5]}:{m[6] or '00'}", raw, count=1)
    raw = _YEAR_LAST.sub(r"\1 \3 \2", raw)
    raw = re.sub(r"(?<![a-z])([ap])\.\s?m(?![a-z])\.?", r"\1m", raw)
    day = _day(raw, order)
    if day is None:
        return None
    date, start, stop = day
    after = re.sub(r"^t(?=\d)", " ", raw[stop:])
    return date, _clock(raw[:start], after)


def _digits(raw: str) -> tuple[tuple[int, int, int], int | None]:
    if FIRST_YEAR <= int(raw[:4]) <= LAST_YEAR or is_none(int(raw[:4]), int(raw[4:6]), int(raw[6:8])):
        date = int(raw[:4]), int(raw[4:6]), int(raw[6:8])
    else:
        date = int(raw[4:8]), int(raw[2:4]), int(raw[:2])
    clock = [int(part) for part in re.findall("..", raw[8:14])]
    return date, _seconds(*clock) if clock else 0


def _day(raw: str, order: Order) -> tuple[tuple[int, int, int], int, int] | None:
    """(year, month, day) and where they stand in the text."""
    known = words()
    if "th" in raw and (hit := known.worded.search(raw)) is not None:
        month = int(hit[2]) if hit[2].isdigit() else known.months[hit[2]]
        return (int(hit[3]), month, int(hit[1])), hit.start(), hit.end()
    wordy = _WORD.search(raw) is not None
    for pattern, at_day, at_month in ((known.english[0], 2, 1), (known.english[1], 1, 2)) if wordy else ():
        if (hit := pattern.search(raw)) is not None:
            return (_year(hit[3]), known.months[hit[at_month]], int(hit[at_day])), hit.start(), hit.end()
    hits = [hit for hit in (_YMD.search(raw), _DMY.search(raw)) if hit is not None]
    hit = min(hits, key=lambda h: h.start(), default=None) or _SHORT.search(raw)
    if hit is None:
        return None
    iso = hit.re is _YMD
    year, month, day = (int(hit[1]), int(hit[2]), int(hit[3])) if iso else (_year(hit[3]), int(hit[2]), int(hit[1]))
    if order == ("swapped" if iso else "mdy"):
        day, month = month, day
    return (year, month, day), hit.start(), hit.end()


def _year(text: str) -> int:
    """Years of two digits are of this century, but 1/1/70 is the day that programs write for none, see `is_none`."""
    return int(text) if len(text) == 4 else 1970 if text == "70" else 2000 + int(text)


def _clock(before: str, after: str) -> int | None:
    """Seconds of the day told around a date, as Vietnam's clock shows them; 0 for none; None for anything else."""
    known = words()
    badge = known.badge.search(after) if _WORD.search(after) else None
    if badge is not None:
        told = re.findall(r"[a-z]+", after[badge.end() :])
        if ":" in after[badge.end() :] or not known.badge_units.issuperset(told):
            return None
        after = after[: badge.start()]
    if " ".join(re.findall(r"[a-z]+", before)) in known.badges:
        before = re.sub(r"[a-z]+", " ", before)
    text = f"{before} | {after}"
    hit = _COLONS.search(text) or _LETTERS.search(text) or _DOTS.search(text)
    if hit is None:
        return 0 if _idle(text) == "" else None
    hour, minute, second = int(hit[1]), int(hit[2] or 0), int(hit[3] or 0)
    behind = text[hit.end() :]
    zone = _ZONE.match(behind)
    assert zone is not None
    moved = _ahead(zone, hit[3] is not None)
    half = _idle(text[: hit.start()] + " | " + (behind if moved is None else behind[zone.end() :]))
    if half is None:
        return None
    seconds = _seconds(_hour(hour, half), minute, second)
    return seconds if seconds is None or moved is None else seconds + AHEAD - moved


def _ahead(zone: re.Match[str], to_the_second: bool) -> int | None:
    """Seconds by which a zone is ahead of UTC; None when there is none.

    "08:00-10:00" is from eight to ten: a bare "-10:00" is a zone only behind a time told to the second.
    """
    if zone["sign"] is None:
        return None if zone["name"] is None else AHEAD if zone["name"] == "ict" else 0
    if zone["name"] is None and zone["sign"] == "-" and not to_the_second:
        return None
    ahead = int(zone["h"]) * 3600 + int(zone["m"] or 0) * 60
    return -ahead if zone["sign"] == "-" else ahead


def _idle(text: str) -> str | None:
    """The half of the day that the words around a time tell, "" for none; None when they tell anything else."""
    known = words()
    half = ""
    for word in re.findall(r"[^\W\d_]+\d?|\d+", text):
        if word in known.halves and not half:
            half = known.halves[word]
        elif word not in known.idle:
            return None
    return half


def _hour(hour: int, half: str) -> int:
    """The hour of the day; 99 for an hour that its half does not have."""
    if half == "":
        return hour
    if half == "am":
        return hour % 12 if hour <= 12 else 99
    if half == "pm":
        return hour + 12 if hour < 12 else hour
    if half == "noon":
        return hour + 12 if hour in (1, 2) else hour if 10 <= hour <= 14 else 99
    return hour + 12 if 5 <= hour < 12 else hour if hour >= 17 else 99


def _seconds(hour: int, minute: int = 0, second: int = 0) -> int | None:
    """24:00 is the end of the day: the day alone."""
    if (hour, minute, second) == (24, 0, 0):
        return 0
    return hour * 3600 + minute * 60 + second if hour < 24 and minute < 60 and second < 60 else None
