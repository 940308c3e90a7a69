"""Dates as people write them, to seconds since 1970 (local, naive).

Values of the usual fixed-width forms are parsed together, column-wise; every other value takes a slow path that
knows more forms. Both check that the day exists: 31/02 is no date, never 3 March.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from tthc_cli.ingest.vectors import arrow, vector
from tthc_cli.text import fold

Order = Literal["dmy", "mdy", "swapped"]
"""How a column is written. "swapped": Excel took the day for the month in cells that are dates, not in texts."""
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

FIRST_YEAR, LAST_YEAR = 1990, 2100
_DAY = 86_400


def _month_tables() -> tuple[Ints, Ints]:
    months = np.arange(f"{FIRST_YEAR}-01", f"{LAST_YEAR + 1}-02", dtype="datetime64[M]")
    starts = months.astype("datetime64[D]").astype(np.int64)
    return starts[:-1], np.diff(starts)


_MONTH_START, _MONTH_LENGTH = _month_tables()

# position of each part of the fixed-width forms, by length; a form is tried when its separators are in place
_FORMS: tuple[tuple[int, bytes, tuple[int, int, int]], ...] = (
    (10, b"dd/dd/dddd", (0, 3, 6)),
    (16, b"dd/dd/dddd dd:dd", (0, 3, 6)),
    (19, b"dd/dd/dddd dd:dd:dd", (0, 3, 6)),
    (10, b"dddd-dd-dd", (8, 5, 0)),
    (16, b"dddd-dd-dd dd:dd", (8, 5, 0)),
    (19, b"dddd-dd-dd dd:dd:dd", (8, 5, 0)),
    (14, b"dddddddddddddd", (6, 4, 0)),
)
_CLOCK = {16: (11, 14, None), 19: (11, 14, 17), 14: (8, 10, 12)}


def _parse_form(
    cells: npt.NDArray[np.uint8], form: bytes, places: tuple[int, int, int], order: Order
) -> tuple[Ints, Bools]:
    """Seconds and validity of texts of one length; `cells` has shape (length, n)."""
    length, n = cells.shape
    digits = cells - np.uint8(48)
    good = np.maximum.reduce([digits[i] for i, mark in enumerate(form) if mark == ord("d")]) <= 9
    for i, mark in enumerate(form):
        if mark == ord("/"):
            good &= (cells[i] == 47) | (cells[i] == 45) | (cells[i] == 46)
        elif mark == ord(" "):
            good &= (cells[i] == 32) | (cells[i] == 84)
        elif mark != ord("d"):
            good &= cells[i] == mark
    if not good.any():
        return np.zeros(n, np.int64), good

    def pair(at: int) -> npt.NDArray[np.uint8]:
        number: npt.NDArray[np.uint8] = digits[at] * np.uint8(10) + digits[at + 1]
        return number

    day, month = pair(places[0]), pair(places[1])
    year = pair(places[2]).astype(np.int32) * 100 + pair(places[2] + 2)
    if order == ("mdy" if form.startswith(b"dd/") else "swapped"):
        day, month = month, day
    good &= (year >= FIRST_YEAR) & (year <= LAST_YEAR) & (month - np.uint8(1) < 12) & (day >= 1)
    index = ((year - FIRST_YEAR) * 12 + month - 1).astype(np.intp)
    index[~good] = 0
    good &= day <= _MONTH_LENGTH[index]
    seconds = (_MONTH_START[index] + day - 1) * _DAY
    if length in _CLOCK:
        h, m, s = _CLOCK[length]
        hour, minute = pair(h), pair(m)
        second = pair(s) if s is not None else np.zeros(n, np.uint8)
        good &= (hour < 24) & (minute < 60) & (second < 60)
        seconds += hour.astype(np.int32) * 3600 + minute.astype(np.int32) * 60 + second
    return seconds, good


def parse_times(texts: pa.Array, order: Order = "dmy") -> tuple[Ints, Bools, Bools]:
    """(seconds, blank, bad), each of shape (n,). Blank covers "none" dates such as 01/01/1900 and 31/12/9999."""
    n = len(texts)
    seconds = np.zeros(n, np.int64)
    blank = vector(texts.is_null()) if texts.null_count else np.zeros(n, bool)
    if n == 0:
        return seconds, blank, blank.copy()
    offsets = np.frombuffer(texts.buffers()[1], np.int32)[texts.offset : texts.offset + n + 1]
    data = np.frombuffer(texts.buffers()[2] or b"", np.uint8)
    lengths = np.diff(offsets)
    pending = ~blank
    total = int(offsets[-1]) - int(offsets[0])
    for length in (10, 16, 19, 14):
        rows = np.flatnonzero(lengths == length)
        if not len(rows):
            continue
        if len(rows) * length == total:
            cells = data[offsets[0] : offsets[-1]].reshape(-1, length)
        else:
            cells = data[offsets[rows].astype(np.int64)[:, None] + np.arange(length)]
        cells = np.ascontiguousarray(cells.T)
        left: Bools | None = None
        for form_length, form, places in _FORMS:
            if form_length != length or (left is not None and not left.any()):
                continue
            found, good = _parse_form(cells, form, places, order)
            if left is not None:
                good &= left
            if good.all():
                seconds[rows] = found
                pending[rows] = False
                break
            seconds[rows[good]] = found[good]
            pending[rows[good]] = False
            left = ~good if left is None else left & ~good
    bad = np.zeros(n, bool)
    odd = np.flatnonzero(pending)
    if len(odd):
        encoded = texts.take(arrow(odd)).dictionary_encode()
        results = [odd_time(text, order) for text in encoded.dictionary.to_pylist()]
        codes = vector(encoded.indices)
        seconds[odd] = np.array([r if isinstance(r, int) else 0 for r in results], np.int64)[codes]
        blank[odd] = np.array([r is None for r in results])[codes]
        bad[odd] = np.array([r == "bad" for r in results])[codes]
    return seconds, blank, bad


_NONE_WORDS = {
    "",
    "null",
    "none",
    "nan",
    "nat",
    "n a",
    "na",
    "khong",
    "chua co",
    "chua",
    "chua xac dinh",
    "khong co",
    "0",
}
_DMY = re.compile(r"(?<!\d)(\d{1,2})\s*[/\-.]\s*(\d{1,2})\s*[/\-.]\s*(\d{4}|\d{2})(?!\d)")
_YMD = re.compile(r"(?<!\d)(\d{4})\s*[/\-.]\s*(\d{1,2})\s*[/\-.]\s*(\d{1,2})(?!\d)")
_WORDS = re.compile(r"(?:ngay )?(\d{1,2}) thang (\d{1,2}) nam (\d{4})")
_TIME = re.compile(
    r"(\d{1,2})\s*[:hg]\s*(\d{1,2})?(?:\s*[:mp']\s*(\d{1,2}))?(?:[.,]\d+)?\s*(?:s)?\s*(am|pm|sa|ch)?(?:z|\+07:?00)?"
)
_SERIAL = re.compile(r"\d{5}(?:[.,]\d+)?")


@lru_cache(maxsize=65536)
def odd_time(  # noqa: PLR0911
    text: str, order: Order = "dmy"
) -> int | Literal["bad"] | None:
    """Seconds since 1970 of one value in any form known; None for a blank or "none" date; "bad" for no date.

    Two-digit years are of this century. Excel serials count days from 30/12/1899.
    """
    raw = text.strip().strip("'\"").strip().lower()
    if fold(raw) in _NONE_WORDS or not raw.strip("-/. 0:"):
        return None
    if _SERIAL.fullmatch(raw):
        serial = float(raw.replace(",", "."))
        if 32_874 <= serial < 73_416:  # 1990 to 2100
            return round(serial * _DAY / 60) * 60 - 25_569 * _DAY if serial % 1 else int(serial - 25_569) * _DAY
        return "bad"
    day_part, clock = _split(raw)
    if day_part is None:
        return "bad"
    year, month, day = day_part
    if order == ("swapped" if _YMD.match(raw) else "mdy"):
        day, month = month, day
    if year in (1, 9999) or 1000 <= year <= 1900:
        return None
    if not FIRST_YEAR <= year <= LAST_YEAR or clock is None:
        return "bad"
    try:
        moment = datetime(year, month, day) + timedelta(seconds=clock)
    except (ValueError, OverflowError):
        return "bad"
    return int((moment - datetime(1970, 1, 1)).total_seconds())


def _split(raw: str) -> tuple[tuple[int, int, int] | None, int | None]:
    """((year, month, day) as written, seconds of the day) of a lower-case text."""
    rest = raw
    if re.fullmatch(r"\d{8}(\d{4}|\d{6})?", raw):
        if FIRST_YEAR <= int(raw[:4]) <= LAST_YEAR:
            parts = int(raw[:4]), int(raw[4:6]), int(raw[6:8])
        else:
            parts = int(raw[4:8]), int(raw[2:4]), int(raw[:2])
        clock = raw[8:]
        return parts, _clock(":".join(re.findall("..", clock)))
    words = _WORDS.search(fold(raw))
    if words:
        rest = re.split(r"ng[àa]y|,", raw)[0] if not fold(raw).startswith("ngay") else ""
        return (int(words[3]), int(words[2]), int(words[1])), _clock(rest) if ":" in rest or "h" in rest else 0
    hit = _YMD.search(raw)
    if hit:
        parts = int(hit[1]), int(hit[2]), int(hit[3])
    else:
        hit = _DMY.search(raw)
        if not hit:
            return None, None
        year = int(hit[3]) if len(hit[3]) == 4 else 2000 + int(hit[3])
        parts = year, int(hit[2]), int(hit[1])
    rest = (raw[: hit.start()] + " " + raw[hit.end() :]).strip(" t,;-")
    rest = re.sub(r"(ngày|ngay|lúc|luc)", " ", rest).strip(" ,;-")
    return parts, _clock(rest)


def _clock(text: str) -> int | None:
    """Seconds of a time of day; 0 for none; None when the text is no time."""
    text = text.strip()
    if not text:
        return 0
    hit = _TIME.fullmatch(text)
    if not hit:
        return None
    hour, minute, second = int(hit[1]), int(hit[2] or 0), int(hit[3] or 0)
    if hit[4] in ("pm", "ch") and hour < 12:
        hour += 12
    if hit[4] in ("am", "sa") and hour == 12:
        hour = 0
    return hour * 3600 + minute * 60 + second if hour < 24 and minute < 60 and second < 60 else None


def to_timestamps(seconds: Ints, blank: Bools) -> pa.Array:
    """timestamp[s] with nulls."""
    return arrow(seconds, pa.int64(), blank=blank).cast(pa.timestamp("s"))


def to_dates(seconds: Ints, blank: Bools) -> pa.Array:
    """date32 with nulls."""
    return pc.cast(to_timestamps(seconds, blank), pa.date32(), safe=False)
