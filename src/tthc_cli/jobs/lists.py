"""A list of a workspace: of its stored dossiers at a moment, or of a stored score."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from tthc_cli import rulebooks
from tthc_cli.errors import InputError, UsageError
from tthc_cli.facts.context import ClockRules
from tthc_cli.facts.moment import Moment, seconds_of
from tthc_cli.ingest.storing import personal
from tthc_cli.periods import parse_period
from tthc_cli.rulebooks.inspection.reading import OWN, inspection_rules
from tthc_cli.statements.at_moment import age_of_data, asked_at
from tthc_cli.statements.inspection.past import Past
from tthc_cli.statements.registry import LISTS, Kind, OfDossiers, OfLost, OfPlan, OfScore, OfSources
from tthc_cli.storage import stored_scores
from tthc_cli.storage.draws import DRAWS, stored_draws
from tthc_cli.storage.warehouse import open_warehouse
from tthc_cli.units.named import named_unit

if TYPE_CHECKING:
    from decimal import Decimal

    from tthc_cli.periods import Period
    from tthc_cli.results.listing import Listing
    from tthc_cli.results.scorecard import LostDossier, Scorecard
    from tthc_cli.statements.dossiers.asking import Asked
    from tthc_cli.storage.warehouse import Warehouse
    from tthc_cli.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Place:
    """A unit, as far as lists know it."""

    id: str
    name: str
    level: str
    parent: str | None


@dataclass(frozen=True, slots=True)
class Part:
    """What of a list is wanted."""

    unit: str | None = None
    """A unit with all below it."""
    level: str | None = None
    division: str | None = None
    """The first letters of its name."""
    days: tuple[int, ...] = ()
    """The days that the list counts by; () = its own."""
    period: Period | None = None
    most: int | None = None
    """How many rows are wanted at most, of lists that can tell their totals without making all of them."""


def kind_of_list(name: str, period: bool = False) -> Kind:
    """The list of that name; where both the stored dossiers and a score have one, that of the score if a period is
    named. Raises UsageError with all names."""
    found = [kind for kind in LISTS if kind.name == name]
    if not found:
        raise UsageError("unknown_list", name=name, known=", ".join(dict.fromkeys(kind.name for kind in LISTS)))
    return found[-1] if period else found[0]


def list_at(workspace: Workspace, kind: OfDossiers, at: datetime, part: Part = Part()) -> tuple[Listing, list[Place]]:
    """A list of the stored dossiers at a moment, and the units it may name.

    Raises InputError when nothing is stored, or a unit is asked for that there is not; UsageError for a part that the
    list does not know.
    """
    asked, places = asked_of(workspace, at, part.unit, part.level)
    check_part(kind, part)
    if kind.past:
        asked = replace(asked, past=past_of(workspace))
    made = kind.make(replace(asked, division=part.division or "", days=part.days, window=_window(part), most=part.most))
    _has_division(made, part)
    made = replace(made, notes=(*made.notes, *age_of_data(asked.moment)))
    return replace(made, unit=named_unit(places, part.unit).id if part.unit is not None else ""), places


def asked_of(
    workspace: Workspace, at: datetime, unit: str | None = None, level: str | None = None
) -> tuple[Asked, list[Place]]:
    """The stored dossiers at a moment, of a unit with all below it or of a level, and the units that there are. Raises
    InputError as `list_at`."""
    moment = Moment(open_warehouse(workspace.warehouse), workspace.settings, at, clock_rules(workspace, at))
    asked = asked_at(moment)
    tree = asked.tree
    places = [Place(own, tree.names[i], tree.levels[i], tree.parent_id(i)) for i, own in enumerate(tree.ids)]
    wanted = _units_of(places, Part(unit, level))
    units = None if wanted is None else frozenset(i for i, place in enumerate(places) if place.id in wanted)
    return replace(asked, units=units), places


def past_of(workspace: Workspace) -> Past:
    """The scores of Decision 766 stored last and the period before, the draws, and the signs to inspect by."""
    rules, draws = inspection_rules(workspace.root / OWN), stored_draws(workspace.root / DRAWS)
    try:
        which, book, style = stored_scores.latest(workspace.scores)
        card = stored_scores.load(workspace.scores, which, book, style)
        before = parse_period(which, style).previous().id
    except InputError:
        return Past(rules, draws=draws)
    try:
        return Past(rules, card, stored_scores.load(workspace.scores, before, book, style), draws)
    except InputError:
        return Past(rules, card, draws=draws)


def check_part(kind: OfDossiers | OfPlan, part: Part) -> None:
    """Raises UsageError for days or a period that the list does not know."""
    if part.days and not (isinstance(kind, OfDossiers) and kind.days):
        raise UsageError("no_such_column", name=kind.name, option="days")
    if part.period is not None and not (isinstance(kind, OfDossiers) and kind.period):
        raise UsageError("list_without_period", name=kind.name)


def _has_division(made: Listing, part: Part) -> None:
    if part.division is not None and made.place("division") is None:
        raise UsageError("no_such_column", name=made.name, option="division")


def _window(part: Part) -> tuple[int, int] | None:
    if part.period is None:
        return None
    return seconds_of(part.period.start), seconds_of(part.period.end)


def _units_of(places: Sequence[Place], part: Part) -> set[str] | None:
    """Ids of the units asked for; None = all. Raises InputError for a unit that there is not."""
    wanted = None if part.unit is None else below(places, named_unit(places, part.unit).id)
    if part.level is not None:
        of_level = {p.id for p in places if p.level == part.level}
        wanted = of_level if wanted is None else wanted & of_level
    return wanted


def parameters_on(workspace: Workspace, at: datetime) -> dict[str, Decimal | str]:
    """The parameters of the written rules in force on a day; none where no rulebook is."""
    try:
        book = rulebooks.choose("law", at.date(), workspace.rulebooks)
    except InputError:
        return {}
    return {p.id: book.parameter(p.id, at.date()) for p in book.parameters}


def written_rules(workspace: Workspace, at: datetime) -> ClockRules:
    """How clocks run on a day, by the written rules in force then; the usual way where no rulebook is in force."""
    parameters = parameters_on(workspace, at)
    return ClockRules.of(parameters) if parameters else ClockRules()


def clock_rules(workspace: Workspace, at: datetime) -> ClockRules:
    """How clocks run on a day, by the written rules in force then, but that no number of supplements makes a dossier
    overdue; the usual way where no rulebook is in force."""
    return replace(written_rules(workspace, at), supplements_overdue=0)


def list_of_score(
    workspace: Workspace, kind: OfScore | OfLost | OfSources, card: Scorecard, part: Part = Part()
) -> tuple[Listing, list[Place]]:
    """A list of a stored score, and the units it may name. Raises InputError for a unit that there is not."""
    if isinstance(kind, OfScore):
        made = kind.make(card)
    elif isinstance(kind, OfSources):
        made = kind.make(card, _stored(workspace))
    else:
        made = kind.make(card, lost_of(workspace, card))
    places = [Place(u.id, u.name, u.level, u.parent) for u in card.units]
    return narrowed(made, places, part), places


def _stored(workspace: Workspace) -> Warehouse | None:
    """None where there is none any more: scores outlive it."""
    try:
        return open_warehouse(workspace.warehouse)
    except InputError:
        return None


def with_people(workspace: Workspace, listing: Listing) -> Listing:
    """The list with what the workspace keeps of persons in its columns for them; as it is where it keeps nothing. Not
    for a terminal, and not for a file that others than its owner can read."""
    places = [at for at, column in enumerate(listing.columns) if column.people]
    dossier = listing.place("dossier")
    if not places or dossier is None:
        return listing
    known = personal.of_dossiers(workspace, [str(row[dossier]) for row in listing.rows])
    if not known:
        return listing
    rows = []
    for row in listing.rows:
        cells, of = list(row), known.get(str(row[dossier]), {})
        for at in places:
            cells[at] = " · ".join(of[name] for name in listing.columns[at].people if name in of) or None
        rows.append(tuple(cells))
    return replace(listing, rows=tuple(rows), private=True)


def lost_of(workspace: Workspace, card: Scorecard) -> Sequence[LostDossier]:
    """What lost points in a stored score: as it was stored with it; of divisions and officials, listed from the data.
    Raises InputError when these no longer give the score."""
    if card.subjects == "units":
        return stored_scores.load_lost(workspace.scores, card)
    from tthc_cli.jobs.ask import lost_by_takers

    return lost_by_takers(workspace, card)


def narrowed(listing: Listing, places: Sequence[Place], part: Part) -> Listing:
    """The part of a list that is wanted. Raises UsageError where the list has nothing to tell it by."""
    if part.unit is not None:
        chosen = named_unit(places, part.unit)
        listing = replace(_kept(listing, "unit", below(places, chosen.id), "unit"), unit=chosen.id)
    if part.level is not None:
        listing = _kept(listing, "unit", {p.id for p in places if p.level == part.level}, "level")
    if part.division is not None:
        at = listing.place("division")
        names = {str(row[at]) for row in listing.rows} if at is not None else set()
        wanted = part.division.casefold()
        listing = _kept(listing, "division", {n for n in names if n.casefold().startswith(wanted)}, "division")
    return listing


def below(places: Iterable[Place], unit: str) -> set[str]:
    """A unit and all below it."""
    parents = {place.id: place.parent for place in places}
    found = {unit}
    for one in parents:
        way = [one]
        while parents.get(way[-1]) is not None and way[-1] not in found:
            way.append(str(parents[way[-1]]))
        if way[-1] in found:
            found.update(way)
    return found


def _kept(listing: Listing, column: str, wanted: set[str], option: str) -> Listing:
    at = listing.place(column)
    if at is None:
        raise UsageError("no_such_column", name=listing.name, option=option)
    return listing.only(tuple(row for row in listing.rows if row[at] in wanted))
