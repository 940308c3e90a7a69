"""A list of a workspace: of its stored dossiers at a moment, or of a stored score."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from tthc_cli import rulebooks
from tthc_cli.errors import InputError, UsageError
from tthc_cli.facts.clock_rules import ClockRules
from tthc_cli.facts.moment import Moment
from tthc_cli.statements.at_moment import tree_of
from tthc_cli.statements.registry import LISTS, Kind, OfLost, OfMoment, OfScore
from tthc_cli.storage import stored_scores
from tthc_cli.storage.warehouse import open_warehouse
from tthc_cli.units.named import named_unit

if TYPE_CHECKING:
    from tthc_cli.results.listing import Listing
    from tthc_cli.results.scorecard import Scorecard
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
    """What of a list is wanted: a unit with all below it, a level, a division (the first letters of its name)."""

    unit: str | None = None
    level: str | None = None
    division: str | None = None


def kind_of_list(name: str) -> Kind:
    """The list of that name. Raises UsageError with all names."""
    for kind in LISTS:
        if kind.name == name:
            return kind
    raise UsageError("unknown_list", name=name, known=", ".join(kind.name for kind in LISTS))


def list_at(workspace: Workspace, kind: OfMoment, at: datetime, part: Part = Part()) -> tuple[Listing, list[Place]]:
    """A list of the stored dossiers at a moment, and the units it may name.

    Raises InputError when nothing is stored, or a unit is asked for that there is not.
    """
    moment = Moment(open_warehouse(workspace.warehouse), workspace.settings, at, clock_rules(workspace, at))
    tree = tree_of(moment)
    places = [Place(unit, tree.names[i], tree.levels[i], tree.parent_id(i)) for i, unit in enumerate(tree.ids)]
    return narrowed(kind.make(moment, tree), places, part), places


def clock_rules(workspace: Workspace, at: datetime) -> ClockRules:
    """How clocks run on a day, by the written rules in force then, but that no number of supplements makes a dossier
    overdue; the usual way where no rulebook is in force."""
    try:
        book = rulebooks.choose("law", at.date(), workspace.rulebooks)
    except InputError:
        return ClockRules(supplements_overdue=0)
    parameters = {p.id: book.parameter(p.id, at.date()) for p in book.parameters}
    return replace(ClockRules.of(parameters), supplements_overdue=0)


def list_of_score(
    workspace: Workspace, kind: OfScore | OfLost, card: Scorecard, part: Part = Part()
) -> tuple[Listing, list[Place]]:
    """A list of a stored score, and the units it may name. Raises InputError for a unit that there is not."""
    made = (
        kind.make(card)
        if isinstance(kind, OfScore)
        else kind.make(card, stored_scores.load_lost(workspace.scores, card))
    )
    places = [Place(u.id, u.name, u.level, u.parent) for u in card.units]
    return narrowed(made, places, part), places


def narrowed(listing: Listing, places: Sequence[Place], part: Part) -> Listing:
    """The part of a list that is wanted. Raises UsageError where the list has nothing to tell it by."""
    if part.unit is not None:
        chosen = named_unit(places, part.unit)
        listing = replace(_kept(listing, "unit", _below(places, chosen.id), "unit"), unit=chosen.id)
    if part.level is not None:
        listing = _kept(listing, "unit", {p.id for p in places if p.level == part.level}, "level")
    if part.division is not None:
        at = listing.place("division")
        names = {str(row[at]) for row in listing.rows} if at is not None else set()
        wanted = part.division.casefold()
        listing = _kept(listing, "division", {n for n in names if n.casefold().startswith(wanted)}, "division")
    return listing


def _below(places: Iterable[Place], unit: str) -> set[str]:
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
