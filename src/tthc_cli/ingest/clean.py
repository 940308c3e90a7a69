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
from tthc_cli.folding import fold
from tthc_cli.ingest import clean_codes as codes
from tthc_cli.ingest import clean_numbers as numbers
from tthc_cli.ingest.clean_dates import Order, parse_times, to_dates, to_timestamps
from tthc_cli.ingest.vectors import arrow, text_column, vector
from tthc_cli.schema import Column

CATEGORY = pa.dictionary(pa.int32(), pa.string())


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


def _mapped(raw: pa.Array, function: Callable[[str], Any]) -> tuple[list[Any], npt.NDArray[np.int64]]:
    """(one result a distinct value, index of each row's value or -1 for a blank)."""
    if pa.types.is_string(raw.type):
        offsets, data = codes.text_bytes(raw)
        size = np.diff(offsets)
        if len(size) and size.max() <= 1:
            return _mapped_bytes(raw, data[offsets[0] :], size, function)
    encoded = raw if pa.types.is_dictionary(raw.type) else raw.dictionary_encode()
    results = [function(v) for v in encoded.dictionary.to_pylist()]
    return results, vector(encoded.indices, -1).astype(np.int64)


def _mapped_bytes(
    raw: pa.Array, data: npt.NDArray[np.uint8], size: npt.NDArray[np.int32], function: Callable[[str], Any]
) -> tuple[list[Any], npt.NDArray[np.int64]]:
    """The same for a column whose values are single characters."""
    used = np.flatnonzero(np.bincount(data, minlength=1))
    place = np.full(256, -1, np.int64)
    place[used] = np.arange(len(used))
    if len(data) == len(size):
        return [function(chr(b)) for b in used], place[data]
    index = np.full(len(size), len(used), np.int64)
    index[size == 1] = place[data]
    if raw.null_count:
        index[vector(raw.is_null())] = -1
    return [*(function(chr(b)) for b in used), function("")], index


def words(column: Column) -> dict[str, int]:
    """Folded word, or number as text -> code."""
    known = {fold(word): code for code, names in column.codes.items() for word in names}
    return known | {str(code): code for code in column.codes}


def enum_code(known: Mapping[str, int], text: str) -> int | None:
    """The code of a word: known, a number, "2 - Trực tuyến", or one with a remark in brackets; -1 for blank."""
    word = fold(text)
    if not word or word in ("null", "khong xac dinh"):
        return -1
    if word in known:
        return known[word]
    number = re.fullmatch(r"(\d+)(?: 0+)?", word) if re.fullmatch(r"\s*\d+(?:[.,]0+)?\s*", text) else None
    if number:
        return known.get(str(int(number[1])))
    lead = re.match(r"\s*(\d{1,2})\s*[-.:)]\s*(\D.*)", text)
    if lead and known.get(fold(lead[2])) == int(lead[1]):
        return int(lead[1])
    bare = fold(re.sub(r"[(\[].*", "", text))
    return known.get(bare) if bare else None


def clean(column: Column, raw: pa.Array, table: str, order: Order = "dmy") -> Cleaned:
    """Type one column of texts."""
    if column.type in ("timestamp", "date"):
        return _dates(column, raw, order)
    if column.type == "enum":
        return _enum(column, raw)
    if column.type in ("flag", "count", "amount"):
        return _number(column, raw, table)
    if column.type == "decimal":
        return _decimal(column, raw)
    if column.type == "presence":
        return _presence(raw)
    return _category(column, raw) if column.type == "category" else _text(column, raw)


def _dates(column: Column, raw: pa.Array, order: Order) -> Cleaned:
    seconds, blank, bad = parse_times(raw, order)
    if column.type == "date":
        seconds = seconds - seconds % 86_400
    null = blank | bad
    array = (to_timestamps if column.type == "timestamp" else to_dates)(seconds, null)
    return Cleaned(array, _fault("not_a_date", "rejected", column, bad, raw), seconds, null)


