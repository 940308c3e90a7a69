"""What a reader of a scorecard should know besides the numbers: what was not used, what seems to be missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from tthc_cli.counting.roll_up import Judgement
from tthc_cli.counting.tally import UnitProcedureCounts
from tthc_cli.errors import nearest
from tthc_cli.facts.codes import DAY
from tthc_cli.facts.hand_typed import TypedFigure, incomplete_totals
from tthc_cli.indicators.nd61.agencies import BEHIND
from tthc_cli.indicators.qd766.copies import exempt_units
from tthc_cli.indicators.registry import INDICATORS
from tthc_cli.results.notes import note
from tthc_cli.results.scorecard import UNMATCHED_ID, ComponentScore, Ungraded, UnitScore
from tthc_cli.results.standing import GRADED_ANYWAY, UNGRADED
from tthc_cli.scoring import unseen
from tthc_cli.scoring.scored_tree import ScoredTree

if TYPE_CHECKING:
    from tthc_cli.scoring.run import Run

_NAMED = 5
"""Units, figures or codes named in one sentence."""


@dataclass(frozen=True)
class Noted:
    """What a scorecard was made from, and its scores."""

    run: Run
    tree: ScoredTree
    counts: UnitProcedureCounts
    judged: Mapping[str, Judgement]
    typed: Mapping[tuple[str, str], TypedFigure]
    components: Sequence[ComponentScore]
    units: Sequence[UnitScore]
    doubt: Ungraded = ""
    """Why the units are not known well enough for grades and ranks."""
    grade_anyway: bool = False

    @cached_property
    def scores(self) -> Mapping[tuple[str, str], ComponentScore]:
        return {(c.unit, c.id): c for c in self.components}

    def reason_total(self, component: str, key: str) -> int:
        """Dossiers of all units that got one verdict."""
        return int(self.counts.counts[:, self.run.measures.columns(component, key)].sum())


def notes(seen: Noted) -> tuple[str, ...]:
    """Notes of one scorecard, as `results.notes.note` writes them."""
    found = (_about_units, _about_dossiers, _about_procedures, _about_typed, _about_totals, _about_grades)
    return tuple(line for about in found for line in about(seen))


def _about_units(seen: Noted) -> Iterator[str]:
    if seen.doubt:
        percent = int(seen.tree.coverage(seen.counts) * 100)
        least = f"{seen.run.settings.scoring.unit_coverage.normalize():f}"
        beginning = GRADED_ANYWAY if seen.grade_anyway else UNGRADED
        yield note(f"{beginning}{seen.doubt}", percent=percent, least=least)
    if not seen.run.warehouse.has("units"):
        return
    for name, dossiers in seen.tree.named_by_code(seen.counts):
        yield note("unit_by_code", name=name, dossiers=dossiers)
    unmatched = [found for found in seen.tree.unmatched_names(seen.counts) if found[1]]
    for name, dossiers, near in unmatched:
        yield note("unmatched_unit", name=name, dossiers=dossiers, nearest=near or "–")
    handlers = seen.run.catalogue.handlers
    strangers = seen.tree.strange_handlers
    for name, near in strangers.items():
        count = sum(name in named for named in handlers)
        yield note("unmatched_handler", name=name, procedures=count, nearest=near or "–")
    if unmatched or strangers or seen.tree.named_by_code(seen.counts):
        yield note("unmatched_next")


def _about_dossiers(seen: Noted) -> Iterator[str]:
    run, tree = seen.run, seen.tree
    if not run.warehouse.has("dossiers"):
        return
    yield from _about_the_beginning(run)
    handled = seen.judged["2.1"].denominator
    if not handled.any():
        yield note("no_dossiers_in_period", period=run.period.id)
    else:
        without = [int(i) for i in np.flatnonzero(handled == 0) if tree.ids[i] != UNMATCHED_ID]
        if without:
            yield note("no_dossiers_of_units", count=len(without), units=_first([tree.names[i] for i in without]))
    if count := unseen.finished_unreceived(run.warehouse, run.context):
        yield note("finished_unreceived", count=count)
    if count := seen.reason_total("3.3", "channel_unknown"):
        yield note("channel_unknown", count=count)
    yield from _about_shares(seen)


def _about_the_beginning(run: Run) -> Iterator[str]:
    """Where working days of the period went by before the first dossier that the data hold was received."""
    first = unseen.first_received(run.warehouse)
    if first is None or first > run.cutoff:
        return
    day, start = first // DAY, run.start // DAY
    if day > start and run.calendar.is_working_day(np.arange(start, day)).any():
        yield note("data_begin_late", first=np.datetime64(day, "D"), start=np.datetime64(start, "D"))


def _about_shares(seen: Noted) -> Iterator[str]:
    """Of the units at the top: the components that files without a column left dossiers out of."""
    for unit, parent in enumerate(seen.tree.parents):
        if parent >= 0:
            continue
        parts = []
        for component in seen.run.rulebook.components:
            score = seen.scores[seen.tree.ids[unit], component.id]
            verdicts = seen.judged.get(component.id)
            if score.untold and score.denominator and verdicts is not None:
                told = int(verdicts.denominator[unit])
                parts.append(f"{component.id} ({100 * told // (told + int(verdicts.untold[unit]))}%)")
        if parts:
            yield note(
                "marked_share" if seen.run.marks else "told_share",
                unit=seen.tree.names[unit],
                components=", ".join(parts),
            )


def _about_procedures(seen: Noted) -> Iterator[str]:
    run = seen.run
    if not run.warehouse.has("procedures") or not (seen.counts.procedure == run.catalogue.unlisted).any():
        return
    found = unseen.unlisted_procedures(run.warehouse, run.context)
    if found:
        codes = [code for code, _ in sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))]
        yield note("unlisted_procedures", count=len(codes), dossiers=found.total(), codes=_first(codes))


def _first(names: Sequence[str]) -> str:
    return ", ".join(names[:_NAMED]) + (", …" if len(names) > _NAMED else "")


def _about_typed(seen: Noted) -> Iterator[str]:
    run, tree, typed = seen.run, seen.tree, seen.typed
    if not typed:
        others = sorted({str(p) for p in run.warehouse.read("typed_figures", ["Ky"])["Ky"].to_pylist()})
        if others:
            yield note("typed_other_period", periods=", ".join(others), period=run.period.id)
        return
    known = {c.id for c in run.rulebook.components}
    of_another_law = {i.id for i in INDICATORS if i.evaluation != run.rulebook.evaluation}
    unused = []
    for unit, indicator_id in sorted((t for t in typed if _meant(t[1], known)), key=lambda t: (t[1], t[0])):
        place = tree.places[unit]
        own = "" if place < 0 else tree.ids[place]
        if indicator_id in of_another_law or indicator_id in BEHIND:
            continue
        if indicator_id not in known:
            yield note("typed_unknown_indicator", unit=unit, indicator=indicator_id)
        elif place < 0 and "/" in unit:
            continue  # of a division or an official
        elif place < 0:
            near = nearest(unit, [*tree.ids, *tree.names]) or "–"
            yield note("typed_unknown_unit", unit=unit, indicator=indicator_id, nearest=near)
        elif unit != own and (own, indicator_id) in typed:
            yield note("typed_twice", unit=own, indicator=indicator_id, other=unit, used=own)
        elif seen.scores[own, indicator_id].basis in ("data", "children"):
            unused.append(f"{indicator_id} {unit}")
        elif unit != own and typed[unit, indicator_id].overrides and _ended(tree, unit):
            yield note("typed_ended", unit=own, indicator=indicator_id, other=unit)
    if unused:
        yield note("typed_unused", count=len(unused), figures=_first(unused))


def _meant(indicator_id: str, known: AbstractSet[str]) -> bool:
    """Whether a typed figure is for this rulebook: no criterion where it has indicators, or the other way round, and no
    figure that only goes into one of its criteria ("c5:received")."""
    of, part, _ = indicator_id.partition(":")
    same_law = of[0].isalpha() in {one[0].isalpha() for one in known}
    return same_law and not (part and of in known)


def _ended(tree: ScoredTree, code: str) -> bool:
    """Whether a text is the code of a unit that is not in force any more, so that its figure went to another."""
    rows = tree.day.tree.by_code.get(code, ())
    return bool(rows) and not any(row.valid_on(tree.day.day) for row in rows)


def _about_totals(seen: Noted) -> Iterator[str]:
    run, tree = seen.run, seen.tree
    table = run.warehouse.read("report_totals")
    if units := incomplete_totals(table, run.period):
        yield note("totals_of_part", count=len(units), units=_first(units), period=run.period.id)
    within = run.period.within()
    codes = sorted({str(r["MaDonVi"]) for r in table.to_pylist() if r["Ky"] in within})
    if unknown := [code for code, place in zip(codes, tree.find(codes), strict=True) if place < 0]:
        yield note("totals_unknown_unit", count=len(unknown), units=_first(unknown))
    if run.marks:
        return
    if exempt := exempt_units(run.warehouse.read("certified_copies"), run.period, tree.place, tree.offers_copies):
        yield note("copies_exempt", count=len(exempt), units=_first([tree.names[i] for i in exempt]))


def _about_grades(seen: Noted) -> Iterator[str]:
    for reason in ("nothing_to_count", "too_little_assessed"):
        units = [u.name for u in seen.units if u.ungraded_reason == reason]
        if units:
            least = f"{seen.run.settings.scoring.grade_from.normalize():f}"
            yield note(f"ungraded_{reason}", count=len(units), units=_first(units), least=least)
