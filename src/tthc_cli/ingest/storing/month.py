"""Merge the rows of one month of one table, in pieces that fit in memory whatever the month holds.

First the key hashes of all rows tell which keys occur more than once, and for those rows alone it is decided which
stands. Then the rows are put in order and written: dossiers by unit, procedure and code, other tables by key.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from tthc_cli.ingest.issues import LOSERS
from tthc_cli.ingest.storing.external_sort import pieces
from tthc_cli.ingest.storing.newest import key_numbers, key_text, rank_columns, winning, with_key
from tthc_cli.ingest.storing.publish import RowWriter, combined
from tthc_cli.ingest.storing.spool import Load
from tthc_cli.ingest.storing.versions import Mask, Version, kept
from tthc_cli.ingest.vectors import arrow, one_piece, vector
from tthc_cli.schema import KEY_HASH, ROW, SHEET, SOURCE, TableSpec, arrow_schema
from tthc_cli.storage.location import Location
from tthc_cli.storage.parquet import open_parquet
from tthc_cli.storage.warehouse import Partition, Warehouse

KEYS_AT_ONCE = 131_072
"""Key hashes that are looked through at a time."""
COMPARED = 98_304
"""Rows with repeated keys that are compared at a time."""

Place = tuple[str, str, str]
"""(table, source id, sheet)."""
Identity = tuple[str, str, int]
"""(source id, sheet, row)."""
Keys = Callable[[], npt.NDArray[np.uint64]]
"""Gives the key hashes of one part."""
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
    dropped: Counter[Place] = field(default_factory=Counter)
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
        there = set(file.schema_arrow.names)
        names = [n if n in there else "MaHoSo" for n in schema.names if n in there or n == KEY_HASH]
        rows = file.read_row_group(group, columns=list(dict.fromkeys(names)), use_threads=False)
    return with_key(rows, schema)


@dataclass(frozen=True, slots=True)
class MonthMerger:
    """Everything that is merged into one month."""

    spec: TableSpec
    month: str
    stored: Sequence[Load]
    """The rows that stood until now."""
    new: Sequence[Load]
    fallen: Sequence[Load]
    """The rows that did not stand until now; they do not stand now either."""
    rows: int
    """How many rows stood and are new, at most."""
    versions: Mapping[str, Version]
    """Source id -> which version of which path it is."""
    elsewhere: frozenset[Identity] = frozenset()
    """Rows that lose to a row of another month."""

    def merge(self, root: Location, work: Path, losers_before: Partition | None) -> Month:
        """Decide and write."""
        name = self.spec.name
        parts = [*self.stored, *self.new]
        keys = self._keys(parts, work / f"{name}-{self.month}.keys")
        keep, repeated = self._decide(parts, keys)
        nothing = Partition(self.month, "", 0, "")
        done = Month(self.month, nothing, losers_before or nothing, repeated=repeated)
        standing = [partial(self._some, i, mask, True, done) for i, mask in enumerate(keep) if mask.any()]
        done.winners = self._write(name, standing, sum(int(mask.sum()) for mask in keep), root, work)
        if not all(mask.all() for mask in keep):
            self._fall(keep, keys, done, root, work)
        return done

    def _fall(self, keep: Sequence[Mask], keys: Sequence[Keys], done: Month, root: Location, work: Path) -> None:
        """Write the rows that do not stand, but for those that a newer version of their file has too."""
        fallen = self._keys(self.fallen, work / f"{self.spec.name}-{self.month}.fallen")
        parts = [*self.stored, *self.new, *self.fallen]
        fall = [*(~mask for mask in keep), *(np.ones(len(load()), bool) for load in fallen)]
        some = [i for i, mask in enumerate(fall) if mask.any()]
        hashes = [*keys, *fallen]
        stay = kept(
            [hashes[i] for i in some], [partial(parts[i], [SOURCE]) for i in some], [fall[i] for i in some],
            self.versions,
        )  # fmt: skip
        loads = []
        for i, mask in zip(some, stay, strict=True):
            if (fall[i] & ~mask).any():
                gone = parts[i]([SOURCE, SHEET]).filter(arrow(fall[i] & ~mask))
                count_rows(done.dropped, gone, self.spec.name, 1)
                self._count(gone, i, False, done)
            if mask.any():
                loads.append(partial(self._some, i, mask, False, done))
        rows = sum(int(mask.sum()) for mask in stay)
        done.losers = self._write(self.spec.name + LOSERS, loads, rows, root, work)

    def _some(self, number: int, mask: Mask, stand: bool, done: Month) -> pa.Table:
        """The chosen rows of a part, all of which stand or fall; the account of their sheets is changed by them."""
        rows = (*self.stored, *self.new, *self.fallen)[number](None)
        if not mask.all():
            rows = rows.filter(arrow(mask))
        self._count(rows, number, stand, done)
        return rows

    def _count(self, rows: pa.Table, number: int, stand: bool, done: Month) -> None:
        """Change the account of the sheets by rows of a part, all of which stand or fall."""
        if number >= len(self.stored) + len(self.new):
            return
        stood = number < len(self.stored)
        if stand != stood:
            count_rows(done.accepted, rows, self.spec.name, 1 if stand else -1)
        if not stand:
            count_rows(done.superseded, rows, self.spec.name, 1)

    def _write(
        self, name: str, loads: Sequence[Callable[[], pa.Table]], rows: int, root: Location, work: Path
    ) -> Partition:
        writer = RowWriter(root, name, self.month, work)
        for parts in pieces(loads, rows, self.spec.name, lambda number: work / f"{name}-{self.month}-{number}.arrow"):
            writer.add(parts)
            pa.default_memory_pool().release_unused()
        return writer.close()

    def _decide(self, parts: Sequence[Load], keys: Sequence[Keys]) -> tuple[list[Mask], Repeated]:
        """(for each part the mask of rows that stand, new rows that another row of their file replaces)."""
        keep, several, involved = self._repeated(keys)
        repeated: Repeated = {}
        if self.elsewhere:
            for mask, load in zip(keep, parts, strict=True):
                mask &= ~listed(load([SOURCE, SHEET, ROW]), self.elsewhere)
        if not involved:
            return keep, repeated
        hashed = [KEY_HASH] if self.spec.key == ("MaHoSo",) else []
        names = list(dict.fromkeys([*self.spec.key, *hashed, *rank_columns(self.spec)]))
        sources = {source: place for source, (_, place) in self.versions.items()}
        for few in np.array_split(several, min(len(several), -(-involved // COMPARED))):
            places = [np.flatnonzero(within(load(), few)) for load in keys]
            found = [load(names).take(arrow(at)) for load, at in zip(parts, places, strict=True) if len(at)]
            rows = combined(found)
            part = np.repeat(np.arange(len(parts)), [len(at) for at in places])
            at = np.concatenate(places)
            stands, replaced = winning(rows, self.spec, sources)
            for number in np.unique(part[~stands]):
                keep[number][at[~stands & (part == number)]] = False
            replaced = replaced[part[replaced] >= len(self.stored)]
            for place, lines in places_of(rows.take(arrow(replaced)), self.spec).items():
                repeated.setdefault(place, []).extend(lines)
        return keep, repeated

    def _keys(self, parts: Sequence[Load], path: Path) -> list[Keys]:
        """What gives the key hashes of each part; hashes that are not stored are set aside in a file at `path`."""
        if self.spec.key == ("MaHoSo",):
            return [partial(_stored_keys, load, self.spec) for load in parts]
        path.parent.mkdir(parents=True, exist_ok=True)
        keys: list[Keys] = []
        with path.open("wb") as stream:
            for load in parts:
                numbers = key_numbers(load(list(self.spec.key)), self.spec)
                keys.append(partial(_set_aside, path, stream.tell(), len(numbers)))
                stream.write(numbers.data)
        return keys

    def _repeated(self, keys: Sequence[Keys]) -> tuple[list[npt.NDArray[np.bool_]], npt.NDArray[np.uint64], int]:
        """(for each part a mask of all rows, key hashes that occur more than once, about how many rows have one)."""
        keep: list[npt.NDArray[np.bool_]] = []
        several: list[npt.NDArray[np.uint64]] = []
        involved = 0
        ranges = max(1, -(-self.rows // KEYS_AT_ONCE))
        edges = [2**64 * i // ranges for i in range(ranges + 1)]
        for low, high in pairwise(edges):
            chosen = [np.zeros(0, np.uint64)]
            for number, load in enumerate(keys):
                numbers = load()
                if number == len(keep):
                    keep.append(np.ones(len(numbers), bool))
                chosen.append(numbers[(numbers >= np.uint64(low)) & (numbers <= np.uint64(high - 1))])
            ordered = np.sort(np.concatenate(chosen))
            again = ordered[1:] == ordered[:-1]
            involved += 2 * int(again.sum())
            several.append(distinct(ordered[1:][again]))
        return keep, np.concatenate(several), involved


def _stored_keys(load: Load, spec: TableSpec) -> npt.NDArray[np.uint64]:
    return key_numbers(load([KEY_HASH]), spec)


def _set_aside(path: Path, start: int, rows: int) -> npt.NDArray[np.uint64]:
    return np.fromfile(path, np.uint64, rows, offset=start)


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
    at = np.flatnonzero(vector(pc.is_in(rows.column(ROW), value_set=numbers)))
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
    source, sheet = (one_piece(rows.select([c]).unify_dictionaries().column(0)) for c in (SOURCE, SHEET))
    width = len(sheet.dictionary)
    codes = vector(source.indices).astype(np.int64) * width + vector(sheet.indices)
    counts = np.bincount(codes)
    for code in np.flatnonzero(counts).tolist():
        place = name, source.dictionary[code // width].as_py(), sheet.dictionary[code % width].as_py()
        counter[place] += sign * int(counts[code])
