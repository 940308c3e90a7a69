"""Where stored tables lie, and how they are read: the manifest of the warehouse.

`manifest.json` names every file that belongs to the warehouse; it is replaced in one step, so that a reader sees
the old warehouse or the new one, never a mixture. Reading stages write through `ingest`; scoring only reads.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tthc_cli import schema
from tthc_cli.errors import InputError
from tthc_cli.private import label
from tthc_cli.storage.location import DamagedError, Location, files_below, write_atomic
from tthc_cli.storage.parquet import completed, fetch_footers, has_values, read_footer, read_parquet

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow as pa

MANIFEST = "manifest.json"
FORMAT = 3
"""Written. A program that knows older ones alone says so, rather than that the manifest is damaged."""
_READ = (1, 2, FORMAT)


@dataclass(frozen=True, slots=True)
class Partition:
    """One Parquet file of a table."""

    month: str
    """"2023-04", "none" for rows without a date, "all" for a table kept in one file."""
    file: str
    """Path relative to the warehouse, with "/"."""
    rows: int
    sha256: str
    footer: str = ""
    """Hash of the file's footer, which carries no checksum of its own, unlike the pages of data."""


@dataclass(frozen=True, slots=True)
class SheetRecord:
    """What came of one sheet (or one CSV file): rows_read = accepted + superseded + rejected."""

    sheet: str
    table: str
    """Name of the canonical table; "" when the sheet was recognised as none and left out."""
    rows_read: int
    accepted: int
    superseded: int
    rejected: int
    warnings: int = 0
    dropped: int = 0
    """Superseded rows that are no longer kept: a newer version of the file has them, and another after it."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """Versions of the file under a path that have no row left, and are no longer listed among the sources."""

    path: str
    versions: int = 0
    rows_read: int = 0
    """superseded + rejected"""
    superseded: int = 0
    rejected: int = 0


@dataclass(frozen=True, slots=True)
class SourceRecord:
    """One file that was taken in (a member of an archive is a file of its own: "a.zip › b.xlsx")."""

    id: str
    path: str
    sha256: str
    size: int
    exported_at: str
    """ISO time, local."""
    sheets: tuple[SheetRecord, ...]
    columns: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Table -> canonical columns that the file had."""
    modified_at: str = ""
    """When the file was last changed, ISO time in UTC; decides between rows that are alike in everything else."""
    recipe: str = ""
    """Hash of what the reading depended on besides the file (data dictionary, aliases); a file read by another
    recipe is read again."""


@dataclass(frozen=True, slots=True)
class Warehouse:
    """A consistent view of everything stored."""

    root: Location
    tables: dict[str, tuple[Partition, ...]]
    sources: tuple[SourceRecord, ...]
    earlier: tuple[Earlier, ...] = ()

    def has(self, name: str) -> bool:
        """Whether any row of the table is stored."""
        return any(p.rows for p in self.tables.get(name, ()))

    def partitions(self, name: str) -> tuple[Partition, ...]:
        return self.tables.get(name, ())

    def has_values(self, name: str, column: str) -> bool:
        """Whether a stored table has a value in a column."""
        return any(has_values(self.path(partition), column) for partition in self.partitions(name))

    def path(self, partition: Partition) -> Location:
        return self.root / partition.file

    def read(self, name: str, columns: list[str] | None = None) -> pa.Table:
        """A whole table; for the small ones. Empty, with the right schema, when nothing is stored."""
        import pyarrow as pa

        wanted = schema.arrow_schema(name)
        if columns is not None:
            wanted = pa.schema([wanted.field(c) for c in columns])
        found = (read_parquet(self.path(p), wanted.names) for p in self.partitions(name) if p.rows)
        parts = [completed(part, wanted) for part in found]
        return pa.concat_tables(parts) if parts else wanted.empty_table()

    def row_groups(self, name: str, columns: list[str]) -> Iterator[tuple[Partition, int]]:
        """(partition, row group number) of every chunk of a large table."""
        fetch_footers(map(self.path, self.partitions(name)))
        for partition in self.partitions(name):
            for group in range(read_footer(self.path(partition)).num_row_groups):
                yield partition, group


def open_warehouse(root: Location) -> Warehouse:
    """The warehouse stored under `root`. Raises InputError when there is none, or when part of it is missing.

    Where a run publishes another one meanwhile, and deletes what that does not name, it is the new one.
    """
    while True:
        raw = _manifest(root)
        try:
            return _opened(root, raw)
        except (InputError, FileNotFoundError):
            if _manifest(root) == raw:
                raise


