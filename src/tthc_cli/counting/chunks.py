"""Which columns and rows of a stored chunk of dossiers are read for a period.

A chunk of months long past holds few dossiers that the period counts: those carried over. What decides that is read
first, and of the rest only the rows that matter are judged. Columns that a chunk's statistics show to be blank, and
those that no verdict can ask for, are not read. Leaving them out changes no verdict.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from tthc_cli import schema
from tthc_cli.facts.codes import NEVER, WITHDRAWN
from tthc_cli.facts.columns import whole
from tthc_cli.facts.context import OWN_FIELDS, READ_COLUMNS, Context
from tthc_cli.facts.dossiers import DossierFacts
from tthc_cli.facts.strangers import by_code
from tthc_cli.storage.location import Location
from tthc_cli.storage.parquet import open_parquet, read_footer

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

_HANDLED_COLUMNS = (
    "NgayTiepNhan", "TrangThaiHoSo", "NgayKetThucXuLy", "NgayTra", "NgayTuChoi", "SoLanBoSung", "NgayBoSung",
    "NgayTiepNhanBoSung",
)  # fmt: skip
"""What tells whether a dossier received before the period was carried over into it."""
_CARRIED_COLUMNS = (
    *_HANDLED_COLUMNS, "NgayHenTra", "NgayHenTraTruoc", "NgayHenTraMoi", "PhiDiaGioi", "NgayCoQuanThamQuyenNhan",
    "MaTTHC", schema.UNIT_KEY, schema.KEY_HASH,
)  # fmt: skip
"""What the verdicts on a dossier carried over stand on: those on dossiers received are "outside" whatever else."""
_MARKED_COLUMNS = ("KenhThucHien", schema.SOURCE)
"""What its marks stand on besides."""


_EVENT_COLUMNS = (
    "NgayNopHoSo", "NgayTiepNhan", "NgayKetThucXuLy", "NgayTra", "NgayTuChoi", "NgayBoSung", "NgayTiepNhanBoSung",
)  # fmt: skip

_LOT = 8
"""Columns of a local file read at a time; of a remote one all are fetched at once."""


@dataclass(frozen=True)
class Chunk:
    """Dossiers of one row group."""

    rows: pa.Table
    """At least those that the period counts."""
    units: tuple[str, ...]
    """How all dossiers of the row group name their units; "" = not at all."""
    changes_at: int
    """The first cutoff at which what is left out here, or seen otherwise, may differ."""
    log_months: frozenset[str] = frozenset()
    """Months of the process log that the dossiers may be in."""


@dataclass(frozen=True)
class _Statistics:
    """What a row group's metadata tell of it."""

    rows: int
    nulls: dict[str, int]
    latest: dict[str, int]
    """Timestamp column -> its last second."""
    earliest: dict[str, int]
    ended: bool
    """No dossier has a status of one that is being worked on."""

    def changes_at(self, cutoff: int) -> int:
        """The first cutoff at which an event that the rows tell of may be seen that is not seen now."""
        for name in _EVENT_COLUMNS:
            if not self.blank(name) and self.latest.get(name, NEVER) > cutoff:
                return cutoff + 1
        return NEVER

    def blank(self, name: str) -> bool:
        return self.nulls.get(name) == self.rows

    def full(self, name: str) -> bool:
        return self.nulls.get(name) == 0


def chunk_columns(context: Context) -> list[str]:
    """Every column of the dossier table that a verdict may ask for."""
    return [*READ_COLUMNS, *(["MaHoSo"] if context.log is not None or context.strangers else [])]


def may_matter(received_months: str, context: Context) -> bool:
    """Whether a partition can hold dossiers of the period: those received after its end cannot."""
    if received_months in ("none", "all"):
        return True
    first = int(np.datetime64(received_months + "-01", "s").astype(np.int64))
    return first < context.end


def read_chunk(path: Location, group: int, columns: list[str]) -> pa.Table:
    """One row group."""
    with open_parquet(path) as file:
        return file.read_row_group(group, columns=columns)


def units_of(path: Location, group: int) -> tuple[str, ...]:
    """How the dossiers of one row group name their units; "" = not at all."""
    return _unit_names(read_chunk(path, group, [schema.UNIT_KEY]))


