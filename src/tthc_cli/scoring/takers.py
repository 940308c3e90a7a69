"""Scores of who takes part in dossiers: divisions and officials (Thông tư 01/2018/TT-VPCP, Điều 14 và 15).

Each takes part in the dossiers in which it has a step. Of such a dossier it has the marks by criteria 1, 3, 4 and 7;
criterion 2 is of its own steps. What is not told who did is nobody's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from tthc_cli import __version__, schema
from tthc_cli.counting.chunks import load_chunk, units_of
from tthc_cli.counting.dossier_pass import chunks_of
from tthc_cli.errors import InputError
from tthc_cli.facts.codes import NEVER
from tthc_cli.facts.dossiers import DossierFacts
from tthc_cli.facts.late.step_log import StepLog
from tthc_cli.facts.moment import moment_of
from tthc_cli.facts.nine.steps import NO_MARK, step_marks
from tthc_cli.indicators.nd61.dossiers import EQUAL, GIVEN, LONGER, NO_STEP_DUE, SHORTER, STEPS
from tthc_cli.indicators.registry import indicator
from tthc_cli.results.beside import Beside
from tthc_cli.results.scorecard import ComponentScore, ReasonCount, Scorecard, SubjectKind, UnitScore
from tthc_cli.scoring.assess import NOTHING, Figure, component_score
from tthc_cli.scoring.marks import figure_of, given_marks, mark_figure, self_marks, told
from tthc_cli.scoring.marks_notes import about_self_marks
from tthc_cli.scoring.points import rank_units, total_unit
from tthc_cli.scoring.run import Run, plan
from tthc_cli.scoring.score_period import sources_of
from tthc_cli.scoring.scored_tree import ScoredTree, scored_tree

if TYPE_CHECKING:
    from tthc_cli.facts.late.step_log import StepRows
    from tthc_cli.facts.marks.model import Known
    from tthc_cli.periods import Period
    from tthc_cli.results.scorecard import ComponentInfo, RulebookInfo
    from tthc_cli.storage.warehouse import Warehouse
    from tthc_cli.verdicts import Reason
    from tthc_cli.workspace import Settings

Ints = npt.NDArray[np.int64]
NAMED_BY: Mapping[SubjectKind, str] = {"divisions": "PhongBanXuLy", "officials": "MaCanBo"}
"""The column of the process log that says who did a step."""
Taker = tuple[str, str]
"""Unit as its dossiers name it, and the name or code of who takes part."""


@dataclass(frozen=True)
class Marked:
    """Dossiers by taker, criterion and reason."""

    counts: dict[Taker, dict[str, Ints]]

    def add(self, taker: Taker, criterion: str, reasons: Ints) -> None:
        held = self.counts.setdefault(taker, {})
        held[criterion] = held[criterion] + reasons if criterion in held else reasons


def score_takers(
    warehouse: Warehouse,
    period: Period,
    rulebook: RulebookInfo,
    settings: Settings,
    kind: SubjectKind,
    *,
    as_of: datetime | None = None,
) -> Scorecard:
    """The scorecard of every division or official for one period. What was given to one as a whole stands instead of
    the marks of its dossiers: typed under "unit/division" or "unit/official", or on slips that name the official.

    Raises InputError when no process log says who did what, or nobody took part in what was finished.
    """
    check_takers(warehouse, settings, kind)
    column = NAMED_BY[kind]
    run, tree = placed(plan(warehouse, period, rulebook, settings, as_of))
    marked = _count(run, column)
    known = _known(run, kind)
    units, components, reasons = _scored(run, tree, marked, kind, known)
    if not units:
        raise InputError("nobody_took_part", period=period.id, subjects=kind)
    own = tuple(self_marks(rulebook.components, known.typed, [u.id for u in units]))
    return Scorecard(
        period=period.id,
        period_start=period.start.date().isoformat(),
        period_end=period.last_day.date().isoformat(),
        window=period.style,
        as_of=moment_of(run.cutoff).isoformat(),
        province="",
        rulebook=rulebook,
        version=__version__,
        sources=sources_of(warehouse),
        units=units,
        components=components,
        reasons=reasons,
        grade_from=settings.scoring.grade_from,
        subjects=kind,
        beside=Beside(given=tuple(given_marks(known.by_subject(units)))),
        notes=tuple(about_self_marks(own, components)),
        self_marks=own,
    )


@dataclass(frozen=True)
class _KnownMarks:
    """What was given to divisions and officials as a whole."""

    typed: Mapping[tuple[str, str], Known]
    """By subject ("unit/name") and criterion."""
    by_slip: Mapping[tuple[str, str], Known]
    """By code of official and criterion."""

    def of(self, subject: str, name: str, criterion: str) -> Known | None:
        own, slips = self.typed.get((subject, criterion)), self.by_slip.get((name, criterion))
        return slips if own is None else own if slips is None else own.with_other(slips)

    def by_subject(self, subjects: Sequence[UnitScore]) -> Mapping[tuple[str, str], Known]:
        """(subject, criterion) -> what slips that name an official give."""
        held = {u.id: u.id.removeprefix(f"{u.parent}/") for u in subjects}
        criteria = {criterion for _, criterion in self.by_slip}
        found = ((s, c, self.by_slip.get((name, c))) for s, name in held.items() for c in criteria)
        return {(s, c): one for s, c, one in found if one is not None}


def _known(run: Run, kind: SubjectKind) -> _KnownMarks:
    known = told(run)
    typed = {(s.id, c): one for (s, c), one in known.items() if s.kind == "unit"}
    by_slip = {(s.id, c): one for (s, c), one in known.items() if s.kind == "official" and kind == "officials"}
    return _KnownMarks(typed, by_slip)


def check_takers(warehouse: Warehouse, settings: Settings, kind: SubjectKind) -> None:
    """Raises InputError when no process log says who did what, or the workspace keeps no officials."""
    column = NAMED_BY[kind]
    allowed = kind != "officials" or settings.officials.keep == "code"
    if not allowed or not warehouse.has_values("process_log", column):
        raise InputError("no_officials" if kind == "officials" else "no_divisions", column=column)


def placed(run: Run) -> tuple[Run, ScoredTree]:
    """The run, which knows the names of units that match none, and the units."""
    chunks = chunks_of(run.warehouse, run.context)
    names = sorted({name for partition, group in chunks for name in units_of(run.warehouse.path(partition), group)})
    tree = scored_tree(run.warehouse, run.period.last_day.date(), run.settings, names, ())
    strangers = tree.strangers(names) if run.warehouse.has("units") else frozenset()
    return (replace(run, strangers=strangers), tree) if strangers else (run, tree)


def _count(run: Run, column: str) -> Marked:
    """Verdicts of every chunk of dossiers, by who takes part."""
    marked = Marked({})
    log = StepLog.of(run.warehouse, column)
    assert log is not None, "a column of the process log is present"
    for partition, group in chunks_of(run.warehouse, run.context):
        facts = DossierFacts(load_chunk(run.warehouse.path(partition), group, run.context).rows, run.context)
        if facts.n and facts.handled.any():  # of others no criterion says anything, and no step is looked up
            _add_chunk(marked, facts, log, run)
    return marked


@dataclass(frozen=True)
class TakenChunk:
    """Who takes part in the dossiers of a chunk: an entry each (dossier, taker)."""

    dossier: Ints
    """Row of the chunk."""
    taker: Ints
    """Place in `names`."""
    names: Sequence[str]
    verdicts: Mapping[str, Ints]
    """Criterion -> the place of the reason of each entry."""


def taken(facts: DossierFacts, log: StepLog, run: Run) -> TakenChunk:
    """The verdicts on a chunk of dossiers, of everyone who takes part in them."""
    dossier, taker, mark, names = _takers(log.steps(facts), run.cutoff)
    verdicts = {c.id: indicator(c.id).judge(facts).astype(np.int64)[dossier] for c in run.rulebook.components}
    if STEPS.id in verdicts:
        verdicts[STEPS.id] = _of_own_steps(verdicts[STEPS.id], mark)
    return TakenChunk(dossier, taker, names, verdicts)


def _add_chunk(marked: Marked, facts: DossierFacts, log: StepLog, run: Run) -> None:
    found = taken(facts, log, run)
    names = found.names
    unit, units = facts.names(schema.UNIT_KEY)
    pair = unit[found.dossier].astype(np.int64) * len(names) + found.taker
    used, group = np.unique(pair, return_inverse=True)
    for criterion, own in found.verdicts.items():
        counts = np.zeros((len(used), len(indicator(criterion).reasons)), np.int64)
        np.add.at(counts, (group, own), 1)
        for place, row in zip(used.tolist(), counts, strict=True):
            if row[1:].any():
                marked.add((units[place // len(names)] or "", names[place % len(names)]), criterion, row)


def _takers(steps: StepRows, cutoff: int) -> tuple[Ints, Ints, Ints, Sequence[str]]:
    """Of each (dossier, taker) with a step done by the cutoff: the dossier, the taker, the lowest mark of its own steps
    (NO_MARK for none); and the names of takers."""
    done = np.flatnonzero((steps.at <= cutoff) & (steps.division > 0))
    names = steps.divisions
    marks = step_marks(steps.begin[done], steps.due[done], steps.at[done])
    pair = steps.dossier[done] * len(names) + steps.division[done]
    used, group = np.unique(pair, return_inverse=True)
    lowest = np.full(len(used), NEVER, np.int64)
    np.minimum.at(lowest, group, np.where(marks == NO_MARK, NEVER, marks))
    return used // len(names), used % len(names), np.where(lowest == NEVER, NO_MARK, lowest), names


def _of_own_steps(of_dossier: Ints, mark: Ints) -> Ints:
    """Criterion 2 of a taker: what an inspection or a slip gives the dossier, else the mark of its own steps."""
    by_mark = [STEPS.index(r.key) for r in (LONGER, EQUAL, SHORTER, NO_STEP_DUE)]
    own = np.array(by_mark)[mark]  # NO_MARK is -1: the last
    kept = np.isin(of_dossier, [0, *(STEPS.index(r.key) for r in GIVEN)])
    return np.where(kept, of_dossier, own)


def _scored(
    run: Run, tree: ScoredTree, marked: Marked, kind: SubjectKind, known: _KnownMarks
) -> tuple[tuple[UnitScore, ...], tuple[ComponentScore, ...], tuple[ReasonCount, ...]]:
    placed: dict[tuple[int, str], dict[str, Ints]] = {}
    for (unit, name), counts in sorted(marked.counts.items()):
        (place,) = tree.place([unit])
        held = placed.setdefault((place, name), {})
        for criterion, row in counts.items():
            held[criterion] = held[criterion] + row if criterion in held else row
    units: list[UnitScore] = []
    components: dict[str, list[ComponentScore]] = {}
    reasons: list[ReasonCount] = []
    for (place, name), counts in placed.items():
        key = f"{tree.ids[place]}/{name}"
        components[key] = [
            component_score(
                key, info, mark_figure(info, _figure(info, counts.get(info.id)), known.of(key, name, info.id))
            )
            for info in run.rulebook.components
        ]
        called = f"{name} – {tree.names[place]}"
        least = run.settings.scoring.grade_from
        found = total_unit(key, called, tree.levels[place], tree.ids[place], components[key], run.rulebook, least)
        ungraded = kind in run.rulebook.ungraded
        units.append(replace(found, grade=None, ungraded_reason="not_in_law") if ungraded else found)
        reasons += _reasons(key, counts)
    ranked = rank_units(units)
    return ranked, tuple(c for u in ranked for c in components[u.id]), tuple(reasons)


def _figure(component: ComponentInfo, counts: Ints | None) -> Figure:
    """The sum of marks and their number."""
    return NOTHING if counts is None else figure_of(component, indicator(component.id).reasons, counts.tolist())


def _reasons(key: str, counts: Mapping[str, Ints]) -> Iterator[ReasonCount]:
    for criterion, row in counts.items():
        for reason, number in list(zip(indicator(criterion).reasons, row.tolist(), strict=True))[1:]:
            if number:
                yield _count_of(key, criterion, reason, number)


def _count_of(key: str, criterion: str, reason: Reason, number: int) -> ReasonCount:
    short = reason.in_numerator and indicator(criterion).loses(reason)
    return ReasonCount(key, criterion, reason.key, reason.counted, reason.in_numerator, number, short)
