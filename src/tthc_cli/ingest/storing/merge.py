"""Merge newly read rows into the stored ones, a month at a time, so that the newest row of every key stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tthc_cli.ingest.issues import LOSERS
from tthc_cli.ingest.storing.month import (
    Identity,
    Month,
    MonthMerger,
    Place,
    Repeated,
    distinct,
    identities,
    places_of,
    stored_parts,
    within,
)
from tthc_cli.ingest.storing.newest import key_numbers, rank_columns, winning
from tthc_cli.ingest.storing.spool import Load, Spool
from tthc_cli.ingest.storing.versions import Version
from tthc_cli.ingest.vectors import arrow, one_piece, vector
from tthc_cli.schema import EXPORTED_AT, KEY_HASH, SOURCE, TableSpec, table
from tthc_cli.storage.warehouse import Partition, SheetRecord, Warehouse

KEYS_AT_ONCE = 1_000_000
"""Key hashes of new rows that are compared at a time with those of all months."""


@dataclass(slots=True)
class Outcome:
    """What a merge made: the new files of every table, and how the account of each sheet changes."""

    tables: dict[str, tuple[Partition, ...]]
    accepted: Counter[Place] = field(default_factory=Counter)
    superseded: Counter[Place] = field(default_factory=Counter)
    dropped: Counter[Place] = field(default_factory=Counter)
    repeated: Repeated = field(default_factory=dict)
    warnings: Counter[tuple[str, str]] = field(default_factory=Counter)
    """(source id, sheet) -> rows kept with a doubt."""

    def account(self, source: str, sheet: SheetRecord) -> SheetRecord:
        """The account of a sheet after the merge."""
        place = (sheet.table, source, sheet.sheet)
        return replace(
            sheet, accepted=sheet.accepted + self.accepted[place],
            superseded=sheet.superseded + self.superseded[place], dropped=sheet.dropped + self.dropped[place],
        )  # fmt: skip


@dataclass(slots=True)
class _Moved:
    """Keys that stand in more than one month."""

    months: set[str] = field(default_factory=set)
    """The stored months that they touch."""
    lost: set[Identity] = field(default_factory=set)
    """Rows that lose to another month's."""
    repeated: Repeated = field(default_factory=dict)
    """Rows of one file that another month's row of the same file replaces."""


