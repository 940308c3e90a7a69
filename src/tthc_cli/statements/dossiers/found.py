"""What a list found, in columns: put together, put in order, counted, and made into rows, of which not all may be asked
for. Times are seconds since 1970, NAT for none; a column "_unit" has the index of the unit of each row.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from tthc_cli import schema
from tthc_cli.facts.columns import NAT, whole
from tthc_cli.facts.dossiers import DossierFacts
from tthc_cli.results.listing import Cell, Column, Listing

if TYPE_CHECKING:
    import pyarrow as pa

    from tthc_cli.statements.dossiers.asking import Asked

UNIT = "_unit"
PLACE = (Column("source", on_screen=False), Column("sheet", on_screen=False), Column("row", "count", on_screen=False))
"""Where a dossier was read."""
Values = Mapping[str, Any]


def part_of(facts: DossierFacts, rows: npt.NDArray[np.intp]) -> DossierFacts:
    """The facts of some rows of a chunk."""
    return facts if len(rows) == facts.n else DossierFacts(facts.chunk.take(rows), facts.context)


def dossier_cells(facts: DossierFacts, asked: Asked) -> dict[str, Any]:
    """What every list of dossiers tells of each of them: unit, codes, times, place."""
    paths = {source.id: source.path for source in asked.moment.warehouse.sources}
    index, sources = facts.names(schema.SOURCE)
    return {
        UNIT: asked.unit_of(facts),
        "dossier": whole(facts.chunk.column("MaHoSo")),
        "procedure": _procedures(facts),
        "received": facts.received_at,
        "due": facts.due_moved,
        "source": _chosen([paths.get(s or "", s) for s in sources], index),
        "sheet": whole(facts.chunk.column(schema.SHEET)),
        "row": whole(facts.chunk.column(schema.ROW)),
    }


def working_days(facts: DossierFacts, since: npt.NDArray[np.int64], until: Any) -> npt.NDArray[np.float64]:
    """Working time from one moment to another, in working days to a tenth; NaN where one is not known. Shape (n,)."""
    calendar = facts.context.calendar
    until = np.broadcast_to(np.asarray(until, np.int64), since.shape)
    known = (since != NAT) & (until != NAT)
    seconds = calendar.working_seconds_between(np.where(known, since, 0), np.where(known, until, 0))
    return np.where(known, tenths(seconds, calendar.day_seconds), np.nan)


def tenths(amount: npt.NDArray[np.int64], unit: int | npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """Whole numbers in some unit, to a tenth, half-up. Shape of amount."""
    return (20 * amount + unit) // (2 * unit) / 10


def _chosen(values: Sequence[str | None], index: npt.NDArray[Any]) -> pa.Array:
    import pyarrow as pa

    return pa.array(values, pa.string()).take(pa.array(index))


def texts(values: Sequence[str | None], index: npt.NDArray[Any]) -> pa.Array:
    """Texts by their numbers; "" is blank."""
    return _chosen([value or None for value in values], index)


def _procedures(facts: DossierFacts) -> pa.Array:
    """Code and name of each dossier's procedure: the catalogue's, else the export's."""
    catalogue = facts.context.catalogue
    code_index, codes = facts.names("MaTTHC")
    name_index, names = facts.names("TenTTHC")
    listed = facts.procedure != catalogue.unlisted
    key = np.where(listed, facts.procedure, len(catalogue) + code_index.astype(np.int64) * len(names) + name_index)
    unique, first, place = np.unique(key, return_index=True, return_inverse=True)
    labels = [
        catalogue.label(int(value)) if value < len(catalogue)
        else f"{codes[code_index[row]] or ''} {names[name_index[row]] or ''}".strip()
        for value, row in zip(unique, first, strict=True)
    ]  # fmt: skip
    return _chosen(labels, place)


def listing(
    name: str,
    asked: Asked,
    columns: Sequence[Column],
    parts: Iterable[Values],
    order: Sequence[str],
    totals: Sequence[str] = ("dossiers",),
    notes: Sequence[str] = (),
) -> Listing:
    """A list of what was found in parts. order: columns, "-" before one that descends; below them by unit and code."""
    import pyarrow as pa

    wanted = list(dict.fromkeys([UNIT, *(c.id for c in columns if c.id not in ("unit", "unit_name")), *_plain(order)]))
    types = {column.id: column.type for column in columns}
    tables = [
        pa.table({name: _array(part[name], types.get(name, "count")) for name in wanted})
        for part in parts if len(part[UNIT])
    ]  # fmt: skip
    kept = [table for table in (_of_division(t, asked) for t in tables) if table.num_rows]
    made = Listing(name, asked.moment.at.isoformat(), tuple(columns), (), notes=tuple(notes))
    if not kept:
        return replace(made, totals=dict.fromkeys(totals, 0))
    table = pa.concat_tables(kept)
    shown = table.take(_order(table, order)[: asked.most])
    counted = {key: _total(table, key) for key in totals}
    return replace(made, rows=_rows(shown, columns, asked), totals=counted, more=len(table) - len(shown))


def _plain(order: Sequence[str]) -> list[str]:
    return [name.removeprefix("-") for name in order]


def _array(values: Any, kind: str) -> pa.Array:
    """A column of one type, whatever it comes as."""
    import pyarrow as pa

    if isinstance(values, pa.Array | pa.ChunkedArray):
        array = whole(values)
        return array.cast(pa.string()) if kind in ("text", "word") else array.cast(pa.int64())
    if kind == "moment":
        return pa.array(values, mask=np.asarray(values) == NAT).cast(pa.timestamp("s"))
    if kind == "number":
        return pa.array(np.asarray(values, np.float64), from_pandas=True)
    if kind == "count":
        return pa.array(values, pa.int64())
    return pa.array([value or None for value in values], pa.string())


def _of_division(table: pa.Table, asked: Asked) -> pa.Table:
    """The rows of the division asked for."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if not asked.division or "division" not in table.column_names:
        return table
    found = table.column("division").to_pylist()
    wanted = asked.division.casefold()
    return table.filter(pc.fill_null(pa.array([(d or "").casefold().startswith(wanted) for d in found]), False))


def _order(table: pa.Table, order: Sequence[str]) -> pa.Array:
    """The numbers of the rows in order."""
    import pyarrow.compute as pc

    keys = [(name.removeprefix("-"), "descending" if name.startswith("-") else "ascending") for name in order]
    keys += [(name, "ascending") for name in (UNIT, "dossier") if name in table.column_names and name not in dict(keys)]
    return pc.sort_indices(table.select([name for name, _ in keys]), sort_keys=keys)


def _total(table: pa.Table, key: str) -> int | float:
    import pyarrow.compute as pc

    if key in table.column_names:
        found: int | float = pc.sum(table.column(key)).as_py() or 0
        return found
    name, _, value = key.partition(".")
    if value and name in table.column_names:
        return int(pc.sum(pc.equal(table.column(name).cast("string"), value)).as_py() or 0)
    return int(table.num_rows)


def _rows(table: pa.Table, columns: Sequence[Column], asked: Asked) -> tuple[tuple[Cell, ...], ...]:
    units = table.column(UNIT).to_pylist()
    of_unit = {"unit": asked.tree.ids, "unit_name": asked.tree.names}
    cells = [
        [of_unit[c.id][unit] for unit in units] if c.id in of_unit else table.column(c.id).to_pylist() for c in columns
    ]
    return tuple(zip(*cells, strict=True))
