"""Take sources out of the warehouse exactly: their rows go, and the rows that they had superseded come back."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from tthc_cli.ingest.issues import ISSUES, LOSERS
from tthc_cli.ingest.storing.merge import Merger, Outcome
from tthc_cli.ingest.storing.month import count_rows
from tthc_cli.ingest.storing.newest import key_numbers, with_key
from tthc_cli.ingest.storing.publish import write_rows
from tthc_cli.ingest.storing.spool import Spool
from tthc_cli.ingest.storing.versions import fold, versions_of
from tthc_cli.ingest.vectors import arrow, one_piece, vector
from tthc_cli.schema import SOURCE, arrow_schema, table, table_names
from tthc_cli.storage.parquet import read_parquet
from tthc_cli.storage.warehouse import Partition, Warehouse


def without(warehouse: Warehouse, ids: AbstractSet[str], work: Path) -> Warehouse:
    """The warehouse as if the sources had never been taken in; its new files are written, nothing is published."""
    outcome = Outcome(dict(warehouse.tables))
    spool = Spool(work / "revived")
    for name in table_names():
        _take_out(warehouse, name, ids, outcome, spool, work)
    outcome.tables[ISSUES] = tuple(p for p in warehouse.partitions(ISSUES) if p.month not in ids)
    kept = tuple(s for s in warehouse.sources if s.id not in ids)
    Merger(warehouse, work, versions_of(kept), {}).merge(spool, outcome)
    sources = [replace(s, sheets=tuple(outcome.account(s.id, sheet) for sheet in s.sheets)) for s in kept]
    tables = {n: p for n, p in outcome.tables.items() if p}
    return Warehouse(warehouse.root, tables, *fold(sources, warehouse.earlier))


def _read(warehouse: Warehouse, name: str, partition: Partition) -> pa.Table:
    schema = arrow_schema(name)
    rows = with_key(read_parquet(warehouse.path(partition)), schema)
    return rows.unify_dictionaries().combine_chunks()


def _of(rows: pa.Table, ids: AbstractSet[str]) -> npt.NDArray[np.bool_]:
    column = one_piece(rows.column(SOURCE))
    mine = np.array([value in ids for value in column.dictionary.to_pylist()], bool)
    mask: npt.NDArray[np.bool_] = mine[vector(column.indices)]
    return mask


def _has(warehouse: Warehouse, partition: Partition, ids: AbstractSet[str]) -> bool:
    found = read_parquet(warehouse.path(partition), [SOURCE]).column(SOURCE)
    return bool(set(pc.unique(found.cast(pa.string())).to_pylist()) & ids)


def _take_out(
    warehouse: Warehouse, name: str, ids: AbstractSet[str], outcome: Outcome, spool: Spool, work: Path
) -> None:
    spec = table(name)
    freed = [np.zeros(0, np.uint64)]
    winners = {p.month: p for p in warehouse.partitions(name)}
    for month, partition in list(winners.items()):
        if not _has(warehouse, partition, ids):
            continue
        rows = _read(warehouse, name, partition)
        gone = _of(rows, ids)
        freed.append(key_numbers(rows.filter(arrow(gone)), spec))
        left = rows.filter(arrow(~gone))
        winners[month] = write_rows(warehouse.root, name, month, left, work)
    losers = {p.month: p for p in warehouse.partitions(name + LOSERS)}
    keys = np.concatenate(freed)
    for month, partition in list(losers.items()):
        rows = _read(warehouse, name, partition)
        gone = _of(rows, ids)
        revived = np.isin(key_numbers(rows, spec), keys) & ~gone
        if not (gone | revived).any():
            continue
        if revived.any():
            back = rows.filter(arrow(revived))
            count_rows(outcome.superseded, back, name, -1)
            spool.add(name, month, back)
        left = rows.filter(arrow(~(gone | revived)))
        losers[month] = write_rows(warehouse.root, name + LOSERS, month, left, work)
    outcome.tables[name] = tuple(winners[m] for m in sorted(winners) if winners[m].rows)
    outcome.tables[name + LOSERS] = tuple(losers[m] for m in sorted(losers) if losers[m].rows)
