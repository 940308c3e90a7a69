"""Our counts of a period beside what others reported of it, and what explains each difference."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from typing import TYPE_CHECKING

from tthc_cli import rulebooks
from tthc_cli.answers.reconcile import listings
from tthc_cli.answers.reconcile.causes import recounts
from tthc_cli.answers.reconcile.explained import UNEXPLAINED, Evidence, from_below, of_dossiers
from tthc_cli.answers.reconcile.published import published
from tthc_cli.answers.reconcile.questioned import questioned
from tthc_cli.answers.reconcile.recounts import Counts, chunks
from tthc_cli.answers.reconcile.sides import Item, Sides, received
from tthc_cli.answers.self_assessment import reasons
from tthc_cli.errors import InputError
from tthc_cli.facts.hand_typed import typed_figures
from tthc_cli.forms.reading import all_forms
from tthc_cli.jobs.forms import own_folder
from tthc_cli.jobs.lists import Place, below
from tthc_cli.results.notes import note
from tthc_cli.scoring.score_period import score_period
from tthc_cli.storage.warehouse import open_warehouse
from tthc_cli.units.named import named_unit

if TYPE_CHECKING:
    from tthc_cli.periods import Period, WindowStyle
    from tthc_cli.results.listing import Listing
    from tthc_cli.results.scorecard import RulebookInfo
    from tthc_cli.scoring.score_period import Scored
    from tthc_cli.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What was found."""

    differences: Listing
    dossiers: Listing
    unexplained: int


def reconcile(
    workspace: Workspace,
    period: Period,
    rulebook: RulebookInfo,
    now: datetime,
    *,
    as_of: datetime | None = None,
    unit: str | None = None,
    made_at: Sequence[datetime] = (),
) -> Reconciled:
    """Set side by side what is known of a period, for all units or one with all below it.

    `as_of`: as for a score; `made_at`: moments at which a report may have been made. Raises InputError when there is
    nothing to count, nothing to compare with, or no such unit.
    """
    warehouse = open_warehouse(workspace.warehouse)
    scored = _scored(workspace, period, rulebook, as_of)
    card, tree = scored.card, scored.tree
    names = {one: tree.names[at] for at, one in enumerate(tree.ids)}
    chosen = "" if unit is None else named_unit(card.units, unit).id
    places = [Place(u.id, u.name, u.level, u.parent) for u in card.units]
    wanted = below(places, chosen) if chosen else set(names)
    sides = Sides(card, tree)
    typed = warehouse.read("typed_figures")
    found = [
        *sides.of_report(warehouse.read("report_totals"), period, received(scored)),
        *sides.of_portal(published(warehouse.read("published"), period)),
        *sides.of_units(typed_figures(typed, period.id, "self_alone"), reasons(typed, period)),
    ]
    items = [item for item in found if item.unit in wanted]
    if not items:
        raise InputError("nothing_to_reconcile", period=period.id)
    differing = [item for item in items if not item.same and item.known]
    counts = _counted(scored, differing, [*made_at, *_due_days(workspace, period)], now)
    other = None
    if any(not of_dossiers(item) for item in differing):
        other = _scored(workspace, replace(period, style=_other(period)), rulebook, as_of).card
    evidence = Evidence(rulebook, counts, _readings(workspace, period, rulebook), other)
    told = from_below([evidence.explain(item) for item in items], tree)
    listed, counted, more = questioned(warehouse, told, counts[0].recount) if counts else ([], {}, 0)
    paths = {source.id: source.path for source in warehouse.sources}
    days = {"start": card.period_start, "end": card.period_end}
    window = note(f"reconcile_window_{period.style}", period=period.id, **days)
    notes = [window, *_notes(sides, items, period), *([note("reconcile_more", count=more)] if more else [])]
    side_by_side = listings.differences(told, names, counted, card.as_of, paths, notes)
    return Reconciled(
        replace(side_by_side, unit=chosen),
        replace(listings.dossiers(listed, names, card.as_of, more), unit=chosen),
        sum(one.cause == UNEXPLAINED for one in told),
    )


def _scored(workspace: Workspace, period: Period, rulebook: RulebookInfo, as_of: datetime | None) -> Scored:
    return score_period(
        open_warehouse(workspace.warehouse), period, rulebook, workspace.settings, as_of=as_of,
        workers=os.cpu_count() or 1, marked_by="others",
    )  # fmt: skip


def _other(period: Period) -> WindowStyle:
    return "nd09" if period.style == "calendar" else "calendar"


def _counted(scored: Scored, items: Sequence[Item], moments: Sequence[datetime], now: datetime) -> list[Counts]:
    """Every recount of the units and measures that differ and are counted in dossiers; [] where none is."""
    wanted = [item for item in items if of_dossiers(item)]
    if not wanted:
        return []
    counts = [Counts(one) for one in recounts(scored.run, scored.tree, scored.counts.units, moments, now)]
    measures = sorted({item.measure for item in wanted})
    ways = [one.recount for one in counts]
    for chunk in chunks(scored.run.warehouse, ways, sorted({item.unit for item in wanted})):
        for one in counts:
            one.add(chunk, measures)
    return counts


def _due_days(workspace: Workspace, period: Period) -> Iterator[datetime]:
    """The ends of the days on which forms of the period are due, on which a report may have been made."""
    last = period.last_day.date()
    days = {day for form in all_forms(own_folder(workspace)) if form.in_force(last) for _, day in form.due}
    for day in sorted(days):
        yield datetime.combine(last.replace(day=min(day, 28)), time.max.replace(microsecond=0))


def _readings(workspace: Workspace, period: Period, rulebook: RulebookInfo) -> list[RulebookInfo]:
    """Rulebooks of the other readings in force on the last day."""
    found = []
    for reading in ("law", "portal"):
        try:
            book = rulebooks.choose(reading, period.last_day.date(), workspace.rulebooks)
        except InputError:
            continue
        if book.id != rulebook.id:
            found.append(book)
    return found


def _notes(sides: Sides, items: Sequence[Item], period: Period) -> Iterator[str]:
    for told_by, names in sorted(sides.unknown.items()):
        if names:
            yield note(f"reconcile_unknown_{told_by}", count=len(names), units=", ".join(sorted(names)[:20]))
    undated = sorted({item.unit for item in items if item.undated})
    if undated:
        yield note("reconcile_undated", period=period.id, count=len(undated), units=", ".join(undated[:20]))
    told = {item.told_by for item in items}
    for one in ("report", "portal", "self"):
        if one not in told:
            yield note(f"reconcile_no_{one}", period=period.id)
