"""Hold typed rows until all files are read: in memory while they are few, else in temporary files, a month apart."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from tthc_cli.schema import KEY_HASH, SOURCE

LIMIT = 32 << 20
"""Bytes held in memory before everything goes to disk."""


class Spool:
    """Rows by table and month. The folder is the caller's, to be removed by it."""

    def __init__(self, folder: Path, limit: int = LIMIT) -> None:
        self._folder = folder
        self._limit = limit
        self._held: dict[tuple[str, str], list[pa.Table]] = {}
        self._files: dict[tuple[str, str], list[Path]] = {}
        self._bytes = 0
        self._dropped: set[str] = set()
        self._rows: dict[tuple[str, str], int] = {}
        self._keys: dict[tuple[str, str], list[npt.NDArray[np.uint64]]] = {}

    def add(self, table: str, month: str, rows: pa.Table) -> None:
        """Take some rows."""
        self._held.setdefault((table, month), []).append(rows)
        self._rows[(table, month)] = self._rows.get((table, month), 0) + len(rows)
        self._bytes += rows.get_total_buffer_size()
        if KEY_HASH in rows.column_names:
            keys = rows.column(KEY_HASH).combine_chunks().to_numpy(zero_copy_only=False)
            self._keys.setdefault((table, month), []).append(keys)
        if self._bytes > self._limit:
            self._flush()

    def _flush(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        options = pa.ipc.IpcWriteOptions(compression="lz4")
        for key, tables in sorted(self._held.items()):
            files = self._files.setdefault(key, [])
            path = self._folder / f"{key[0]}-{key[1]}-{len(files)}.arrows"
            whole = pa.concat_tables(tables).unify_dictionaries().combine_chunks()
            with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_stream(sink, whole.schema, options=options) as writer:
                writer.write_table(whole)
            files.append(path)
        self._held.clear()
        self._bytes = 0

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
        """The distinct key hashes of a month, sorted."""
        return np.unique(np.concatenate(self._keys[(table, month)]))

    def drop(self, source: str) -> None:
        """Forget the rows of a source."""
        self._dropped.add(source)

    def load(self, table: str, month: str, columns: list[str] | None = None) -> list[pa.Table]:
        """The rows of a month, in the order in which they came."""
        parts = []
        for path in self._files.get((table, month), ()):
            with pa.OSFile(str(path)) as source, pa.ipc.open_stream(source) as reader:
                whole = reader.read_all()
                parts.append(whole.select(columns) if columns else whole)
        parts += [t.select(columns) if columns else t for t in self._held.get((table, month), ())]
        return [self._without_dropped(p) for p in parts] if self._dropped else parts

    def _without_dropped(self, rows: pa.Table) -> pa.Table:
        gone = pa.array(sorted(self._dropped), pa.string())
        return rows.filter(pc.invert(pc.is_in(rows.column(SOURCE).cast(pa.string()), value_set=gone)))
