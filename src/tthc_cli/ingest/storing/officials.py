"""Codes of officials: the key by which names are hashed, and taking all of it out of the warehouse.

The key lies in `officials.key` of the workspace, which its owner alone may read (mode 0600). It is made once; without
it nobody can tell whose hash is whose, nor make the same hash again.
"""

from __future__ import annotations

import os
import secrets
import stat
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from tthc_cli.errors import InputError
from tthc_cli.ingest.issues import LOSERS
from tthc_cli.ingest.storing.newest import with_key
from tthc_cli.ingest.storing.publish import write_rows
from tthc_cli.ingest.vectors import one_piece
from tthc_cli.schema import all_tables, arrow_schema
from tthc_cli.storage.location import write_atomic
from tthc_cli.storage.parquet import read_parquet
from tthc_cli.storage.warehouse import Partition, Warehouse
from tthc_cli.units.officials import MARK
from tthc_cli.workspace import Workspace

KEY_FILE = "officials.key"
COLUMNS = {t.name: c.name for t in all_tables() for c in t.columns if c.type == "official"}
"""Table -> its column of codes."""
_BYTES = 32


def key_file(workspace: Workspace) -> Path:
    """Where the key lies, whether it exists or not."""
    return workspace.root / KEY_FILE


def names_file(workspace: Workspace) -> Path | None:
    """Where the operator's own list of names lies, if the settings name one. It is never taken in."""
    name = workspace.settings.officials.names
    return workspace.root / name if name else None


def key_of(workspace: Workspace, warehouse: Warehouse) -> bytes | None:
    """The key, made if there is none yet; None where the workspace keeps no officials.

    Raises InputError when the key is damaged, may be read by others, or is gone while hashes made with it are stored:
    with another one each person would be counted as two.
    """
    if workspace.settings.officials.keep != "code":
        return None
    path = key_file(workspace)
    if not path.exists():
        if _hashes(warehouse):
            raise InputError("officials_key_lost", path=str(path))
        write_atomic(path, secrets.token_hex(_BYTES).encode(), mode=0o600)
    return read_key(path)


def read_key(path: Path) -> bytes:
    """The key in a file. Raises InputError when it is damaged, or may be read by others."""
    mode = stat.S_IMODE(path.stat().st_mode)
    if os.name == "posix" and mode & 0o077:
        raise InputError("officials_key_open", path=str(path), mode=f"{mode:04o}")
    try:
        key = bytes.fromhex(path.read_text("ascii"))
    except ValueError:
        key = b""
    if len(key) != _BYTES:
        raise InputError("officials_key_damaged", path=str(path))
    return key


def any_codes(warehouse: Warehouse) -> bool:
    """Whether codes or hashes are stored, of superseded rows too."""
    return any(
        warehouse.has_values(f"{name}{more}", column) for name, column in COLUMNS.items() for more in ("", LOSERS)
    )


def _hashes(warehouse: Warehouse) -> bool:
    return any(
        _any(warehouse, partition, column, hashes=True)
        for name, column in COLUMNS.items()
        for partition in warehouse.partitions(name)
    )


def _any(warehouse: Warehouse, partition: Partition, column: str, *, hashes: bool = False) -> bool:
    """Whether a file holds codes (or hashes) of officials; one of an older version has no such column."""
    rows = read_parquet(warehouse.path(partition), [column])
    if column not in rows.column_names:
        return False
    told = pc.drop_null(rows.column(column).cast(pa.string()))
    return bool(pc.any(pc.starts_with(told, MARK)).as_py()) if hashes else len(told) > 0


def without_officials(warehouse: Warehouse, work: Path) -> Warehouse:
    """The warehouse with blanks in place of every code and hash; new files are written, nothing is published."""
    tables = dict(warehouse.tables)
    for table, column in COLUMNS.items():
        for name in (table, table + LOSERS):
            if name in tables:
                tables[name] = tuple(_blanked(warehouse, name, column, p, work) for p in tables[name])
    return replace(warehouse, tables=tables)


def _blanked(warehouse: Warehouse, name: str, column: str, partition: Partition, work: Path) -> Partition:
    if not _any(warehouse, partition, column):
        return partition
    schema = arrow_schema(name.removesuffix(LOSERS))
    rows = with_key(read_parquet(warehouse.path(partition)), schema)
    at = rows.schema.get_field_index(column)
    blank = one_piece(rows.column(column))
    blank = pa.DictionaryArray.from_arrays(pa.nulls(len(rows), pa.int32()), blank.dictionary.slice(0, 0))
    return write_rows(warehouse.root, name, partition.month, rows.set_column(at, schema.field(column), blank), work)


def erase_key(workspace: Workspace) -> bool:
    """Overwrite and delete the key; whether there was one."""
    path = key_file(workspace)
    if not path.exists():
        return False
    with path.open("r+b") as stream:
        stream.write(b"\0" * path.stat().st_size)
    path.unlink()
    return True
