"""Names, phones and addresses: dropped, unless the workspace keeps them for letters, then in one restricted file.

The file `personal.parquet` of the workspace can be read by its owner only (mode 0600). It holds, for each dossier, the
personal columns of its newest export that had any. Nothing else that is written holds a personal value.
"""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tthc_cli.errors import InputError
from tthc_cli.ingest.vectors import arrow, one_piece, vector
from tthc_cli.schema import table
from tthc_cli.storage.location import DamagedError, write_atomic
from tthc_cli.storage.parquet import read_parquet
from tthc_cli.workspace import Workspace

PERSONAL_FILE = "personal.parquet"
COLUMNS = tuple(c.name for c in table("dossiers").columns if c.type == "personal")
SCHEMA = pa.schema([("MaHoSo", pa.string()), *((name, pa.string()) for name in COLUMNS), ("_source", pa.string()),
                    ("_exported_at", pa.int64())])  # fmt: skip


def personal_file(workspace: Workspace) -> Path:
    """Where the restricted file lies, whether it exists or not."""
    return workspace.root / PERSONAL_FILE


def _stored(path: Path) -> pa.Table:
    if not path.exists():
        return SCHEMA.empty_table()
    try:
        return read_parquet(path).cast(SCHEMA)
    except (DamagedError, ValueError):
        raise InputError("damaged_personal_file", path=str(path)) from None


def keep(
    workspace: Workspace, found: Iterable[pa.Table], exported: Mapping[str, int], gone: AbstractSet[str] = frozenset()
) -> None:
    """Add what was found to the restricted file, newest export of a dossier first, and drop what came from `gone`.

    `exported`: source id -> when it was exported, in seconds since 1970.
    """
    path = personal_file(workspace)
    old = _stored(path)
    new = []
    for rows in found:
        times = [exported.get(s, 0) for s in rows.column("_source").to_pylist()]
        new.append(rows.append_column("_exported_at", pa.array(times, pa.int64())).cast(SCHEMA))
    if gone:
        old = old.filter(pc.invert(pc.is_in(old.column("_source"), value_set=pa.array(sorted(gone), pa.string()))))
    rows = pa.concat_tables([old, *new])
    if not len(rows):
        path.unlink(missing_ok=True)
        return
    rows = rows.sort_by([("MaHoSo", "ascending"), ("_exported_at", "descending"), ("_source", "ascending")])
    codes = one_piece(rows.column("MaHoSo"))
    first = np.ones(len(rows), bool)
    first[1:] = ~vector(pc.equal(codes[1:], codes[:-1]), False)
    buffer = io.BytesIO()
    pq.write_table(rows.filter(arrow(first)), buffer, compression="zstd", write_page_checksum=True)
    write_atomic(path, buffer.getvalue(), mode=0o600)


def of_dossiers(workspace: Workspace, codes: Sequence[str]) -> dict[str, dict[str, str]]:
    """What the restricted file tells of some dossiers, by column; nothing where the workspace does not keep it."""
    if not workspace.settings.personal.keep_for_letters:
        return {}
    rows = _stored(personal_file(workspace))
    rows = rows.filter(pc.is_in(rows.column("MaHoSo"), value_set=pa.array(codes, pa.string())))
    told = rows.select(["MaHoSo", *COLUMNS]).to_pylist()
    return {row.pop("MaHoSo"): {name: value for name, value in row.items() if value} for row in told}


def from_source(rows: pa.Table, source: str) -> pa.Table:
    """The rows, said to be of a source."""
    at = rows.schema.get_field_index("_source")
    return rows.set_column(at, "_source", pa.array([source] * len(rows), pa.string()))


def forget_sources(workspace: Workspace, ids: AbstractSet[str]) -> None:
    """Drop from the restricted file what came from some sources."""
    if personal_file(workspace).exists():
        keep(workspace, (), {}, ids)


def forget_all_but(workspace: Workspace, ids: AbstractSet[str]) -> None:
    """Drop from the restricted file what came from any other source."""
    told = _stored(personal_file(workspace)).column("_source").unique().to_pylist()
    if gone := set(told) - ids:
        forget_sources(workspace, gone)


def erase(workspace: Workspace) -> bool:
    """Overwrite and delete the restricted file, and what a run that died left of one; whether there was any."""
    left = sweep(workspace)
    path = personal_file(workspace)
    if not path.exists():
        return left
    _overwrite(path)
    return True


def sweep(workspace: Workspace) -> bool:
    """Erase what a run that died left behind: restricted files half written, copies of exports in the making. Whether
    there was a restricted file."""
    left = sorted(workspace.root.glob(f".{PERSONAL_FILE}.*.tmp"))
    for path in left:
        _overwrite(path)
    if workspace.work.exists():
        shutil.rmtree(workspace.work)
    return bool(left)


def _overwrite(path: Path) -> None:
    with path.open("r+b") as stream:
        size = path.stat().st_size
        for start in range(0, size, 1 << 20):
            stream.write(b"\0" * min(1 << 20, size - start))
    path.unlink()


def open_work(workspace: Workspace) -> Path:
    """A new, empty folder for files in the making, which its owner alone may look into; for it may hold copies of
    exports."""
    sweep(workspace)
    work = workspace.work
    work.parent.mkdir(parents=True, exist_ok=True)
    work.mkdir(mode=0o700)
    return work