def _manifest(root: Location) -> bytes:
    try:
        return (root / MANIFEST).read_bytes()
    except FileNotFoundError:
        raise InputError("no_warehouse", path=str(root)) from None


def _opened(root: Location, document: bytes) -> Warehouse:
    path = root / MANIFEST
    try:
        raw = json.loads(document)
        if raw["format"] not in _READ:
            raise InputError("manifest_format", path=str(path), found=raw["format"], known=FORMAT)
        if raw.get("sha256", _digest(raw)) != _digest(raw):
            raise InputError("manifest_edited", path=str(path), folder=str(root), sources=_named(_origins(raw, "")))
        found = _warehouse(root, raw)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError("bad_manifest", path=str(path), folder=str(root), detail=repr(error)) from None
    there = set(files_below(root))
    for partitions in found.tables.values():
        for partition in partitions:
            if partition.file not in there:
                raise InputError(
                    "missing_stored_file", path=str(found.path(partition)), folder=str(root),
                    sources=_named(_origins(raw, partition.file)),
                )  # fmt: skip
            place = found.path(partition)
            if partition.footer and isinstance(place, Path) and footer_hash(place) != partition.footer:
                damaged = DamagedError(place, "footer")
                damaged.fields["sources"] = _named(_origins(raw, partition.file))
                raise damaged
    return found


def _warehouse(root: Location, raw: dict[str, Any]) -> Warehouse:
    return Warehouse(
        root=root,
        tables={name: tuple(Partition(**p) for p in parts) for name, parts in raw["tables"].items()},
        sources=tuple(
            SourceRecord(
                **{
                    **s,
                    "path": label(s["path"]),
                    "sheets": tuple(SheetRecord(**sheet) for sheet in s["sheets"]),
                    "columns": {t: tuple(c) for t, c in s["columns"].items()},
                }
            )
            for s in raw["sources"]
        ),
        earlier=tuple(Earlier(**{**e, "path": label(e["path"])}) for e in raw.get("earlier", ())),
    )


def footer_hash(path: Path) -> str:
    """A hash of the end of a Parquet file, where it says what lies where."""
    with path.open("rb") as stream:
        size = stream.seek(0, os.SEEK_END)
        stream.seek(max(0, size - 8))
        told = int.from_bytes(stream.read(4), "little")
        stream.seek(max(0, size - 8 - told))
        return hashlib.sha256(stream.read()).hexdigest()[:16]


def _digest(raw: dict[str, Any]) -> str:
    """A hash of what a manifest says: it is written by no hand."""
    said = json.dumps(
        [raw[name] for name in ("tables", "sources", "earlier") if name in raw], ensure_ascii=False, sort_keys=True
    )
    return hashlib.sha256(said.encode()).hexdigest()


_NAMED = 20


def _named(paths: list[str]) -> str:
    more = f"; … ({len(paths)})" if len(paths) > _NAMED else ""
    return ": " + "; ".join(paths[:_NAMED]) + more if paths else ""


def _origins(raw: dict[str, Any], file: str) -> list[str]:
    """Paths of the sources that a stored file may hold rows of; of all sources for file ""."""
    table = file.partition("/")[0].partition("~")[0]
    return [
        label(source["path"]) for source in raw["sources"]
        if table not in schema.table_names() or any(sheet["table"] == table for sheet in source["sheets"])
    ]  # fmt: skip


def origins(root: Location, file: str) -> str:
    """The sources that a stored file may hold rows of, as a sentence about its damage names them; "" when the manifest
    does not tell."""
    try:
        return _named(_origins(json.loads((root / MANIFEST).read_bytes()), file))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return ""


def save_manifest(warehouse: Warehouse) -> None:
    """Make `warehouse` the current one, in one step that survives a power cut."""
    document: dict[str, Any] = {
        "format": FORMAT,
        "tables": {n: [asdict(p) for p in parts] for n, parts in sorted(warehouse.tables.items())},
        "sources": [asdict(s) for s in warehouse.sources],
        "earlier": [asdict(e) for e in warehouse.earlier],
    }
    document["sha256"] = _digest(document)
    write_atomic(warehouse.root / MANIFEST, json.dumps(document, ensure_ascii=False, indent=1).encode())
