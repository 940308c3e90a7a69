"""The units of one scored day, as arrays; and the place of what names a unit that the tree does not know."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from tthc_cli.counting.dossier_pass import UnitProcedureCounts
from tthc_cli.errors import RowPlace
from tthc_cli.facts.strangers import home_of, name_of
from tthc_cli.indicators.registry import indicator, layout
from tthc_cli.messages import say
from tthc_cli.results.scorecard import UNMATCHED_ID
from tthc_cli.schema import all_tables
from tthc_cli.units.names import resolve
from tthc_cli.units.tree import UnitsOnDay, UnitTree, implicit_tree, stored_units

if TYPE_CHECKING:
    from tthc_cli.storage.warehouse import Warehouse
    from tthc_cli.workspace import Settings

_UNMATCHED_NAME = say("units.unmatched", "vi")


@dataclass(frozen=True)
class ScoredTree:
    """Units of one day. All tuples are in the tree's order; the unmatched one, if any, is last."""

    day: UnitsOnDay
    has_unmatched: bool
    places: dict[str, int]
    """Every text that named a unit in the data -> unit index; -1 where it matched none."""
    nearest: dict[str, str]
    """The texts that matched none -> the nearest known name, "" if nothing is near."""
    strange_handlers: dict[str, str]
    """The same of the agencies that the catalogue names."""

    @cached_property
    def ids(self) -> tuple[str, ...]:
        return (*(u.code for u in self.day.units), *([UNMATCHED_ID] if self.has_unmatched else []))

    @cached_property
    def names(self) -> tuple[str, ...]:
        return (*(u.name for u in self.day.units), *([_UNMATCHED_NAME] if self.has_unmatched else []))

    @cached_property
    def levels(self) -> tuple[str, ...]:
        return (*self.day.levels, *(["khac"] if self.has_unmatched else []))

    @cached_property
    def parents(self) -> tuple[int, ...]:
        return (*self.day.parents, *([self.root] if self.has_unmatched else []))

    @property
    def root(self) -> int:
        """Index of the province; -1 when there is none, or more than one."""
        return self.day.province

    @cached_property
    def offers_copies(self) -> tuple[bool, ...]:
        """Of each unit, whether the unit table says that it should offer certified copies."""
        return tuple(unit.offers_copies for unit in self.day.units)

    def listed_at(self, unit: int) -> RowPlace | None:
        """The row of the unit table that a unit was read from."""
        return self.day.units[unit].place

    @property
    def root_or_unmatched(self) -> int:
        """Where what belongs to the whole province goes."""
        return self.root if self.root >= 0 else len(self.day)

    @cached_property
    def bottom_up(self) -> tuple[int, ...]:
        """Every unit before its parent."""
        own = tuple(range(len(self.day) - 1, -1, -1))
        return (len(self.day), *own) if self.has_unmatched else own

    def parent_id(self, unit: int) -> str | None:
        return None if self.parents[unit] < 0 else self.ids[self.parents[unit]]

    def children(self, unit: int) -> tuple[int, ...]:
        return self._children.get(unit, ())

    @cached_property
    def _children(self) -> dict[int, tuple[int, ...]]:
        out: dict[int, tuple[int, ...]] = {}
        for unit, parent in enumerate(self.parents):
            out[parent] = (*out.get(parent, ()), unit)
        return out

    def find(self, names: Sequence[str]) -> list[int]:
        """Unit index of each text; -1 where it matches none. Texts not met before are looked up."""
        new = sorted({n for n in names if n not in self.places})
        if new:
            self.places.update(zip(new, resolve(self.day, map(home_of, new)).indices, strict=True))
        return [self.places[name] for name in names]

    def place(self, names: Sequence[str]) -> list[int]:
        """Unit index of each text; the unmatched unit where it matches none."""
        return [len(self.day) if unit < 0 else unit for unit in self.find(names)]

    def strangers(self, units: Sequence[str]) -> frozenset[str]:
        """Those of the units of dossiers, as written, that match none."""
        return frozenset(name for name in units if name and self.places[name] < 0)

    def unmatched_names(self, counts: UnitProcedureCounts) -> tuple[tuple[str, int, str], ...]:
        """(text, dossiers, nearest known name) of what matched no unit."""
        dossiers = self._handled(counts, lambda unit: self.places[unit] < 0)
        return tuple((name, dossiers[name], near) for name, near in sorted(self.nearest.items()))

    def coverage(self, counts: UnitProcedureCounts) -> Fraction:
        """The share of the dossiers that belong to a unit; 1 where there are none."""
        dossiers = counts.counts[:, _handled_columns()].sum(axis=1)
        known = np.array([self.places[unit] >= 0 for unit in counts.units], np.bool_)
        whole = int(dossiers.sum())
        return Fraction(int(dossiers[known[counts.unit]].sum()), whole) if whole else Fraction(1)

    def named_by_code(self, counts: UnitProcedureCounts) -> tuple[tuple[str, int], ...]:
        """(text, dossiers) of names that match no unit, of dossiers that went by their own code."""
        found = self._handled(counts, lambda unit: self.places[unit] >= 0 and name_of(unit) != unit)
        return tuple((name, dossiers) for name, dossiers in sorted(found.items()) if dossiers)

    def _handled(self, counts: UnitProcedureCounts, wanted: Callable[[str], bool]) -> Counter[str]:
        """Dossiers of 2.1 by name of unit, of the units as written that are wanted."""
        inside = _handled_columns()
        chosen = [wanted(unit) for unit in counts.units]
        found: Counter[str] = Counter()
        for group, unit in enumerate(counts.unit):
            if chosen[int(unit)]:
                found[name_of(counts.units[int(unit)])] += int(counts.counts[group, inside].sum())
        return found


