"""Type one column: texts to the stored type, with a fault for every value that does not fit."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from tthc_cli.errors import Severity
from tthc_cli.ingest.cleaning import clean_codes as codes
from tthc_cli.ingest.cleaning import clean_numbers as numbers
from tthc_cli.ingest.cleaning import officials
from tthc_cli.ingest.cleaning.clean_dates import parse_times, to_dates, to_timestamps
from tthc_cli.ingest.cleaning.date_words import Order
from tthc_cli.ingest.cleaning.nothing import is_nothing
from tthc_cli.ingest.vectors import arrow, text_column, vector
from tthc_cli.schema import UNKNOWN_CODE, Column
from tthc_cli.text import fold

CATEGORY = pa.dictionary(pa.int32(), pa.string())
_BLANK = -1
"""For a word that says there is no number."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Values of one column that are wrong in one way; `at` are positions in the block."""

    code: str
    severity: Severity
    column: str
    at: npt.NDArray[np.int64]
    values: list[str]


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A typed column, its faults, and for dates the seconds since 1970 with a mask of blanks."""

    array: pa.Array
    faults: tuple[Fault, ...] = ()
    seconds: npt.NDArray[np.int64] | None = None
    blank: npt.NDArray[np.bool_] | None = None


def _fault(
    code: str, severity: Severity, column: Column, bad: npt.NDArray[np.bool_], raw: pa.Array
) -> tuple[Fault, ...]:
    at = np.flatnonzero(bad)
    if not len(at):
        return ()
    values = raw.take(arrow(at)).cast(pa.string()).to_pylist()
    return (Fault(code, severity, column.name, at, [v or "" for v in values]),)


@dataclass(frozen=True, slots=True)
class _Mapped:
    """The distinct values of a column, each read once."""

    results: list[Any]
    """What was read, one a distinct value."""
    index: npt.NDArray[Any]
    """Where each row's value stands in `results`; `len(results)` for a blank. Shape (n,)."""
    cells: bytes | None = None
    """The same in a byte a row."""

    def spread(self, values: list[Any], blank: Any, kind: type[np.generic]) -> npt.NDArray[Any]:
        """To each row what `values` has for its value. Shape (n,)."""
        table = np.array([*values, blank], kind)
        if self.cells is None or table.itemsize > 1:
            spread: npt.NDArray[Any] = table[self.index]
            return spread
        return np.frombuffer(self.cells.translate(table.tobytes().ljust(256, b"\0")), kind)

    def where(self, true: Callable[[Any], bool]) -> npt.NDArray[np.bool_]:
        """Mask of the rows whose result is such. Shape (n,)."""
        hits = [true(r) for r in self.results]
        return self.spread(hits, False, np.bool_) if any(hits) else np.zeros(len(self.index), bool)


def _mapped(raw: pa.Array, function: Callable[[str], Any]) -> _Mapped:
    if pa.types.is_string(raw.type):
        offsets, data = codes.text_bytes(raw)
        size = np.diff(offsets)
        if len(size) and size.max() <= 1:
            return _mapped_bytes(raw, data[offsets[0] :], size, function)
    encoded = raw if pa.types.is_dictionary(raw.type) else raw.dictionary_encode()
    results = [function(v) for v in encoded.dictionary.to_pylist()]
    return _Mapped(results, vector(encoded.indices, len(results)))


def _mapped_bytes(
    raw: pa.Array, data: npt.NDArray[np.uint8], size: npt.NDArray[np.int32], function: Callable[[str], Any]
) -> _Mapped:
    """The same for a column whose values are single characters."""
    used = np.flatnonzero(np.bincount(data)).tolist()
    results = [function(chr(b)) for b in used]
    place = bytearray(256)
    for i, byte in enumerate(used):
        place[byte] = i
    found = data.tobytes().translate(bytes(place))
    if len(data) < len(size):
        results.append(function(""))
        cells = np.full(len(size), len(used), np.uint8)
        cells[size == 1] = np.frombuffer(found, np.uint8)
        if raw.null_count:
            cells[vector(raw.is_null())] = len(results)
        found = cells.tobytes()
    return _Mapped(results, np.frombuffer(found, np.uint8), found)


def words(column: Column) -> dict[str, int]:
    """Folded word, or number as text -> code."""
    known = {fold(word): code for code, names in column.codes.items() for word in names}
    return known | {str(code): code for code in column.codes}


_TIMELY = re.compile(r" (?:som|truoc|dung|trong|chua den|den|sap den|qua|tre|con)(?: thoi)? han$")
"""What systems add to a status to say whether the dossier is on time."""