@dataclass(frozen=True, slots=True)
class Merger:
    """Everything one merge needs to know."""

    warehouse: Warehouse
    work: Path
    versions: Mapping[str, Version]
    """Source id -> which version of which path it is."""
    exported: Mapping[tuple[str, str], int]
    """(source id, table) -> seconds since 1970, for the sources newly read."""
    threads: int = 2

    @property
    def sources(self) -> dict[str, int]:
        """Source id -> its place by (time changed, sha256)."""
        return {source: place for source, (_, place) in self.versions.items()}

    def merge(self, spool: Spool, outcome: Outcome) -> None:
        """Take in all rows of the spool."""
        for name in spool.tables():
            self._table(name, spool, outcome)

    def _table(self, name: str, spool: Spool, outcome: Outcome) -> None:
        spec = table(name)
        old = {p.month: p for p in outcome.tables.get(name, ())}
        losers = {p.month: p for p in outcome.tables.get(name + LOSERS, ())}
        moved = _Moved()
        if spec.partition is not None and spec.partition not in spec.key:
            moved = self._moved(spec, spool, old)
            _extend(outcome.repeated, moved.repeated)
        elsewhere = frozenset(moved.lost)

        def merge(month: str) -> Month:
            parts = MonthMerger(
                spec, month, stored_parts(self.warehouse, old.get(month), spec), self._new(spec, spool, month),
                stored_parts(self.warehouse, losers.get(month), spec),
                spool.rows(name, month) + (old[month].rows if month in old else 0), self.versions, elsewhere,
            )  # fmt: skip
            return parts.merge(self.warehouse.root, self.work, losers.get(month))

        months = sorted({*spool.months(name), *moved.months})
        with ThreadPoolExecutor(self.threads) as pool:
            results = list(pool.map(merge, months))
        for done in results:
            old[done.month], losers[done.month] = done.winners, done.losers
            outcome.accepted.update(done.accepted)
            outcome.superseded.update(done.superseded)
            outcome.dropped.update(done.dropped)
            _extend(outcome.repeated, done.repeated)
        outcome.tables[name] = tuple(old[m] for m in sorted(old) if old[m].rows)
        outcome.tables[name + LOSERS] = tuple(losers[m] for m in sorted(losers) if losers[m].rows)

    def _new(self, spec: TableSpec, spool: Spool, month: str) -> list[Load]:
        """Newly read rows, with the export time of their file."""
        return [partial(self._timed, spec, part) for part in spool.parts(spec.name, month)]

    def _timed(self, spec: TableSpec, load: Load, columns: list[str] | None) -> pa.Table:
        if columns is not None and EXPORTED_AT not in columns:
            return load(columns)
        rows = load(columns)
        source = one_piece(rows.column(SOURCE))
        times = [self.exported.get((s, spec.name), 0) for s in source.dictionary.to_pylist()]
        seconds = np.array(times, np.int64)[vector(source.indices)]
        index = rows.schema.get_field_index(EXPORTED_AT)
        filled_in = pc.coalesce(rows.column(index), arrow(seconds).cast(pa.timestamp("s")))
        return rows.set_column(index, rows.schema.field(index), filled_in)

    def _moved(self, spec: TableSpec, spool: Spool, old: Mapping[str, Partition]) -> _Moved:
        new = {month: self._new(spec, spool, month) for month in spool.months(spec.name)}
        stored = {month: stored_parts(self.warehouse, p, spec) for month, p in old.items()}
        moved = _Moved()
        ranges = -(-sum(spool.rows(spec.name, month) for month in new) // KEYS_AT_ONCE)
        for number in range(ranges):
            low, high = (np.uint64((number + i) * (2**64 - 1) // ranges) for i in (0, 1))
            by_month = {}
            for month in new:
                keys = spool.keys(spec.name, month)
                by_month[month] = distinct(np.sort(keys[(keys > low) & (keys <= high)]))
            self._crossing(spec, by_month, new, stored, moved)
        return moved

    def _crossing(
        self, spec: TableSpec, by_month: dict[str, np.ndarray], new: Mapping[str, list[Load]],
        stored: Mapping[str, list[Load]], moved: _Moved,
    ) -> None:  # fmt: skip
        """Find the keys among `by_month` that stand in more than one month, and which of their rows stands."""
        everything = np.sort(np.concatenate(list(by_month.values())))
        crossing = [everything[1:][everything[1:] == everything[:-1]]]
        for month, parts in stored.items():
            for load in parts if len(everything) else ():
                keys = key_numbers(load([KEY_HASH]), spec)
                hits = keys[within(keys, everything)]
                alone = hits[~within(hits, by_month[month])] if month in by_month else hits
                if len(alone):
                    moved.months.add(month)
                    crossing.append(alone)
        if not any(map(len, crossing)):
            return
        keys = distinct(np.sort(np.concatenate(crossing)))
        names = list(dict.fromkeys([*spec.key, KEY_HASH, *rank_columns(spec)]))
        found = []
        for month, is_new, load in _all_parts(stored, new):
            part = load(names)
            some = part.filter(arrow(within(key_numbers(part, spec), keys)))
            if len(some):
                found.append(some.append_column("new", pa.array([is_new] * len(some))))
                if not is_new:
                    moved.months.add(month)
        rows = pa.concat_tables(found).unify_dictionaries().combine_chunks()
        keep, replaced = winning(rows, spec, self.sources)
        moved.lost.update(identities(rows.filter(arrow(~keep))))
        again = rows.take(arrow(replaced))
        _extend(moved.repeated, places_of(again.filter(again.column("new")), spec))


def _all_parts(stored: Mapping[str, list[Load]], new: Mapping[str, list[Load]]) -> Iterator[tuple[str, bool, Load]]:
    """(month, whether it is newly read, part) of every part of every month."""
    for month in sorted({*stored, *new}):
        yield from ((month, False, load) for load in stored.get(month, ()))
        yield from ((month, True, load) for load in new.get(month, ()))


def _extend(all_of: Repeated, more: Repeated) -> None:
    for place, lines in more.items():
        all_of.setdefault(place, []).extend(lines)