@lru_cache(maxsize=8)
def _metadata(path: Location) -> pq.FileMetaData:
    """The footer of a stored file; a file's name tells its content, so that it never changes."""
    return read_footer(path)


def earliest_of(path: Location, group: int, column: str) -> int | None:
    """The first of the times in a column of a row group, in seconds; None when there is none."""
    return _statistics(_metadata(path), group).earliest.get(column)


def blanks_of(path: Location, group: int, column: str) -> bool:
    """Whether a column of a row group is blank in some row."""
    return not _statistics(_metadata(path), group).full(column)


def _second(value: Any) -> int:
    return int(np.datetime64(value, "s").astype(np.int64))


def _statistics(metadata: pq.FileMetaData, group: int) -> _Statistics:
    found = metadata.row_group(group)
    nulls, latest, earliest, ended = {}, {}, {}, False
    wanted = {*READ_COLUMNS, *OWN_FIELDS}
    for number in range(found.num_columns):
        column = found.column(number)
        name = column.path_in_schema
        told = column.statistics if name in wanted else None
        if told is None:
            continue
        if told.has_null_count:
            nulls[name] = told.null_count
        if told.has_min_max and name in _EVENT_COLUMNS:
            earliest[name], latest[name] = _second(told.min), _second(told.max)
        if told.has_min_max and name == "TrangThaiHoSo":
            ended = int(told.min) >= WITHDRAWN
    return _Statistics(found.num_rows, nulls, latest, earliest, ended)


def _needed(columns: Sequence[str], statistics: _Statistics, context: Context) -> list[str]:
    """The columns without those that can tell nothing; the procedure's name is read only where its code fails."""
    idle = {name for name in columns if statistics.blank(name)} | {"TenTTHC"}
    if statistics.full("NgayTiepNhan"):
        idle.add("NgayNopHoSo")
    if context.told_alike is not None:
        idle.add(schema.SOURCE)
    if context.log is None and not len(context.complained) and context.marking is None:
        idle.add(schema.KEY_HASH)
    idle -= {"MaTTHC", schema.UNIT_KEY}
    return [name for name in columns if name not in idle]


def _untouched(statistics: _Statistics, context: Context) -> bool:
    """Whether the period counts none of the dossiers: all received after it, or all finished before it."""
    if not statistics.full("NgayTiepNhan") or "NgayTiepNhan" not in statistics.latest:
        return False
    if statistics.earliest["NgayTiepNhan"] > min(context.end - 1, context.cutoff):
        return True
    if context.log is not None or statistics.latest["NgayTiepNhan"] >= context.start:
        return False
    finished = statistics.ended and statistics.full("NgayKetThucXuLy") and "NgayKetThucXuLy" in statistics.latest
    return finished and statistics.latest["NgayKetThucXuLy"] < min(context.start, context.cutoff + 1)


def load_chunk(path: Location, group: int, context: Context) -> Chunk:
    """What counting needs of one row group."""
    import pyarrow as pa

    metadata = _metadata(path)
    statistics = _statistics(metadata, group)
    changes_at = statistics.changes_at(context.cutoff)
    log_columns = ["MaHoSo", schema.KEY_HASH] if context.log is not None else []
    log_columns += ["MaHoSo"] if context.strangers else []
    with open_parquet(path, metadata) as file:

        def read(columns: Sequence[str]) -> pa.Table:
            wanted = list(dict.fromkeys([*_needed(columns, statistics, context), *log_columns]))
            return _read_in_lots(file, group, wanted, _LOT if isinstance(path, Path) else len(READ_COLUMNS))

        def nothing() -> Chunk:
            names = _unit_names(file.read_row_group(group, columns=[schema.UNIT_KEY], use_threads=False))
            return Chunk(_no_rows(), names, changes_at, months)

        months: frozenset[str] = frozenset()
        if _untouched(statistics, context):
            return nothing()
        past = statistics.full("NgayTiepNhan") and statistics.latest.get("NgayTiepNhan", NEVER) < context.start
        table = read(_HANDLED_COLUMNS if past else READ_COLUMNS)
        if context.log is not None:
            months = context.log.months_of(table.column("MaHoSo"))
            changes_at = min(changes_at, context.log.changes_at(months))
        rows = None
        units = () if past else _unit_names(table)
        if past:
            rows = np.flatnonzero(DossierFacts(_completed(table), context).handled)
            if not len(rows):
                return nothing()
            wanted = (*_CARRIED_COLUMNS, *(() if context.marking is None else _MARKED_COLUMNS))
            more = read([c for c in wanted if c not in table.column_names])
            units = _unit_names(more)
            table = _joined(table, more).take(pa.array(rows))
        unnamed = _unknown_codes(table, context)
        extra = ["TenTTHC"] if unnamed else []
        extra += OWN_FIELDS if unnamed or context.fieldless[:-1].any() else []
        extra = [name for name in extra if not statistics.blank(name)]
        if extra:
            more = file.read_row_group(group, columns=extra, use_threads=False)
            table = _joined(table, more if rows is None else more.take(pa.array(rows)))
    return Chunk(_at_home(_completed(table), context), units, changes_at, months)


