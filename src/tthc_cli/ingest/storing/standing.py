"""Rows that were rejected while an older row of the same thing goes on standing: where that one is."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from tthc_cli.ingest.storing.newest import key_numbers
from tthc_cli.ingest.vectors import arrow, vector
from tthc_cli.schema import EXPORTED_AT, KEY_HASH, ROW, SHEET, SOURCE, TableSpec, arrow_schema, table
from tthc_cli.storage.parquet import open_parquet
from tthc_cli.storage.warehouse import SourceRecord, Warehouse

Row = tuple[str, str, int]
"""(source id, sheet, row)."""


def keys_of(rows: pa.Table, spec: TableSpec, at: npt.NDArray[np.int64]) -> pa.Array:
    """A hash of the key of the rows at some positions, null for the others and where the key is blank."""
    keys = np.zeros(len(rows), np.uint64)
    blank = np.ones(len(rows), bool)
    some = rows.take(arrow(at))
    keys[at] = key_numbers(some, spec)
    blank[at] = vector(some.column(spec.key[0]).is_null())
    return arrow(keys, blank=blank)


def still_standing(warehouse: Warehouse, found: Iterable[tuple[SourceRecord, pa.Table]]) -> dict[Row, str]:
    """Rejected row -> where the row of the same key stands that is no newer than it ("file › sheet › row").

    `found`: the issues of each source; costs nothing when no row with a key was rejected, else the reading of one
    column of each table concerned.
    """
    wanted: dict[str, dict[int, list[Row]]] = {}
    for source, issues in found:
        if "key" not in issues.column_names:
            continue
        rejected = issues.filter(
            pc.and_(pc.equal(issues.column("severity"), "rejected"), issues.column("key").is_valid())
        )
        tables = {s.sheet: s.table for s in source.sheets}
        for sheet, row, key in zip(*(rejected.column(n).to_pylist() for n in ("sheet", "row", "key")), strict=True):
            if sheet in tables:
                wanted.setdefault(tables[sheet], {}).setdefault(key, []).append((source.id, sheet, row))
    places: dict[Row, str] = {}
    sources = {s.id: s for s in warehouse.sources}
    for name, rows in wanted.items():
        for key, stands, exported in rows_of(warehouse, name, rows):
            for row in rows[key]:
                if row != stands and _is_newer(sources[row[0]], sources[stands[0]], exported):
                    where = (sources[stands[0]].path, stands[1], str(stands[2]))
                    places[row] = " › ".join(part for part in where if part)
    return places


def _is_newer(rejected: SourceRecord, stands: SourceRecord, exported: str) -> bool:
    """Whether a file is no older than a row; where none of its own rows tells a date, whether it was changed later."""
    told = rejected.exported_at > "1990"
    return exported <= rejected.exported_at if told else stands.modified_at < rejected.modified_at


def rows_of(warehouse: Warehouse, name: str, keys: Iterable[int]) -> Iterable[tuple[int, Row, str]]:
    """(key, place, time of export) of the stored rows that have one of some keys."""
    spec = table(name)
    schema = arrow_schema(name)
    told = [KEY_HASH] if spec.key == ("MaHoSo",) and KEY_HASH in schema.names else list(spec.key)
    ordered = np.sort(np.fromiter(keys, np.uint64))
    if not len(ordered):
        return
    for partition in warehouse.partitions(name):
        with open_parquet(warehouse.path(partition)) as file:
            for group in range(file.num_row_groups):
                numbers = key_numbers(file.read_row_group(group, columns=told, use_threads=False), spec)
                places = np.minimum(np.searchsorted(ordered, numbers), len(ordered) - 1)
                hits = np.flatnonzero(ordered[places] == numbers)
                if not len(hits):
                    continue
                columns = [SOURCE, SHEET, ROW, EXPORTED_AT]
                rows = file.read_row_group(group, columns=columns, use_threads=False).take(arrow(hits))
                lines = zip(*(rows.column(c).to_pylist() for c in columns), strict=True)
                for number, (source, sheet, row, exported) in zip(numbers[hits].tolist(), lines, strict=True):
                    yield number, (source, sheet, row), exported.isoformat()
