"""Tables of records: columns and their kinds are those of the fields of a dataclass.

Texts, whole numbers, other numbers and yes/no are stored as such; exact numbers (Decimal, Fraction) as text, so that
nothing is rounded. Fields of other kinds are left to whoever stores them.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

if TYPE_CHECKING:
    import pyarrow as pa

R = TypeVar("R")
_PLAIN = (str, int, float, bool)
_EXACT: dict[type, Callable[[str], Any]] = {
    Decimal: lru_cache(maxsize=65536)(Decimal), Fraction: lru_cache(maxsize=65536)(Fraction),
}  # fmt: skip
"""Equal numbers are one object too; most counts and points occur many times."""


def kinds(record: type[Any]) -> dict[str, type]:
    """The fields of a record that a table holds -> text, number, ...

    >>> from tthc_cli.results.beside import StepCount
    >>> kinds(StepCount)["late"]
    <class 'int'>
    """
    hints = get_type_hints(record)
    found = {name: _kind(hint) for name, hint in hints.items()}
    return {name: kind for name, kind in found.items() if kind is not None}


def _kind(hint: Any) -> type | None:
    if get_origin(hint) is Literal:
        return str
    if get_origin(hint) in (Union, types.UnionType):
        some = [a for a in get_args(hint) if a is not type(None)]
        return _kind(some[0]) if len(some) == 1 else None
    return hint if hint in _PLAIN or hint in _EXACT else None


def table_of(record: type[Any], rows: Sequence[Any]) -> pa.Table:
    """The table of some records of one kind."""
    import pyarrow as pa

    stored = {str: pa.string(), int: pa.int64(), float: pa.float64(), bool: pa.bool_()}
    columns: dict[str, Any] = {}
    for name, kind in kinds(record).items():
        values = [getattr(row, name) for row in rows]
        if kind in _EXACT:
            values = [None if value is None else str(value) for value in values]
        columns[name] = pa.array(values, stored.get(kind, pa.string()))
    return pa.table(columns)


def records(record: type[R], table: pa.Table, **others: Callable[[dict[str, Any]], Any]) -> Iterator[R]:
    """The records of a table. others: what gives the fields that the table does not hold, from a row."""
    exact = [(name, _EXACT[kind]) for name, kind in kinds(record).items() if kind in _EXACT]
    for row in rows_of(table):
        whole = dict(row)
        for name, number in exact:
            if whole[name] is not None:
                whole[name] = number(whole[name])
        yield record(**whole, **{name: give(row) for name, give in others.items()})


def rows_of(table: pa.Table) -> Iterator[dict[str, Any]]:
    """The rows of a table, one at a time; equal texts of a column are one object, or a country's counts would take
    three times the memory."""
    import pyarrow as pa
    import pyarrow.compute as pc

    columns: list[list[Any]] = []
    for column in table.columns:
        if pa.types.is_string(column.type) or pa.types.is_dictionary(column.type):
            coded = pc.dictionary_encode(column.cast(pa.string()).combine_chunks())
            texts = [*coded.dictionary.to_pylist(), None]
            columns.append([texts[-1 if at is None else at] for at in coded.indices.to_pylist()])
        else:
            columns.append(column.to_pylist())
    return (dict(zip(table.column_names, values, strict=True)) for values in zip(*columns, strict=True))