def _enum(column: Column, raw: pa.Array) -> Cleaned:
    known = words(column)
    results, index = _mapped(raw, lambda text: enum_code(known, text))
    table = np.array([-1 if r is None else r for r in results] + [-1], np.int16)
    unknown = np.array([r is None for r in results] + [False])
    values = table[index]
    severity: Severity = "rejected" if column.required else "warning"
    return Cleaned(
        arrow(values.astype(np.int8), pa.int8(), blank=values < 0),
        _fault("unknown_word", severity, column, unknown[index], raw),
    )


def _number(column: Column, raw: pa.Array, table: str) -> Cleaned:
    read: Callable[[str], int | None] = {"flag": numbers.flag, "count": numbers.count, "amount": numbers.amount}[
        column.type
    ]
    results, index = _mapped(raw, read)
    values = np.array([r or 0 for r in results] + [0], np.int64)[index]
    unknown = np.array([r is None for r in results] + [False])[index]
    severity: Severity = "rejected" if column.type == "count" and table == "certified_copies" else "warning"
    code = "not_yes_or_no" if column.type == "flag" else "not_a_count" if column.type == "count" else "not_an_amount"
    faults = _fault(code, severity, column, unknown, raw)
    if column.type == "amount":
        return Cleaned(arrow(values, pa.int64(), blank=unknown | (index < 0)), faults)
    return Cleaned(arrow(values, pa.int8() if column.type == "flag" else pa.int32()), faults)


def _decimal(column: Column, raw: pa.Array) -> Cleaned:
    texts = raw.cast(pa.string())
    mark = numbers.decimal_mark(t for t in pc.unique(texts).to_pylist() if t)
    results, index = _mapped(texts, lambda text: numbers.decimal(text, mark) if text.strip("- ") else "")
    ambiguous = np.array([r == "ambiguous" for r in results] + [False])[index]
    wrong = np.array([r is None for r in results] + [False])[index]
    negative = np.array([bool(r) and r.startswith("-") for r in results] + [False])[index]
    canonical = text_column([r or None for r in results] + [None])
    array = canonical.take(arrow(np.where(index < 0, len(results), index)))
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
        values[short] = [numbers.flag(t) != 0 for t in texts.take(arrow(short)).to_pylist()]
    return Cleaned(arrow(values, pa.int8()))


def _category(column: Column, raw: pa.Array) -> Cleaned:
    change = {"procedure": codes.procedure, "unit": codes.unit}.get(column.normalise, codes.tidy)
    results, index = _mapped(raw, change)
    distinct = {value: i for i, value in enumerate(dict.fromkeys(r for r in results if r))}
    place = np.array([distinct.get(r, -1) for r in results] + [-1], np.int32)[index]
    indices = arrow(place, pa.int32(), blank=place < 0)
    return Cleaned(pa.DictionaryArray.from_arrays(indices, text_column(list(distinct))))


def _text(column: Column, raw: pa.Array) -> Cleaned:
    texts = raw.cast(pa.string())
    if column.normalise == "dossier":
        texts = codes.dossiers(texts)
        doubt = codes.mangled(texts)
        bad = np.zeros(len(texts), bool)
        bad[doubt] = True
        return Cleaned(texts, _fault("mangled_code", "rejected", column, bad, raw))
    ways: dict[str, Callable[[str], str | None]] = {
        "unit": codes.unit, "procedure": codes.procedure, "period": codes.period, "indicator": codes.indicator,
    }  # fmt: skip
    change = ways.get(column.normalise, codes.tidy)
    results, index = _mapped(texts, lambda text: change(text) if text.strip() else "")
    wrong = np.array([r is None for r in results] + [False])[index]
    distinct = text_column([r or None for r in results] + [None])
    array = distinct.take(arrow(np.where(index < 0, len(results), index)))
    code = "not_a_period" if column.normalise == "period" else "not_an_indicator"
    return Cleaned(array, _fault(code, "rejected", column, wrong, raw))
