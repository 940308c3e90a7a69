"""How far the data behind a stored score can be trusted: who sent what until when, what came of its rows, what was
changed after the period, which columns are missing and which points hang on them."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from tthc_cli import schema
from tthc_cli.facts.moment import seconds_of
from tthc_cli.ingest.issues import LOSERS
from tthc_cli.ingest.storing.newest import key_numbers
from tthc_cli.ingest.vectors import one_piece, vector
from tthc_cli.periods import parse_period
from tthc_cli.results.listing import Column, Listing
from tthc_cli.results.notes import note
from tthc_cli.results.quality import CHECK_PERCENT, POOR_PERCENT, POOR_POINTS, not_assessed, trust
from tthc_cli.scoring.run import present_columns
from tthc_cli.storage.parquet import completed, open_parquet

if TYPE_CHECKING:
    import numpy.typing as npt
    import pyarrow as pa

    from tthc_cli.results.scorecard import ComponentInfo, Scorecard, SourceInfo
    from tthc_cli.storage.location import Location
    from tthc_cli.storage.warehouse import SourceRecord, Warehouse

NAME = "quality"
_DOSSIERS = "dossiers"
_COUNTS = ("rows_read", "accepted", "superseded", "rejected")
_FINISHED = ("NgayKetThucXuLy", "NgayTra", "NgayTuChoi")


class _Lack(NamedTuple):
    """A column that a file has not, and a component that needs it."""

    component: ComponentInfo
    column: str


def quality(card: Scorecard, warehouse: Warehouse | None) -> Listing:
    """A file a row, those with most rows rejected first. warehouse: None where nothing is stored any more; what only it
    can tell is then not told."""
    records = {} if warehouse is None else {s.path: s for s in warehouse.sources}
    present = frozenset[str]() if warehouse is None else present_columns(warehouse)
    late = None if warehouse is None else corrected_late(card, warehouse)
    lacks = {s.path: _lacks(card, records.get(s.path), present) for s in card.sources}
    rows = tuple(
        (
            s.path, ", ".join(s.tables), datetime.fromisoformat(s.exported_at) if s.exported_at else None, s.rows_read,
            s.accepted, s.superseded, None if late is None else late[s.path], s.rejected,
            ", ".join(dict.fromkeys(lack.column for lack in lacks[s.path])) or None,
            ", ".join(dict.fromkeys(f"{lack.component.id} ({lack.component.max})" for lack in lacks[s.path])) or None,
        )
        for s in sorted(card.sources, key=lambda s: (-s.rejected, s.path))
    )  # fmt: skip
    totals = {key: sum(getattr(s, key) for s in card.sources) for key in _COUNTS}
    if late is not None:
        totals["corrected"] = late.total()
    return Listing(NAME, card.as_of, _columns(card.sources), rows, totals=totals, notes=_notes(card, lacks, present))


def corrected_late(card: Scorecard, warehouse: Warehouse) -> Counter[str]:
    """Path -> dossiers of the period of which it has the newest row, was exported after the period, and replaced one of
    another file."""
    period = parse_period(card.period, "nd09" if card.window == "nd09" else "calendar")
    paths = {s.id: s.path for s in warehouse.sources}
    ended = period.end.isoformat()
    late = {s.id for s in warehouse.sources if s.exported_at >= ended}
    lost = _keys(warehouse, _DOSSIERS + LOSERS)
    found: Counter[str] = Counter()
    if not late or not len(lost):
        return found
    wanted = [schema.KEY_HASH, schema.SOURCE, "NgayTiepNhan", *_FINISHED]
    for partition in warehouse.partitions(_DOSSIERS):
        for rows in _groups(warehouse.path(partition), wanted):
            mine = np.isin(vector(one_piece(rows.column(schema.KEY_HASH))), lost)
            mine &= _in_period(rows, seconds_of(period.start), seconds_of(period.end))
            names = one_piece(rows.column(schema.SOURCE)).cast("string").filter(mine).to_pylist()
            found.update(paths[name] for name in names if name in late)
    return found


def _keys(warehouse: Warehouse, name: str) -> npt.NDArray[np.uint64]:
    """The keys of all rows of a table of dossiers, each once."""
    spec = schema.table(_DOSSIERS)
    parts = [
        np.unique(key_numbers(rows, spec))
        for partition in warehouse.partitions(name) for rows in _groups(warehouse.path(partition), [*spec.key])
    ]  # fmt: skip
    return np.unique(np.concatenate(parts)) if parts else np.zeros(0, np.uint64)


def _groups(place: Location, columns: list[str]) -> list[pa.Table]:
    import pyarrow as pa

    whole = schema.arrow_schema(_DOSSIERS)
    with open_parquet(place) as file:
        there = [name for name in columns if name in file.schema_arrow.names]
        wanted = pa.schema([whole.field(name) for name in columns])
        return [
            completed(file.read_row_group(group, columns=there, use_threads=False), wanted)
            for group in range(file.num_row_groups)
        ]


def _in_period(rows: pa.Table, start: int, end: int) -> npt.NDArray[np.bool_]:
    """Received before the end, and not finished before the start."""

    def seconds(name: str) -> npt.NDArray[np.int64]:
        return vector(one_piece(rows.column(name)).cast("timestamp[s]").cast("int64"), np.iinfo(np.int64).max)

    finished = np.minimum.reduce([seconds(name) for name in _FINISHED])
    inside: npt.NDArray[np.bool_] = (seconds("NgayTiepNhan") < end) & (finished >= start)
    return inside


def _lacks(card: Scorecard, record: SourceRecord | None, present: frozenset[str]) -> tuple[_Lack, ...]:
    """What a file lacks of the tables that it has; a need that another table meets is met."""
    if record is None:
        return ()
    own = {f"{table}.{column}" for table, columns in record.columns.items() for column in columns}
    elsewhere = {one for one in present if one.partition(".")[0] not in record.columns}
    return tuple(
        _Lack(component, " / ".join(one.partition(".")[2] for one in need.split("|")))
        for component in card.rulebook.components
        if component.max
        for need in component.missing(own | elsewhere)
        if all(one.partition(".")[0] in record.columns for one in need.split("|"))
    )


def _columns(sources: tuple[SourceInfo, ...]) -> tuple[Column, ...]:
    """With the kinds of data as people call them."""
    labels = []
    for tables in sorted({s.tables for s in sources}):
        specs = [schema.table(name) for name in tables if name in schema.table_names()]
        told = (", ".join(spec.label_vi for spec in specs), ", ".join(spec.label_en for spec in specs))
        labels.append((", ".join(tables), *told))
    return (
        Column("source", share=3), Column("tables", "word", labels=tuple(labels), share=2),
        Column("exported", "moment"), Column("rows_read", "count"), Column("accepted", "count"),
        Column("superseded", "count"), Column("corrected", "count"), Column("rejected", "count"),
        Column("columns_missing", on_screen=False), Column("points_hanging", on_screen=False),
    )  # fmt: skip


def _notes(card: Scorecard, lacks: dict[str, tuple[_Lack, ...]], present: frozenset[str]) -> tuple[str, ...]:
    found = trust(card)
    told = [note(f"quality_{found.word}"), *found.reasons]
    for name, most in not_assessed(card):
        need = ", ".join(card.rulebook.component(name).missing(present)).replace("|", " / ")
        key = "quality_component_columns" if need and present else "quality_component"
        told.append(note(key, component=name, max=most, columns=need))
    files: dict[tuple[str, str, str], list[str]] = {}
    for path, those in lacks.items():
        for lack in those:
            key_of = (lack.component.id, str(lack.component.max), lack.column)
            files.setdefault(key_of, []).append(path)
    told += [
        note("quality_lacking", component=name, max=most, column=column, files=len(paths), first=min(paths))
        for (name, most, column), paths in files.items()
    ]
    limits = note("quality_limits", check=CHECK_PERCENT, poor=POOR_PERCENT, points=POOR_POINTS)
    return (*told, note("quality_corrected", end=card.period_end), limits)
