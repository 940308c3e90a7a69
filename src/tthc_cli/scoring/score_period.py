"""Scoring a period: from the warehouse and a rulebook to a scorecard."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from tthc_cli import __version__
from tthc_cli.counting.dossier_pass import Engine, UnitProcedureCounts
from tthc_cli.counting.roll_up import Judgement, roll_up_sums
from tthc_cli.facts.hand_typed import MarkedBy, TypedFigure, typed_by_unit, typed_figures
from tthc_cli.facts.moment import moment_of
from tthc_cli.indicators import registry
from tthc_cli.indicators.registry import DOSSIER_INDICATORS
from tthc_cli.results.beside import Beside
from tthc_cli.results.scorecard import (
    UNMATCHED_ID,
    ComponentScore,
    ReasonCount,
    RulebookInfo,
    Scorecard,
    SourceInfo,
    Ungraded,
    UnitScore,
)
from tthc_cli.scoring import marks, marks_notes
from tthc_cli.scoring.assess import Figure, Inputs, component_score, figures
from tthc_cli.scoring.notes import Noted, notes
from tthc_cli.scoring.points import rank_units, total_unit
from tthc_cli.scoring.run import Run, count, joined, plan
from tthc_cli.scoring.scored_tree import ScoredTree
from tthc_cli.scoring.totals import reported_totals

if TYPE_CHECKING:
    from pathlib import Path

    from tthc_cli.counting.measures import Measures
    from tthc_cli.facts.marks.model import Known, Subject
    from tthc_cli.periods import Period
    from tthc_cli.results.self_marks import SelfMark
    from tthc_cli.storage.warehouse import Warehouse
    from tthc_cli.workspace import Settings


def dossier_judgements(
    counts: UnitProcedureCounts, unit_of: Sequence[int], parents: Sequence[int], measures: Measures
) -> tuple[dict[str, Judgement], npt.NDArray[np.int64]]:
    """Counts by reason of every dossier indicator for every unit with all below it; and the whole rolled-up rows."""
    rows = np.zeros((len(parents), measures.width), np.int64)
    if len(counts.unit):
        first = np.flatnonzero(np.diff(counts.unit, prepend=-1))
        own = np.add.reduceat(counts.counts, first, axis=0)
        np.add.at(rows, np.array(unit_of, np.int64)[counts.unit[first]], own)
    rolled = roll_up_sums(rows, parents)
    judged = (i for i in DOSSIER_INDICATORS if i.id in measures.layout)
    return {i.id: Judgement(i.id, i.reasons, rolled[:, measures.layout[i.id]]) for i in judged}, rolled


def handling_time_figures(sums: npt.NDArray[np.int64], day_seconds: int) -> list[Figure]:
    """2.2 of every unit: working days of handling, over the finished dossiers that started in the period. sums: of
    handling times, shape (units, 3)."""
    return [Figure(Fraction(int(s[1]), day_seconds), Fraction(int(s[0])), "data") for s in sums]


def judge_all(
    run: Run, counts: UnitProcedureCounts, tree: ScoredTree
) -> tuple[dict[str, Judgement], npt.NDArray[np.int64]]:
    """Every component's counts by reason, for every unit; and the rolled-up rows of the dossiers' counts."""
    judged, rolled = dossier_judgements(counts, tree.place(counts.units), tree.parents, run.measures)
    scope = run.scope(counts, tree, judged)
    for kind in registry.kinds(run.rulebook.evaluation):
        facts = kind.load(scope)
        if facts is not None:
            for judge in registry.of(kind):
                judged[judge.id] = kind.count(judge, facts, judge.judge(facts), scope)
    return judged, rolled


@dataclass(frozen=True)
class Scored:
    """A scorecard, and the counts that it was made from."""

    card: Scorecard
    run: Run
    counts: UnitProcedureCounts
    tree: ScoredTree


def score_period(
    warehouse: Warehouse,
    period: Period,
    rulebook: RulebookInfo,
    settings: Settings,
    *,
    as_of: datetime | None = None,
    workers: int = 2,
    progress: Callable[[int, int], None] | None = None,
    engine: Engine | None = None,
    cache: Path | None = None,
    grade_anyway: bool = False,
    marked_by: MarkedBy = "anyone",
) -> Scored:
    """The scorecard of every unit for one period, and what it was made from.

    `engine`: where chunks are counted, if not on `workers` threads; `cache`: a folder that keeps their counts;
    `grade_anyway`: grade and rank also where the units are not known well enough;
    `marked_by`: whose typed figures are used.
    Raises InputError when the warehouse holds nothing to score, or its unit tree is at fault.
    """
    planned = plan(warehouse, period, rulebook, settings, as_of)
    counted = count(planned, workers, progress, engine=engine, cache=cache)
    return scored_of(*counted, grade_anyway, marked_by)


def score_together(
    warehouse: Warehouse,
    period: Period,
    rulebooks: tuple[RulebookInfo, RulebookInfo],
    settings: Settings,
    *,
    as_of: datetime | None = None,
    workers: int = 2,
    progress: Callable[[int, int], None] | None = None,
    engine: Engine | None = None,
    cache: Path | None = None,
    grade_anyway: bool = False,
) -> tuple[Scored, Scored]:
    """As `score_period` by Decision 766 and by the nine criteria, from one pass over the dossiers; from one for each
    where their clocks run otherwise."""
    first, second = (plan(warehouse, period, rulebook, settings, as_of) for rulebook in rulebooks)
    both = joined(first, second)
    run, counts, tree = count(both or first, workers, progress, engine=engine, cache=cache)
    if both is None:
        by_second = count(second, workers, progress, engine=engine, cache=cache)
    else:
        by_second = replace(second, strangers=run.strangers), counts, tree
    return scored_of(run, counts, tree, grade_anyway), scored_of(*by_second, grade_anyway)


def scored_of(
    run: Run, counts: UnitProcedureCounts, tree: ScoredTree, grade_anyway: bool, marked_by: MarkedBy = "anyone"
) -> Scored:
    """The scorecard that some counts give."""
    rulebook, period, least = run.rulebook, run.period, run.settings.scoring.grade_from
    typed = typed_figures(run.warehouse.read("typed_figures"), period.id, "others" if run.marks else marked_by)
    told = marks.told(run) if run.marks else {}
    known = marks.of_units(told, tree)
    judged, rolled = judge_all(run, counts, tree)
    components = _component_scores(run, tree, judged, rolled, typed, known)
    by_unit: dict[str, list[ComponentScore]] = {}
    for c in components:
        by_unit.setdefault(c.unit, []).append(c)
    totalled = (
        total_unit(unit, tree.names[i], tree.levels[i], tree.parent_id(i), by_unit[unit], rulebook, least)
        for i, unit in enumerate(tree.ids)
    )
    doubt = doubt_of_units(run, tree, counts)
    units = rank_units(_graded(u, "" if grade_anyway else doubt) for u in totalled)
    own = {(tree.ids[unit], criterion): one for (unit, criterion), one in known.items()}
    by_units = tuple(marks.self_marks(rulebook.components, own, [u.id for u in units]))
    card = Scorecard(
        period=period.id,
        period_start=period.start.date().isoformat(),
        period_end=period.last_day.date().isoformat(),
        window=period.style,
        as_of=moment_of(run.cutoff).isoformat(),
        province=tree.ids[tree.root] if tree.root >= 0 else "",
        rulebook=rulebook,
        version=__version__,
        sources=sources_of(run.warehouse),
        units=units,
        components=tuple(c for u in units for c in by_unit[u.id]),
        reasons=reason_counts(run, tree, judged),
        notes=(
            *notes(Noted(run, tree, counts, judged, typed, components, units, doubt, grade_anyway)),
            *(_about_marks(run, tree, judged, told, by_units, components) if run.marks else ()),
        ),
        grade_from=least,
        unmatched=tree.unmatched_names(counts),
        beside=Beside(given=tuple(marks.given_marks(own))),
        self_marks=by_units,
    )
    return Scored(card, run, counts, tree)


def _about_marks(
    run: Run,
    tree: ScoredTree,
    judged: Mapping[str, Judgement],
    told: Mapping[tuple[Subject, str], Known],
    own: Sequence[SelfMark],
    components: Sequence[ComponentScore],
) -> Iterator[str]:
    yield from marks_notes.about_self_marks(own, components)
    yield from marks_notes.about_given(run, told, tree)
    yield from marks_notes.about_dossier_marks(run, judged, tree)


def doubt_of_units(run: Run, tree: ScoredTree, counts: UnitProcedureCounts) -> Ungraded:
    """Why the units are not known well enough for grades and ranks; "" where they are."""
    if not run.warehouse.has("units"):
        return "no_unit_table"
    least = Fraction(run.settings.scoring.unit_coverage)
    return "few_matched" if tree.coverage(counts) * 100 < least else ""


def _graded(unit: UnitScore, withheld: Ungraded) -> UnitScore:
    """A unit without its grade where grades are withheld. What matches no unit is counted in the province, and neither
    graded nor ranked: it is nobody's work."""
    if unit.id == UNMATCHED_ID:
        return replace(unit, total=None, percent=None, grade=None, ungraded_reason="unmatched")
    return replace(unit, grade=None, ungraded_reason=withheld) if withheld else unit