def read_columns(path: Location, group: int, columns: list[str], context: Context) -> pa.Table:
    """Some columns of one row group; those not read are blank."""
    if not context.strangers or schema.UNIT_KEY not in columns:
        return _completed(read_chunk(path, group, columns))
    return by_code(_completed(read_chunk(path, group, [*columns, "MaHoSo"])), context.strangers)


def _at_home(rows: pa.Table, context: Context) -> pa.Table:
    return by_code(rows, context.strangers) if context.strangers else rows


def _read_in_lots(file: pq.ParquetFile, group: int, columns: Sequence[str], size: int) -> pa.Table:
    """Columns of one row group, `size` at a time: what decoding takes is needed for a few of them only."""
    import pyarrow as pa

    lots = [
        file.read_row_group(group, columns=columns[first : first + size], use_threads=False)
        for first in range(0, max(len(columns), 1), size)
    ]
    return pa.table({name: column for lot in lots for name, column in zip(lot.column_names, lot.columns, strict=True)})


def sources_of(path: Location) -> frozenset[str]:
    """Ids of the sources that the rows of a stored file come from."""
    metadata = _metadata(path)
    found: set[str] = set()
    place = metadata.schema.to_arrow_schema().get_field_index(schema.SOURCE)
    with open_parquet(path, metadata) as file:
        for group in range(metadata.num_row_groups):
            told = metadata.row_group(group).column(place).statistics
            if told is not None and told.has_min_max and told.min == told.max and told.null_count == 0:
                found.add(told.min)
            else:
                column = whole(file.read_row_group(group, columns=[schema.SOURCE], use_threads=False).column(0))
                found.update(column.dictionary.to_pylist())
    return frozenset(found)


def hashes_of(path: Location) -> Iterator[npt.NDArray[np.uint64]]:
    """`key_hash` of the dossiers of a stored file, a row group at a time."""
    metadata = _metadata(path)
    for group in range(metadata.num_row_groups):
        yield read_chunk(path, group, [schema.KEY_HASH]).column(0).to_numpy()


def _joined(one: pa.Table, other: pa.Table) -> pa.Table:
    for name in other.column_names:
        if name not in one.column_names:
            one = one.append_column(other.schema.field(name), other.column(name))
    return one


def _completed(table: pa.Table) -> pa.Table:
    """The table with every column that a verdict may ask for; those not read are blank."""
    import pyarrow as pa

    blank = pa.nulls(table.num_rows)
    return pa.table(dict.fromkeys(READ_COLUMNS, blank) | dict(zip(table.column_names, table.columns, strict=True)))


def _no_rows() -> pa.Table:
    return schema.arrow_schema("dossiers").empty_table().select(READ_COLUMNS)


def _unit_names(table: pa.Table) -> tuple[str, ...]:
    units = whole(table.column(schema.UNIT_KEY))
    return (*units.dictionary.to_pylist(), *([""] if units.null_count else []))


def _unknown_codes(table: pa.Table, context: Context) -> bool:
    """Whether some dossier's procedure is not found by its code."""
    codes = whole(table.column("MaTTHC"))
    if codes.null_count:
        return True
    return not context.catalogue.by_code.keys() >= set(codes.dictionary.to_pylist())
