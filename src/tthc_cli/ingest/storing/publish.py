"""Write the files of the warehouse: content-hashed, deterministic, safe on disk before anything names them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tthc_cli import machine
from tthc_cli.errors import InputError
from tthc_cli.ingest.issues import LOSERS
from tthc_cli.ingest.vectors import arrow, one_piece, vector
from tthc_cli.schema import KEY_HASH, ROW, SHEET, SOURCE, UNIT_KEY, arrow_schema, table
from tthc_cli.storage.location import Location, files_below, move_in, remove, settle, tidy_away, write_atomic
from tthc_cli.storage.warehouse import (
    MANIFEST,
    Partition,
    Warehouse,
    footer_hash,
    open_warehouse,
    save_manifest,
)

ROWS_A_GROUP = 65_536


def compact(column: pa.Array) -> pa.Array:
    """A category column with only the values it uses, in order."""
    texts = column.dictionary
    if len(texts) == 1 and not column.null_count:
        return column
    codes = vector(column.indices, len(texts))
    used = np.flatnonzero(np.bincount(codes, minlength=len(texts) + 1)[:-1])
    ordered = used[vector(pc.sort_indices(texts.take(arrow(used)))).astype(np.int64)]
    place = np.zeros(len(texts) + 1, np.int32)
    place[ordered] = np.arange(len(ordered))
    indices = arrow(place[codes], pa.int32(), blank=codes == len(texts) if column.null_count else None)
    return pa.DictionaryArray.from_arrays(indices, texts.take(arrow(ordered)))


def combined(parts: list[pa.Table], name: str = "") -> pa.Table:
    """One table of unbroken columns, in the order in which the table `name` is stored if one is named.

    `parts` is emptied on the way, so that memory holds the rows once.
    """
    whole = pa.concat_tables(parts).unify_dictionaries()
    parts.clear()
    order = order_of(whole, name) if name else None
    schema = whole.schema
    columns = whole.columns
    del whole
    for i, column in enumerate(columns):
        as_it_is = order is None or column.null_count == len(column)
        columns[i] = one_piece(column if as_it_is else column.take(order))
    return pa.Table.from_arrays(columns, schema=schema)


def order_of(rows: pa.Table, name: str) -> pa.Array:
    """Positions of the rows in the order in which they are stored: dossiers by unit, procedure and code; other tables
    by key; then by where the row stands."""
    lead = [UNIT_KEY, "MaTTHC"] if name == "dossiers" else []
    if lead:
        order = _by_codes([one_piece(rows.column(key)) for key in lead])
        if _follow(rows, order, lead):
            return order
    keys = list(dict.fromkeys([*lead, *table(name).key, SOURCE, SHEET, ROW]))
    columns = {}
    for key in keys:
        column = one_piece(rows.column(key))
        columns[key] = arrow(_places(column).astype(np.int64)) if pa.types.is_dictionary(column.type) else column
    return pc.sort_indices(pa.table(columns), sort_keys=[(k, "ascending") for k in keys])


def _by_codes(columns: Sequence[pa.DictionaryArray]) -> pa.Array:
    """Positions of the rows by category columns, the first before the second; rows alike in both stay as they are."""
    order = np.arange(len(columns[0]))
    for column in reversed(columns):
        order = order[np.argsort(_places(column)[order], kind="stable")]
    return arrow(order)


def _follow(rows: pa.Table, order: pa.Array, lead: Sequence[str]) -> bool:
    """Whether dossiers in this order, which is right by `lead`, have growing codes: exports are often in order of
    them, and a sort by numbers is quicker than one by texts."""
    codes = one_piece(rows.column("MaHoSo")).take(order)
    grows = vector(pc.greater(codes[1:], codes[:-1]), False)
    for key in lead:
        places = _places(one_piece(rows.column(key)))[vector(order)]
        grows = grows | (places[1:] != places[:-1])
    return bool(grows.all())


def _places(column: pa.DictionaryArray) -> npt.NDArray[Any]:
    """The place of each row's value among the sorted values, null last; in few bytes, which sort faster."""
    ranks = vector(pc.rank(column.dictionary, sort_keys="ascending", tiebreaker="dense"))
    kind = np.uint16 if len(ranks) < 65_535 else np.int64
    places: npt.NDArray[Any] = np.append(ranks, len(ranks) + 1).astype(kind)[vector(column.indices, len(ranks))]
    return places


