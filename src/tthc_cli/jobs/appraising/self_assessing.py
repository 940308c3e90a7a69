"""What a unit hands in: its scorecard with the evidence that it typed; and what was appraised against it."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from tthc_cli.answers.self_assessment import Due, Own, differences, due_of, own_figures, own_marks, reasons, self_marked
from tthc_cli.errors import InputError
from tthc_cli.render.self_assessment import paper_bytes
from tthc_cli.results.scorecard import UNMATCHED_ID
from tthc_cli.scoring.score_period import score_period
from tthc_cli.storage.location import write_atomic
from tthc_cli.storage.warehouse import open_warehouse
from tthc_cli.text import file_part
from tthc_cli.units.named import named_unit

if TYPE_CHECKING:
    from tthc_cli.facts.hand_typed import MarkedBy
    from tthc_cli.messages import Lang
    from tthc_cli.periods import Period
    from tthc_cli.results.listing import Listing
    from tthc_cli.results.scorecard import RulebookInfo, Scorecard, UnitScore
    from tthc_cli.storage.location import Location
    from tthc_cli.workspace import Workspace

FORMATS = ("xlsx", "docx")


@dataclass(frozen=True, slots=True)
class SelfAssessed:
    """A score in which units' own figures stand before what the data tell; it is stored nowhere."""

    card: Scorecard
    due: Due | None
    own: frozenset[tuple[str, str]]
    """(unit id, component) of the figures that units typed of themselves."""

    @property
    def marked(self) -> frozenset[str]:
        """Ids of the units that marked themselves."""
        return frozenset(unit for unit, _ in self.own)

    def units(self, wanted: Sequence[str] | None) -> list[UnitScore]:
        """Those asked for; else those that marked themselves; else all. Raises InputError for one there is not."""
        if wanted is not None:
            return [named_unit(self.card.units, one) for one in wanted]
        known = [unit for unit in self.card.units if unit.id != UNMATCHED_ID]
        return [unit for unit in known if unit.id in self.marked] or known


def self_assess(
    workspace: Workspace, period: Period, rulebook: RulebookInfo, as_of: datetime | None = None
) -> SelfAssessed:
    """Score a period as its units mark themselves. Raises InputError as a score does."""
    card = _scored(workspace, period, rulebook, as_of, "self")
    typed = open_warehouse(workspace.warehouse).read("typed_figures")
    names = {one.name: one.id for one in card.units}
    own = frozenset((names.get(code, code), component) for code, component in self_marked(typed, period, rulebook))
    return SelfAssessed(card, due_of(period), own)


def _scored(
    workspace: Workspace, period: Period, rulebook: RulebookInfo, as_of: datetime | None, by: MarkedBy
) -> Scorecard:
    return score_period(
        open_warehouse(workspace.warehouse), period, rulebook, workspace.settings, as_of=as_of,
        workers=os.cpu_count() or 1, marked_by=by,
    ).card  # fmt: skip


def papers(
    workspace: Workspace,
    found: SelfAssessed,
    units: Sequence[UnitScore],
    formats: Collection[str],
    lang: Lang,
    folder: Location,
) -> Iterator[Location]:
    """Write the papers of some units, in some of FORMATS; gives each file once it is written."""
    from tthc_cli.render.view.model import Letterhead

    letterhead = Letterhead(**workspace.settings.letterhead.model_dump())
    card = found.card
    window = "" if card.window == "calendar" else f"-{card.window}"
    for unit in units:
        for form in formats:
            path = folder / f"tu-cham-{card.period}{window}-{file_part(unit.id)}.{form}"
            write_atomic(path, paper_bytes(card, unit.id, found.due, letterhead, form, lang))
            yield path


def appraised_against_self(
    workspace: Workspace,
    period: Period,
    rulebook: RulebookInfo,
    units: Sequence[str] | None = None,
    as_of: datetime | None = None,
) -> Listing:
    """Where units' own points are not those appraised. Raises InputError when no unit marked itself."""
    found = self_assess(workspace, period, rulebook, as_of)
    if not found.own:
        raise InputError("no_self_marks", period=period.id)
    appraised = _scored(workspace, period, rulebook, as_of, "others")
    typed = open_warehouse(workspace.warehouse).read("typed_figures")
    own = own_figures(found.card, found.own, reasons(typed, period))
    return _compared(own, appraised, units)


def marked_against_self(workspace: Workspace, card: Scorecard, units: Sequence[str] | None = None) -> Listing:
    """The same of a stored score by the nine criteria. Raises InputError when nobody marked itself."""
    if not card.self_marks:
        raise InputError("no_self_marks", period=card.period)
    own = own_marks(card, open_warehouse(workspace.warehouse).read("typed_figures"))
    return _compared(own, card, units)


def _compared(own: Sequence[Own], appraised: Scorecard, units: Sequence[str] | None) -> Listing:
    wanted = None if units is None else [named_unit(appraised.units, one).id for one in units]
    made = differences(own, appraised, wanted)
    return replace(made, unit=wanted[0] if wanted and len(wanted) == 1 else "")
