"""Dates as people write them, to seconds since 1970 (local, naive).

Values of the usual fixed-width forms are parsed together, column-wise; every other value takes a slow path that
knows more forms (see `date_words`). Both check that the day exists: 31/02 is no date, never 3 March.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from tthc_cli.clock import AHEAD
from tthc_cli.ingest.cleaning.date_words import FIRST_YEAR, LAST_YEAR, Order, odd_time
from tthc_cli.ingest.vectors import arrow, vector

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

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
    (20, b"dddd-dd-dd dd:dd:ddZ", (8, 5, 0)),
    (21, b"dddd-dd-dd dd:dd:dd.d", (8, 5, 0)),
    (23, b"dddd-dd-dd dd:dd:dd.ddd", (8, 5, 0)),
    (24, b"dddd-dd-dd dd:dd:dd.dddZ", (8, 5, 0)),
    (25, b"dddd-dd-dd dd:dd:dd+07:00", (8, 5, 0)),
    (25, b"dddd-dd-dd dd:dd:dd+00:00", (8, 5, 0)),
    (29, b"dddd-dd-dd dd:dd:dd.ddd+07:00", (8, 5, 0)),
    (29, b"dddd-dd-dd dd:dd:dd.ddd+00:00", (8, 5, 0)),
)
_USUAL = (10, 16, 19, 14)
_UNUSUAL = (24, 20, 23, 25, 29, 21)
_UTC = (b"Z", b"+00:00")
_CLOCK = {16: (11, 14, None), 14: (8, 10, 12)}
_TO_THE_SECOND = (11, 14, 17)


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
    if length in _USUAL and order == ("mdy" if form.startswith(b"dd/") else "swapped"):
        day, month = month, day
    good &= (year >= FIRST_YEAR) & (year <= LAST_YEAR) & (month - np.uint8(1) < 12) & (day >= 1)
    index = ((year - FIRST_YEAR) * 12 + month - 1).astype(np.intp)
    index[~good] = 0
    good &= day <= _MONTH_LENGTH[index]
    seconds = (_MONTH_START[index] + day - 1) * _DAY
    if length > 10:
        h, m, s = _CLOCK.get(length, _TO_THE_SECOND)
        hour, minute = pair(h), pair(m)
        second = pair(s) if s is not None else np.zeros(n, np.uint8)
        good &= (hour < 24) & (minute < 60) & (second < 60)
        seconds += hour.astype(np.int32) * 3600 + minute.astype(np.int32) * 60 + second
        if form.endswith(_UTC):
            seconds += AHEAD
    return seconds, good


def parse_times(texts: pa.Array, order: Order = "dmy") -> tuple[Ints, Bools, Bools]:
    """(seconds, blank, bad), each of shape (n,). Blank covers "none" dates such as 01/01/1900 and 31/12/9999.

    A time with a zone becomes Vietnam's.
    """
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
    for length in (*_USUAL, *_UNUSUAL):
        if length == _UNUSUAL[0] and not pending.any():
            break
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


def to_timestamps(seconds: Ints, blank: Bools) -> pa.Array:
    """timestamp[s] with nulls."""
    return arrow(seconds, pa.int64(), blank=blank).cast(pa.timestamp("s"))


def to_dates(seconds: Ints, blank: Bools) -> pa.Array:
    """date32 with nulls."""
    return pc.cast(to_timestamps(seconds, blank), pa.date32(), safe=False)