class RowWriter:
    """Writes a table's rows as one Parquet file under `<name>/`, named by month and content.

    Rows are handed over in pieces, each greater than the one before in the order of storage; where they are parted
    leaves no trace in the file.
    """

    def __init__(self, root: Location, name: str, month: str, work: Path) -> None:
        self._root, self._name, self._month = root, name, month
        self._table = name.removesuffix(LOSERS)
        work.mkdir(parents=True, exist_ok=True)
        self._path = work / f"{name}-{month}.parquet"
        self._schema = arrow_schema(self._table)
        if name.endswith(LOSERS) and KEY_HASH in self._schema.names:  # a sixth of the file, and seldom asked for
            self._schema = self._schema.remove(self._schema.get_field_index(KEY_HASH))
        self._categories = [f.name for f in self._schema if pa.types.is_dictionary(f.type)]
        texts = [f.name for f in self._schema if pa.types.is_string(f.type)]
        self._told = [f.name for f in self._schema if f.name not in (KEY_HASH, ROW, *texts)]
        # Numbers and times as packed differences take no more room than compressed, and a fraction of the time.
        plain = {f.name for f in self._schema} - {*texts, *self._categories}
        self._codecs = {f.name: "none" if f.name in plain else "zstd" for f in self._schema}
        self._encodings = dict.fromkeys(sorted(plain - {KEY_HASH}), "DELTA_BINARY_PACKED")
        self._writer: pq.ParquetWriter | None = None
        self._held: list[pa.Table] = []
        self.rows = 0

    def add(self, parts: list[pa.Table]) -> None:
        """Take the parts of a piece, with their rows in any order; `parts` is emptied on the way."""
        rows = combined(parts, self._table)
        self.rows += len(rows)
        while len(rows):
            part = rows.slice(0, ROWS_A_GROUP - sum(map(len, self._held)))
            rows = rows.slice(len(part))
            self._held.append(part)
            if sum(map(len, self._held)) == ROWS_A_GROUP:
                self._write()

    def _write(self) -> None:
        if self._writer is None:
            self._writer = pq.ParquetWriter(
                self._path, self._schema, compression=self._codecs, use_dictionary=self._categories,
                column_encoding=self._encodings, write_statistics=self._told, write_batch_size=ROWS_A_GROUP,
                write_page_checksum=True,
            )  # fmt: skip
        group = combined(self._held).select(self._schema.names)
        for category in self._categories:
            index = group.schema.get_field_index(category)
            group = group.set_column(index, category, compact(one_piece(group.column(index))))
        self._writer.write_table(group, row_group_size=ROWS_A_GROUP)

    def close(self) -> Partition:
        """Finish the file and put it in its place; without rows there is none."""
        if self._held:
            self._write()
        if self._writer is None:
            return Partition(self._month, "", 0, "")
        self._writer.close()
        return publish_file(self._root, self._name, self._month, self._path, self.rows)


def write_rows(root: Location, name: str, month: str, rows: pa.Table, work: Path) -> Partition:
    """Store rows, put in order, as one Parquet file."""
    writer = RowWriter(root, name, month, work)
    writer.add([rows])
    return writer.close()


def publish_file(root: Location, name: str, month: str, temporary: Path, rows: int) -> Partition:
    """Move a finished file to its place under its content's hash."""
    with temporary.open("r+b") as stream:  # Windows writes out only what is open for writing
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
        machine.settle_file(stream.fileno())
    footer = footer_hash(temporary)
    file = f"{name}/{month}-{digest[:12]}.parquet"
    move_in(temporary, root / file)
    return Partition(month, file, rows, digest, footer)


_OWN = re.compile(r"[a-z_~]+/[^/]+-[0-9a-f]{12}\.parquet|([^/]+/)?\.[^/]+\.(tmp|part|new)|\.work/.*")
"""Files that a run may leave behind; whatever else lies in the folder is another's, and stays."""


def stored(root: Location) -> Warehouse:
    """The warehouse under `root`; an empty one when nothing is stored yet."""
    return open_warehouse(root) if (root / MANIFEST).exists() else Warehouse(root, {}, ())


ERASE = ".erase"
"""Lies there while files are deleted for good, so that what a run that died left undone is finished by the next."""


def publish_erasing(new: Warehouse, old: Warehouse) -> None:
    """Make `new` the warehouse in place of `old`, and leave no file behind that it does not name; `erased` ends it.

    A reader of the warehouse before may find its files gone.
    """
    _still_stands(old)
    write_atomic(new.root / ERASE, b"")
    _publish(new, _files(new), remove)


def erased(current: Warehouse) -> None:
    """Say that everything has been done that belongs to deleting for good."""
    remove(current.root / ERASE)


def finish_erasing(current: Warehouse) -> bool:
    """Delete what a run that died was about to delete for good; whether there was anything to finish."""
    if not (current.root / ERASE).exists():
        return False
    _sweep(current.root, {MANIFEST, ERASE} | _files(current), remove)
    return True


def _files(warehouse: Warehouse) -> set[str]:
    return {p.file for parts in warehouse.tables.values() for p in parts}


def publish(new: Warehouse, old: Warehouse) -> None:
    """Make `new` the warehouse in place of `old`, then delete files that neither of them names. Those of superseded
    rows, which no reader reads, go at once."""
    _still_stands(old)
    _publish(new, _files(new) | {file for file in _files(old) if LOSERS not in file}, tidy_away)


def _publish(new: Warehouse, kept: set[str], rid: Callable[[Location], None]) -> None:
    settle({new.path(p).parent for parts in new.tables.values() for p in parts})
    save_manifest(new)
    _sweep(new.root, {MANIFEST, ERASE} | kept, rid)


def _still_stands(old: Warehouse) -> None:
    """The lock of the workspace keeps out other runs in it; another machine may write to the same warehouse.

    Raises InputError when the warehouse is no longer the one that the run began with.
    """
    if stored(old.root) != old:
        raise InputError("warehouse_changed", path=str(old.root))


def _sweep(root: Location, named: set[str], rid: Callable[[Location], None]) -> None:
    for file in files_below(root):
        if file not in named and _OWN.fullmatch(file):
            rid(root / file)
