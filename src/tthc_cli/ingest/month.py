"""Merge the rows of one month of one table, in pieces that fit in memory whatever the month holds.

First the key hashes of all rows tell which keys occur more than once, and for those rows alone it is decided which
stands. Then the rows are put in order and written a range at a time: dossiers by unit, other tables by key.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from tthc_cli.ingest.issues import LOSERS
from tthc_cli.ingest.spool import Load
from tthc_cli.ingest.store import RowWriter, combined
from tthc_cli.ingest.vectors import arrow, vector
from tthc_cli.ingest.winners import key_numbers, key_text, rank_columns, winning
from tthc_cli.schema import KEY_HASH, ROW, SHEET, SOURCE, UNIT_KEY, TableSpec, arrow_schema
from tthc_cli.storage import Location
from tthc_cli.stored_parquet import open_parquet
from tthc_cli.warehouse import Partition, Warehouse

PIECE = 98_304
"""Rows put in order at a time, in months of more than twice as many; a single unit's rows of a month may be more."""
_SAMPLE = 4_096

Place = tuple[str, str, str]
"""(table, source id, sheet)."""
Identity = tuple[str, str, int]
"""(source id, sheet, row)."""
Repeated = dict[tuple[str, str], list[tuple[str, int, str]]]
"""(source id, table) -> (sheet, row, key) of rows that another row of the same file replaces."""


@dataclass(slots=True)
class Month:
    """What the merge of one month gave."""

    month: str
    winners: Partition
    losers: Partition
    accepted: Counter[Place] = field(default_factory=Counter)
    superseded: Counter[Place] = field(default_factory=Counter)
    repeated: Repeated = field(default_factory=dict)


def stored_parts(warehouse: Warehouse, partition: Partition | None, spec: TableSpec) -> list[Load]:
    """The row groups of a stored file, to be loaded when they are needed."""
    if partition is None or not partition.rows:
        return []
    path = warehouse.path(partition)
    with open_parquet(path) as file:
        return [partial(_row_group, path, group, spec.name) for group in range(file.num_row_groups)]


def _row_group(path: Location, group: int, name: str, columns: list[str] | None) -> pa.Table:
    schema = arrow_schema(name)
    if columns is not None:
        schema = pa.schema([schema.field(c) for c in columns])
    with open_parquet(path) as file:
        return file.read_row_group(group, columns=schema.names, use_threads=False).select(schema.names).cast(schema)