def enum_code(known: Mapping[str, int], text: str) -> int | None:
    """The code of a word: known, a number, "2 - Trực tuyến", or one with a remark in brackets; -1 for blank."""
    word = fold(text)
    if word in known:
        return known[word]
    if not word or is_nothing(text):
        return -1
    number = re.fullmatch(r"(\d+)(?: 0+)?", word) if re.fullmatch(r"\s*\d+(?:[.,]0+)?\s*", text) else None
    if number:
        return known.get(str(int(number[1])))
    lead = re.match(r"\s*(\d{1,2})\s*[-.:)]\s*(\D.*)", text)
    if lead and known.get(fold(lead[2])) == int(lead[1]):
        return int(lead[1])
    bare = fold(re.sub(r"[(\[].*", "", text))
    return known.get(bare, known.get(_TIMELY.sub("", bare))) if bare else None


@dataclass(frozen=True, slots=True)
class Manner:
    """How the values of one column are written, where that takes more than one value to tell."""

    order: Order = "dmy"
    days: bool = False
    """Times are days that a program has moved away from midnight; see `shifted`."""
    mark: numbers.Mark = ""
    """The mark of decimals."""
    numeric: bool = False
    """Codes of dossiers are numbers."""


def clean(column: Column, raw: pa.Array, table: str, manner: Manner = Manner()) -> Cleaned:
    """Type one column of texts."""
    if column.type in ("timestamp", "date"):
        return _dates(column, raw, manner)
    if column.type == "enum":
        return _enum(column, raw)
    if column.type in ("flag", "count", "amount"):
        return _number(column, raw, table)
    if column.type == "decimal":
        return _decimal(column, raw, manner.mark)
    if column.type == "presence":
        return _presence(raw)
    named = {"official": _official, "category": _category}.get(column.type)
    return _text(column, raw, manner.numeric) if named is None else named(column, raw)


def _dates(column: Column, raw: pa.Array, manner: Manner) -> Cleaned:
    seconds, blank, bad = parse_times(raw, manner.order)
    if manner.days:
        seconds = (seconds + 43_200) // 86_400 * 86_400
    if column.type == "date":
        seconds = seconds - seconds % 86_400
    null = blank | bad
    array = (to_timestamps if column.type == "timestamp" else to_dates)(seconds, null)
    return Cleaned(array, _fault("not_a_date", "rejected", column, bad, raw), seconds, null)


def _enum(column: Column, raw: pa.Array) -> Cleaned:
    known = words(column)
    found = _mapped(raw, lambda text: enum_code(known, text))
    unknown = UNKNOWN_CODE if column.unknown else -1
    values = found.spread([unknown if r is None else r for r in found.results], -1, np.int8)
    severity: Severity = "rejected" if column.required else "warning"
    return Cleaned(
        arrow(values, pa.int8(), blank=values < 0),
        _fault("unknown_word", severity, column, found.where(lambda r: r is None), raw),
    )


def _number(column: Column, raw: pa.Array, table: str) -> Cleaned:
    if column.type == "count":
        return _count(column, raw, table)
    read = numbers.flag if column.type == "flag" else numbers.amount
    found = _mapped(raw, lambda text: _BLANK if (value := read(text)) is None and is_nothing(text) else value)
    values = found.spread([max(r or 0, 0) for r in found.results], 0, np.int8 if column.type == "flag" else np.int64)
    unknown = found.where(lambda r: r is None)
    nothing = found.where(lambda r: r == _BLANK)
    if column.type == "flag":
        return Cleaned(arrow(values, pa.int8()), _fault("not_yes_or_no", "warning", column, unknown, raw))
    faults = _fault("not_an_amount", "warning", column, unknown, raw)
    return Cleaned(arrow(values, pa.int64(), blank=unknown | nothing | (found.index == len(found.results))), faults)


def _count(column: Column, raw: pa.Array, table: str) -> Cleaned:
    found = _mapped(raw, lambda text: 0 if is_nothing(text) else numbers.count(text, ""))
    if "ambiguous" in found.results:
        known = numbers.grouping(t for t in pc.unique(raw.cast(pa.string())).to_pylist() if t)
        found = _mapped(raw, lambda text: 0 if is_nothing(text) else numbers.count(text, known))
    values = found.spread([r if isinstance(r, int) else 0 for r in found.results], 0, np.int32)
    doubtful, unknown = found.where(lambda r: r == "ambiguous"), found.where(lambda r: r is None)
    typed = table == "certified_copies"
    severity: Severity = "rejected" if typed else "warning"
    faults = (
        *_fault("ambiguous_number" if typed else "not_a_count", severity, column, doubtful, raw),
        *_fault("not_a_count", severity, column, unknown, raw),
    )
    return Cleaned(arrow(values, pa.int32()), faults)


