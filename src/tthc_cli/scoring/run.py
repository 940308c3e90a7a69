"""One period being scored: what is asked, what the data hold, and up to when they tell."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from tthc_cli import schema
from tthc_cli.counting.dossier_pass import (
    Engine,
    UnitProcedureCounts,
    count_dossiers,
    count_strangers,
)
from tthc_cli.errors import InputError
from tthc_cli.facts.catalogue import Catalogue, load_catalogue
from tthc_cli.facts.codes import DAY
from tthc_cli.facts.context import ClockRules, Context
from tthc_cli.facts.moment import moment_of, seconds_of
from tthc_cli.facts.nine.marking import Marking, load_marking
from tthc_cli.facts.process_log import LogIndex
from tthc_cli.indicators.registry import DECISION_766, measures
from tthc_cli.indicators.subjects import Scope
from tthc_cli.scoring.lately import procedures_lately
from tthc_cli.scoring.scored_tree import ScoredTree, scored_tree
from tthc_cli.workdays import WorkCalendar

if TYPE_CHECKING:
    from pathlib import Path

    from tthc_cli.counting.measures import Measures
    from tthc_cli.counting.roll_up import Judgement
    from tthc_cli.periods import Period
    from tthc_cli.results.scorecard import RulebookInfo
    from tthc_cli.storage.warehouse import SourceRecord, Warehouse
    from tthc_cli.workspace import Settings


def latest_event(sources: Sequence[SourceRecord]) -> datetime | None:
    """The latest event in the dossier exports; None when there are none."""
    times = [s.exported_at for s in sources if any(r.table == "dossiers" and r.accepted for r in s.sheets)]
    return max((datetime.fromisoformat(t) for t in times if t), default=None)


def present_columns(warehouse: Warehouse) -> frozenset[str]:
    """Every "table.column" that some source had."""
    return frozenset(
        f"{table}.{column}" for s in warehouse.sources for table, columns in s.columns.items() for column in columns
    )


@dataclass(frozen=True)
class Run:
    """One period being scored: what is asked, and what the data hold."""

    warehouse: Warehouse
    period: Period
    rulebook: RulebookInfo
    settings: Settings
    cutoff: int
    strangers: frozenset[str] = frozenset()
    """Names of units that match none, of dossiers that go by their own code."""
    also: RulebookInfo | None = None
    """A rulebook of marks, by which the same pass counts dossiers too."""

    @cached_property
    def start(self) -> int:
        return seconds_of(self.period.start)

    @cached_property
    def end(self) -> int:
        return seconds_of(self.period.end)

    @cached_property
    def last_day(self) -> int:
        """Days since 1970."""
        return self.end // DAY - 1

    @cached_property
    def known_day(self) -> int:
        """The last day that is known, in days since 1970."""
        return self.cutoff // DAY

    @cached_property
    def calendar(self) -> WorkCalendar:
        return WorkCalendar.of(self.settings.calendar)

    @cached_property
    def catalogue(self) -> Catalogue:
        return load_catalogue(self.warehouse.read("procedures"))

    @cached_property
    def parameters(self) -> Mapping[str, Decimal]:
        """Those that are numbers."""
        return {p: v for p, v in self._settings.items() if isinstance(v, Decimal)}

    @cached_property
    def _settings(self) -> Mapping[str, Decimal | str]:
        return self._said_by(self.rulebook)

    def _said_by(self, rulebook: RulebookInfo) -> Mapping[str, Decimal | str]:
        """Every parameter of a rulebook on the last day."""
        on = self.period.last_day.date()
        return {p.id: rulebook.parameter(p.id, on) for p in rulebook.parameters}

    @property
    def marks(self) -> bool:
        """Whether marks are asked for, and not only shares."""
        return self.rulebook.evaluation != DECISION_766

    @property
    def marked_by(self) -> RulebookInfo | None:
        """The rulebook by which dossiers get marks; None where they get none."""
        return self.rulebook if self.marks else self.also

    @cached_property
    def rules(self) -> ClockRules:
        return ClockRules.of(self._settings)

    @cached_property
    def measures(self) -> Measures:
        """What is counted of dossiers."""
        return measures((self.marked_by or self.rulebook).evaluation)

    @cached_property
    def present(self) -> frozenset[str]:
        return present_columns(self.warehouse)

    @cached_property
    def context(self) -> Context:
        marks = self.marked_by
        return Context(
            start=self.start,
            end=self.end,
            cutoff=self.cutoff,
            calendar=self.calendar,
            catalogue=self.catalogue,
            told={s.id: frozenset(s.columns.get("dossiers", ())) for s in self.warehouse.sources},
            complained=complained_dossiers(self.warehouse, self.cutoff),
            rules=self.rules,
            log=LogIndex.of(self.warehouse, self.cutoff, marks is not None),
            strangers=self.strangers,
            marking=None if marks is None else self._marking(marks),
        )

    def _marking(self, by: RulebookInfo) -> Marking:
        return load_marking(self.warehouse, self.period, self.cutoff, by, self._said_by(by))

    def tree(self, counts: UnitProcedureCounts) -> ScoredTree:
        """The units of the last day of the period. Raises InputError when there are none."""
        handlers = sorted({h for names in self.catalogue.handlers for h in names})
        tree = scored_tree(self.warehouse, self.period.last_day.date(), self.settings, counts.units, handlers)
        if not tree.ids:
            raise InputError("nothing_to_score")
        return tree

    def scope(self, counts: UnitProcedureCounts, tree: ScoredTree, judged: Mapping[str, Judgement]) -> Scope:
        """What indicators load their subjects from. judged: what was judged before, by indicator."""
        return Scope(
            warehouse=self.warehouse,
            period=self.period,
            start=self.start,
            cutoff=self.cutoff,
            last_day=self.last_day,
            known_day=self.known_day,
            parameters=self.parameters,
            calendar=self.calendar,
            catalogue=self.catalogue,
            units=tree,
            counts=counts,
            measures=self.measures,
            settings=self._settings,
            judged=judged,
            lately=lambda: self._lately(tree),
        )

    def _lately(self, tree: ScoredTree) -> frozenset[tuple[int, int]]:
        """(unit index, procedure) of dossiers of the twelve months, of procedures that belong to who has dossiers."""
        pairs = sorted(self._procedures_lately)
        places = tree.place([unit for unit, _ in pairs])
        return frozenset((place, procedure) for place, (_, procedure) in zip(places, pairs, strict=True))

    @cached_property
    def _procedures_lately(self) -> frozenset[tuple[str, int]]:
        wanted = np.array([*self.catalogue.unassigned, False])
        return procedures_lately(self.warehouse, self.context, int(self.parameters["authority_months"]), wanted)


def plan(
    warehouse: Warehouse, period: Period, rulebook: RulebookInfo, settings: Settings, as_of: datetime | None
) -> Run:
    """What is scored: the cutoff is the end of the period, or of the extract (`as_of`) if that is earlier."""
    cutoff = seconds_of(period.end) - 1
    if as_of is not None:
        cutoff = min(cutoff, seconds_of(as_of))
    return Run(warehouse, period, rulebook, settings, cutoff)


def count(
    run: Run,
    workers: int = 2,
    progress: Callable[[int, int], None] | None = None,
    *,
    engine: Engine | None = None,
    cache: Path | None = None,
) -> tuple[Run, UnitProcedureCounts, ScoredTree]:
    """Counts of all stored dossiers and the units that they belong to; and the run, which knows the names that match
    none."""
    counts = count_dossiers(run.warehouse, run.context, run.measures, workers, progress, engine=engine, cache=cache)
    tree = run.tree(counts)
    strangers = tree.strangers(counts.units) if run.warehouse.has("units") else frozenset()
    if not strangers:
        return run, counts, tree
    run = replace(run, strangers=strangers)
    counts = count_strangers(run.warehouse, run.context, run.measures, counts, workers)
    return run, counts, run.tree(counts)


def joined(first: Run, second: Run) -> Run | None:
    """The first run, in whose pass the dossiers of the second are counted too; None where that cannot be: both of one
    evaluation, or their clocks run otherwise. Supplements from which a dossier is overdue are no matter of marks."""
    if first.marks or not second.marks:
        return None
    alike = replace(first.rules, supplements_overdue=0) == replace(second.rules, supplements_overdue=0)
    return replace(first, also=second.rulebook) if alike else None


def complained_dossiers(warehouse: Warehouse, cutoff: int) -> npt.NDArray[np.uint64]:
    """Sorted hashes of the dossiers that a petition or a dissatisfied slip, up to the cutoff, is about. A petition is
    taken by the day that 5.1 and 5.2 take it by: when it was forwarded to the unit, else sent."""
    import pyarrow as pa
    import pyarrow.compute as pc

    until = pa.scalar(moment_of(cutoff), pa.timestamp("s"))
    found = [np.zeros(0, np.uint64)]
    about = warehouse.read("petitions", ["NgayGui", "NgayChuyen", schema.KEY_HASH])
    begun = pc.coalesce(about["NgayChuyen"], about["NgayGui"])
    found.append(about.filter(pc.less_equal(begun, until))[schema.KEY_HASH].to_numpy())
    slips = warehouse.read("slips", ["NgayDanhGia", "DanhGia", schema.KEY_HASH])
    dated = pc.fill_null(pc.less_equal(slips["NgayDanhGia"], until), True)
    bad = pc.fill_null(pc.equal(slips["DanhGia"], 0), False)
    found.append(slips.filter(pc.and_(dated, bad))[schema.KEY_HASH].to_numpy())
    hashes: npt.NDArray[np.uint64] = np.setdiff1d(np.concatenate(found), np.zeros(1, np.uint64))
    return hashes
