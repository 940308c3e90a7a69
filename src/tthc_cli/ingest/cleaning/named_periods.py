"""The period of rows that leave it to the name of their file: blank, or only "year", "quarter", "month".

Exports of the national portal tell of each row which kind of period it is of, and not which one. Where the name of the
file tells the year alone, such a quarter is written "2026Q?": one quarter of that year, which one is not known.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import pyarrow as pa

from tthc_cli.ingest.cleaning.clean import Cleaned, clean
from tthc_cli.schema import TableSpec
from tthc_cli.text import fold

_YEAR = r"(?<!\d)(20\d\d)"
_IN_NAME = {
    "quarter": (
        rf"{_YEAR} ?(?:q|quy) ?([1-4]|i{{1,3}}|iv)(?![a-z\d])",
        rf"(?<![a-z])(?:q|quy) ?([1-4]|i{{1,3}}|iv) {_YEAR}",
    ),
    "half": (rf"{_YEAR} ?h ?([12])(?!\d)", rf"(?<![a-z])h ?([12]) {_YEAR}"),
    "month": (rf"{_YEAR} ?(?:t|thang)? ?(0[1-9]|1[0-2])(?!\d)", rf"(?<![a-z])(?:t|thang) ?(0?[1-9]|1[0-2]) {_YEAR}"),
}  # fmt: skip
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_WRITTEN = {"quarter": "{year}Q{number}", "half": "{year}H{number}", "month": "{year}-{number:02d}"}
_UNKNOWN = {"quarter": "{year}Q?", "half": "{year}H?", "month": "{year}-?"}
_KINDS = {
    "year": "year", "nam": "year", "half": "half", "nua nam": "half", "6 thang": "half", "quarter": "quarter",
    "quy": "quarter", "month": "month", "thang": "month",
}  # fmt: skip
"""Words that tell the kind of a period alone, folded."""


def periods_in_name(label: str) -> dict[str, str]:
    """Kind -> the period of that kind that the name of a file tells; "2026Q?" where it tells the year alone.

    >>> periods_in_name("tai_ve/phutho-2026Q3.csv")["quarter"], periods_in_name("gialai-2026.csv")["quarter"]
    ('2026Q3', '2026Q?')
    """
    name = fold(re.sub(r"[_.\-]", " ", label.replace("\\", "/").rpartition("/")[2]))
    years = re.findall(_YEAR, name)
    if len(set(years)) != 1:
        return {}
    found = {"year": years[0]}
    for kind, ways in _IN_NAME.items():
        number = next((hit[1] for way in ways for hit in [_hit(way, name)] if hit), None)
        pattern = _UNKNOWN if number is None else _WRITTEN
        found[kind] = pattern[kind].format(year=years[0], number=number)
    told = [kind for kind in ("month", "quarter", "half") if "?" not in found[kind]]
    return {**found, "": found[told[0]] if told else found["year"]}


def _hit(way: str, name: str) -> tuple[str, int] | None:
    hit = re.search(way, name)
    if hit is None:
        return None
    year, number = sorted(hit.groups(), key=len, reverse=True)
    return year, _ROMAN.get(number) or int(number)


def completed(texts: pa.Array, periods: Mapping[str, str]) -> pa.Array:
    """The periods as given; those that are blank, or tell their kind alone, by the name of the file. Shape of texts."""
    encoded = texts.dictionary_encode()
    words = [
        periods.get(_KINDS.get(fold(text), "-" if text.strip() else ""), text)
        for text in encoded.dictionary.to_pylist()
    ]
    plain = pa.array(words, pa.string()).take(encoded.indices)
    return plain.fill_null(periods[""]) if "" in periods else plain


def dated_by_name(
    spec: TableSpec, columns: Mapping[str, int], texts: Mapping[int, pa.Array], periods: Mapping[str, str], n: int
) -> dict[str, Cleaned]:
    """The column of periods that the name of a file may tell, of n rows; nothing for a table without one."""
    column = next((c for c in spec.stored if c.normalise == "published_period"), None)
    if column is None:
        return {}
    at = columns.get(column.name)
    given = pa.nulls(n, pa.string()) if at is None else texts[at].cast(pa.string())
    return {column.name: clean(column, completed(given, periods), spec.name)}