def _decimal(column: Column, raw: pa.Array, mark: numbers.Mark) -> Cleaned:
    texts = raw.cast(pa.string())
    found = _mapped(texts, lambda text: "" if is_nothing(text) else numbers.decimal(text, mark))
    ambiguous, wrong = found.where(lambda r: r == "ambiguous"), found.where(lambda r: r is None)
    negative = found.where(lambda r: bool(r) and r.startswith("-"))
    canonical = text_column([None if r in ("", "ambiguous") else r for r in found.results] + [None])
    array = canonical.take(arrow(found.index.astype(np.int64)))
    faults = (
        *_fault("ambiguous_number", "rejected", column, ambiguous, raw),
        *_fault("not_a_number", "rejected", column, wrong, raw),
        *_fault("negative", "rejected", column, negative, raw),
    )
    return Cleaned(array, faults)


def _presence(raw: pa.Array) -> Cleaned:
    texts = raw.cast(pa.string())
    size = np.diff(codes.text_bytes(texts)[0])
    short = np.flatnonzero((size > 0) & (size <= 8))
    values = (size > 0).astype(np.int8)
    if len(short):
        values[short] = [numbers.flag(t) != 0 and not is_nothing(t) for t in texts.take(arrow(short)).to_pylist()]
    return Cleaned(arrow(values, pa.int8()))


def _official(column: Column, raw: pa.Array) -> Cleaned:
    """Codes of officials; what may be a name is blanked, and that it was is told without it."""
    found = _mapped(raw, lambda text: "" if is_nothing(text) else codes.tidy(text))
    doubtful = found.where(lambda r: bool(r) and not officials.is_code(r))
    texts = text_column([r if r and officials.is_code(r) else None for r in found.results] + [None])
    array = texts.take(arrow(found.index.astype(np.int64))).dictionary_encode().cast(CATEGORY)
    at = np.flatnonzero(doubtful)
    return Cleaned(array, (Fault("official_name", "warning", column.name, at, ["…"] * len(at)),) if len(at) else ())


def _category(column: Column, raw: pa.Array) -> Cleaned:
    ways: dict[str, Callable[[str], str]] = {"procedure": codes.procedure, "unit": codes.unit}
    change = _phrase(column) if column.codes else ways.get(column.normalise, codes.tidy)
    found = _mapped(raw, change)
    faults = _withheld(column, found)
    distinct = {value: i for i, value in enumerate(dict.fromkeys(r for r in found.results if r))}
    place = found.spread([distinct.get(r, -1) for r in found.results], -1, np.int32)
    indices = arrow(place, pa.int32(), blank=place < 0)
    return Cleaned(pa.DictionaryArray.from_arrays(indices, text_column(list(distinct))), faults)


def _phrase(column: Column) -> Callable[[str], str]:
    """Which of a column's phrases a text holds, in its first spelling; "" for none: such a text is not kept."""
    known = [(fold(word), names[0]) for names in column.codes.values() for word in names]

    def change(text: str) -> str:
        folded = fold(text)
        return next((label for word, label in known if word in folded), "")

    return change


def _withheld(column: Column, found: _Mapped) -> tuple[Fault, ...]:
    """Blank what looks like a phone, identity number or e-mail address, and say so; the value itself is not told."""
    like = codes.like_a_phone if column.name in codes.NUMBERED else codes.like_personal
    hidden = found.where(lambda r: bool(r) and like(r))
    at = np.flatnonzero(hidden)
    if not len(at):
        return ()
    for i, result in enumerate(found.results):
        found.results[i] = "" if result and like(result) else result
    severity: Severity = "rejected" if column.required else "warning"
    return (Fault("like_personal", severity, column.name, at, ["…"] * len(at)),)


def _text(column: Column, raw: pa.Array, numeric: bool) -> Cleaned:
    texts = raw.cast(pa.string())
    if column.normalise == "dossier":
        given, texts = texts, codes.dossiers(texts)
        bad = np.zeros(len(texts), bool)
        bad[codes.mangled(texts, numeric)] = True
        faults = _fault("mangled_code", "rejected", column, bad, raw)
        at = codes.of_persons(given, texts)
        at = at[~bad[at]]
        if len(at):
            faults = (*faults, Fault("like_personal", "rejected", column.name, at, ["…"] * len(at)))
            texts = pc.if_else(arrow(np.isin(np.arange(len(texts)), at)), pa.scalar(None, pa.string()), texts)
        return Cleaned(texts, faults)
    ways: dict[str, Callable[[str], str | None]] = {
        "unit": codes.unit, "procedure": codes.procedure, "period": codes.period, "indicator": codes.indicator,
        "published_period": codes.published_period,
    }  # fmt: skip
    change = ways.get(column.normalise, codes.tidy)
    found = _mapped(texts, lambda text: change(text) if text.strip() else "")
    wrong = found.where(lambda r: r is None)
    faults = _withheld(column, found)
    distinct = text_column([r or None for r in found.results] + [None])
    array = distinct.take(arrow(found.index.astype(np.int64)))
    code = "not_a_period" if column.normalise.endswith("period") else "not_an_indicator"
    return Cleaned(array, (*faults, *_fault(code, "rejected", column, wrong, raw)))
