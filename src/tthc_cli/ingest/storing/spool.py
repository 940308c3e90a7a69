"""Hold typed rows until all files are read: in memory while they are few, else in temporary files, a month apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from tthc_cli.ingest.storing.hollow import hollowed, refilled
from tthc_cli.ingest.vectors import arrow, one_piece, text_column, vector
from tthc_cli.schema import KEY_HASH, SOURCE

LIMIT = 16 << 20
"""Bytes held in memory before everything goes to disk."""
PART = 4 << 20
"""Bytes of one month held before they go to disk: what is loaded of it at a time later on."""
Load = Callable[[list[str] | None], pa.Table]
"""Gives the rows of one part: all columns, or some."""
_File = tuple[Path, pa.Schema]
"""A temporary file, and what the columns were that it holds."""


class Spool:
    """Rows by table and month. The folder is the caller's, to be removed by it."""

    def __init__(self, folder: Path, limit: int = LIMIT) -> None:
        self._folder = folder
        self._limit = limit
        self._held: dict[tuple[str, str], list[pa.Table]] = {}
        self._files: dict[tuple[str, str], list[_File]] = {}
        self._bytes: Counter[tuple[str, str]] = Counter()
        self._begun = 0
        self._dropped: set[str] = set()
        self._names: dict[str, str] = {}
        self._rows: dict[tuple[str, str], int] = {}

    def begin(self) -> str:
        """A name of its own for a source whose rows are to come; see `name`."""
        self._begun += 1
        return f"? {self._begun}"

    def add(self, table: str, month: str, rows: pa.Table) -> None:
        """Take some rows."""
        key = table, month
        self._held.setdefault(key, []).append(rows)
        self._rows[key] = self._rows.get(key, 0) + len(rows)
        self._bytes[key] += rows.get_total_buffer_size()
        if self._bytes.total() > self._limit:
            self._flush(sorted(self._held))
        elif self._bytes[key] > PART:
            self._flush([key])

    def settle(self) -> None:
        """All rows are in: when some are on disk, the rest goes there too, so that memory is free for merging."""
        if self._files:
            self._flush(sorted(self._held))
        pa.default_memory_pool().release_unused()

    def _flush(self, keys: Iterable[tuple[str, str]]) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        options = pa.ipc.IpcWriteOptions(compression=None)
        for key in keys:
            files = self._files.setdefault(key, [])
            path = self._folder / f"{key[0]}-{key[1]}-{len(files)}.arrows"
            parts = self._held.pop(key)
            rows = hollowed(pa.concat_tables(parts))
            with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_stream(sink, rows.schema, options=options) as out:
                out.write_table(rows)
            if KEY_HASH in parts[0].column_names:
                with _key_file(path).open("wb") as stream:
                    for rows in parts:
                        stream.write(_hashes(rows).data)
            files.append((path, parts[0].schema))
            del self._bytes[key]

    def tables(self) -> list[str]:
        """Names of the tables that have rows."""
        return sorted({name for name, _ in (*self._held, *self._files)})

    def months(self, table: str) -> list[str]:
        """Months of which a table has rows."""
        return sorted({month for name, month in (*self._held, *self._files) if name == table})

    def rows(self, table: str, month: str) -> int:
        """How many rows of a month were added."""
        return self._rows.get((table, month), 0)

    def keys(self, table: str, month: str) -> npt.NDArray[np.uint64]:
        """The key hash of every row of a month, in the order in which they came."""
        return np.concatenate([_hashes(load([KEY_HASH])) for load in self.parts(table, month)])

    def drop(self, source: str) -> None:
        """Forget the rows of a source, given by its first name: another may have the same final one."""
        self._dropped.add(source)

    def name(self, source: str, final: str) -> None:
        """From now on give the rows of a source under its final name."""
        self._names[source] = final

    def parts(self, table: str, month: str) -> list[Load]:
        """The rows of a month, in the order in which they came, as parts to be loaded when they are needed."""
        held = [partial(_chosen, rows) for rows in self._held.get((table, month), ())]
        parts: list[Load] = [*(partial(_loaded, *file) for file in self._files.get((table, month), ())), *held]
        parts = [partial(self._without_dropped, part) for part in parts] if self._dropped else parts
        return [partial(self._named, part) for part in parts] if self._names else parts

    def _named(self, load: Load, columns: list[str] | None) -> pa.Table:
        rows = load(columns)
        if SOURCE not in rows.column_names:
            return rows
        column = one_piece(rows.column(SOURCE))
        names = [self._names.get(name, name) for name in column.dictionary.to_pylist()]
        renamed = pa.DictionaryArray.from_arrays(column.indices, text_column(names))
        at = rows.schema.get_field_index(SOURCE)
        return rows.set_column(at, rows.schema.field(at), renamed)

    def _without_dropped(self, load: Load, columns: list[str] | None) -> pa.Table:
        wanted = columns if columns is None or SOURCE in columns else [*columns, SOURCE]
        rows = load(wanted)
        gone = text_column(sorted(self._dropped))
        left = rows.filter(pc.invert(pc.is_in(rows.column(SOURCE).cast(pa.string()), value_set=gone)))
        return _chosen(left, columns)


def _hashes(rows: pa.Table) -> npt.NDArray[np.uint64]:
    found: npt.NDArray[np.uint64] = vector(one_piece(rows.column(KEY_HASH)))
    return found


def _chosen(rows: pa.Table, columns: list[str] | None) -> pa.Table:
    return rows if columns is None else rows.select(columns)


def _key_file(path: Path) -> Path:
    """Holds the key hashes of a part apart, which are wanted before its rows are."""
    return path.with_suffix(".keys")


def _loaded(path: Path, schema: pa.Schema, columns: list[str] | None) -> pa.Table:
    if columns == [KEY_HASH]:
        return pa.table({KEY_HASH: arrow(np.fromfile(_key_file(path), np.uint64))})
    with pa.OSFile(str(path)) as source:
        options = pa.ipc.IpcReadOptions(use_threads=False)
        if columns is not None:
            places = [schema.names.index(c) for c in columns]
            options = pa.ipc.IpcReadOptions(use_threads=False, included_fields=places)
        with pa.ipc.open_stream(source, options=options) as reader:
            return _chosen(refilled(reader.read_all(), schema), columns)
