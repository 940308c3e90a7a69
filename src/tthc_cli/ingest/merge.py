"""Merge newly read rows into the stored ones, a month at a time, so that the newest row of every key stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tthc_cli.ingest.issues import LOSERS
from tthc_cli.ingest.spool import Spool
from tthc_cli.ingest.store import combined, write_rows
from tthc_cli.ingest.winners import key_numbers, key_text, rank_columns, winning
from tthc_cli.schema import EXPORTED_AT, ROW, SHEET, SOURCE, TableSpec, arrow_schema, table
from tthc_cli.warehouse import Partition, Warehouse

ROWS_AT_ONCE = 500_000
"""Rows of all the months that are merged side by side."""
Place = tuple[str, str, str]
"""(table, source id, sheet)."""


@dataclass(slots=True)
class Outcome:
    """What a merge made: the new files of every table, and how the account of each sheet changes."""

    tables: dict[str, tuple[Partition, ...]]
    accepted: Counter[Place] = field(default_factory=Counter)
    superseded: Counter[Place] = field(default_factory=Counter)
    repeated: dict[tuple[str, str], list[tuple[str, int, str]]] = field(default_factory=dict)
    """(source id, table) -> (sheet, row, key) of rows that another row of the same file replaces."""
    warnings: Counter[tuple[str, str]] = field(default_factory=Counter)
    """(source id, sheet) -> rows kept with a doubt."""


@dataclass(frozen=True, slots=True)
class _Month:
    """What the merge of one month gave."""

    month: str
    winners: Partition
    losers: Partition | None
    accepted: Counter[Place]
    superseded: Counter[Place]
    repeated: dict[tuple[str, str], list[tuple[str, int, str]]]


@dataclass(frozen=True, slots=True)
class Merger:
    """Everything one merge needs to know."""

    warehouse: Warehouse
    work: Path
    sources: Mapping[str, int]
    """Source id -> its place by (time changed, sha256)."""
    exported: Mapping[tuple[str, str], int]
    """(source id, table) -> seconds since 1970, for the sources newly read."""
    threads: int = 2

    def merge(self, spool: Spool, outcome: Outcome) -> None:
        """Take in all rows of the spool."""
        for name in spool.tables():
            self._table(name, spool, outcome)

    def _table(self, name: str, spool: Spool, outcome: Outcome) -> None:
        spec = table(name)
        old = {p.month: p for p in outcome.tables.get(name, ())}
        losers = {p.month: p for p in outcome.tables.get(name + LOSERS, ())}
        months = set(spool.months(name))
        elsewhere: set[tuple[str, str, int]] = set()
        if spec.partition is not None and spec.partition not in spec.key:
            moved, elsewhere, repeated = self._moved(spec, spool, old)
            months |= moved
            for key, rows in repeated.items():
                outcome.repeated.setdefault(key, []).extend(rows)
        work = [
            lambda month=month: self._month(spec, month, spool, old.get(month), losers.get(month), elsewhere)
            for month in sorted(months)
        ]
        largest = max(
            spool.rows(spec.name, month) + (old[month].rows if month in old else 0) for month in sorted(months)
        )
        with ThreadPoolExecutor(max(1, min(self.threads, ROWS_AT_ONCE // max(1, largest)))) as pool:
            for done in pool.map(lambda task: task(), work):
                old[done.month] = done.winners
                if done.losers is not None:
                    losers[done.month] = done.losers
                outcome.accepted.update(done.accepted)
                outcome.superseded.update(done.superseded)
                for key, rows in done.repeated.items():
                    outcome.repeated.setdefault(key, []).extend(rows)
        outcome.tables[name] = tuple(old[m] for m in sorted(old) if old[m].rows)
        outcome.tables[name + LOSERS] = tuple(losers[m] for m in sorted(losers) if losers[m].rows)

    def _new(self, spec: TableSpec, parts: Iterable[pa.Table]) -> list[pa.Table]:
        """Newly read rows, with the export time of their file."""
        filled = []
        for part in parts:
            rows = part
            if EXPORTED_AT in rows.column_names:
                source = rows.column(SOURCE).combine_chunks()
                times = [self.exported.get((s, spec.name), 0) for s in source.dictionary.to_pylist()]
                seconds = np.array(times, np.int64)[np.asarray(source.indices)]
                index = rows.schema.get_field_index(EXPORTED_AT)
                filled_in = pc.coalesce(rows.column(index), pa.array(seconds).cast(pa.timestamp("s")))
                rows = rows.set_column(index, rows.schema.field(index), filled_in)
            filled.append(rows)
        return filled

    def _stored(
        self, partition: Partition | None, spec: TableSpec, columns: list[str] | None = None
    ) -> pa.Table | None:
        if partition is None or not partition.rows:
            return None
        schema = arrow_schema(spec.name)
        if columns is not None:
            schema = pa.schema([schema.field(c) for c in columns])
        return pq.read_table(self.warehouse.path(partition), columns=schema.names, partitioning=None).cast(schema)

    def _month(
        self, spec: TableSpec, month: str, spool: Spool, winners_before: Partition | None,
        losers_before: Partition | None, elsewhere: set[tuple[str, str, int]],
    ) -> _Month:  # fmt: skip
        stored = self._stored(winners_before, spec)
        kept_old = 0 if stored is None else len(stored)
        accepted: Counter[Place] = Counter()
        superseded: Counter[Place] = Counter()
        parts = [] if stored is None else [stored]
        if stored is not None:
            count_rows(accepted, stored, spec.name, -1)
        parts += self._new(spec, spool.load(spec.name, month))
        del stored
        rows = combined(parts)
        keep, repeated = winning(rows, spec, self.sources)
        if elsewhere:
            keep &= ~_listed(rows, elsewhere)
        repeated = repeated[repeated >= kept_old]
        again = places_of(rows.take(pa.array(repeated)), spec) if len(repeated) else {}
        winners = rows if keep.all() else rows.filter(pa.array(keep))
        lost = None if keep.all() else rows.filter(pa.array(~keep))
        del rows
        count_rows(accepted, winners, spec.name, 1)
        root, name = self.warehouse.root, spec.name + LOSERS
        stands = write_rows(root, spec.name, month, winners, self.work)
        if lost is None:
            return _Month(month, stands, None, accepted, superseded, again)
        count_rows(superseded, lost, spec.name, 1)
        before = self._stored(losers_before, spec)
        if before is not None:
            lost = combined([before, lost])
        fell = write_rows(root, name, month, lost, self.work)
        return _Month(month, stands, fell, accepted, superseded, again)

    def _moved(
        self, spec: TableSpec, spool: Spool, old: Mapping[str, Partition]
    ) -> tuple[set[str], set[tuple[str, str, int]], dict[tuple[str, str], list[tuple[str, int, str]]]]:
        """Keys that stand in more than one month: (stored months they touch, rows that lose to another month's,
        rows of one file that another month's row of the same file replaces)."""
        names = list(dict.fromkeys([*spec.key, "_key", *rank_columns(spec)]))
        by_month = {month: spool.keys(spec.name, month) for month in spool.months(spec.name)}
        everything = np.sort(np.concatenate(list(by_month.values())), kind="stable")
        several = everything[1:][everything[1:] == everything[:-1]]
        touched: set[str] = set()
        crossing = [several]
        for month, partition in old.items():
            if not partition.rows or not len(everything):
                continue
            stored = self._stored(partition, spec, ["_key"])
            assert stored is not None
            keys = key_numbers(stored, spec)
            hits = keys[_within(keys, everything)]
            if month in by_month and len(hits):
                alone = hits[~_within(hits, by_month[month])]
            else:
                alone = hits
            if len(alone):
                touched.add(month)
                crossing.append(alone)
        keys = np.unique(np.concatenate(crossing))
        if not len(keys):
            return set(), set(), {}
        found = []
        for month in sorted(set(by_month) | set(old)):
            new = self._new(spec, spool.load(spec.name, month, names))
            for number, part in enumerate((self._stored(old.get(month), spec, names), *new)):
                if part is not None and len(part):
                    some = part.filter(pa.array(_within(key_numbers(part, spec), keys)))
                    if len(some):
                        found.append(some.append_column("new", pa.array([number > 0] * len(some))))
                        if number == 0:
                            touched.add(month)
        rows = pa.concat_tables(found).unify_dictionaries().combine_chunks()
        keep, repeated = winning(rows, spec, self.sources)
        lost = rows.filter(pa.array(~keep))
        again = rows.take(pa.array(repeated))
        again = again.filter(again.column("new"))
        return touched, set(_identities(lost)), places_of(again, spec)


def _within(keys: npt.NDArray[np.uint64], sorted_keys: npt.NDArray[np.uint64]) -> npt.NDArray[np.bool_]:
    if not len(sorted_keys):
        return np.zeros(len(keys), bool)
    at = np.minimum(np.searchsorted(sorted_keys, keys), len(sorted_keys) - 1)
    hit: npt.NDArray[np.bool_] = sorted_keys[at] == keys
    return hit


def _identities(rows: pa.Table) -> list[tuple[str, str, int]]:
    return list(
        zip(rows.column(SOURCE).to_pylist(), rows.column(SHEET).to_pylist(), rows.column(ROW).to_pylist(), strict=True)
    )


def _listed(rows: pa.Table, wanted: set[tuple[str, str, int]]) -> npt.NDArray[np.bool_]:
    """Mask of the rows that are among `wanted`."""
    numbers = pa.array(sorted({row for _, _, row in wanted}), pa.int32())
    at = np.flatnonzero(np.asarray(pc.is_in(rows.column(ROW), value_set=numbers).combine_chunks()))
    few = rows.select([SOURCE, SHEET, ROW]).take(pa.array(at))
    mask = np.zeros(len(rows), bool)
    mask[at] = [identity in wanted for identity in _identities(few)]
    return mask


def places_of(rows: pa.Table, spec: TableSpec) -> dict[tuple[str, str], list[tuple[str, int, str]]]:
    """(source id, table) -> (sheet, row, key) of some rows."""
    found: dict[tuple[str, str], list[tuple[str, int, str]]] = {}
    keys = [k.replace("\x1f", " / ") for k in key_text(rows, spec).to_pylist()] if len(rows) else []
    for (source, sheet, row), key in zip(_identities(rows), keys, strict=True):
        found.setdefault((source, spec.name), []).append((sheet, row, key))
    return found


def count_rows(counter: Counter[Place], rows: pa.Table, name: str, sign: int) -> None:
    """Add the number of rows of each source and sheet."""
    source, sheet = (rows.column(c).combine_chunks() for c in (SOURCE, SHEET))
    width = len(sheet.dictionary)
    codes = np.asarray(source.indices).astype(np.int64) * width + np.asarray(sheet.indices)
    found, counts = np.unique(codes, return_counts=True)
    for code, count in zip(found.tolist(), counts.tolist(), strict=True):
        place = name, source.dictionary[code // width].as_py(), sheet.dictionary[code % width].as_py()
        counter[place] += sign * count