def _handled_columns() -> npt.NDArray[np.int64]:
    """The columns of counts that hold dossiers of 2.1."""
    handled = layout()["2.1"]
    columns: npt.NDArray[np.int64] = np.arange(handled.start, handled.stop)[indicator("2.1").counted]
    return columns


def names_in_data(warehouse: Warehouse, dossier_units: Sequence[str]) -> dict[str, set[str]]:
    """Texts that name units, by table (catalogue handlers left out: not every one of them reports)."""
    import pyarrow as pa

    found: dict[str, set[str]] = {"dossiers": set(dossier_units)}
    for spec in all_tables():
        if spec.name == "dossiers" or spec.names_unit is None:
            continue
        values = warehouse.read(spec.name, [spec.names_unit])[spec.names_unit].cast(pa.string()).unique().to_pylist()
        found[spec.name] = {v or "" for v in values}
    found["decisions"].discard("")
    return found


def _unit_tree(warehouse: Warehouse, settings: Settings, texts: set[str]) -> UnitTree:
    province = settings.province
    return stored_units(warehouse) or implicit_tree(texts - {""}, province.code, province.name)


def scored_tree(
    warehouse: Warehouse, day: date, settings: Settings, dossier_units: Sequence[str], handlers: Sequence[str]
) -> ScoredTree:
    """The tree of one day, and the place in it of every text that names a unit.

    Raises InputError when the unit table is at fault.
    """
    by_table = names_in_data(warehouse, dossier_units)
    texts = set().union(*by_table.values())
    on_day = _unit_tree(warehouse, settings, texts).at(day)
    wanted = sorted(texts | set(handlers))
    resolution = resolve(on_day, map(home_of, wanted))
    places = dict(zip(wanted, resolution.indices, strict=True))
    lost = {n for n in texts if places[n] < 0}
    strange = {h for h in handlers if places[h] < 0}
    bare = {name_of(n) for n in lost}
    near = {u.name: u.near for u in (*resolution.unmatched, *resolve(on_day, sorted(bare)).unmatched)}
    counted = by_table["dossiers"] | by_table["decisions"] | by_table["petitions"] | by_table["certified_copies"]
    orphaned = warehouse.has("decisions") and on_day.province < 0
    nearest = {n: near.get(n, "") for n in sorted(bare)}
    handling = {h: near.get(h, "") for h in sorted(strange)}
    return ScoredTree(on_day, bool(lost & counted) or orphaned, places, nearest, handling)
