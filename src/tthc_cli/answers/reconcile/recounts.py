"""Other ways in which the same dossiers may have been counted, each counted by itself.

A recount differs from our count in one thing: another window, carried-over dossiers in or out, another moment, some
dossiers left out, rows counted again, another unit tree. Figures are by unit alone; whoever reads them adds up.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from tthc_cli import schema
from tthc_cli.counting.chunks import chunk_columns, may_matter
from tthc_cli.counting.roll_up import roll_up_sums
from tthc_cli.facts.columns import whole
from tthc_cli.facts.dossiers import DossierFacts
from tthc_cli.facts.once import once
from tthc_cli.facts.strangers import by_code, home_of
from tthc_cli.indicators.registry import indicator
from tthc_cli.statements.dossier_rows import PLACE_COLUMNS
from tthc_cli.storage.parquet import open_parquet

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow as pa

    from tthc_cli.facts.context import Context
    from tthc_cli.scoring.scored_tree import ScoredTree
    from tthc_cli.storage.warehouse import Warehouse
    from tthc_cli.verdicts import Mask

Ints = npt.NDArray[np.int64]
RECEIVED = "received"
"""The measure of the national reporting system: dossiers received, of which each adds one."""
OURS = "ours"
COLUMNS = (*PLACE_COLUMNS, schema.KEY_HASH, schema.EXPORTED_AT)
"""Columns read beside those that verdicts stand on."""


class CarriedIn(DossierFacts):
    """Dossiers of which those carried over into the period count as received in it."""

    @once
    def received(self) -> Mask:
        plain: Mask = super().received | self.carried_over
        return plain


class CarriedOut(DossierFacts):
    """Dossiers of which none was carried over."""

    @once
    def carried_over(self) -> Mask:
        return np.zeros(self.n, np.bool_)


@dataclass(frozen=True)
class Recount:
    """One way of counting."""

    cause: str
    """A key of `reconcile.cause`."""
    context: Context
    tree: ScoredTree
    detail: str = ""
    """Which window, moment, or day of the unit tree."""
    facts: type[DossierFacts] = DossierFacts
    times: Callable[[DossierFacts], Ints] | None = None
    """How often each dossier counts; None = once."""

    def of(self, chunk: pa.Table) -> DossierFacts:
        return self.facts(chunk, self.context)

    def weights(self, facts: DossierFacts) -> Ints:
        return np.ones(facts.n, np.int64) if self.times is None else self.times(facts)

    def units(self, facts: DossierFacts) -> Ints:
        """The index in its tree of each dossier's unit."""
        index, names = facts.names(schema.UNIT_KEY)
        return np.array(self.tree.place([name or "" for name in names]), np.int64)[index]

    def counted(self, facts: DossierFacts, measure: str) -> Ints:
        """What each dossier adds to numerator and denominator. Shape (n, 2)."""
        if measure == RECEIVED:
            one = facts.received.astype(np.int64)
            return np.stack([one, one], axis=1) * self.weights(facts)[:, None]
        judge = indicator(measure)
        adds = np.array([[reason.earned, reason.counted] for reason in judge.reasons], np.int64)
        out: Ints = adds[judge.judge(facts)] * self.weights(facts)[:, None]
        return out


@dataclass
class Counts:
    """What a recount gave, by measure: numerator and denominator of each unit without those below it."""

    recount: Recount
    own: dict[str, Ints] = field(default_factory=dict)
    _whole: dict[str, Ints] = field(default_factory=dict)
    """`own` with all below, as far as it was asked for."""

    def add(self, chunk: pa.Table, measures: Sequence[str]) -> None:
        facts = self.recount.of(chunk)
        units = self.recount.units(facts)
        self._whole.clear()
        for measure in measures:
            np.add.at(self._of(measure), units, self.recount.counted(facts, measure))

    def _of(self, measure: str) -> Ints:
        if measure not in self.own:
            self.own[measure] = np.zeros((len(self.recount.tree.ids), 2), np.int64)
        return self.own[measure]

    def _with_below(self, measure: str) -> Ints:
        if measure not in self._whole:
            self._whole[measure] = roll_up_sums(self._of(measure), self.recount.tree.parents)
        return self._whole[measure]

    @cached_property
    def _place(self) -> dict[str, int]:
        return {own: at for at, own in enumerate(self.recount.tree.ids)}

    def figure(self, unit: str, measure: str, alone: bool) -> tuple[int, int] | None:
        """Numerator and denominator of a unit, with all below it or alone; None where its tree has no such unit."""
        at = self._place.get(unit)
        if at is None:
            return None
        top, bottom = (self._of(measure) if alone else self._with_below(measure))[at]
        return int(top), int(bottom)


def chunks(warehouse: Warehouse, recounts: Sequence[Recount], wanted: Sequence[str]) -> Iterator[pa.Table]:
    """The dossiers that any recount may count for some units, a chunk at a time. wanted: ids of the units."""
    widest = max((one.context for one in recounts), key=lambda context: context.end)
    columns = list(dict.fromkeys([*chunk_columns(widest), "MaHoSo", *COLUMNS]))
    named: dict[str, bool] = {}
    asked = [(one.tree, _places(one.tree, wanted)) for one in {id(r.tree): r for r in recounts}.values()]

    def is_wanted(name: str) -> bool:
        if name not in named:
            named[name] = any(tree.place([home_of(name)])[0] in places for tree, places in asked)
        return named[name]

    for partition, group in warehouse.row_groups("dossiers", []):
        if not may_matter(partition.month, widest):
            continue
        with open_parquet(warehouse.path(partition)) as file:
            stored = set(file.schema_arrow.names)
            chunk = file.read_row_group(group, columns=[c for c in columns if c in stored], use_threads=False)
        chunk = by_code(chunk, widest.strangers)
        units = whole(chunk.column(schema.UNIT_KEY))
        hits = np.array([is_wanted(name or "") for name in [*units.dictionary.to_pylist(), None]])
        inside = hits[units.indices.fill_null(len(hits) - 1).to_numpy()]
        if inside.any():
            import pyarrow as pa

            yield chunk if inside.all() else chunk.filter(pa.array(inside))


def _places(tree: ScoredTree, wanted: Sequence[str]) -> frozenset[int]:
    """Indexes of some units and of all below them."""
    asked = set(wanted)
    found = [at for at, own in enumerate(tree.ids) if own in asked]
    out: set[int] = set()
    while found:
        unit = found.pop()
        if unit not in out:
            out.add(unit)
            found += tree.children(unit)
    return frozenset(out)


def below(tree: ScoredTree, unit: str, alone: bool) -> frozenset[int]:
    """Indexes of a unit, and of all below it unless it is taken alone."""
    if alone:
        return frozenset({tree.ids.index(unit)} if unit in tree.ids else ())
    return _places(tree, [unit])


def other_tree(recount: Recount, tree: ScoredTree, day: str) -> Recount:
    return replace(recount, cause="tree", tree=replace(tree, has_unmatched=True), detail=day)
