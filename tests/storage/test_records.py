"""Tables of records: what a field is tells how it is stored, and it comes back as it was."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

import pyarrow as pa

from tthc_cli.storage.records import kinds, records, table_of


@dataclass(frozen=True)
class Measured:
    name: str
    level: Literal["so", "xa"]
    count: int
    late: bool
    hours: float | None
    points: Decimal | None
    ratio: Fraction | None
    parts: tuple[str, ...]


ROWS = [
    Measured("Sở Y tế", "so", 3, True, 1.5, Decimal("2.50"), Fraction(1, 3), ("a",)),
    Measured("Xã Ái Nghĩa", "xa", 0, False, None, None, None, ()),
]


def test_a_table_has_a_column_a_field_but_not_of_what_it_cannot_hold() -> None:
    table = table_of(Measured, ROWS)
    text = pa.string()
    assert dict(zip(table.column_names, table.schema.types, strict=True)) == {
        "name": text, "level": text, "count": pa.int64(), "late": pa.bool_(), "hours": pa.float64(), "points": text,
        "ratio": text,
    }  # fmt: skip
    assert "parts" not in kinds(Measured)


def test_exact_numbers_are_stored_as_text() -> None:
    assert table_of(Measured, ROWS).select(["points", "ratio"]).to_pylist() == [
        {"points": "2.50", "ratio": "1/3"},
        {"points": None, "ratio": None},
    ]


def test_records_come_back_as_they_were() -> None:
    parts = {"Sở Y tế": ("a",), "Xã Ái Nghĩa": ()}
    assert list(records(Measured, table_of(Measured, ROWS), parts=lambda row: parts[row["name"]])) == ROWS


def test_no_rows_have_the_same_columns() -> None:
    assert table_of(Measured, []).schema == table_of(Measured, ROWS).schema
