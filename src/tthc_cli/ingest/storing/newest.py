"""Which row of a key is the newest: the same answer in whatever order the files were taken in.

Of rows with equal key the winner is the one of the latest export; then of the furthest status; then with the latest
event; then of the file changed last; then of the greater sha256; then the last sheet and row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from tthc_cli.ingest.vectors import arrow, one_piece, vector
from tthc_cli.schema import EXPORTED_AT, KEY_HASH, ROW, SHEET, SOURCE, TableSpec, key_hash
from tthc_cli.storage.parquet import completed

Ints = npt.NDArray[np.int64]
_OLDEST = np.iinfo(np.int64).min


def key_text(rows: pa.Table, spec: TableSpec) -> pa.Array:
    """The key of each row as one text."""
    parts = [pc.fill_null(one_piece(rows.column(name)).cast(pa.string()), "") for name in spec.key]
    return parts[0] if len(parts) == 1 else pc.binary_join_element_wise(*parts, "\x1f")


def key_numbers(rows: pa.Table, spec: TableSpec) -> npt.NDArray[np.uint64]:
    """A 64-bit hash of each row's key."""
    if spec.key == ("MaHoSo",) and KEY_HASH in rows.column_names:
        stored: npt.NDArray[np.uint64] = vector(one_piece(rows.column(KEY_HASH)))
        return stored
    return key_hash(key_text(rows, spec))


def with_key(rows: pa.Table, schema: pa.Schema) -> pa.Table:
    """Rows in full: superseded ones are stored without the hash of their code, old ones without later columns."""
    if KEY_HASH in schema.names and KEY_HASH not in rows.column_names:
        rows = rows.append_column(KEY_HASH, arrow(key_hash(one_piece(rows.column("MaHoSo")))))
    return completed(rows, schema)


def rank_columns(spec: TableSpec) -> list[str]:
    """The columns that `winning` looks at, besides the key."""
    further = [spec.further] if spec.further else []
    return [*spec.events, *further, SOURCE, SHEET, ROW, EXPORTED_AT]


def winning(rows: pa.Table, spec: TableSpec, sources: Mapping[str, int]) -> tuple[npt.NDArray[np.bool_], Ints]:
    """(mask of winners, positions of rows that lose to another row of the same file).

    `sources`: source id -> its place by (time changed, sha256).
    """
    n = len(rows)
    keep = np.ones(n, bool)
    hashes = key_numbers(rows, spec)
    order = np.argsort(hashes, kind="stable")
    ordered = hashes[order]
    same = ordered[1:] == ordered[:-1]
    if not same.any():
        return keep, np.zeros(0, np.int64)
    involved = np.zeros(n, bool)
    involved[1:] |= same
    involved[:-1] |= same
    at = np.sort(order[involved])
    few = rows.take(arrow(at))
    group = vector(key_text(few, spec).dictionary_encode().indices).astype(np.int64)
    source, placed = _source_places(few, sources)
    ranks = np.lexsort([_numbers(few, ROW), _sheet_places(few), placed, *_own_ranks(few, spec), group])
    grouped = group[ranks]
    last = np.append(grouped[1:] != grouped[:-1], True)
    keep[at[ranks[~last]]] = False
    within = np.lexsort([np.argsort(ranks), source, group])
    repeated = (group[within][1:] == group[within][:-1]) & (source[within][1:] == source[within][:-1])
    return keep, at[within[:-1][repeated]]


def _own_ranks(rows: pa.Table, spec: TableSpec) -> Sequence[Ints]:
    """Least important first: latest event, status, export time."""
    events = [_numbers(rows, c) for c in spec.events if c in rows.column_names]
    latest = np.maximum.reduce(events) if events else np.full(len(rows), _OLDEST)
    status = spec.further
    return [latest, _numbers(rows, status) if status else np.zeros(len(rows), np.int64), _numbers(rows, EXPORTED_AT)]


def _numbers(rows: pa.Table, name: str) -> Ints:
    column = one_piece(rows.column(name))
    if pa.types.is_timestamp(column.type):
        column = column.cast(pa.int64())
    return vector(column.cast(pa.int64()), _OLDEST)


def _source_places(rows: pa.Table, sources: Mapping[str, int]) -> tuple[Ints, Ints]:
    column = one_piece(rows.column(SOURCE))
    places = np.array([sources.get(s, -1) for s in column.dictionary.to_pylist()], np.int64)
    found = places[vector(column.indices)]
    return found, found


def _sheet_places(rows: pa.Table) -> Ints:
    column = one_piece(rows.column(SHEET))
    names = [n or "" for n in column.dictionary.to_pylist()]
    place = {name: i for i, name in enumerate(sorted(set(names)))}
    codes = vector(column.indices, -1)
    places: Ints = np.array([*(place[n] for n in names), -1], np.int64)[codes]
    return places
