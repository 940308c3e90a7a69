"""The dossiers that a difference is about: those that our count and the recount which explains it see otherwise."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tthc_cli import schema
from tthc_cli.answers.reconcile.explained import Explained, Way
from tthc_cli.answers.reconcile.recounts import Recount, below, chunks
from tthc_cli.ingest.issues import LOSERS
from tthc_cli.statements.dossier_rows import DossierRow, dossier_rows
from tthc_cli.storage.parquet import open_parquet

if TYPE_CHECKING:
    import pyarrow as pa

    from tthc_cli.answers.reconcile.recounts import Ints
    from tthc_cli.facts.dossiers import DossierFacts
    from tthc_cli.storage.warehouse import Warehouse
    from tthc_cli.verdicts import Mask

LISTED = 50_000
"""Dossiers listed at most; all are counted."""
ONLY_OURS, ONLY_THEIRS, OTHERWISE, AGAIN, REPLACED = "only_ours", "only_theirs", "otherwise", "again", "replaced"
_SEEN = (OTHERWISE, ONLY_OURS, ONLY_THEIRS, AGAIN)


@dataclass(frozen=True, slots=True)
class Questioned:
    """One dossier that two sides count otherwise."""

    told_by: str
    measure: str
    cause: str
    seen: str
    """A key of `reconcile.seen`."""
    dossier: DossierRow


@dataclass(frozen=True)
class _Question:
    """Differences with one source, measure and explanation."""

    told_by: str
    measure: str
    way: Way
    alone: bool
    places: dict[str, int]
    """Unit -> place of its difference."""

    @property
    def theirs(self) -> Recount:
        assert self.way.recount is not None
        return self.way.recount


def questioned(
    warehouse: Warehouse, found: Sequence[Explained], ours: Recount
) -> tuple[list[Questioned], dict[int, int], int]:
    """(the dossiers in question, each once for a source, measure and cause; by place in `found` how many there are; how
    many more there are than are listed)."""
    asked = _questions(found)
    held: list[Questioned] = []
    counted: dict[int, int] = {}
    more = 0
    paths = {source.id: source.path for source in warehouse.sources}
    units = sorted({unit for question in asked for unit in question.places})
    recounts = [ours, *(question.theirs for question in asked)]
    for chunk in chunks(warehouse, recounts, units) if asked else ():
        known: dict[int, DossierFacts] = {id(one): one.of(chunk) for one in recounts}
        for question in asked:
            seen = _seen(question, ours, known, counted)
            rows = np.flatnonzero(seen >= 0)
            room = max(0, LISTED - len(held))
            more += max(0, len(rows) - room)
            lines = list(dossier_rows(known[id(ours)], rows[:room], ours.tree, paths))
            held += [
                Questioned(question.told_by, question.measure, question.way.cause, _SEEN[seen[row]], line)
                for row, line in zip(rows.tolist(), lines, strict=False)
            ]
    return [*held, *_replaced(warehouse, held, paths)], counted, more


def _questions(found: Sequence[Explained]) -> list[_Question]:
    gathered: dict[tuple[object, ...], tuple[Explained, dict[str, int]]] = {}
    for place, one in enumerate(found):
        if one.item.same or not one.ways or one.ways[0].recount is None:
            continue
        way = one.ways[0]
        key = (one.item.told_by, one.item.measure, id(way.recount), way.alone, one.item.alone)
        gathered.setdefault(key, (one, {}))[1][one.item.unit] = place
    return [
        _Question(one.item.told_by, one.item.measure, one.ways[0], one.item.alone, places)
        for one, places in gathered.values()
    ]


def _seen(question: _Question, ours: Recount, known: dict[int, DossierFacts], counted: dict[int, int]) -> Ints:
    """How each dossier is seen by both sides, a place of _SEEN; -1 where alike. Shape (n,)."""
    mine, other = known[id(ours)], known[id(question.theirs)]
    a, b = ours.counted(mine, question.measure), question.theirs.counted(other, question.measure)
    out = np.full(mine.n, -1, np.int64)
    if question.theirs.tree is ours.tree and question.way.alone == question.alone and (a == b).all():
        return out
    rows = np.flatnonzero((a != 0).any(axis=1) | (b != 0).any(axis=1))
    if question.theirs.tree is ours.tree and question.way.alone == question.alone:
        rows = rows[(a[rows] != b[rows]).any(axis=1)]
    own, others = _ByUnit.of(ours.units(mine), rows), _ByUnit.of(question.theirs.units(other), rows)
    left, right = np.zeros((2, mine.n, 2), np.int64)
    for unit, place in question.places.items():
        here = own.within(below(ours.tree, unit, question.alone))
        there = others.within(below(question.theirs.tree, unit, question.way.alone))
        some = np.union1d(here, there)
        left[here], right[there] = a[here], b[there]
        differ: Mask = (left[some] != right[some]).any(axis=1)
        counted[place] = counted.get(place, 0) + int(differ.sum())
        first, second = left[some, 1], right[some, 1]
        kinds = np.select([second == first, second == 0, first == 0], [0, 1, 2], 3)
        out[some] = np.where(differ & (out[some] < 0), kinds, out[some])
        left[some] = right[some] = 0
    return out


@dataclass(frozen=True)
class _ByUnit:
    """Rows of a chunk in the order of their units."""

    rows: Ints
    units: Ints
    """Shape of rows."""

    @classmethod
    def of(cls, units: Ints, rows: Ints) -> _ByUnit:
        """units: of the whole chunk; rows: those that are wanted."""
        order = np.argsort(units[rows], kind="stable")
        return cls(rows[order], units[rows][order])

    def within(self, wanted: Collection[int]) -> Ints:
        """The rows of some units."""
        names = np.array(sorted(wanted), np.int64)
        low, high = (np.searchsorted(self.units, names, side=side) for side in ("left", "right"))
        parts = [self.rows[i:j] for i, j in zip(low.tolist(), high.tolist(), strict=True) if i < j]
        return np.concatenate([np.zeros(0, np.int64), *parts])


def _replaced(warehouse: Warehouse, held: Sequence[Questioned], paths: dict[str, str]) -> Iterator[Questioned]:
    """The rows that a newer row replaces, of dossiers that the other side counts again."""
    import pyarrow as pa

    again = [one for one in held if one.seen == AGAIN]
    codes = pa.array(sorted({one.dossier.dossier for one in again}), pa.string())
    if not len(codes):
        return
    rows = [row for table in _older(warehouse, codes) for row in table.to_pylist()]
    by_code: dict[str, list[dict[str, object]]] = {}
    for row in rows:
        by_code.setdefault(str(row["MaHoSo"]), []).append(row)
    for one in again:
        for row in by_code.get(one.dossier.dossier, ()):
            d, source = one.dossier, str(row[schema.SOURCE])
            line = DossierRow(
                d.unit, d.dossier, d.procedure, d.received, d.due, d.finished, d.overdue_hours,
                paths.get(source, source), str(row[schema.SHEET] or ""), int(str(row[schema.ROW])),
            )  # fmt: skip
            yield Questioned(one.told_by, one.measure, one.cause, REPLACED, line)


def _older(warehouse: Warehouse, codes: pa.Array) -> Iterator[pa.Table]:
    import pyarrow.compute as pc

    columns = ["MaHoSo", schema.SOURCE, schema.SHEET, schema.ROW]
    for partition in warehouse.partitions("dossiers" + LOSERS):
        with open_parquet(warehouse.path(partition)) as file:
            for group in range(file.num_row_groups):
                table = file.read_row_group(group, columns=columns, use_threads=False)
                yield table.filter(pc.is_in(table.column("MaHoSo"), value_set=codes))