def _component_scores(
    run: Run,
    tree: ScoredTree,
    judged: Mapping[str, Judgement],
    rolled: npt.NDArray[np.int64],
    typed: Mapping[tuple[str, str], TypedFigure],
    known: marks.UnitMarks,
) -> list[ComponentScore]:
    out: list[ComponentScore] = []
    for component in run.rulebook.components:
        told = not component.missing(run.present)
        judgement = judged.get(component.id) if told else None
        if component.id == "2.2":
            values = handling_time_figures(rolled[:, run.measures.layout["2.2"]], run.calendar.day_seconds)
        elif run.marks:
            values = marks.mark_figures(component, judged, known, len(tree.ids), data=bool(told))
        else:
            reported, last_year = reported_totals(run, tree) if component.id == "1.4" else ({}, {})
            mine = typed_by_unit(component, typed, tree.places, tree.ids)
            values = figures(Inputs(component, judgement, reported, last_year, mine), tree.parents, tree.bottom_up)
        out += [component_score(unit, component, values[i]) for i, unit in enumerate(tree.ids)]
    return out


def reason_counts(run: Run, tree: ScoredTree, judged: Mapping[str, Judgement]) -> tuple[ReasonCount, ...]:
    """Verdicts by unit, component and reason, of the evaluation; reasons that occur, those outside left out."""
    own = {i.id for i in registry.INDICATORS if i.evaluation == run.rulebook.evaluation}
    return tuple(
        ReasonCount(
            unit=tree.ids[unit],
            component=judgement.id,
            reason=reason.key,
            in_denominator=reason.counted,
            in_numerator=reason.in_numerator,
            count=int(judgement.counts[unit, column]),
            short=reason.in_numerator and registry.falls_short(judgement.id, reason),
        )
        for judgement in judged.values()
        if judgement.id in own
        for column, reason in enumerate(judgement.reasons[1:], start=1)
        for unit in np.flatnonzero(judgement.counts[:, column])
    )


def sources_of(warehouse: Warehouse) -> tuple[SourceInfo, ...]:
    """The files behind the numbers."""
    return tuple(
        SourceInfo(
            path=s.path,
            sha256=s.sha256,
            tables=tuple(sorted({r.table for r in s.sheets if r.table})),
            rows_read=sum(r.rows_read for r in s.sheets),
            accepted=sum(r.accepted for r in s.sheets),
            superseded=sum(r.superseded for r in s.sheets),
            rejected=sum(r.rejected for r in s.sheets),
            exported_at=s.exported_at,
        )
        for s in warehouse.sources
    )