@dataclass(frozen=True, slots=True)
class MonthMerger:
    """Everything that is merged into one month."""

    spec: TableSpec
    month: str
    stored: Sequence[Load]
    """The rows that stood until now."""
    new: Sequence[Load]
    fallen: Sequence[Load]
    """The rows that did not stand until now; they stay as they are."""
    sources: Mapping[str, int]
    """Source id -> its place by (time changed, sha256)."""
    elsewhere: frozenset[Identity] = frozenset()
    """Rows that lose to a row of another month."""

    def merge(self, root: Location, work: Path, losers_before: Partition | None) -> Month:
        """Decide and write."""
        name = self.spec.name
        keep, repeated = self._decide()
        winners = RowWriter(root, name, self.month, work)
        losers = RowWriter(root, name + LOSERS, self.month, work)
        nothing = Partition(self.month, "", 0, "")
        done = Month(self.month, nothing, losers_before or nothing, repeated=repeated)
        everyone = all(bool(k.all()) for k in keep)
        for low, high in self._ranges(sum(map(len, keep))):
            stand, fall = [], []
            for number, load in enumerate((*self.stored, *self.new)):
                within = self._within(load, low, high) if number < len(self.stored) else None
                if within is not None and not within.any():
                    continue
                rows = load(None)
                within = self._range_mask(rows, low, high) if within is None else within
                here = rows if within.all() else rows.filter(arrow(within))
                kept = keep[number][within]
                if number < len(self.stored):
                    count_rows(done.accepted, here, name, -1)
                stand.append(here if kept.all() else here.filter(arrow(kept)))
                if not kept.all():
                    fall.append(here.filter(arrow(~kept)))
                del rows, here
            if stand:
                standing = combined(stand)
                count_rows(done.accepted, standing, name, 1)
                winners.add(standing)
                del standing
            for rows in fall:
                count_rows(done.superseded, rows, name, 1)
            if not everyone:
                for load in self.fallen:
                    rows = load(None)
                    fall.append(rows.filter(arrow(self._range_mask(rows, low, high))))
                if fall:
                    losers.add(combined(fall))
            del stand, fall
            pa.default_memory_pool().release_unused()
        done.winners = winners.close()
        if not everyone:
            done.losers = losers.close()
        return done

    def _decide(self) -> tuple[list[npt.NDArray[np.bool_]], Repeated]:
        """(for each part the mask of rows that stand, new rows that another row of their file replaces)."""
        parts = [*self.stored, *self.new]
        key = [KEY_HASH] if self.spec.key == ("MaHoSo",) else list(self.spec.key)
        hashes = [key_numbers(load(key), self.spec) for load in parts]
        keep = [np.ones(len(h), bool) for h in hashes]
        repeated: Repeated = {}
        if self.elsewhere:
            for mask, load in zip(keep, parts, strict=True):
                mask &= ~listed(load([SOURCE, SHEET, ROW]), self.elsewhere)
        ordered = np.sort(np.concatenate(hashes)) if hashes else np.zeros(0, np.uint64)
        again = ordered[1:] == ordered[:-1]
        if not again.any():
            return keep, repeated
        involved = int(again.sum()) * 2
        several = distinct(ordered[1:][again])
        del ordered, again
        names = list(dict.fromkeys([*self.spec.key, *key, *rank_columns(self.spec)]))
        for few in np.array_split(several, min(len(several), -(-involved // PIECE))):
            places = [np.flatnonzero(within(h, few)) for h in hashes]
            found = [load(names).take(arrow(at)) for load, at in zip(parts, places, strict=True) if len(at)]
            rows = combined(found)
            part = np.repeat(np.arange(len(parts)), [len(at) for at in places])
            at = np.concatenate(places)
            stands, replaced = winning(rows, self.spec, self.sources)
            for number in np.unique(part[~stands]):
                keep[number][at[~stands & (part == number)]] = False
            replaced = replaced[part[replaced] >= len(self.stored)]
            for place, lines in places_of(rows.take(arrow(replaced)), self.spec).items():
                repeated.setdefault(place, []).extend(lines)
        return keep, repeated

    @property
    def _lead(self) -> str:
        """The column by whose ranges the rows are parted."""
        return UNIT_KEY if self.spec.name == "dossiers" else self.spec.key[0]

    def _ranges(self, rows: int) -> Iterator[tuple[str | None, str | None]]:
        """(first value, first value of the next range; None without an end) of each range, in order."""
        lead = arrow_schema(self.spec.name).field(self._lead).type
        pieces = -(-rows // PIECE)
        texts = pa.types.is_string(lead) or pa.types.is_dictionary(lead)
        if pieces <= 2 or not texts:
            yield None, None
            return
        sample: list[str] = []
        step = max(1, rows // (pieces * _SAMPLE))
        for load in (*self.stored, *self.new):
            column = load([self._lead]).column(0).combine_chunks()
            some = column.take(arrow(np.arange(0, len(column), step)))
            sample += [t for t in some.to_pylist() if t is not None]
        sample.sort()
        cuts = sorted({sample[len(sample) * i // pieces] for i in range(1, pieces)} if sample else set())
        yield from zip([None, *cuts], [*cuts, None], strict=True)

    def _within(self, load: Load, low: str | None, high: str | None) -> npt.NDArray[np.bool_] | None:
        """The mask of the rows of a part that lie in a range, read before the rest of the part is; None for all."""
        return None if low is high is None else self._range_mask(load([self._lead]), low, high)

    def _range_mask(self, rows: pa.Table, low: str | None, high: str | None) -> npt.NDArray[np.bool_]:
        """The mask of the rows that lie in a range; rows without a value lie in the last."""
        if low is None and high is None:
            return np.ones(len(rows), bool)
        column = rows.column(self._lead).combine_chunks()
        if not pa.types.is_dictionary(column.type):
            column = column.dictionary_encode()
        cuts = [t for t in (low, high) if t is not None]
        wanted = 0 if low is None else len(cuts) if high is None else 1
        side = [bisect_right(cuts, t) == wanted for t in column.dictionary.to_pylist()]
        code = vector(column.indices, len(side))
        mask: npt.NDArray[np.bool_] = np.array([*side, high is None])[code]
        return mask


def distinct(ordered: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """The distinct values of a sorted array."""
    return ordered[np.append(True, ordered[1:] != ordered[:-1])] if len(ordered) else ordered


def within(keys: npt.NDArray[np.uint64], ordered: npt.NDArray[np.uint64]) -> npt.NDArray[np.bool_]:
    """The mask of the keys that are among sorted ones."""
    if not len(ordered):
        return np.zeros(len(keys), bool)
    at = np.minimum(np.searchsorted(ordered, keys), len(ordered) - 1)
    hit: npt.NDArray[np.bool_] = ordered[at] == keys
    return hit


def identities(rows: pa.Table) -> list[Identity]:
    """Where each row stood."""
    return list(zip(*(rows.column(c).to_pylist() for c in (SOURCE, SHEET, ROW)), strict=True))


def listed(rows: pa.Table, wanted: frozenset[Identity]) -> npt.NDArray[np.bool_]:
    """Mask of the rows that are among `wanted`."""
    numbers = pa.array(sorted({row for _, _, row in wanted}), pa.int32())
    at = np.flatnonzero(vector(pc.is_in(rows.column(ROW), value_set=numbers).combine_chunks()))
    mask = np.zeros(len(rows), bool)
    mask[at] = [identity in wanted for identity in identities(rows.take(arrow(at)))]
    return mask


def places_of(rows: pa.Table, spec: TableSpec) -> Repeated:
    """(source id, table) -> (sheet, row, key) of some rows."""
    found: Repeated = {}
    keys = [k.replace("\x1f", " / ") for k in key_text(rows, spec).to_pylist()] if len(rows) else []
    for (source, sheet, row), key in zip(identities(rows), keys, strict=True):
        found.setdefault((source, spec.name), []).append((sheet, row, key))
    return found


def count_rows(counter: Counter[Place], rows: pa.Table, name: str, sign: int) -> None:
    """Add the number of rows of each source and sheet."""
    source, sheet = (rows.select([c]).unify_dictionaries().column(0).combine_chunks() for c in (SOURCE, SHEET))
    width = len(sheet.dictionary)
    codes = vector(source.indices).astype(np.int64) * width + vector(sheet.indices)
    counts = np.bincount(codes)
    for code in np.flatnonzero(counts).tolist():
        place = name, source.dictionary[code // width].as_py(), sheet.dictionary[code % width].as_py()
        counter[place] += sign * int(counts[code])
